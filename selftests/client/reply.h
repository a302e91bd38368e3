/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reply, read and held against its request and the rules.
 */
#ifndef KNTS_SELFTESTS_CLIENT_REPLY_H
#define KNTS_SELFTESTS_CLIENT_REPLY_H

#include "packet.h"

/**
 * struct reply - what a reply says; numbers in host order
 * @kiss: the kiss code as text, "" if it is none
 * @interleaved: its transmit timestamp is an earlier reply's (RFC 9769)
 * @nts: it bears an authenticator
 * @cookie_count: cookies that came encrypted
 */
struct reply {
	uint8_t leap;
	uint8_t version;
	uint8_t mode;
	uint8_t stratum;
	int8_t poll;
	int8_t precision;
	uint32_t root_delay;
	uint32_t root_dispersion;
	uint32_t reference_id;
	uint64_t reference;
	uint64_t origin;
	uint64_t receive;
	uint64_t transmit;
	char kiss[5];
	bool interleaved;
	bool nts;
	size_t cookie_count;
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
};

/** reply_precision() - what the reply says its precision is, as 32.32 seconds */
int64_t reply_precision(const struct reply *r);

/**
 * reply_check() - read a reply to @request and check what always holds
 * @r: filled in
 * @data: the reply
 * @len: its length
 * @request: as it was sent
 * @session: to verify with; may be NULL if none is at hand
 *
 * Always: mode 4 (P2), the request's version (P1), poll (P4) and transmit
 * timestamp (P3), or receive timestamp (I7), its unique identifier and no other
 * (N29), never longer than the request (N39). Without authenticator: nothing but header and unique
 * identifier (N40). With it: exactly as long as the request (N39), one
 * authenticator that is authentic and stands last, nothing but cookies in it,
 * none outside of it (N36), 8 at most (N37).
 *
 * Return: NULL, or the sentence that says which rule it breaks.
 */
const char *reply_check(struct reply *r, const uint8_t *data, size_t len,
			const struct packet *request,
			const struct nts_session *session);

#endif
