// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "fail.h"
#include "interleave.h"
#include "log.h"

static void on_finished(void *arg)
{
	struct daemon *daemon = arg;

	event_base_loopbreak(daemon->base);
}

/* Key exchanges in progress are finished, but a second signal does not wait. */
static void on_end(evutil_socket_t number, short what, void *arg)
{
	struct daemon *daemon = arg;

	log_notice("ends by signal %s", sigabbrev_np(number));
	notify_stopping();
	if (daemon->workers && !daemon->ending)
		workers_finish(daemon->workers, on_finished, daemon);
	else
		on_finished(daemon);
	daemon->ending = true;
}

static void on_hup(evutil_socket_t number, short what, void *arg)
{
	struct daemon *daemon = arg;
	char error[FAIL_SIZE];

	if (!daemon->ending)
		daemon_reload(daemon, error, sizeof(error));
}

static void on_usr1(evutil_socket_t number, short what, void *arg)
{
	struct daemon *daemon = arg;
	char error[FAIL_SIZE];

	keys_rotate(daemon->keys, error, sizeof(error));
}

static int catch_signals(struct daemon *daemon)
{
	static const struct {
		int number;
		event_callback_fn handler;
	} table[DAEMON_SIGNALS] = {
		{ SIGTERM, on_end },
		{ SIGINT, on_end },
		{ SIGHUP, on_hup },
		{ SIGUSR1, on_usr1 },
	};
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < DAEMON_SIGNALS; i++) {
		daemon->signals[i] = evsignal_new(daemon->base, table[i].number,
						  table[i].handler, daemon);
		if (!daemon->signals[i] || event_add(daemon->signals[i], NULL))
			return -ENOMEM;
	}
	return 0;
}

static void on_kernel_event(const struct knts_event *event, void *arg)
{
	bool *changed = arg;

	if (event->cmd != KNTS_CMD_CLOCK_CHANGE_NTF)
		*changed = true;
}

/* Our own changes come here too: what counts is what is there afterwards. */
static void on_kernel(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *daemon = arg;
	bool changed = false;
	int err;

	err = knts_events_read(daemon->events, on_kernel_event, &changed);
	if (err && err != -ENOBUFS)
		log_warning("cannot read the kernel's events: %s",
			    knts_error(daemon->events));
	if (changed || err == -ENOBUFS) {
		keys_verify(daemon->keys);
		servers_verify(daemon->servers);
	}
}

static void on_module_gone(void *arg)
{
	struct daemon *daemon = arg;

	log_error("kernel module knts was unloaded under kntsd");
	daemon->exit_code = EXIT_FAILURE;
	event_base_loopbreak(daemon->base);
}

static int open_kernel(struct daemon *daemon, char *error, size_t error_size)
{
	int err;
	int fd;

	err = knts_open(&daemon->conn);
	if (err)
		return fail(err, error, error_size, "%s",
			    knts_error(daemon->conn));
	err = knts_open(&daemon->events);
	if (err)
		goto err_events;
	fd = knts_events_open(daemon->events);
	err = fd < 0 ? fd : 0;
	if (err)
		goto err_events;
	daemon->events_readable = event_new(daemon->base, fd,
					    EV_READ | EV_PERSIST, on_kernel,
					    daemon);
	if (!daemon->events_readable ||
	    event_add(daemon->events_readable, NULL))
		return fail(-ENOMEM, error, error_size, "out of memory");
	return 0;

err_events:
	return fail(err, error, error_size,
		    "cannot subscribe to the kernel's events: %s",
		    knts_error(daemon->events));
}

static int start_hardware(struct daemon *daemon, char *error, size_t error_size)
{
	const struct config *config = daemon->config;
	int err;

	err = interleave_apply(daemon->conn, config->interleaved_pairs, error,
			       error_size);
	if (!err)
		err = clients_apply(daemon->conn, config->client_table_size,
				    error, error_size);
	if (err)
		return err;
	err = phc_start(&daemon->phc, daemon->base, daemon->conn, config,
			on_module_gone, daemon);
	return err ? fail(err, error, error_size, "out of memory") : 0;
}

