/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a packet came: by the network device's clock, else by the kernel's stack,
 * else now.
 */
#ifndef KNTS_RXSTAMP_H
#define KNTS_RXSTAMP_H

#include "phc.h"
#include "stats.h"

/**
 * struct knts_rxstamp - when a packet came
 * @real_ns: nanoseconds since 1970
 * @source: KNTS_STAT_STAMP_HARDWARE, KNTS_STAT_STAMP_SOFTWARE or
 *	KNTS_STAT_STAMP_NOW
 */
struct knts_rxstamp {
	u64 real_ns;
	enum knts_stat source;
};

/**
 * knts_rxstamp_read() - when did a packet come
 * @stamp: filled in
 * @knet: namespace, whose counter of the stamp's source it moves
 * @skb: the packet, from its UDP header
 * @phc: the device that received it, or NULL
 * @setting: from knts_phc_line()
 * @now: the present
 *
 * Context: softirqs disabled, RCU read-side section.
 */
void knts_rxstamp_read(struct knts_rxstamp *stamp, struct knts_net *knet,
		       struct sk_buff *skb, const struct knts_phc *phc,
		       const struct knts_phc_setting *setting,
		       const struct knts_now *now);

void knts_rxstamp_init(void);

#endif
