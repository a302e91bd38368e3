/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The busiest clients of a network namespace, in a table whose size userspace
 * sets. Whatever the network sends, the table does not grow: a new client takes
 * the place of one that seldom asks.
 *
 * Each CPU has a table of its own, all of one size and with one hash, so a
 * client is in the same set of each. In a full set the client that has sent the
 * least loses one packet of its weight to every packet from a stranger, and its
 * place when none is left. So a flood of ever new addresses costs one place of
 * each set, and clients that have come twice keep theirs. Silence halves a
 * client's weight every SILENCE_NS (clients.c).
 */
#ifndef KNTS_CLIENTS_H
#define KNTS_CLIENTS_H

#include <linux/in6.h>
#include <linux/rcupdate.h>

#include "core/verdict.h"
#include "knts.h"

/* What came of a client's packets. */
enum knts_clients_event {
	KNTS_CLIENTS_PLAIN,
	KNTS_CLIENTS_NTS,
	KNTS_CLIENTS_KISS,
	KNTS_CLIENTS_DROP,
	KNTS_CLIENTS_EVENT_COUNT,
};

/**
 * struct knts_client - what is kept of a client
 * @address: its address; that of IPv4 mapped
 * @events: its packets, by what came of them
 * @since_raw_ns: when the first that is counted came, in CLOCK_MONOTONIC_RAW
 * @last_raw_ns: when the last came
 */
struct knts_client {
	struct in6_addr address;
	u64 events[KNTS_CLIENTS_EVENT_COUNT];
	u64 since_raw_ns;
	u64 last_raw_ns;
};

/**
 * struct knts_clients_state - how the table is
 * @entries: places on each CPU, 0 if it is off
 * @memory_len: octets that all CPUs' places take
 * @evicted: clients that had to go for another
 */
struct knts_clients_state {
	u32 entries;
	u64 memory_len;
	u64 evicted;
};

/**
 * struct knts_clients_place - where knts_clients_next() is
 * @set: number of the set
 * @cpu: in it, whose
 * @way: and which of that CPU's
 */
struct knts_clients_place {
	u32 set;
	u32 cpu;
	u32 way;
};

/**
 * knts_clients_table() - the table
 * @knet: namespace
 *
 * Context: RCU read-side section.
 * Return: the table, or NULL if it is off.
 */
static inline struct knts_clients *knts_clients_table(const struct knts_net *knet)
{
	return rcu_dereference(knet->clients);
}

/**
 * knts_clients_count() - count a packet for its sender
 * @clients: from knts_clients_table()
 * @is_ip6: the address is IPv6
 * @address: its sender, 4 octets or 16
 * @verdict: what came of it
 * @raw_ns: when it came, in CLOCK_MONOTONIC_RAW
 *
 * Context: softirqs disabled, RCU read-side section.
 */
void knts_clients_count(struct knts_clients *clients, bool is_ip6,
			const void *address, enum knts_verdict verdict,
			u64 raw_ns);

/**
 * knts_clients_next() - the next client of all CPUs' tables
 * @knet: namespace
 * @place: zeroed for the first; advanced beyond the client
 * @client: filled in, as a sum over CPUs
 *
 * Context: process, @knet->lock held.
 * Return: false if there are no more.
 */
bool knts_clients_next(const struct knts_net *knet,
		       struct knts_clients_place *place,
		       struct knts_client *client);

/**
 * knts_clients_set() - put an empty table of another size there
 * @knet: namespace
 * @entries: places on each CPU, rounded up to a power of two; 0: none. If that
 *	is the present size, the table stays as it is.
 *
 * Context: process, @knet->lock held; waits for a grace period.
 * Return: 0 or -ENOMEM: then the old one is still there.
 */
int knts_clients_set(struct knts_net *knet, u32 entries);

/**
 * knts_clients_get() - how the table is
 * @knet: namespace
 * @state: filled in
 *
 * Context: process, @knet->lock held.
 */
void knts_clients_get(const struct knts_net *knet,
		      struct knts_clients_state *state);

void knts_clients_teardown(struct knts_net *knet);

#endif
