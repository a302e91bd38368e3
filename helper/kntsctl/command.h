/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is: its words, its options, its help. The command line, the
 * help and the shell's completion are all read from these tables.
 */
#ifndef KNTSCTL_COMMAND_H
#define KNTSCTL_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

/* What an option's value is, and which pointer of its row takes it. */
enum option_kind {
	OPTION_FLAG,	/* there is none: @flag becomes true */
	OPTION_TEXT,	/* anything: @text */
	OPTION_FILE,	/* a path: @text */
	OPTION_DEVICE,	/* a network device: @text */
	OPTION_NUMBER,	/* whole, from @min to @max: @number */
	OPTION_SECONDS,	/* with a fraction, from @min to @max: @seconds */
	OPTION_WORD,	/* one of @words: @word becomes its place there */
};

/**
 * struct option_row - an option of a command
 * @name: without the dashes; NULL ends a table
 * @value: what the help calls its value; NULL for OPTION_FLAG
 * @help: what it does; the help breaks the lines
 * @kind: what its value is
 * @words: of OPTION_WORD, separated by single spaces
 * @min: of OPTION_NUMBER and OPTION_SECONDS
 * @max: of the same
 *
 * Where the option is not given, what the pointer leads to is left alone.
 */
struct option_row {
	const char *name;
	const char *value;
	const char *help;
	enum option_kind kind;
	union {
		bool *flag;
		const char **text;
		uint32_t *number;
		double *seconds;
		int *word;
	};
	const char *words;
	double min;
	double max;
};

/* What the shell may suggest for an operand. */
enum operand_kind {
	OPERAND_OTHER,
	OPERAND_FILE,
	OPERAND_KEY,
	OPERAND_SERVER,
};

/**
 * struct command - a command, or a verb of one
 * @name: the words that call it: "keys", "keys rotate"
 * @operands: what follows them, for the usage line
 * @summary: one line, without a full stop
 * @help: what else is to be known, paragraphs separated by empty lines; the
 *	help breaks the lines, unless they are indented; may be NULL
 * @options: a table of them, besides --help; may be NULL
 * @verbs: an array of them that NULL ends; may be NULL
 * @operands_min: how many words must follow
 * @operands_max: how many may
 * @operand_kind: what they are
 * @run: gets these words; Return: what the tool ends with
 */
struct command {
	const char *name;
	const char *operands;
	const char *summary;
	const char *help;
	const struct option_row *options;
	const struct command *const *verbs;
	int operands_min;
	int operands_max;
	enum operand_kind operand_kind;
	int (*run)(int argc, char **argv);
};

/** command_find() - Return: the one whose last word is @word, or NULL */
const struct command *command_find(const struct command *const *commands,
				   const char *word);

/** command_word() - Return: the last word of its name */
const char *command_word(const struct command *command);

/**
 * options_scan() - read the options of a command line
 * @argc: words after the command's name, and one before them
 * @argv: they are sorted: options first
 * @help: set if --help is among them
 *
 * Return: how many of the words were options, or -EXIT_USAGE after
 * usage_error().
 */
int options_scan(const struct command *command, int argc, char **argv,
		 bool *help);

/** help_all() - print the list of commands */
void help_all(const struct command *const *commands);

/** help_command() - print all about a command */
void help_command(const struct command *command);

/**
 * complete() - print what may stand in a word's place, a candidate a line
 * @argc: words after the tool's name; the last is the one to be completed
 * @argv: they
 */
void complete(const struct command *const *commands, int argc, char **argv);

#endif
