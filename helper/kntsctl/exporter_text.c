// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kntsctl/exporter_text.h"

const char *text_format(double value, char *text)
{
	if (isnan(value))
		return strcpy(text, "NaN");
	if (isinf(value))
		return strcpy(text, value > 0 ? "+Inf" : "-Inf");
	snprintf(text, TEXT_NUMBER_SIZE, "%.15g", value);
	return text;
}

static void add(struct evbuffer *out, const char *text)
{
	evbuffer_add(out, text, strlen(text));
}

static void add_header(struct family *family)
{
	if (family->begun)
		return;
	family->begun = true;
	evbuffer_add_printf(family->out, "# HELP %s %s\n# TYPE %s %s\n",
			    family->name, family->help, family->name,
			    family->type);
}

static void add_label_value(struct evbuffer *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\\')
			add(out, "\\\\");
		else if (*value == '"')
			add(out, "\\\"");
		else if (*value == '\n')
			add(out, "\\n");
		else
			evbuffer_add(out, value, 1);
	}
}

static void add_labels(struct evbuffer *out, const struct labels *labels)
{
	size_t i;

	if (!labels || !labels->count)
		return;
	for (i = 0; i < labels->count; i++) {
		add(out, i ? "," : "{");
		add(out, labels->items[i].name);
		add(out, "=\"");
		add_label_value(out, labels->items[i].value);
		add(out, "\"");
	}
	add(out, "}");
}

static void add_name(struct family *family, const char *suffix,
		     const struct labels *labels)
{
	add_header(family);
	add(family->out, family->name);
	add(family->out, suffix);
	add_labels(family->out, labels);
}

void text_integer(struct family *family, const char *suffix,
		  const struct labels *labels, uint64_t value)
{
	add_name(family, suffix, labels);
	evbuffer_add_printf(family->out, " %" PRIu64 "\n", value);
}

void text_number(struct family *family, const char *suffix,
		 const struct labels *labels, double value)
{
	char text[TEXT_NUMBER_SIZE];

	add_name(family, suffix, labels);
	evbuffer_add_printf(family->out, " %s\n", text_format(value, text));
}
