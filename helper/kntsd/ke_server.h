/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A worker's server: sections, listeners, connections.
 */
#ifndef KNTSD_KE_SERVER_H
#define KNTSD_KE_SERVER_H

#include <event2/event.h>

#include "ipc.h"
#include "tls_front.h"

struct ke_seals;

/**
 * struct ke_section - a section nts-ke-server, as a worker knows it
 * @identity: certificate and key
 * @server: for the Server record, or NULL
 * @port: for the Port record
 * @aeads: those that clients may choose, @aeads_count of them
 * @timeout_ms: for a whole connection
 * @connections_max: this worker's share of the cap
 */
struct ke_section {
	struct tls_identity identity;
	char *server;
	uint16_t port;
	uint16_t aeads[IPC_AEADS_MAX];
	size_t aeads_count;
	unsigned int timeout_ms;
	unsigned int connections_max;
	char *names;
};

/**
 * struct ke_listener - a listening socket
 * @sections: those that serve on it, in the configuration's order. What must
 *	hold before a client is known, cap and first time-out, is the first's.
 * @front: their certificates, by the same index
 * @connections: open now
 */
struct ke_listener {
	struct ke_server *server;
	const struct ke_section *sections[IPC_SECTIONS_MAX];
	struct tls_front front;
	size_t sections_count;
	unsigned int connections;
	int fd;
	struct event *readable;
	struct event *retry;
	bool paused;
};

/**
 * struct ke_server - all of a worker
 * @connections: open now, for all listeners
 * @draining: accepts no more; @drained is called at the last one's end
 */
struct ke_server {
	struct event_base *base;
	struct ke_seals *seals;
	struct ke_section *sections;
	size_t sections_count;
	struct ke_listener *listeners;
	size_t listeners_count;
	struct ke_stats stats;
	unsigned int connections;
	bool draining;
	void (*drained)(struct event_base *base);
};

/** ke_server_count() - count an outcome */
static inline void ke_server_count(struct ke_server *server, enum ke_stat stat)
{
	server->stats.counters[stat]++;
}

/**
 * ke_server_start() - accept connections on all listeners
 *
 * Return: 0 or -ENOMEM.
 */
int ke_server_start(struct ke_server *server);

/**
 * ke_server_renew() - serve another certificate in a section
 * @section: index
 * @chain: PEM, as ipc_certs has it
 * @key: PEM
 *
 * Connections in progress go on with what they began with.
 *
 * Return: 0; -EINVAL, and the one before is served on.
 */
int ke_server_renew(struct ke_server *server, size_t section, const char *chain,
		    size_t chain_size, const char *key, size_t key_size);

/** ke_server_drain() - accept no more, finish what is in progress */
void ke_server_drain(struct ke_server *server);

/** ke_server_left() - a connection of @listener is closed */
void ke_server_left(struct ke_listener *listener);

#endif
