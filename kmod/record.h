/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept of a packet that is done: counters, histograms, its client, and what
 * those see who trace.
 */
#ifndef KNTS_RECORD_H
#define KNTS_RECORD_H

#include "packet.h"

/**
 * knts_record_reply() - a reply has left
 * @pkt: the packet; its skb has left, too
 * @verdict: what became of it: an answer or a kiss code
 *
 * The verdict's counter has moved before the reply left.
 *
 * Context: softirqs disabled, RCU read-side section.
 */
void knts_record_reply(const struct knts_packet *pkt, enum knts_verdict verdict);

/**
 * knts_record_drop() - a packet is going to be freed
 * @pkt: the packet; for KNTS_DROP_DEAD its knet and skb are enough
 * @verdict: why
 *
 * Context: softirqs disabled, RCU read-side section.
 */
void knts_record_drop(const struct knts_packet *pkt, enum knts_verdict verdict);

#endif
