/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keymaster without its kernel: real workers, real TLS, cookies sealed by
 * the core. It runs in a thread of its own, so that a test can block.
 */
#ifndef KNTS_SELFTESTS_KE_HOST_H
#define KNTS_SELFTESTS_KE_HOST_H

#include <stdatomic.h>
#include <sys/types.h>

#include <json-c/json.h>

#include "../client/ke.h"
#include "files.h"
#include "kntsd/listeners.h"
#include "kntsd/workers.h"

#define HOST_SECTIONS_MAX 8
#define HOST_ERROR_SIZE 512

/**
 * struct host_section - what tests vary of a section; zeros are usual
 * @cert: NAME of NAME.chain.pem and NAME.key below the tests' folder
 * @listen: which of the host's ports, an index
 * @address: to listen on, "[::]" if NULL
 */
struct host_section {
	const char *cert;
	const char *key;
	size_t listen;
	const char *address;
	const char *ntp_server;
	uint16_t ntp_port;
	unsigned int timeout_ms;
	unsigned int connections;
	char *name;
};

/**
 * struct host - the keymaster
 * @port: TCP ports that sections can listen on
 * @seal_error: what the seal function returns
 * @seal_delay_ms: how long it takes
 * @key: the cookie key
 */
struct host {
	uint16_t port[4];
	_Atomic int seal_error;
	_Atomic unsigned int seal_delay_ms;
	uint8_t key[32];
	char error[HOST_ERROR_SIZE];
	struct host_thread *thread;
};

#define HOST_KEY_ID 0x01020304

/** host_start() - start workers; -errno with @error set if it cannot */
int host_start(struct host *host, const struct host_section *sections,
	       size_t count, unsigned int workers);

/** host_reload() - as SIGHUP does; -errno with @error set if refused */
int host_reload(struct host *host, const struct host_section *sections,
		size_t count, unsigned int workers);

void host_stop(struct host *host);

/** host_finish() - as SIGTERM does: exchanges in progress are finished */
void host_finish(struct host *host);

/** host_hand_over() - sockets that hosts are started with from now on, or NULL */
void host_hand_over(const struct listeners *listeners);

/** host_stat() - a counter of "ke-stats", as the workers last reported it */
int64_t host_stat(struct host *host, const char *name);

/** host_renewals() - "taken" or "refused" files */
int64_t host_renewals(struct host *host, const char *name);

/** host_status() - all of it, "problems" too, for json_object_put() */
struct json_object *host_status(struct host *host);

/** host_await() - wait until a counter is at least @value; false after 10 s */
bool host_await(struct host *host, const char *name, int64_t value);

/** host_workers() - process ids of all workers */
size_t host_workers(pid_t *pids, size_t max);

/** host_await_ready() - wait until @count workers serve */
bool host_await_ready(struct host *host, int64_t count);

/** host_options() - a client of the host's first port */
struct ke_options host_options(const struct host *host);

#endif
