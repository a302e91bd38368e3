/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a packet that gets no reply, so that the kernel's own tools name
 * its verdict.
 *
 * The kernel's drop reasons are a list of its own, to which no module can add.
 * So a packet is given the reason that comes nearest; and each verdict has a
 * function of its name, from which it is freed, because that place is what
 * dropwatch and the tracepoint skb:kfree_skb show.
 */
#ifndef KNTS_DROP_H
#define KNTS_DROP_H

#include "core/verdict.h"

struct sk_buff;

/**
 * knts_drop_skb() - free a packet for a reason
 * @skb: the packet
 * @verdict: KNTS_DROP_...
 *
 * Context: softirqs disabled.
 */
void knts_drop_skb(struct sk_buff *skb, enum knts_verdict verdict);

#endif
