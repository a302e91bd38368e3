/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keymaster: all parts of it, and how they live together.
 */
#ifndef KNTSD_DAEMON_H
#define KNTSD_DAEMON_H

#include <event2/event.h>
#include <json-c/json_types.h>
#include <time.h>

#include "activation.h"
#include "clock.h"
#include "config.h"
#include "control.h"
#include "keys.h"
#include "notify.h"
#include "phc.h"
#include "servers.h"
#include "workers.h"

#define DAEMON_SIGNALS 4

/**
 * struct daemon - what runs
 * @config: the one in force
 * @handed: sockets that we were started with
 * @conn: the kernel, for requests
 * @events: the kernel, for what it reports
 * @workers: NULL while no section nts-ke-server is configured
 * @reload_problem: why the last reload was refused, or empty
 * @started: in CLOCK_MONOTONIC
 * @ending: waits for key exchanges in progress
 * @exit_code: for main()
 */
struct daemon {
	struct event_base *base;
	struct config *config;
	struct listeners handed;
	struct knts_conn *conn;
	struct knts_conn *events;
	struct event *events_readable;
	struct event *signals[DAEMON_SIGNALS];
	struct notify *notify;
	struct control *control;
	struct keys *keys;
	struct servers *servers;
	struct clock *clock;
	struct phc *phc;
	struct workers *workers;
	char reload_problem[512 + 64];
	struct timespec started;
	bool ending;
	int exit_code;
};

/**
 * daemon_run() - start, serve, stop
 * @config_path: configuration file
 *
 * Return: exit code.
 */
int daemon_run(const char *config_path);

/**
 * daemon_reload() - read the configuration again and make it so
 *
 * On failure the old one serves as before.
 *
 * Return: 0 or -errno.
 */
int daemon_reload(struct daemon *daemon, char *error, size_t error_size);

/**
 * daemon_configure() - read a configuration, for the sockets that there are
 *
 * Return: 0 or -errno.
 */
int daemon_configure(const struct daemon *daemon, const char *path,
		     struct config **config, char *error, size_t error_size);

/** daemon_command() - a control_fn; @arg is the struct daemon */
struct json_object *daemon_command(const char *command, void *arg);

#endif
