/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a packet while it is answered.
 */
#ifndef KNTS_PACKET_H
#define KNTS_PACKET_H

#include "clock.h"
#include "core/reply.h"
#include "rxstamp.h"
#include "tx.h"

struct knts_endpoint;
struct knts_flight;
struct knts_net;
struct knts_pair;
struct knts_phc;
struct knts_phc_setting;
struct sk_buff;

/**
 * struct knts_packet - a packet on its way to a reply, or to a drop
 * @knet: its namespace
 * @endpoint: the server that it came to
 * @skb: the packet
 * @now: when it got here
 * @phc: the device that received it, if it timestamps
 * @setting: how, if there is a line that may be used
 * @received: when it came
 * @header: the clock's fields of its reply
 * @rq: what it asks for
 * @rp: the reply, in the scratch
 * @tx: the reply's way out
 * @blur: random bits: 32 for each timestamp
 * @pair: its place in interleaved mode's table, or NULL
 * @receive: its receive timestamp
 * @transmit: transmit timestamp of an interleaved reply
 * @flight: its transmit timestamp is asked for, or NULL
 * @departure_ns: how long after the clock's reading it will leave
 * @reply_len: length of its reply, from the NTP header
 * @aead: of its session, if it is answered with NTS
 * @cookies: new cookies in its reply, likewise
 * @transmit_ns: transmit timestamp of this reply, nanoseconds since 1970
 */
struct knts_packet {
	struct knts_net *knet;
	const struct knts_endpoint *endpoint;
	struct sk_buff *skb;
	struct knts_now now;
	struct knts_phc *phc;
	const struct knts_phc_setting *setting;
	struct knts_rxstamp received;
	struct knts_ntp_header header;
	struct knts_request rq;
	struct knts_reply *rp;
	struct knts_tx tx;
	u64 blur;
	struct knts_pair *pair;
	u64 receive;
	u64 transmit;
	struct knts_flight *flight;
	u32 departure_ns;
	u16 reply_len;
	u16 aead;
	u8 cookies;
	u64 transmit_ns;
};

/**
 * knts_packet_is_answer() - whether a verdict ends in a reply
 * @verdict: the verdict
 *
 * Return: true for an answer or a kiss code.
 */
static inline bool knts_packet_is_answer(enum knts_verdict verdict)
{
	/* The list of verdicts has those first. */
	return verdict < KNTS_DROP_NTS_REQUIRED;
}

#endif
