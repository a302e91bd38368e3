// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comments, blanked out before libconfuse reads: it counts the line of each one
 * twice, and takes an open one for the end of the file. What begins a comment,
 * and where, is as its scanner has it: '#' anywhere outside a string, the other
 * two at the beginning of a word.
 */
#include <string.h>

#include "config_parse.h"

#define SEPARATORS " #\"'\t\r\n={}()+,*"

static char *skip_string(char *p)
{
	char quote = *p++;

	while (*p && *p != quote)
		p += p[0] == '\\' && p[1] ? 2 : 1;
	return *p ? p + 1 : p;
}

static char *blank(char *p, size_t len)
{
	char *end = p + len;

	for (; p < end; p++) {
		if (*p != '\n')
			*p = ' ';
	}
	return p;
}

const char *config_comments_blank(char *text)
{
	char *p = text;
	char *end;

	while (*p) {
		if (*p == '"' || *p == '\'') {
			p = skip_string(p);
		} else if (*p == '#' || !strncmp(p, "//", 2)) {
			p = blank(p, strcspn(p, "\n"));
		} else if (!strncmp(p, "/*", 2)) {
			end = strstr(p + 2, "*/");
			if (!end)
				return p;
			p = blank(p, end + 2 - p);
		} else {
			size_t word_len = strcspn(p, SEPARATORS);

			p += word_len ? word_len : 1;
		}
	}
	return NULL;
}
