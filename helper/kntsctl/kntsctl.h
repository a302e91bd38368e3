/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kntsctl's commands share.
 */
#ifndef KNTSCTL_H
#define KNTSCTL_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

#include "libknts/libknts.h"

/* What the tool ends with. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

/**
 * struct options - the options of all commands
 * @given: those that stood on the command line, enum option_bit
 * @control: kntsd's control socket
 * @device: device that a server is bound to
 * @require_nts: policy of a server, enum knts_require_nts
 * @serve_own_port: policy of a server
 */
struct options {
	unsigned int given;
	const char *control;
	const char *device;
	uint32_t require_nts;
	bool serve_own_port;
};

enum option_bit {
	OPTION_HELP = 1 << 0,
	OPTION_JSON = 1 << 1,
	OPTION_CONTROL = 1 << 2,
	OPTION_ALL = 1 << 3,
	OPTION_DEVICE = 1 << 4,
	OPTION_REQUIRE_NTS = 1 << 5,
	OPTION_SERVE_OWN_PORT = 1 << 6,
};

/**
 * struct command - one row of the command table
 * @name: first word
 * @operands: what may follow it, for the usage line
 * @summary: one line
 * @help: options, and the keys of the output with --json
 * @options: those that it takes besides --help, enum option_bit
 * @operands_max: how many words may follow
 * @run: gets the words after the name
 */
struct command {
	const char *name;
	const char *operands;
	const char *summary;
	const char *help;
	unsigned int options;
	int operands_max;
	int (*run)(const struct options *options, int argc, char **argv);
};

extern const struct command command_status;
extern const struct command command_stats;
extern const struct command command_keys;
extern const struct command command_clock;
extern const struct command command_server;
extern const struct command command_monitor;
extern const struct command command_reload;
extern const struct command command_check_config;

/** fail() - one sentence to stderr; Return: EXIT_FAILED */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** usage_error() - one sentence to stderr; Return: EXIT_USAGE */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** kernel_open() - Return: a connection, or NULL after fail() */
struct knts_conn *kernel_open(void);

/** print_json() - print and put @object; Return: EXIT_DONE */
int print_json(struct json_object *object);

#endif
