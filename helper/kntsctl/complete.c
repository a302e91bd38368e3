// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Suggestions for a shell: read from the same tables as the command line, so
 * that they are never older than the tool.
 */
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/kntsctl.h"

/* Told to the shell, which knows files better. */
#define FILES ":files"

static void suggest(const char *prefix, const char *word)
{
	if (!strncmp(word, prefix, strlen(prefix)))
		puts(word);
}

static void suggest_words(const char *prefix, const char *words)
{
	char word[32];
	int len;

	while (sscanf(words, "%31s%n", word, &len) == 1) {
		suggest(prefix, word);
		words += len;
	}
}

static void suggest_devices(const char *prefix)
{
	struct if_nameindex *devices = if_nameindex();
	size_t i;

	for (i = 0; devices && devices[i].if_index; i++)
		suggest(prefix, devices[i].if_name);
	if_freenameindex(devices);
}

static void suggest_keys(struct knts_conn *conn, const char *prefix)
{
	struct knts_key *keys;
	char id[16];
	size_t count, i;

	if (knts_ring_get(conn, &keys, &count))
		return;
	for (i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "%08" PRIx32, keys[i].id);
		if (!keys[i].active)
			suggest(prefix, id);
	}
	free(keys);
}

static void suggest_servers(struct knts_conn *conn, const char *prefix)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	struct knts_server *servers;
	size_t count, i;

	if (knts_server_list(conn, &servers, &count))
		return;
	for (i = 0; i < count; i++)
		suggest(prefix, knts_server_format(&servers[i], text,
						   sizeof(text)));
	free(servers);
}

static void suggest_operands(enum operand_kind kind, const char *prefix)
{
	struct knts_conn *conn;

	if (kind == OPERAND_FILE)
		puts(FILES);
	if (kind != OPERAND_KEY && kind != OPERAND_SERVER)
		return;
	if (!knts_open(&conn)) {
		if (kind == OPERAND_KEY)
			suggest_keys(conn, prefix);
		else
			suggest_servers(conn, prefix);
	}
	knts_close(conn);
}

static void suggest_value(const struct option_row *row, const char *prefix)
{
	if (row->kind == OPTION_WORD)
		suggest_words(prefix, row->words);
	else if (row->kind == OPTION_DEVICE)
		suggest_devices(prefix);
	else if (row->kind == OPTION_FILE)
		puts(FILES);
}

static void suggest_commands(const struct command *const *commands,
			     const char *prefix)
{
	for (; commands && *commands; commands++)
		suggest(prefix, command_word(*commands));
}

static void suggest_options(const struct option_row *row, const char *prefix)
{
	char name[40];

	for (; row && row->name; row++) {
		snprintf(name, sizeof(name), "--%s", row->name);
		suggest(prefix, name);
	}
	suggest(prefix, "--help");
}

/* Return: the option that @word is and that wants a value, or NULL. */
static const struct option_row *wants_value(const struct option_row *row,
					    const char *word)
{
	if (strncmp(word, "--", 2))
		return NULL;
	for (; row && row->name; row++)
		if (row->value && !strcmp(row->name, word + 2))
			return row;
	return NULL;
}

/* @argv: the words after the command's name; there is at least one. */
static void complete_in(const struct command *command, int argc, char **argv)
{
	const struct option_row *row = NULL;
	const char *prefix = argv[argc - 1];
	int i, operands = 0;

	for (i = 0; i < argc - 1; i++) {
		if (row)
			row = NULL;
		else if (argv[i][0] == '-')
			row = wants_value(command->options, argv[i]);
		else
			operands++;
	}
	if (row) {
		suggest_value(row, prefix);
		return;
	}
	if (prefix[0] == '-') {
		suggest_options(command->options, prefix);
		return;
	}
	if (argc == 1)
		suggest_commands(command->verbs, prefix);
	if (operands < command->operands_max)
		suggest_operands(command->operand_kind, prefix);
}

void complete(const struct command *const *commands, int argc, char **argv)
{
	const struct command *command, *verb = NULL;

	if (!argc)
		return;
	if (argc == 1) {
		suggest_commands(commands, argv[0]);
		suggest_words(argv[0], "--help --version");
		return;
	}
	if (!strcmp(argv[0], "--help"))
		command = NULL;
	else
		command = command_find(commands, argv[0]);
	if (!command) {
		if (argc == 2 && !strcmp(argv[0], "--help"))
			suggest_commands(commands, argv[1]);
		return;
	}
	if (argc > 2)
		verb = command_find(command->verbs, argv[1]);
	if (verb)
		complete_in(verb, argc - 2, argv + 2);
	else
		complete_in(command, argc - 1, argv + 1);
}
