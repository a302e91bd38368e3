/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kntsctl's commands share.
 */
#ifndef KNTSCTL_H
#define KNTSCTL_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

#include "kntsctl/command.h"
#include "libknts/libknts.h"

/* What the tool ends with. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

/**
 * struct common - what options that several commands have say
 * @json: write JSON
 * @control: kntsd's control socket
 * @colour: enum colour
 */
struct common {
	bool json;
	const char *control;
	int colour;
};

enum colour {
	COLOUR_AUTO,
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

extern struct common common;

/* Rows for these options. */
#define JSON_ROW(text) \
	{ .name = "json", .help = (text), .flag = &common.json }
#define CONTROL_ROW                                                        \
	{ .name = "control", .value = "PATH", .kind = OPTION_FILE,         \
	  .text = &common.control,                                         \
	  .help = "kntsd's control socket, else $KNTS_CONTROL, else "      \
		  "/run/knts/control." }
#define COLOUR_ROW                                                         \
	{ .name = "colour", .value = "WHEN", .kind = OPTION_WORD,          \
	  .words = "auto always never", .word = &common.colour,            \
	  .help = "auto (on a terminal, unless NO_COLOR is set), always or " \
		  "never." }

extern const struct command command_status;
extern const struct command command_stats;
extern const struct command command_top;
extern const struct command command_clients;
extern const struct command command_keys;
extern const struct command command_clock;
extern const struct command command_server;
extern const struct command command_monitor;
extern const struct command command_query;
extern const struct command command_exporter;
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

/** print_json_line() - the same on one line, and at once */
int print_json_line(struct json_object *object);

/** wants_colour() - escape sequences may go to stdout */
bool wants_colour(void);

#endif
