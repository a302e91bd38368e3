/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When replies truly left: the network device's transmit timestamps. They come
 * back some time after a reply has gone, or never, through the error queue of a
 * socket that is there for nothing else, and go to interleaved mode's table and
 * to the departure delay of later replies.
 */
#ifndef KNTS_TXSTAMP_H
#define KNTS_TXSTAMP_H

#include "phc.h"

struct knts_flight;
struct sk_buff;

/**
 * knts_txstamp_setup() - be ready for transmit timestamps
 * @knet: namespace, which has a device that may give some
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -errno.
 */
int knts_txstamp_setup(struct knts_net *knet);

/**
 * knts_txstamp_is_due() - is a sample of a device's departures wanted
 * @phc: the device
 * @kind: of reply
 * @now: the present
 *
 * Context: softirqs disabled.
 * Return: true, once in a while on each CPU.
 */
bool knts_txstamp_is_due(struct knts_phc *phc, enum knts_phc_kind kind,
			 const struct knts_now *now);

/**
 * knts_txstamp_ask() - ask for a reply's transmit timestamp
 * @knet: namespace
 * @phc: the device that it leaves by
 * @kind: of reply
 * @departure_ns: what is added to the clock's reading for its transmit timestamp
 * @skb: the reply, complete but for its own timestamp
 *
 * Context: softirqs disabled, RCU read-side section.
 * Return: to be handed to knts_txstamp_launch() before the reply is sent; or
 * NULL if it cannot be asked for now.
 */
struct knts_flight *knts_txstamp_ask(struct knts_net *knet,
				     const struct knts_phc *phc,
				     enum knts_phc_kind kind, u32 departure_ns,
				     struct sk_buff *skb);

/**
 * knts_txstamp_launch() - what is known of a reply that leaves
 * @flight: from knts_txstamp_ask()
 * @now: the clock's reading for its transmit timestamp
 * @receive: its receive timestamp if interleaved mode's table has it, else 0
 *
 * Context: softirqs disabled.
 */
void knts_txstamp_launch(struct knts_flight *flight, const struct knts_now *now,
			 u64 receive);

/**
 * knts_txstamp_teardown() - end it, once no reply can be made any more
 * @knet: namespace
 *
 * Context: process; waits until drivers have let go of all replies that wait for
 * a timestamp, which some do after 15 seconds.
 */
void knts_txstamp_teardown(struct knts_net *knet);

#endif
