/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server under test: network namespaces, set up through libknts.
 *
 * The scripts make the network namespaces by "ns_pair server client" of lib.sh:
 * they are joined by a veth pair with the addresses below.
 */
#ifndef KNTS_SELFTESTS_GUEST_RIG_H
#define KNTS_SELFTESTS_GUEST_RIG_H

#include "../client/packet.h"
#include "core/verdict.h"
#include "libknts/libknts.h"

#define SERVER_NS "server"
#define CLIENT_NS "client"
#define SERVER_DEVICE "eth1"
#define CLIENT_DEVICE "eth0"
#define SERVER4 "10.77.1.1"
#define SERVER6 "fd77:1::1"
#define CLIENT4 "10.77.1.2"
#define CLIENT6 "fd77:1::2"
#define BROADCAST4 "10.77.1.255"

/* struct rig_key - a cookie key as the tests know it */
struct rig_key {
	uint32_t id;
	uint8_t secret[KNTS_KEY_SECRET_LEN];
};

struct rig_counters {
	uint64_t of[KNTS_VERDICT_COUNT];
};

/** rig_verdict_name() - a counter's name, from the list of verdicts */
const char *rig_verdict_name(enum knts_verdict verdict);

/** rig_socket() - socket() in a network namespace by name; fails the test */
int rig_socket(const char *netns, int family, int type, int protocol);

/** rig_open() - libknts in a network namespace by name; fails the test */
struct knts_conn *rig_open(const char *netns);

/** rig_clear() - close all servers that another program left open */
void rig_clear(struct knts_conn *conn);

/** rig_server() - fill in a server from its address as text */
struct knts_server rig_server(const char *address, uint16_t port);

/** rig_serve() - add the server; fails the test with the kernel's sentence */
void rig_serve(struct knts_conn *conn, const struct knts_server *server);

/** rig_key_make() - a key with a random secret */
struct rig_key rig_key_make(uint32_t id);

/** rig_ring() - set the ring to these keys, all with secrets; the first seals */
void rig_ring(struct knts_conn *conn, const struct rig_key *keys, size_t count);

/** rig_clock() - a plain clock state, good for an hour */
struct knts_clock rig_clock(void);

void rig_clock_set(struct knts_conn *conn, const struct knts_clock *clock);

/** rig_counters() - read the counter of every verdict; fails if one is missing */
void rig_counters(struct knts_conn *conn, struct rig_counters *c);

/**
 * rig_counted() - wait until @count packets have got their verdict since
 * @before, then check that it was @verdict for all, and nothing else moved
 */
void rig_counted(struct knts_conn *conn, const struct rig_counters *before,
		 enum knts_verdict verdict, uint64_t count);

/** rig_session() - what a key exchange would give: random keys */
struct nts_session rig_session(uint16_t aead);

/** rig_cookie() - seal a session under a key of the ring, by OpenSSL */
struct nts_cookie rig_cookie(const struct nts_session *session,
			     const struct rig_key *key);

/** rig_now_ns() - CLOCK_REALTIME */
uint64_t rig_now_ns(void);

#endif
