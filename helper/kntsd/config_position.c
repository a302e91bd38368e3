// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
/*
 * Where in the file. libconfuse knows the line of what it reads; the column is
 * found by looking for the word there, after the word that was found before.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_parse.h"

struct position {
	unsigned int line;
	unsigned int column;
};

/* Value number @index of option @opt, or section number @index. */
struct note {
	const cfg_opt_t *opt;
	size_t index;
	struct position position;
};

static struct {
	const char *path;
	const char *text;
	char *error;
	size_t error_size;
	struct position last;
	struct note *notes;
	size_t notes_count;
} reading;

void config_position_begin(const char *path, const char *text, char *error,
			   size_t error_size)
{
	memset(&reading, 0, sizeof(reading));
	reading.path = path;
	reading.text = text;
	reading.error = error;
	reading.error_size = error_size;
	error[0] = '\0';
}

void config_position_end(void)
{
	free(reading.notes);
	memset(&reading, 0, sizeof(reading));
}

static const char *line_start(unsigned int line)
{
	const char *start = reading.text;

	while (--line && start) {
		start = strchr(start, '\n');
		if (start)
			start++;
	}
	return start;
}

/* The last line that is the operator's own: ours follows it. */
static unsigned int last_line(void)
{
	const char *end = strstr(reading.text, "\n" CONFIG_END_OPTION);
	unsigned int line = 1;
	const char *p;

	while (end && end > reading.text && isspace(end[-1]))
		end--;
	for (p = reading.text; end && p < end; p++)
		line += *p == '\n';
	return line;
}

/* First @word in a line after @from, which moves behind it; or NULL. */
static const char *find(const char *start, size_t len, size_t *from,
			const char *word)
{
	const char *found;

	if (!word || !*word)
		return NULL;
	found = memmem(start + *from, len - *from, word, strlen(word));
	if (found)
		*from = found - start + strlen(word);
	return found;
}

/* A value stands after its option's name, or in a list after another one. */
static struct position locate(unsigned int line, const char *name,
			      const char *word)
{
	struct position position = { .line = line, .column = 1 };
	const char *start = line_start(line);
	const char *found;
	size_t from = 0;
	size_t len;

	if (line > last_line()) {
		position.line = last_line();
		position.column = strcspn(line_start(position.line), "\n") + 1;
		return position;
	}
	len = strcspn(start, "\n");
	if (reading.last.line == line && reading.last.column <= len)
		from = reading.last.column;
	find(start, len, &from, name);
	found = find(start, len, &from, word);
	if (!found) {
		from = 0;
		found = find(start, len, &from, word);
	}
	position.column = (found ? (size_t)(found - start) :
			   strspn(start, " \t")) + 1;
	reading.last = position;
	return position;
}

static void say(struct position position, const char *format, va_list args)
{
	int len;

	if (reading.error[0])
		return;
	len = snprintf(reading.error, reading.error_size, "%s:%u:%u: ",
		       reading.path, position.line, position.column);
	if (len > 0 && (size_t)len < reading.error_size)
		vsnprintf(reading.error + len, reading.error_size - len, format,
			  args);
}

int config_fail(cfg_t *cfg, const char *name, const char *word,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(locate(cfg->line, name, word), format, args);
	va_end(args);
	return -1;
}

int config_fail_at(const char *place, const char *format, ...)
{
	struct position position = { .line = 1, .column = 1 };
	const char *p;
	va_list args;

	for (p = reading.text; p < place; p++) {
		position.column++;
		if (*p == '\n')
			position = (struct position){ position.line + 1, 1 };
	}
	va_start(args, format);
	say(position, format, args);
	va_end(args);
	return -1;
}

static struct note *find_note(const cfg_opt_t *opt, size_t index)
{
	size_t i;

	for (i = 0; i < reading.notes_count; i++) {
		if (reading.notes[i].opt == opt &&
		    reading.notes[i].index == index)
			return &reading.notes[i];
	}
	return NULL;
}

int config_fail_value(cfg_opt_t *opt, size_t index, const char *format, ...)
{
	struct note *note = find_note(opt, index);
	struct position nowhere = { .line = 1, .column = 1 };
	va_list args;

	va_start(args, format);
	say(note ? note->position : nowhere, format, args);
	va_end(args);
	return -1;
}

int config_fail_section(cfg_opt_t *sections, size_t index, const char *format,
			...)
{
	struct note *note = find_note(sections, index);
	struct position nowhere = { .line = 1, .column = 1 };
	va_list args;

	va_start(args, format);
	say(note ? note->position : nowhere, format, args);
	va_end(args);
	return -1;
}

