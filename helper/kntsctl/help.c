// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The help, from the tables of commands and options.
 */
#include <string.h>

#include "kntsctl/kntsctl.h"
#include "kntsctl/wrap.h"

#define WIDTH 79
#define MARGIN 2

/* Paragraphs; a line that is indented already stays as it is. */
static void put_text(const char *text)
{
	const char *end;
	size_t len;

	while (*text) {
		end = strstr(text, "\n\n");
		len = end ? (size_t)(end - text) : strlen(text);
		if (*text == ' ')
			printf("%.*s\n", (int)len, text);
		else
			wrap_print(stdout, text, len, 0, WIDTH);
		text += len;
		text += strspn(text, "\n");
		if (*text)
			putchar('\n');
	}
}

static int option_width(const struct option_row *row)
{
	return (int)strlen(row->name) +
	       (row->value ? 1 + (int)strlen(row->value) : 0);
}

static void put_options(const struct option_row *rows)
{
	const struct option_row *row;
	int width = strlen("help");

	for (row = rows; row && row->name; row++)
		if (option_width(row) > width)
			width = option_width(row);
	for (row = rows; row && row->name; row++) {
		printf("%*s--%s%s%s%*s", MARGIN, "", row->name,
		       row->value ? " " : "", row->value ? row->value : "",
		       width - option_width(row) + MARGIN, "");
		wrap_print(stdout, row->help, strlen(row->help),
			   width + 2 + 2 * MARGIN, WIDTH);
	}
}

static void put_usage(const struct command *command)
{
	printf("%s%s%s", command->name, command->operands ? " " : "",
	       command->operands ? command->operands : "");
}

/* Return: how wide put_usage() is. */
static int usage_width(const struct command *command)
{
	return (int)strlen(command->name) +
	       (command->operands ? 1 + (int)strlen(command->operands) : 0);
}

static void put_verbs(const struct command *const *verbs)
{
	const struct command *const *verb;
	int width = 0;

	for (verb = verbs; *verb; verb++)
		if (usage_width(*verb) > width)
			width = usage_width(*verb);
	for (verb = verbs; *verb; verb++) {
		printf("%*s", MARGIN, "");
		put_usage(*verb);
		printf("%*s", width - usage_width(*verb) + MARGIN, "");
		wrap_print(stdout, (*verb)->summary, strlen((*verb)->summary),
			   width + 2 * MARGIN, WIDTH);
	}
}

void help_command(const struct command *command)
{
	fputs("usage: kntsctl ", stdout);
	put_usage(command);
	printf("%s\n\n", command->options ? " [OPTION...]" : "");
	printf("%s.\n", command->summary);
	if (command->help) {
		putchar('\n');
		put_text(command->help);
	}
	if (command->verbs) {
		putchar('\n');
		put_verbs(command->verbs);
	}
	if (command->options) {
		putchar('\n');
		put_options(command->options);
	}
}

void help_all(const struct command *const *commands)
{
	const struct command *const *command;
	int width = 0;

	puts("usage: kntsctl COMMAND [OPERAND...] [OPTION...]\n");
	for (command = commands; *command; command++)
		if ((int)strlen((*command)->name) > width)
			width = strlen((*command)->name);
	for (command = commands; *command; command++)
		printf("%*s%-*s%s\n", MARGIN, "", width + MARGIN,
		       (*command)->name, (*command)->summary);
	puts("\n  --help [COMMAND]  this text, or that of a command\n"
	     "  --version         the tool's version\n\n"
	     "Each command takes --help; those that tell something take --json.\n"
	     "It ends with 0 when done, 1 when failed, 2 when misused; status says more.");
}
