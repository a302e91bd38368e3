// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What all commands end in: a sentence, an object, a connection.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kntsctl/kntsctl.h"

#define JSON_STYLE JSON_C_TO_STRING_NOSLASHESCAPE
#define JSON_PAGE (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED)

struct common common;

static void complain(const char *format, va_list args)
{
	fputs("kntsctl: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return EXIT_FAILED;
}

int usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return EXIT_USAGE;
}

struct knts_conn *kernel_open(void)
{
	struct knts_conn *conn;

	if (!knts_open(&conn))
		return conn;
	fail("%s", knts_error(conn));
	knts_close(conn);
	return NULL;
}

int print_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_STYLE | JSON_PAGE));
	json_object_put(object);
	return EXIT_DONE;
}

int print_json_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_STYLE));
	json_object_put(object);
	fflush(stdout);
	return EXIT_DONE;
}

/* NO_COLOR is an agreement among tools: no-color.org. */
bool wants_colour(void)
{
	const char *term = getenv("TERM");
	const char *no_colour = getenv("NO_COLOR");

	if (common.colour != COLOUR_AUTO)
		return common.colour == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") &&
	       !(no_colour && *no_colour);
}
