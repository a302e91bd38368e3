// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl: the operator's view of knts, and the operator's hand on it.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/control.h"
#include "kntsctl/format.h"
#include "kntsctl/kntsctl.h"

static const struct command *const commands[] = {
	&command_status,
	&command_stats,
	&command_keys,
	&command_clock,
	&command_server,
	&command_monitor,
	&command_reload,
	&command_check_config,
};

#define COMMANDS_COUNT (sizeof(commands) / sizeof(*commands))

static const struct option long_options[] = {
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "control", required_argument, NULL, OPTION_CONTROL },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "device", required_argument, NULL, OPTION_DEVICE },
	{ "require-nts", required_argument, NULL, OPTION_REQUIRE_NTS },
	{ "serve-own-port", required_argument, NULL, OPTION_SERVE_OWN_PORT },
	{ NULL, 0, NULL, 0 },
};

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
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_SPACED |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	return EXIT_DONE;
}

static const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS_COUNT; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int help_all(void)
{
	size_t i;

	puts("usage: kntsctl COMMAND [OPERAND...] [OPTION...]\n");
	for (i = 0; i < COMMANDS_COUNT; i++)
		printf("  %-14s%s\n", commands[i]->name, commands[i]->summary);
	puts("\n  --help [COMMAND]  this text, or that of a command\n"
	     "  --json            for scripts\n"
	     "  --control PATH    kntsd's control socket, else $KNTS_CONTROL,\n"
	     "                    else " CONTROL_PATH "\n\n"
	     "It ends with 0 when done, 1 when failed, 2 when misused.");
	return EXIT_DONE;
}

static int help_command(const char *name)
{
	const struct command *command = command_find(name);

	if (!command)
		return usage_error("there is no command '%s': 'kntsctl --help'"
				   " lists them", name);
	printf("usage: kntsctl %s%s%s\n\n%s.\n\n%s", command->name,
	       *command->operands ? " " : "", command->operands,
	       command->summary, command->help);
	return EXIT_DONE;
}

static int take_option(struct options *options, int option)
{
	options->given |= option;
	switch (option) {
	case OPTION_CONTROL:
		options->control = optarg;
		return 0;
	case OPTION_DEVICE:
		options->device = optarg;
		return 0;
	case OPTION_REQUIRE_NTS:
		if (!require_nts_scan(optarg, &options->require_nts))
			return 0;
		return usage_error("--require-nts %s: it may be false, ignore or"
				   " deny", optarg);
	case OPTION_SERVE_OWN_PORT:
		options->serve_own_port = !strcmp(optarg, "true");
		if (options->serve_own_port || !strcmp(optarg, "false"))
			return 0;
		return usage_error("--serve-own-port %s: it may be true or false",
				   optarg);
	default:
		return 0;
	}
}

static int scan_options(int argc, char **argv, struct options *options)
{
	int err, option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (option == ':')
			return usage_error("%s needs a value", argv[optind - 1]);
		if (option == '?')
			return usage_error("there is no option %s: 'kntsctl --help'"
					   " tells them", argv[optind - 1]);
		err = take_option(options, option == 'h' ? OPTION_HELP : option);
		if (err)
			return err;
	}
	return 0;
}

static int run(const struct options *options, int argc, char **argv)
{
	const struct command *command = command_find(argv[0]);
	const struct option *option;

	if (!command)
		return usage_error("there is no command '%s': 'kntsctl --help'"
				   " lists them", argv[0]);
	for (option = long_options; option->name; option++)
		if (options->given & option->val & ~command->options)
			return usage_error("%s takes no --%s", command->name,
					   option->name);
	if (argc - 1 > command->operands_max)
		return usage_error("%s: '%s' is one word too many", command->name,
				   argv[command->operands_max + 1]);
	return command->run(options, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct options options = { .control = getenv("KNTS_CONTROL") };
	int err;

	if (!options.control)
		options.control = CONTROL_PATH;
	err = scan_options(argc, argv, &options);
	if (err)
		return err;

	argc -= optind;
	argv += optind;
	if (options.given & OPTION_HELP)
		return argc ? help_command(argv[0]) : help_all();
	if (!argc)
		return usage_error("say what to do: 'kntsctl --help' lists the"
				   " commands");

	err = run(&options, argc, argv);
	if (fflush(stdout) || ferror(stdout))
		return fail("cannot write the output");
	return err;
}
