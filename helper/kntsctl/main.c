// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl: the operator's view of knts, and the operator's hand on it.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/control.h"
#include "kntsctl/kntsctl.h"

static const struct command *const commands[] = {
	&command_status,
	&command_stats,
	&command_top,
	&command_clients,
	&command_keys,
	&command_clock,
	&command_server,
	&command_monitor,
	&command_query,
	&command_exporter,
	&command_reload,
	&command_check_config,
	NULL,
};

static void reverse(char **words, int count)
{
	char *word;
	int i;

	for (i = 0; i < count / 2; i++) {
		word = words[i];
		words[i] = words[count - 1 - i];
		words[count - 1 - i] = word;
	}
}

/* Options that stand before the command stand at the end from now on. */
static int command_first(int argc, char **argv)
{
	int options = 0;

	while (options < argc && argv[options][0] == '-')
		options++;
	if (options == argc)
		return usage_error("%s: the command is missing, as in 'kntsctl"
				   " status %s'", argv[0], argv[0]);
	reverse(argv, options);
	reverse(argv + options, argc - options);
	reverse(argv, argc);
	return 0;
}

/*
 * Return: the command, or its verb, that the first words call; NULL after
 * usage_error(). @words: how many words its name has.
 */
static const struct command *choose(int argc, char **argv, int *words)
{
	const struct command *command = command_find(commands, argv[0]);
	const struct command *verb = NULL;

	*words = 1;
	if (!command) {
		usage_error("there is no command '%s': 'kntsctl --help' lists"
			    " them", argv[0]);
		return NULL;
	}
	if (argc > 1)
		verb = command_find(command->verbs, argv[1]);
	*words = verb ? 2 : 1;
	return verb ? verb : command;
}

static int too_many(const struct command *command, const char *word)
{
	if (command->verbs && !command->operands_max)
		return usage_error("%s has no '%s': 'kntsctl %s --help' tells"
				   " what may follow it", command->name, word,
				   command->name);
	return usage_error("%s: '%s' is one word too many", command->name, word);
}

static int run(int argc, char **argv)
{
	const struct command *command;
	int options, words;
	bool help = false;

	if (command_first(argc, argv))
		return EXIT_USAGE;
	command = choose(argc, argv, &words);
	if (!command)
		return EXIT_USAGE;
	argc -= words - 1;
	argv += words - 1;
	options = options_scan(command, argc, argv, &help);
	if (options < 0)
		return -options;
	if (help) {
		help_command(command);
		return EXIT_DONE;
	}
	argc -= 1 + options;
	argv += 1 + options;
	if (argc > command->operands_max)
		return too_many(command, argv[command->operands_max]);
	if (argc < command->operands_min)
		return usage_error("%s needs %s: 'kntsctl %s --help' explains it",
				   command->name, command->operands,
				   command->name);
	return command->run(argc, argv);
}

static int help(int argc, char **argv)
{
	const struct command *command;
	int words;

	if (!argc) {
		help_all(commands);
		return EXIT_DONE;
	}
	command = choose(argc, argv, &words);
	if (!command)
		return EXIT_USAGE;
	help_command(command);
	return EXIT_DONE;
}

static int start(int argc, char **argv)
{
	if (!argc)
		return usage_error("say what to do: 'kntsctl --help' lists the"
				   " commands");
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"))
		return help(argc - 1, argv + 1);
	if (!strcmp(argv[0], "--version")) {
		puts("kntsctl " KNTS_VERSION);
		return EXIT_DONE;
	}
	if (!strcmp(argv[0], "--complete")) {
		complete(commands, argc - 1, argv + 1);
		return EXIT_DONE;
	}
	return run(argc, argv);
}

int main(int argc, char **argv)
{
	int status;

	common.control = getenv("KNTS_CONTROL");
	if (!common.control)
		common.control = CONTROL_PATH;
	status = start(argc - 1, argv + 1);
	if (fflush(stdout) || ferror(stdout))
		return fail("cannot write the output");
	return status;
}
