/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A reply in two halves: made ready, then stamped with its transmit timestamp
 * and sealed. It is written over its request, and never longer than it; an NTS
 * reply is exactly as long (RFC 8915, 5.5 and 8).
 */
#ifndef KNTS_CORE_REPLY_H
#define KNTS_CORE_REPLY_H

#include "request.h"

/**
 * struct knts_reply - a reply that is made ready
 * @pkt: the packet, in the request's own octets
 * @len: length of the reply
 * @interleaved: its transmit timestamp is that of an earlier reply
 * @sealed: an authenticator waits to be finished
 * @cookies: how many new cookies it bears
 * @text_len: length of their fields, which get encrypted
 * @aead: state of the seal
 */
struct knts_reply {
	u8 *pkt;
	u16 len;
	bool interleaved;
	bool sealed;
	u8 cookies;
	u16 text_len;
	struct knts_aead aead;
};

/**
 * struct knts_reply_keys - what an NTS reply is sealed with
 * @session: from the request's cookie
 * @s2c: its server-to-client key, expanded
 * @cookie_key: the ring's active key
 * @cookie_key_id: its id
 * @nonces: 16 octets for the reply, of which AES-GCM-SIV takes 12, then 16
 *	for each of @rq->cookies new cookies, all from a CSPRNG
 */
struct knts_reply_keys {
	const struct knts_session *session;
	const struct knts_aead_key *s2c;
	const struct knts_siv_key *cookie_key;
	u32 cookie_key_id;
	const u8 *nonces;
};

#define KNTS_REPLY_NONCE_LEN KNTS_COOKIE_NONCE_LEN
#define KNTS_REPLY_NONCES_MAX_LEN ((1 + KNTS_COOKIES_MAX) * KNTS_REPLY_NONCE_LEN)
/* Fields of as many cookies as there may be, each with its header of 4. */
#define KNTS_REPLY_TEXT_MAX_LEN (KNTS_COOKIES_MAX * (4 + KNTS_COOKIE_MAX_LEN))

/**
 * knts_reply_plain() - make a reply without NTS ready
 * @rp: filled in
 * @rq: the request, whose octets it takes over
 * @hdr: the clock's fields
 * @receive: receive timestamp
 *
 * Echoes the unique identifier if there is one. The origin timestamp is the
 * request's transmit timestamp, or its receive timestamp if @rq->interleaved
 * (RFC 5905, 8; RFC 9769, 2).
 *
 * Context: any, softirq included.
 */
void knts_reply_plain(struct knts_reply *rp, const struct knts_request *rq,
		      const struct knts_ntp_header *hdr, u64 receive);

/**
 * knts_reply_cookies() - make the new cookies of a reply, and begin its seal
 * @rp: filled in as far as that goes
 * @rq: the request; not changed, and need not be verified yet
 * @keys: what to seal with; @keys->session->aead gives the cookies' length.
 *	@keys->s2c is borrowed until knts_reply_stamp()
 * @text: gets the cookies' fields; KNTS_REPLY_TEXT_MAX_LEN octets, borrowed
 *	until knts_reply_stamp()
 * @along: a verification that may go on meanwhile, or NULL
 *
 * As many of @rq->cookies as the reply has room for, at least one if the
 * request's cookie was of our length.
 *
 * Context: any, softirq included.
 */
void knts_reply_cookies(struct knts_reply *rp, const struct knts_request *rq,
			const struct knts_reply_keys *keys, u8 *text,
			struct knts_siv *along);

/**
 * knts_reply_nts() - make a reply with NTS ready
 * @rp: from knts_reply_cookies()
 * @rq: the request, verified, whose octets it takes over
 * @hdr: the clock's fields
 * @receive: receive timestamp
 * @keys: what to seal with
 *
 * What the cookies leave of the request's length is additional padding in the
 * authenticator.
 *
 * Context: any, softirq included.
 */
void knts_reply_nts(struct knts_reply *rp, const struct knts_request *rq,
		    const struct knts_ntp_header *hdr, u64 receive,
		    const struct knts_reply_keys *keys);

/**
 * knts_reply_kiss() - make a kiss code ready
 * @rp: filled in
 * @rq: the request, whose octets it takes over
 * @code: KNTS_NTP_KISS_...
 * @precision: the clock's, log2 of seconds
 * @receive: receive timestamp
 *
 * Header and unique identifier, nothing else; never authenticated.
 *
 * Context: any, softirq included.
 */
void knts_reply_kiss(struct knts_reply *rp, const struct knts_request *rq,
		     u32 code, s8 precision, u64 receive);

/**
 * knts_reply_stamp() - write the transmit timestamp and finish
 * @rp: from one of the above
 * @transmit: transmit timestamp. That of a basic reply is made later than the
 *	receive timestamp if it is not (P10), that of an interleaved one unlike
 *	it (I4). Send at once after this.
 *
 * Context: any, softirq included.
 */
void knts_reply_stamp(struct knts_reply *rp, u64 transmit);

#endif
