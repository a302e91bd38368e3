/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core put together as a server does it, from octets to octets: what the
 * module does around its sockets, for tests and fuzzers.
 */
#ifndef KNTS_UNIT_SERVER_H
#define KNTS_UNIT_SERVER_H

#include "core/pairs.h"
#include "core/reply.h"

#define SERVER_KEYS 2

/**
 * struct server - a key ring, a clock, and where nonces come from
 * @keys: cookie keys
 * @key_ids: their ids
 * @active: index of the one that seals
 * @hdr: the clock
 * @receive: receive timestamp of the next request
 * @transmit: transmit timestamp of the next reply
 * @pairs: interleaved mode's table, NULL if it is off
 * @nonces: of the next reply
 */
struct server {
	struct knts_siv_key keys[SERVER_KEYS];
	u32 key_ids[SERVER_KEYS];
	unsigned int active;
	struct knts_ntp_header hdr;
	u64 receive;
	u64 transmit;
	struct knts_pairs *pairs;
	u8 nonces[KNTS_REPLY_NONCES_MAX_LEN];
};

/* Fixed keys, ids 0x1001 and 0x1002, the first one active; a sound clock. */
void server_setup(struct server *s);

/* Return: the key of that id, or NULL. */
const struct knts_siv_key *server_key(const struct server *s, u32 id);

/**
 * server_answer() - answer a packet in place
 * @s: server
 * @pkt: packet, becomes the reply
 * @len: its length
 * @reply_len: length of the reply, 0 if there is none
 *
 * Return: the verdict.
 */
enum knts_verdict server_answer(const struct server *s, u8 *pkt, size_t len,
				size_t *reply_len);

#endif
