// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sentences broken into lines.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kntsctl/wrap.h"

static size_t word_len(const char *text, size_t len)
{
	size_t word = 0;

	while (word < len && text[word] != ' ' && text[word] != '\n')
		word++;
	return word;
}

void wrap_print(FILE *out, const char *text, size_t len, int indent, int width)
{
	int column = indent, word;

	while (len) {
		word = (int)word_len(text, len);
		if (column > indent && width && column + 1 + word > width) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", word, text);
		column += word;
		if ((size_t)word < len)
			word++;
		text += word;
		len -= word;
	}
	fputc('\n', out);
}

int wrap_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 0;
	return size.ws_col;
}
