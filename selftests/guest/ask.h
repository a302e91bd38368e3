/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking the server: send one packet, and check what comes of it in full.
 */
#ifndef KNTS_SELFTESTS_GUEST_ASK_H
#define KNTS_SELFTESTS_GUEST_ASK_H

#include <sys/socket.h>

#include "../client/reply.h"
#include "rig.h"

/**
 * struct asker - one client and one server
 * @fd: UDP socket; where connected, only replies from the address asked arrive
 * @conn: to the server's counters
 * @session: keys of the client's association
 * @key: the key of the server's ring that seals
 */
struct asker {
	int fd;
	struct knts_conn *conn;
	struct nts_session session;
	struct rig_key key;
};

/** ask_address() - address and port as text; "%eth0" is not understood */
socklen_t ask_address(struct sockaddr_storage *ss, const char *address,
		      uint16_t port);

/**
 * ask_socket() - a UDP socket in a namespace
 * @local: address to bind to
 * @local_port: 0 for any
 * @remote: address to connect to, NULL for none
 * @port: and its port
 */
int ask_socket(const char *netns, const char *local, uint16_t local_port,
	       const char *remote, uint16_t port);

/** ask_cookie() - a fresh cookie for the asker's session */
struct nts_cookie ask_cookie(const struct asker *a);

/**
 * ask() - send a packet and check that it gets exactly @verdict
 * @r: filled in with the reply where there is one; may be NULL
 *
 * Checks the reply by reply_check(), the kiss code, the counters; and that
 * nothing comes where nothing should.
 */
void ask(const struct asker *a, const struct packet *p,
	 enum knts_verdict verdict, struct reply *r);

/** ask_cookies_work() - N38: a request with each of the reply's cookies */
void ask_cookies_work(const struct asker *a, const struct reply *r);

/** ask_plain() - a plain request, for its reply */
void ask_plain(const struct asker *a, struct reply *r);

/** ask_receive() - length of what comes within @timeout_ms, 0 if nothing */
size_t ask_receive(int fd, uint8_t *data, size_t size, int timeout_ms);

#endif
