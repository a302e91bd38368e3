/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One KE worker as the keymaster sees it: a process that faces the network,
 * and is therefore asked for nothing and allowed a fixed table of requests.
 */
#ifndef KNTSD_MONITOR_H
#define KNTSD_MONITOR_H

#include <event2/event.h>
#include <sys/queue.h>
#include <time.h>

#include "ke_setup.h"
#include "workers.h"

enum monitor_state {
	MONITOR_STARTING = 1,	/* is told what to do, may say READY */
	MONITOR_SERVING = 2,	/* may ask for all else */
	MONITOR_DRAINING = 4,	/* the same, and ends by itself */
	MONITOR_KILLED = 8,	/* may ask for nothing */
};

struct monitor;

/**
 * struct monitor_ops - what the keymaster does for a worker
 * @seal: makes cookies
 * @seal_arg: for @seal
 * @ready: the worker serves
 * @gone: the process has ended; monitor_free() is allowed
 * @arg: for @ready and @gone
 */
struct monitor_ops {
	workers_seal_fn seal;
	void *seal_arg;
	void (*ready)(struct monitor *monitor, void *arg);
	void (*gone)(struct monitor *monitor, void *arg);
	void *arg;
};

/**
 * struct monitor - a worker
 * @entry: for the owner's list
 * @setup: what it is told
 * @next: which message of @setup is due
 * @told: it was told all of @setup
 * @renewed: one bit for each section whose new certificate is due
 * @stats: as last heard
 */
struct monitor {
	TAILQ_ENTRY(monitor) entry;
	const struct monitor_ops *ops;
	const struct ke_setup *setup;
	size_t next;
	bool told;
	uint64_t renewed;
	enum monitor_state state;
	pid_t pid;
	int pidfd;
	int fd;
	struct event *incoming;
	struct event *outgoing;
	struct event *exited;
	struct ipc_stats stats;
	struct timespec started;
};

/**
 * monitor_start() - start a worker process
 * @setup: stays until monitor_retire() or monitor_free()
 * @ops: stays
 *
 * Return: the monitor, or NULL with errno.
 */
struct monitor *monitor_start(struct event_base *base,
			      const struct ke_setup *setup,
			      const struct monitor_ops *ops);

/** monitor_renew() - tell it a section's new certificate */
void monitor_renew(struct monitor *monitor, size_t section);

/** monitor_retire() - tell it nothing more of its setup */
void monitor_retire(struct monitor *monitor);

/** monitor_drain() - let it finish its connections, then end */
void monitor_drain(struct monitor *monitor);

/** monitor_kill() - end it now; @gone is called later */
void monitor_kill(struct monitor *monitor);

/** monitor_free() - end it if it lives, and forget it; calls nothing */
void monitor_free(struct monitor *monitor);

#endif
