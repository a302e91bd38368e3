/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reply's way out: it is written into its request's own skb, and leaves by
 * the address that was asked.
 */
#ifndef KNTS_TX_H
#define KNTS_TX_H

#include <net/flow.h>

#include "core/verdict.h"

struct dst_entry;
struct net_device;
struct sk_buff;
struct sock;

/**
 * struct knts_tx - a reply on its way
 * @sk: the server's socket
 * @skb: the request's skb
 * @from: the device that brought it
 * @ip4: back to the client, if @sk is of AF_INET
 * @ip6: if it is of AF_INET6
 */
struct knts_tx {
	struct sock *sk;
	struct sk_buff *skb;
	const struct net_device *from;
	union {
		struct flowi4 ip4;
		struct flowi6 ip6;
	};
};

/**
 * knts_tx_claim() - find the way back, and make the request's octets ours
 * @tx: filled in
 * @sk: the server's socket
 * @skb: the request, linear, from its UDP header. On success it may be written
 *	to, holds its route and nothing else of its way here, and its data may
 *	have moved.
 * @verdict: set to the reason on failure
 *
 * Context: softirqs disabled, RCU read-side section.
 * Return: true if a reply can be sent.
 */
bool knts_tx_claim(struct knts_tx *tx, struct sock *sk, struct sk_buff *skb,
		   enum knts_verdict *verdict);

/**
 * knts_tx_is_return() - does a reply leave by the device that brought its request
 * @tx: from knts_tx_claim()
 * @lower: a device below the one that seemed to bring it, or NULL
 *
 * Return: true if it does, by this one or that.
 */
bool knts_tx_is_return(const struct knts_tx *tx, const struct net_device *lower);

/**
 * knts_tx_build() - put the headers before a reply
 * @tx: from knts_tx_claim()
 * @len: length of the reply, which stands behind the UDP header
 *
 * What the reply says may still change: its checksum is left to the device, or
 * to the stack's last step before it.
 */
void knts_tx_build(struct knts_tx *tx, unsigned int len);

/**
 * knts_tx_send() - hand a reply to the stack
 * @tx: from knts_tx_build(); its skb is taken
 *
 * Context: softirqs disabled, RCU read-side section.
 */
void knts_tx_send(struct knts_tx *tx);

#endif