/* The clock and the keys before the servers: no first reply is a bad one. */
static int start(struct daemon *daemon, char *error, size_t error_size)
{
	const struct config *config = daemon->config;
	int err;

	daemon->base = event_base_new();
	daemon->servers = NULL;
	if (!daemon->base || catch_signals(daemon) ||
	    notify_start(&daemon->notify, daemon->base))
		return fail(-ENOMEM, error, error_size, "out of memory");
	/* Whoever has the control socket is the only kntsd here. */
	err = control_start(&daemon->control, daemon->base,
			    config->control_path, daemon_command, daemon, error,
			    error_size);
	if (err)
		return err;
	err = open_kernel(daemon, error, error_size);
	if (err)
		return err;
	err = keys_start(&daemon->keys, daemon->base, daemon->conn,
			 &config->keys, error, error_size);
	if (err)
		return err;
	daemon->servers = servers_alloc(daemon->conn);
	if (!daemon->servers ||
	    clock_start(&daemon->clock, daemon->base, daemon->conn,
			&config->clock, on_module_gone, daemon))
		return fail(-ENOMEM, error, error_size, "out of memory");
	err = start_hardware(daemon, error, error_size);
	if (err)
		return err;
	err = servers_apply(daemon->servers, config->ntp_servers,
			    config->ntp_servers_count, error, error_size);
	if (err)
		return err;
	if (config->ke_count)
		return workers_start(&daemon->workers, daemon->base, config,
				     keys_seal, daemon->keys, error,
				     error_size);
	log_notice("no section nts-ke-server in %s: NTP without key exchange",
		   config->path);
	return 0;
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

/*
 * A normal end closes what kntsd opened. After a module that is gone there is
 * nothing to close; after a crash the kernel goes on and the next kntsd takes
 * over.
 */
static void stop(struct daemon *daemon, bool close_kernel)
{
	char error[FAIL_SIZE];
	size_t i;

	notify_stopping();
	workers_stop(daemon->workers);
	if (daemon->servers && close_kernel)
		servers_close(daemon->servers);
	servers_put(daemon->servers);
	if (daemon->phc && close_kernel &&
	    (interleave_apply(daemon->conn, 0, error, sizeof(error)) ||
	     clients_apply(daemon->conn, 0, error, sizeof(error))))
		log_error("%s", error);
	phc_stop(daemon->phc, close_kernel);
	clock_stop(daemon->clock);
	keys_stop(daemon->keys, close_kernel);
	control_stop(daemon->control);
	free_event(daemon->events_readable);
	knts_close(daemon->events);
	knts_close(daemon->conn);
	notify_stop(daemon->notify);
	for (i = 0; i < DAEMON_SIGNALS; i++)
		free_event(daemon->signals[i]);
	if (daemon->base)
		event_base_free(daemon->base);
	listeners_close(&daemon->handed);
	config_free(daemon->config);
}

int daemon_configure(const struct daemon *daemon, const char *path,
		     struct config **config, char *error, size_t error_size)
{
	struct config *new;
	int err;

	err = config_load(path, &new, error, error_size);
	if (err)
		return err;
	err = activation_configure(&daemon->handed, new);
	if (err) {
		config_free(new);
		return fail(err, error, error_size, "out of memory");
	}
	activation_problem(new, error, error_size);
	if (error[0])
		log_warning("%s", error);
	*config = new;
	return 0;
}

int daemon_run(const char *config_path)
{
	struct daemon daemon = { .exit_code = EXIT_SUCCESS };
	char error[FAIL_SIZE];

	clock_gettime(CLOCK_MONOTONIC, &daemon.started);
	activation_take(&daemon.handed);
	if (daemon_configure(&daemon, config_path, &daemon.config, error,
			     sizeof(error))) {
		log_error("%s", error);
		return EXIT_FAILURE;
	}
	if (start(&daemon, error, sizeof(error))) {
		log_error("%s", error);
		daemon.exit_code = EXIT_FAILURE;
		stop(&daemon, true);
		return daemon.exit_code;
	}
	log_notice("kntsd %s serves", KNTS_VERSION);
	notify_ready("serving");
	event_base_dispatch(daemon.base);
	stop(&daemon, daemon.exit_code == EXIT_SUCCESS);
	return daemon.exit_code;
}
