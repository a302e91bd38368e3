/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A request, from octets to a verdict: first its form, then its authenticity.
 */
#ifndef KNTS_CORE_REQUEST_H
#define KNTS_CORE_REQUEST_H

#include "cookie.h"
#include "ntp.h"
#include "verdict.h"

/**
 * struct knts_request - what was found in a packet
 * @pkt: the packet, from its NTP header
 * @len: its length, without UDP header
 * @version: 1 to 4
 * @poll: the client's poll exponent
 * @origin: origin timestamp: 0, or what the client remembers of a reply
 * @asks_interleaved: it wants interleaved mode if @origin is a saved receive
 *	timestamp: its own receive and transmit timestamps differ (RFC 9769, 2)
 * @interleaved: false; the caller sets it if there is such a saved reply
 * @nts: it bears cookie and authenticator, so it wants NTS
 * @cookies: new cookies that the reply may carry, 1 to 8, if @nts. Clear
 *	placeholders are counted by knts_request_parse(), encrypted ones by
 *	knts_request_verify_begin(); one whose length is not the cookie's is
 *	not counted (RFC 8915, 5.5).
 * @uid_off: offset of the whole unique identifier field, 0 if it has none
 * @uid_len: length of the whole field
 * @cookie_off: offset of the cookie itself
 * @cookie_len: its length
 * @auth_off: offset of the authenticator field, so length of the associated
 *	data
 * @nonce_off: offset of the nonce
 * @nonce_len: its length, without padding
 * @nonce_room_len: what the client leaves room for: the nonce's, its padding's
 *	and the additional padding's octets
 * @text_off: offset of tag and ciphertext
 * @text_len: length of both
 *
 * Offsets are from @pkt. All lie within @len.
 */
struct knts_request {
	u8 *pkt;
	u16 len;
	u8 version;
	s8 poll;
	u64 origin;
	bool asks_interleaved;
	bool interleaved;
	bool nts;
	u8 cookies;
	u16 uid_off;
	u16 uid_len;
	u16 cookie_off;
	u16 cookie_len;
	u16 auth_off;
	u16 nonce_off;
	u16 nonce_len;
	u16 nonce_room_len;
	u16 text_off;
	u16 text_len;
};

/**
 * knts_request_parse() - check a packet's form
 * @rq: filled in; valid only if the packet deserves an answer
 * @pkt: the packet, from its NTP header
 * @len: its length
 *
 * Fields behind the authenticator are not looked at (RFC 8915, 5.7).
 *
 * Context: any, softirq included.
 * Return: KNTS_ANSWER_PLAIN or KNTS_ANSWER_NTS for what it asks for, or the
 * reason to drop it.
 */
enum knts_verdict knts_request_parse(struct knts_request *rq, u8 *pkt,
				     size_t len);

/**
 * knts_request_suits() - does it leave the room that its AEAD asks for?
 * @rq: from knts_request_parse(), with @rq->nts
 * @aead: AEAD id from its cookie
 *
 * Return: false if the packet is to be discarded; RFC 8915, 5.6.
 */
static inline bool knts_request_suits(const struct knts_request *rq, u16 aead)
{
	return rq->nonce_room_len >= knts_aead_nonce_len(aead);
}

/**
 * struct knts_verification - the verification of a request, on its way
 * @aead: its state
 * @readable: the plaintext was fields and nothing else
 */
struct knts_verification {
	struct knts_aead aead;
	bool readable;
};

/**
 * knts_request_verify_begin() - decrypt, and begin to verify
 * @v: filled in; points at @rq->pkt and @c2s until finished
 * @rq: from knts_request_parse(), with @rq->nts; @rq->cookies grows by the
 *	encrypted placeholders, for all that is known yet
 * @c2s: the key from its cookie, expanded
 *
 * Decrypts in place. Until knts_request_verify_finish() the rest of the packet
 * must not change, and knts_aead_open_along() may be handed along.
 *
 * Context: any, softirq included.
 */
void knts_request_verify_begin(struct knts_verification *v,
			       struct knts_request *rq,
			       const struct knts_aead_key *c2s);

/**
 * knts_request_verify_finish() - is it authentic?
 * @v: from knts_request_verify_begin(); wiped
 *
 * Context: any, softirq included.
 * Return: KNTS_ANSWER_NTS, KNTS_KISS_NTSN_AUTH or KNTS_DROP_PLAINTEXT.
 */
enum knts_verdict knts_request_verify_finish(struct knts_verification *v);

#endif
