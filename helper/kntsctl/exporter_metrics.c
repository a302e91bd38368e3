// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Samples out of a reading, which is a JSON object: the ways in which the tables
 * of metrics have them written.
 */
#include <stdio.h>
#include <string.h>

#include "kntsctl/exporter_metrics.h"

#define NAME_SIZE 64

struct json_object *metric_find(struct json_object *object, const char *path)
{
	char name[NAME_SIZE];
	size_t len;

	for (;;) {
		len = strcspn(path, "/");
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		if (!json_object_object_get_ex(object, name, &object))
			return NULL;
		if (!path[len])
			return object;
		path += len + 1;
	}
}

const char *metric_text(struct json_object *object, const char *path)
{
	struct json_object *value = metric_find(object, path);

	return value ? json_object_get_string(value) : NULL;
}

void metric_sample(struct family *family, const struct metric *metric,
		   const struct labels *labels, struct json_object *value)
{
	if (!value)
		return;
	if (metric->divisor)
		text_number(family, "", labels,
			    json_object_get_double(value) / metric->divisor);
	else if (json_object_is_type(value, json_type_int) &&
		 json_object_get_int64(value) >= 0)
		text_integer(family, "", labels, json_object_get_uint64(value));
	else
		text_number(family, "", labels, json_object_get_double(value));
}

void write_value(struct family *family, const struct metric *metric,
		 struct json_object *reading)
{
	metric_sample(family, metric, NULL, metric_find(reading, metric->path));
}

void write_count(struct family *family, const struct metric *metric,
		 struct json_object *reading)
{
	struct json_object *array = metric_find(reading, metric->path);

	if (json_object_is_type(array, json_type_array))
		text_integer(family, "", NULL, json_object_array_length(array));
}

void write_each(struct family *family, const struct metric *metric,
		struct json_object *reading)
{
	struct json_object *array = metric_find(reading, metric->path);
	struct labels labels = { .count = 1 };
	struct json_object *member;
	size_t i;

	if (!json_object_is_type(array, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(array); i++) {
		member = json_object_array_get_idx(array, i);
		labels.items[0].name = metric->label;
		labels.items[0].value = metric_text(member, metric->label_key);
		if (labels.items[0].value)
			metric_sample(family, metric, &labels,
				      metric_find(member, metric->key));
	}
}

/* @name is one of @names, or there are none. */
static bool is_listed(const char *names, const char *name)
{
	size_t len = strlen(name);
	const char *found;

	if (!names)
		return true;
	for (found = names; (found = strstr(found, name)); found += len)
		if ((found == names || found[-1] == ' ') &&
		    (found[len] == ' ' || !found[len]))
			return true;
	return false;
}

void write_counters(struct family *family, const struct metric *metric,
		    struct json_object *reading)
{
	struct json_object *counters = metric_find(reading, metric->path);
	struct labels labels = { .count = 1 };
	size_t len = strlen(metric->key);

	if (!json_object_is_type(counters, json_type_object))
		return;
	json_object_object_foreach(counters, name, value) {
		if (strncmp(name, metric->key, len) ||
		    !is_listed(metric->names, name + len))
			continue;
		labels.items[0].name = metric->label;
		labels.items[0].value = name + len;
		metric_sample(family, metric, &labels, value);
	}
}

void write_info(struct family *family, const struct metric *metric,
		struct json_object *reading)
{
	const char *text = metric_text(reading, metric->path);
	const struct labels labels = { 1, { { metric->label, text } } };

	if (text)
		text_integer(family, "", &labels, 1);
}

static void write_table(struct evbuffer *out, const struct metric *metric,
			struct json_object *reading)
{
	for (; metric->name; metric++) {
		struct family family = {
			.out = out,
			.name = metric->name,
			.type = metric->type,
			.help = metric->help,
		};

		metric->write(&family, metric, reading);
	}
}

void exporter_write(struct evbuffer *out, struct json_object *reading)
{
	write_table(out, exporter_kernel, reading);
	write_table(out, exporter_kntsd, reading);
}
