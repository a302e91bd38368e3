/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * AES-128-GCM-SIV and AES-256-GCM-SIV (RFC 8452): AEAD 30 and 31.
 *
 * POLYVAL is linear in each of its blocks. So a seal whose associated data is
 * not all known yet can be taken up to one multiplication before its tag.
 */
#ifndef KNTS_CORE_GCMSIV_H
#define KNTS_CORE_GCMSIV_H

#include "aes.h"
#include "polyval.h"

#define KNTS_GCMSIV_TAG_LEN 16
#define KNTS_GCMSIV_NONCE_LEN 12
/* As many keys as knts_gcmsiv_expand() takes at a time. */
#define KNTS_GCMSIV_EXPAND_MAX 2

/**
 * struct knts_gcmsiv_key - an expanded key-generating key
 * @generator: makes the two keys of each nonce
 * @raw_len: its length, and that of each message's encryption key: 16 or 32
 *
 * Secret: knts_gcmsiv_wipe() after use.
 */
struct knts_gcmsiv_key {
	struct knts_aes_key generator;
	size_t raw_len;
};

/**
 * struct knts_gcmsiv - a seal on its way
 * @cipher: the message's encryption key
 * @h: the message's POLYVAL key
 * @nonce: the nonce
 * @hash: POLYVAL of everything but the late block, and the nonce
 * @power: what the late block is multiplied by
 * @late_at: the late block, within the associated data
 * @late_len: its length, 0 if nothing is late
 * @sealed: where ciphertext and tag go
 * @text_at: plaintext
 * @text_len: its length
 *
 * Holds secrets: whoever finishes it wipes it.
 */
struct knts_gcmsiv {
	struct knts_aes_key cipher;
	u8 h[KNTS_POLYVAL_BLOCK_LEN];
	u8 nonce[KNTS_GCMSIV_NONCE_LEN];
	u8 hash[KNTS_POLYVAL_BLOCK_LEN];
	u8 power[KNTS_POLYVAL_BLOCK_LEN];
	const u8 *late_at;
	size_t late_len;
	u8 *sealed;
	const u8 *text_at;
	size_t text_len;
};

/**
 * knts_gcmsiv_expand() - make keys ready
 * @keys: @count of them, filled in; wipe them after use
 * @raw: as many keys as negotiated
 * @count: how many, up to KNTS_GCMSIV_EXPAND_MAX
 * @raw_len: length of each: 16 or 32 octets, for AEAD 30 and 31
 *
 * Context: any, softirq included.
 */
void knts_gcmsiv_expand(struct knts_gcmsiv_key *const *keys,
			const u8 *const *raw, unsigned int count,
			size_t raw_len);

/**
 * knts_gcmsiv_wipe() - forget a key
 * @key: from knts_gcmsiv_expand(), or all zero
 */
void knts_gcmsiv_wipe(struct knts_gcmsiv_key *key);

/**
 * knts_gcmsiv_open() - decrypt in place and verify; RFC 8452, 5
 * @key: expanded key
 * @ad: associated data, may be NULL if @ad_len is 0
 * @ad_len: its length
 * @nonce: 12 octets
 * @sealed: ciphertext then tag (16 octets); the plaintext takes the
 *	ciphertext's place
 * @len: length of both, at least 16
 *
 * Context: any, softirq included.
 *
 * Return: true if the tag is right (compared in constant time); if not, the
 * plaintext is wiped.
 */
bool knts_gcmsiv_open(const struct knts_gcmsiv_key *key, const u8 *ad,
		      size_t ad_len, const u8 *nonce, u8 *sealed, size_t len);

/**
 * knts_gcmsiv_seal_begin() - do all of a seal that needs no associated data
 * @seal: filled in; points at @sealed and @text until finished
 * @key: expanded key
 * @nonce: 12 octets
 * @sealed: gets @text_len octets of ciphertext, then the tag (16 octets)
 * @text: plaintext; may be @sealed, not overlap it otherwise
 * @text_len: its length, may be 0
 *
 * RFC 8452, 4, in the order in which a reply becomes known.
 *
 * Context: any, softirq included.
 */
void knts_gcmsiv_seal_begin(struct knts_gcmsiv *seal,
			    const struct knts_gcmsiv_key *key, const u8 *nonce,
			    u8 *sealed, const u8 *text, size_t text_len);

/**
 * knts_gcmsiv_seal_ad() - do all that does not need the late octets
 * @seal: from knts_gcmsiv_seal_begin(); points at @ad until finished
 * @ad: associated data, may be NULL if @ad_len is 0
 * @ad_len: its length
 * @ad_early_len: the octets from here to the end of their block of 16 may
 *	change until knts_gcmsiv_seal_finish(), all others are final; @ad_len if
 *	all are
 *
 * Context: any, softirq included.
 */
void knts_gcmsiv_seal_ad(struct knts_gcmsiv *seal, const u8 *ad, size_t ad_len,
			 size_t ad_early_len);

/**
 * knts_gcmsiv_seal_finish() - tag and encrypt, all associated data being final
 * @seal: from knts_gcmsiv_seal_ad(); wiped
 *
 * One multiplication and one block for the tag, then one block for each of the
 * plaintext, all of them at a time.
 *
 * Context: any, softirq included.
 */
void knts_gcmsiv_seal_finish(struct knts_gcmsiv *seal);

#endif
