/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One network namespace of the module, and who may touch what when.
 *
 * Locks, outermost first:
 *
 *   RTNL          taken while a server is bound to a device, so that the device
 *                 cannot go away meanwhile; held when the kernel reports that
 *                 it does
 *   knts_net.lock one per network namespace: for writers of servers, key ring,
 *                 clock, devices and tables, and for readers that sleep
 *   socket lock   taken by the stack in the calls that set up a socket
 *
 * The packet path takes none of them. It reads what RCU published (server, key
 * ring, clock, devices) inside the stack's own read-side section, and writes only what
 * belongs to its CPU (counters, histograms, clients, and the scratch of respond.c). Two
 * tables, of interleaved mode (core/pairs.h) and of awaited transmit timestamps
 * (txstamp.c), are written by any CPU: whoever wants an entry takes it by one compare-
 * and-exchange, and goes without it if another was quicker.
 */
#ifndef KNTS_KNTS_H
#define KNTS_KNTS_H

#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct knts_clients;
struct knts_clock;
struct knts_histograms;
struct knts_interleave;
struct knts_phc_map;
struct knts_ring;
struct knts_stats;
struct knts_txstamp;
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
 * @phcs: devices that timestamp, under @lock
 * @phc_map: finds one of them for a packet, NULL if there is none
 * @phc_devices: hears of those that go away or change their name
 * @txstamp: how transmit timestamps come back, NULL before there was a device
 * @interleave: interleaved mode's table, NULL if it is off
 * @clients: the busiest clients, NULL if none are kept
 * @clients_seq: changes with @clients, under @lock
 * @stats: per-CPU counters
 * @histograms: per-CPU histograms, NULL before there was a server
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
	struct list_head phcs;
	struct knts_phc_map __rcu *phc_map;
	struct notifier_block phc_devices;
	struct knts_txstamp __rcu *txstamp;
	struct knts_interleave __rcu *interleave;
	struct knts_clients __rcu *clients;
	unsigned int clients_seq;
	struct knts_stats __percpu *stats;
	struct knts_histograms __percpu *histograms;
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
