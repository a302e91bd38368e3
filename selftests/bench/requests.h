/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that are made before they are needed, so that sending them costs next to
 * nothing, and replies held against them.
 */
#ifndef KNTS_SELFTESTS_BENCH_REQUESTS_H
#define KNTS_SELFTESTS_BENCH_REQUESTS_H

#include "../client/reply.h"

#define REQUESTS_COUNT 1024

/**
 * struct request - one of them; sent again and again
 * @packet: as it is sent; its transmit timestamp tells which one it is
 * @sent_ns: when it was sent last
 * @waits: no reply came since
 */
struct request {
	struct packet packet;
	uint64_t sent_ns;
	bool waits;
};

/**
 * struct requests - all of them
 * @session: keys, if @nts
 * @nts: with NTS; each has one of @cookies
 * @verify_each: of so many replies one is verified in full
 * @seen: replies so far
 * @verified: of these
 * @wrong: replies that were not right
 */
struct requests {
	struct nts_session session;
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	bool nts;
	size_t verify_each;
	size_t seen;
	size_t verified;
	size_t wrong;
	struct request all[REQUESTS_COUNT];
};

/** requests_make() - all of them, with so many placeholders each */
void requests_make(struct requests *r, size_t placeholders);

/**
 * requests_match() - which one a reply answers
 *
 * Checks mode, length, origin timestamp and unique identifier of each reply, and
 * of one in @verify_each all that reply_check() does; says on stderr what is wrong
 * with the first that is.
 *
 * Return: the request, or NULL if none waits for such a reply.
 */
struct request *requests_match(struct requests *r, const uint8_t *data,
			       size_t len);

#endif
