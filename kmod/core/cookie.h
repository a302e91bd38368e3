/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Cookies (RFC 8915, 6): key id (4), nonce (16), then sealed by
 * AES-SIV-CMAC-256 under the key of that id: tag (16), AEAD id (2), zero (2),
 * S2C, C2S. Key id and nonce together are the nonce of the seal, so no octet of
 * a cookie is left unprotected. The length follows from the AEAD alone.
 */
#ifndef KNTS_CORE_COOKIE_H
#define KNTS_CORE_COOKIE_H

#include "aead.h"

#define KNTS_COOKIE_KEY_LEN 32
#define KNTS_COOKIE_NONCE_LEN 16
#define KNTS_COOKIE_MAX_LEN (4 + KNTS_COOKIE_NONCE_LEN + KNTS_SIV_TAG_LEN + 4 + \
			     2 * KNTS_AEAD_KEY_MAX_LEN)
/* A reply carries so many new cookies at most (RFC 8915, 5.7). */
#define KNTS_COOKIES_MAX 8

/**
 * struct knts_session - what a cookie holds: one client's association
 * @aead: AEAD id; both keys are knts_aead_key_len(@aead) octets long
 * @s2c: server-to-client key
 * @c2s: client-to-server key
 *
 * Secret: wipe after use.
 */
struct knts_session {
	u16 aead;
	u8 s2c[KNTS_AEAD_KEY_MAX_LEN];
	u8 c2s[KNTS_AEAD_KEY_MAX_LEN];
} __aligned(8);

/**
 * knts_cookie_len() - length of a cookie of ours, a multiple of 4
 * @aead: AEAD id, one of ours
 *
 * Return: octets, 72 to 168.
 */
static inline size_t knts_cookie_len(u16 aead)
{
	return 4 + KNTS_COOKIE_NONCE_LEN + KNTS_SIV_TAG_LEN + 4 +
	       2 * knts_aead_key_len(aead);
}

/**
 * knts_cookie_key_id() - by which key was it sealed
 * @cookie: at least 4 octets
 *
 * Return: the key's id.
 */
static inline u32 knts_cookie_key_id(const u8 *cookie)
{
	return knts_get_be32(cookie);
}

/**
 * knts_cookie_seal() - make cookies of one session
 * @cookies: where the first goes: knts_cookie_len(@session->aead) octets
 * @stride_len: from the start of one to that of the next
 * @count: how many, up to KNTS_COOKIES_MAX
 * @key_id: id of @key
 * @key: the ring's active key
 * @nonces: @count times 16 octets from a CSPRNG, new for each cookie
 * @session: what goes in
 * @along: a verification that may go on meanwhile, or NULL
 *
 * Context: any, softirq included.
 */
void knts_cookie_seal(u8 *cookies, size_t stride_len, unsigned int count,
		      u32 key_id, const struct knts_siv_key *key,
		      const u8 *nonces, const struct knts_session *session,
		      struct knts_siv *along);

/**
 * knts_cookie_open() - read a cookie
 * @session: filled in on success, wiped on failure
 * @cookie: the cookie; not changed
 * @len: its length, anything
 * @key: the key of knts_cookie_key_id()
 *
 * Context: any, softirq included.
 * Return: true if it is authentic, whole, and of an AEAD of ours.
 */
bool knts_cookie_open(struct knts_session *session, const u8 *cookie,
		      size_t len, const struct knts_siv_key *key);

#endif
