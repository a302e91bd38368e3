/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packets are let in.
 */
#ifndef KNTS_ADMIT_H
#define KNTS_ADMIT_H

#include "packet.h"

/**
 * knts_admit() - may a packet be answered, and what does it ask for?
 * @pkt: of which @pkt->endpoint and @pkt->skb are set, the skb from its UDP
 *	header; @pkt->rq is filled in
 *
 * Looks at addresses and ports before any other work, then at the request's form
 * (RFC 5905, 7.3; RFC 7822; RFC 8915, 5.7) and at what its server serves. Whether
 * it is authentic is not known yet.
 *
 * Context: softirqs disabled, RCU read-side section.
 * Return: KNTS_ANSWER_PLAIN or KNTS_ANSWER_NTS if it may, a kiss code or a drop
 * otherwise.
 */
enum knts_verdict knts_admit(struct knts_packet *pkt);

#endif
