// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line, read by the tables of its command.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/kntsctl.h"

#define OPTIONS_MAX 24
/* What getopt_long() returns for --help; rows are numbered from 0. */
#define OPTION_HELP OPTIONS_MAX

const char *command_word(const struct command *command)
{
	const char *space = strrchr(command->name, ' ');

	return space ? space + 1 : command->name;
}

const struct command *command_find(const struct command *const *commands,
				   const char *word)
{
	for (; commands && *commands; commands++)
		if (!strcmp(command_word(*commands), word))
			return *commands;
	return NULL;
}

/* Return: the place of @text among @words, or -1. */
static int word_place(const char *words, const char *text)
{
	size_t len = strlen(text), word_len;
	int i;

	for (i = 0; *words; i++) {
		word_len = strcspn(words, " ");
		if (len == word_len && !strncmp(words, text, len))
			return i;
		words += word_len + strspn(words + word_len, " ");
	}
	return -1;
}

static int take_word(const struct option_row *row, const char *text)
{
	int place = word_place(row->words, text);
	const char *last;

	if (place >= 0) {
		*row->word = place;
		return 0;
	}
	last = strrchr(row->words, ' ');
	return usage_error("--%s %s: it may be %.*s or %s", row->name, text,
			   (int)(last - row->words), row->words, last + 1);
}

static int take_number(const struct option_row *row, const char *text)
{
	bool whole = row->kind == OPTION_NUMBER;
	double value;
	char *end;

	errno = 0;
	value = strtod(text, &end);
	if (*text && !*end && !errno && !text[strspn(text, "0123456789.")] &&
	    value >= row->min && value <= row->max &&
	    (!whole || value == floor(value))) {
		if (whole)
			*row->number = (uint32_t)value;
		else
			*row->seconds = value;
		return 0;
	}
	return usage_error("--%s %s: it may be %s from %.10g to %.10g", row->name,
			   text, whole ? "a whole number" : "seconds", row->min,
			   row->max);
}

static int take(const struct option_row *row, const char *text)
{
	switch (row->kind) {
	case OPTION_FLAG:
		*row->flag = true;
		return 0;
	case OPTION_NUMBER:
	case OPTION_SECONDS:
		return take_number(row, text);
	case OPTION_WORD:
		return take_word(row, text);
	default:
		if (!*text)
			return usage_error("--%s: its value, %s, is empty",
					   row->name, row->value);
		*row->text = text;
		return 0;
	}
}

static void make_options(const struct command *command, struct option *options)
{
	const struct option_row *row;
	int i = 0;

	for (row = command->options; row && row->name; row++, i++)
		options[i] = (struct option){
			.name = row->name,
			.has_arg = row->value ? required_argument : no_argument,
			.val = i,
		};
	options[i] = (struct option){ "help", no_argument, NULL, OPTION_HELP };
}

int options_scan(const struct command *command, int argc, char **argv,
		 bool *help)
{
	struct option options[OPTIONS_MAX + 2] = { 0 };
	int option;

	make_options(command, options);
	opterr = 0;
	/* Glibc: forget a word that was left half read. */
	optind = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == ':')
			return -usage_error("%s needs a value", argv[optind - 1]);
		if (option == '?')
			return -usage_error("%s takes no option %s: 'kntsctl %s"
					    " --help' tells them", command->name,
					    argv[optind - 1], command->name);
		if (option == OPTION_HELP || option == 'h')
			*help = true;
		else if (take(&command->options[option], optarg))
			return -EXIT_USAGE;
	}
	return optind - 1;
}
