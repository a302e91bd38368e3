/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One network namespace of the module, and who may touch what when.
 *
 * Locks, outermost first:
 *
 *   RTNL          taken while a server is bound to a device, so that the device
 *                 cannot go away meanwhile; held when the kernel reports that
 *                 it does
 *   knts_net.lock one per network namespace: for writers of servers, key ring
 *                 and clock, and for readers that sleep
 *   socket lock   taken by the stack in the calls that set up a socket
 *
 * The packet path takes none of them. It reads what RCU published (server, key
 * ring, clock) inside the stack's own read-side section, and writes only what
 * belongs to its CPU (counters, and the scratch of respond.c).
 */
#ifndef KNTS_KNTS_H
#define KNTS_KNTS_H

#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct knts_clock;
struct knts_ring;
struct knts_stats;
struct net;

/**
 * struct knts_net - one network namespace
 * @net: the namespace
 * @lock: see above
 * @endpoints: its servers, under @lock
 * @endpoint_count: how many, under @lock
 * @endpoint_seq: changes with @endpoints, never 0, under @lock
 * @ring: key ring, NULL if it has no key
 * @clock: clock state, NULL before the first one
 * @clock_synchronised: what listeners were told last, under @lock
 * @clock_expiry: fires when @clock ends
 * @devices: hears of devices that go away or change their name
 * @stats: per-CPU counters
 */
struct knts_net {
	struct net *net;
	struct mutex lock;
	struct list_head endpoints;
	unsigned int endpoint_count;
	unsigned int endpoint_seq;
	struct knts_ring __rcu *ring;
	struct knts_clock __rcu *clock;
	bool clock_synchronised;
	struct delayed_work clock_expiry;
	struct notifier_block devices;
	struct knts_stats __percpu *stats;
};

/**
 * knts_main_net() - the module's state of a network namespace
 * @net: the namespace
 *
 * Context: any.
 * Return: the state, valid until the namespace's or the module's end.
 */
struct knts_net *knts_main_net(const struct net *net);

#endif
