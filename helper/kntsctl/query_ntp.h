/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: a few NTP exchanges, and what each of them measured.
 */
#ifndef KNTSCTL_QUERY_NTP_H
#define KNTSCTL_QUERY_NTP_H

#include "kntsctl/query_packet.h"

#define QUERY_EXCHANGES_MAX 1000

/**
 * struct query_ntp_plan - how to ask
 * @count: exchanges, up to QUERY_EXCHANGES_MAX
 * @interval_s: from one to the next
 * @interleaved: ask for interleaved mode from the second on
 */
struct query_ntp_plan {
	uint32_t count;
	double interval_s;
	bool interleaved;
};

/* How an exchange ended. */
enum query_ntp_end {
	QUERY_NTP_SILENCE,
	QUERY_NTP_UNSENT,	/* @err */
	QUERY_NTP_REFUSED,	/* by ICMP: @err */
	QUERY_NTP_REPLY,	/* @kind */
	QUERY_NTP_NO_COOKIE,	/* none was left to ask with */
};

/**
 * struct query_exchange - one request, and what came back
 * @kind: of the reply
 * @request_len: octets of NTP that were sent
 * @reply_len: and came back
 * @offset_s: by how much the server's clock is ahead of ours
 * @delay_s: the way there and back, without the server's own time
 * @service_s: from the server's receive to its transmit timestamp
 * @reply: of use with QUERY_REPLY_GOOD and QUERY_REPLY_KISS; the cookies in it
 *	are wiped
 *
 * An interleaved reply says when the one before it really left, so what it
 * measures is the exchange before.
 */
struct query_exchange {
	enum query_ntp_end end;
	enum query_reply_kind kind;
	int err;
	size_t request_len;
	size_t reply_len;
	double offset_s;
	double delay_s;
	double service_s;
	struct query_reply reply;
};

/**
 * query_ntp_run() - ask
 * @fd: UDP, connected and non-blocking
 * @patience_s: for each reply
 * @session: NULL without NTS
 * @cookies: QUERY_COOKIES_MAX of them, @count filled; used up and refilled
 * @exchanges: @plan->count of them, zeroed
 */
void query_ntp_run(int fd, const struct query_ntp_plan *plan, double patience_s,
		   const struct query_session *session,
		   struct query_cookie *cookies, size_t count,
		   struct query_exchange *exchanges);

#endif
