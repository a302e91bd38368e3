// SPDX-License-Identifier: GPL-2.0-or-later
/* A KE worker's life: give up privileges, be told what to serve, serve it. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cap-ng.h>
#include <openssl/crypto.h>

#include "ke_seals.h"
#include "ke_server.h"
#include "log.h"
#include "worker_filter.h"
#include "worker_setup.h"
#include "workers.h"

/* Below the UDP side, should that come to run in a thread of the kernel. */
#define NICENESS 5

struct worker {
	struct ke_server server;
	struct ke_seals seals;
	struct event *incoming;
	struct event *report;
	struct ke_stats reported;
	unsigned int reported_connections;
	union {
		uint32_t type;
		struct ipc_sealed sealed;
		struct ipc_certs certs;
		char octets[IPC_MAX_SIZE];
	} message;
	int exit_code;
};

static const struct timeval report_interval = { .tv_sec = 1 };

static int harden(void)
{
	const struct rlimit no_core = { 0, 0 };

	/* The terminal's signals are the keymaster's, which then ends us. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* Executed as /proc/self/exe, it would be listed as "exe". */
	prctl(PR_SET_NAME, "kntsd-ke", 0, 0, 0);
	setpriority(PRIO_PROCESS, 0, NICENESS);
	if (setrlimit(RLIMIT_CORE, &no_core) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return -errno;
	return 0;
}

static int drop_privileges(const struct ipc_settings *settings)
{
	int ret;

	if (!settings->drop)
		return 0;
	capng_clear(CAPNG_SELECT_ALL);
	ret = capng_change_id((int)settings->uid, (int)settings->gid,
			      CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING |
				      CAPNG_CLEAR_AMBIENT);
	if (ret) {
		log_error("cannot become user %u without capabilities "
			  "(libcap-ng says %d)", (unsigned int)settings->uid,
			  ret);
		return -EPERM;
	}
	/* A change of user may have made it dumpable again. */
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
}

static void send_report(struct worker *worker)
{
	struct ke_server *server = &worker->server;
	struct ipc_stats message = { .type = IPC_STATS,
				     .connections = server->connections,
				     .stats = server->stats };

	if (worker->reported_connections == server->connections &&
	    !memcmp(&worker->reported, &server->stats, sizeof(server->stats)))
		return;
	if (ipc_send_one(IPC_FD, &message, sizeof(message)))
		return;
	worker->reported = server->stats;
	worker->reported_connections = server->connections;
}

static void on_report(evutil_socket_t fd, short what, void *arg)
{
	send_report(arg);
}

/* What serves now was good, and goes on if the new one is not. */
static int on_certs(struct worker *worker, const void *message, size_t size)
{
	const struct ipc_certs *certs = message;
	struct ke_server *server = &worker->server;
	const char *chain = (const char *)(certs + 1);
	int ret;

	if (size < sizeof(*certs) || certs->section >= server->sections_count ||
	    size - sizeof(*certs) != (size_t)certs->chain_size +
					     certs->key_size)
		return -EPROTO;
	ret = ke_server_renew(server, certs->section, chain, certs->chain_size,
			      chain + certs->chain_size, certs->key_size);
	if (ret)
		log_error("cannot serve a renewed certificate: %s",
			  strerror(-ret));
	return 0;
}

static int handle(struct worker *worker, const void *message, size_t size)
{
	const struct ipc_sealed *sealed = message;
	uint32_t type;

	memcpy(&type, message, sizeof(type));
	if (type == IPC_SEALED && size == sizeof(*sealed))
		return ke_seals_answer(&worker->seals, sealed);
	if (type == IPC_CERTS)
		return on_certs(worker, message, size);
	if (type == IPC_DRAIN && size == sizeof(struct ipc_signal)) {
		if (!worker->server.draining)
			ke_server_drain(&worker->server);
		return 0;
	}
	return -EPROTO;
}

static void on_incoming(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	ssize_t size;
	int ret = -EPROTO;

	size = ipc_receive(fd, &worker->message, sizeof(worker->message), NULL,
			   false);
	if (size == -EAGAIN)
		return;
	if (size >= (ssize_t)sizeof(worker->message.type))
		ret = handle(worker, &worker->message, (size_t)size);
	if (size > 0)
		OPENSSL_cleanse(&worker->message, (size_t)size);
	if (!ret)
		return;
	/* Without the keymaster there are no cookies, and no work. */
	worker->exit_code = size ? 1 : 0;
	event_base_loopbreak(worker->server.base);
}

static void on_drained(struct event_base *base)
{
	event_base_loopbreak(base);
}

static int serve(struct worker *worker)
{
	const struct ipc_signal ready = { IPC_READY };
	struct event_base *base = worker->server.base;

	worker->incoming = event_new(base, IPC_FD, EV_READ | EV_PERSIST,
				     on_incoming, worker);
	worker->report = event_new(base, -1, EV_PERSIST, on_report, worker);
	if (!worker->incoming || !worker->report ||
	    event_add(worker->incoming, NULL) ||
	    event_add(worker->report, &report_interval) ||
	    ke_server_start(&worker->server) ||
	    ipc_send_one(IPC_FD, &ready, sizeof(ready)))
		return 1;

	event_base_dispatch(base);
	send_report(worker);
	return worker->exit_code;
}

int worker_main(void)
{
	static struct worker worker;
	struct ipc_settings settings;
	int ret;

	log_open("kntsd worker");
	ke_seals_init(&worker.seals, IPC_FD);
	worker.server.seals = &worker.seals;
	worker.server.drained = on_drained;

	ret = harden();
	if (!ret)
		ret = worker_setup_settings(&settings);
	if (!ret)
		ret = worker_setup_limits(&settings);
	if (!ret)
		ret = drop_privileges(&settings);
	if (!ret)
		ret = worker_setup_server(&worker.server, &settings);
	if (!ret)
		ret = worker_filter_load();
	/* The keymaster has gone, or has thought better of it. */
	if (ret == -EPIPE)
		return 0;
	if (ret) {
		log_error("cannot start: %s", strerror(-ret));
		return 1;
	}
	return serve(&worker);
}