static int add_note(const cfg_opt_t *opt, size_t index,
		    struct position position)
{
	struct note *notes;

	notes = reallocarray(reading.notes, reading.notes_count + 1,
			     sizeof(*notes));
	if (!notes)
		return -1;
	reading.notes = notes;
	notes[reading.notes_count++] = (struct note){ opt, index, position };
	return 0;
}

int config_note_value(cfg_t *cfg, cfg_opt_t *opt, const char *value)
{
	size_t index = cfg_opt_size(opt) - 1;
	struct note *before = find_note(opt, index);

	if (before)
		return config_fail(cfg, NULL, opt->name,
				   "option '%s' is given twice, first in line %u; one of the two must go",
				   opt->name, before->position.line);
	return add_note(opt, index, locate(cfg->line, opt->name, value));
}

/* Called at a section's closing brace: its name stands somewhere above. */
int config_note_section(cfg_t *cfg, cfg_opt_t *opt)
{
	struct position position = { .line = cfg->line, .column = 1 };
	size_t len = strlen(opt->name);
	const char *start;
	unsigned int line;

	for (line = cfg->line; line; line--) {
		start = line_start(line);
		start += strspn(start, " \t}");
		if (strncmp(start, opt->name, len) ||
		    (start[len] && !isspace(start[len]) && start[len] != '{'))
			continue;
		position.line = line;
		position.column = start - line_start(line) + 1;
		break;
	}
	return add_note(opt, cfg_opt_size(opt) - 1, position);
}

unsigned int config_section_line(cfg_opt_t *sections, size_t index)
{
	struct note *note = find_note(sections, index);

	return note ? note->position.line : 0;
}

static void known_options(const cfg_t *cfg, char *text, size_t size)
{
	const cfg_opt_t *opt;
	size_t len = 0;

	text[0] = '\0';
	for (opt = cfg->opts; opt->name && len < size; opt++) {
		if (strcmp(opt->name, CONFIG_END_OPTION))
			len += snprintf(text + len, size - len, "%s%s",
					len ? ", " : "", opt->name);
	}
}

static void unknown_option(cfg_t *cfg, const char *name)
{
	bool top = !strcmp(cfg->name, "root");
	char known[512];

	if (!strcmp(name, CONFIG_END_OPTION)) {
		config_fail(cfg, NULL, NULL,
			    "section '%s' has no closing '}' before the end of the file",
			    cfg->name);
		return;
	}
	known_options(cfg, known, sizeof(known));
	config_fail(cfg, NULL, name, "unknown option '%s'%s%s%s; known here are %s",
		    name, top ? "" : " in section '", top ? "" : cfg->name,
		    top ? "" : "'", known);
}

/*
 * libconfuse passes the thing that it stumbled over as the first argument, if
 * it passes any; its formats are its interface here, in English or not at all,
 * since kntsd sets no locale.
 */
void config_parse_error(cfg_t *cfg, const char *format, va_list args)
{
	const char *word = strstr(format, "'%s'") ? va_arg(args, char *) : "";

	if (strstr(format, "no such option"))
		unknown_option(cfg, word);
	else if (strstr(format, "missing equal sign"))
		config_fail(cfg, NULL, word, "option '%s' has no '=' after it", word);
	else if (strstr(format, "missing opening brace"))
		config_fail(cfg, NULL, word, "section '%s' has no '{' after it", word);
	else if (strstr(format, "unexpected closing brace"))
		config_fail(cfg, NULL, "}", "a '}' closes a section that was not opened");
	else if (strstr(format, "missing title"))
		config_fail(cfg, NULL, word, "section '%s' has no title after it: a network device's name, such as \"eth0\"",
			    word);
	else if (strstr(format, "duplicate title"))
		config_fail(cfg, NULL, word, "network device '%s' has two sections; one of the two must go",
			    word);
	else if (strstr(format, "append to non-list"))
		config_fail(cfg, NULL, word, "option '%s' is not a list: write '=', not '+='",
			    word);
	else if (strstr(format, "unexpected token"))
		config_fail(cfg, NULL, word, "'%s' cannot stand here: a name or a value should",
			    strcmp(word, CONFIG_END_OPTION) ? word : "the end");
	else if (strstr(format, "premature end") ||
		 strstr(format, "unterminated"))
		config_fail(cfg, NULL, NULL,
			    "the file ends within a string, a list or an assignment: close or complete it");
	else if (strstr(format, "escape sequence") || strstr(format, "octal"))
		config_fail(cfg, NULL, word, "'%s' is no escape sequence; a backslash itself is written \\\\",
			    word);
	else
		config_fail(cfg, NULL, word, "'%s' cannot be read: %s", word, format);
}
