/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NTP packets as a client has them (RFC 5905; RFC 8915, 5; RFC 9769): a request,
 * and the reply held against it. Pure: no I/O, no allocation, no clock.
 */
#ifndef KNTSCTL_QUERY_PACKET_H
#define KNTSCTL_QUERY_PACKET_H

#include "core/aead.h"
#include "core/ntp.h"
#include "kntsctl/query_ke.h"

#define QUERY_UID_LEN 32
/* A request stays below what every path takes in one piece. */
#define QUERY_PACKET_MAX_LEN 1280
/* Transmit timestamp, unique identifier, nonce. */
#define QUERY_RANDOM_LEN (8 + QUERY_UID_LEN + KNTS_AEAD_NONCE_MAX_LEN)

/* What a packet that came is. */
enum query_reply_kind {
	QUERY_REPLY_STRAY,	/* no reply to this request */
	QUERY_REPLY_GOOD,
	QUERY_REPLY_KISS,	/* @kiss */
	QUERY_REPLY_BARE,	/* without NTS, which was asked for */
	QUERY_REPLY_FORGED,	/* not authentic by the session's key */
	QUERY_REPLY_BAD,	/* the authenticator's form is wrong */
};

/**
 * struct query_session - both keys, expanded
 *
 * Secret: knts_aead_wipe() each after use.
 */
struct query_session {
	struct knts_aead_key c2s;
	struct knts_aead_key s2c;
};

/**
 * struct query_question - what a request is made of
 * @session: NULL for a request without NTS
 * @cookie: one that was not used before
 * @placeholders: so many more cookies are wanted; fewer where they find no room
 * @random: QUERY_RANDOM_LEN octets
 * @origin: server's receive timestamp of the last reply, to ask for interleaved
 *	mode; else 0
 * @receive: when that one came
 */
struct query_question {
	const struct query_session *session;
	const struct query_cookie *cookie;
	size_t placeholders;
	const uint8_t *random;
	uint64_t origin;
	uint64_t receive;
};

struct query_request {
	size_t len;
	uint8_t data[QUERY_PACKET_MAX_LEN];
};

/**
 * struct query_reply - a reply; NTP's numbers in host order
 * @interleaved: @transmit is that of the reply before
 * @authentic: by the session's key
 * @stratum: 0 to 15; 0 with a kiss code, or unsynchronised
 * @kiss: the kiss code, or ""
 * @cookies_count: new ones
 * @cookies: they
 */
struct query_reply {
	bool interleaved;
	bool authentic;
	uint8_t leap;
	uint8_t stratum;
	int8_t precision;
	uint32_t root_delay;
	uint32_t root_dispersion;
	uint32_t reference_id;
	uint64_t receive;
	uint64_t transmit;
	char kiss[5];
	size_t cookies_count;
	struct query_cookie cookies[QUERY_COOKIES_MAX];
};

/** query_packet_request() - build a request */
void query_packet_request(struct query_request *request,
			  const struct query_question *question);

/**
 * query_packet_read() - read what may be a reply
 * @reply: filled in as far as that goes
 * @data: the packet; decrypted in place
 * @session: NULL if the request was without NTS
 *
 * Return: what it is. Cookies are only taken from an authentic reply.
 */
enum query_reply_kind query_packet_read(struct query_reply *reply,
					uint8_t *data, size_t len,
					const struct query_request *request,
					const struct query_session *session);

#endif
