/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * AES-SIV-CMAC-256, -384 and -512 (RFC 5297) as NTS uses it: a vector of two,
 * associated data and nonce, before the plaintext.
 */
#ifndef KNTS_CORE_SIV_H
#define KNTS_CORE_SIV_H

#include "aes.h"

#define KNTS_SIV_TAG_LEN 16

/**
 * struct knts_siv_key - both expanded halves of a SIV key, and what S2V derives
 * @mac: K1, for S2V
 * @ctr: K2, for CTR
 * @subkey1: CMAC's K1 (RFC 4493), for a last block that is whole
 * @subkey2: CMAC's K2, for one that is not
 * @zero: CMAC of the zero block, where every S2V begins
 */
struct knts_siv_key {
	struct knts_aes_key mac;
	struct knts_aes_key ctr;
	u8 subkey1[KNTS_AES_BLOCK_LEN];
	u8 subkey2[KNTS_AES_BLOCK_LEN];
	u8 zero[KNTS_AES_BLOCK_LEN];
};

/**
 * struct knts_siv_seal - a seal that is made ready but not finished
 * @key: expanded key
 * @ad: associated data, NULL if there is none
 * @ad_len: its length
 * @ad_done_len: so many of its octets are in @ad_mac, a multiple of 16
 * @out: where tag and ciphertext go, and the plaintext stands
 * @text_len: length of the plaintext
 * @text_done_len: so many of its octets are in @text_mac, a multiple of 16
 * @ad_mac: CMAC of the associated data, unfinished
 * @nonce_mac: CMAC of the nonce
 * @text_mac: CMAC of the plaintext, unfinished
 *
 * What does not depend on the associated data's late part is done by
 * knts_siv_seal_begin(); see there. Holds secrets: knts_siv_seal_finish()
 * wipes it.
 */
struct knts_siv_seal {
	const struct knts_siv_key *key;
	const u8 *ad;
	size_t ad_len;
	size_t ad_done_len;
	u8 *out;
	size_t text_len;
	size_t text_done_len;
	u8 ad_mac[KNTS_AES_BLOCK_LEN];
	u8 nonce_mac[KNTS_AES_BLOCK_LEN];
	u8 text_mac[KNTS_AES_BLOCK_LEN];
};

/**
 * knts_siv_expand() - make a key ready
 * @key: filled in; wipe it after use
 * @raw: the key as negotiated
 * @raw_len: 32, 48 or 64 octets, for AEAD 15, 16 and 17
 *
 * Context: any, softirq included.
 */
void knts_siv_expand(struct knts_siv_key *key, const u8 *raw, size_t raw_len);

/**
 * knts_siv_open() - verify and decrypt in place
 * @key: expanded key
 * @ad: associated data, or NULL with @ad_len 0 to leave it out of the vector
 * @ad_len: its length
 * @nonce: nonce, always in the vector
 * @nonce_len: its length, at least 1
 * @buf: tag (16 octets) then ciphertext; on success the plaintext stands where
 *       the ciphertext stood, on failure that part is zeroed
 * @len: length of both, at least 16
 *
 * Return: true if the tag is right (compared in constant time). RFC 5297, 2.7.
 */
bool knts_siv_open(const struct knts_siv_key *key, const u8 *ad, size_t ad_len,
		   const u8 *nonce, size_t nonce_len, u8 *buf, size_t len);

/**
 * knts_siv_seal_begin() - do all of a seal that does not need the late octets
 * @seal: filled in; points at @ad, @out and @key until finished
 * @key: expanded key
 * @ad: associated data, or NULL with @ad_len 0 to leave it out of the vector
 * @ad_len: its length
 * @ad_early_len: so many of its first octets are final already
 * @nonce: nonce, always in the vector
 * @nonce_len: its length, at least 1
 * @out: 16 octets for the tag, then @text_len octets of plaintext, which the
 *       caller has written there
 * @text_len: length of the plaintext, may be 0
 *
 * RFC 5297, 2.6, cut where RFC 8915's transmit timestamp becomes known.
 */
void knts_siv_seal_begin(struct knts_siv_seal *seal,
			 const struct knts_siv_key *key, const u8 *ad,
			 size_t ad_len, size_t ad_early_len, const u8 *nonce,
			 size_t nonce_len, u8 *out, size_t text_len);

/**
 * knts_siv_seal_finish() - tag and encrypt, all associated data being final
 * @seal: from knts_siv_seal_begin(); wiped
 */
void knts_siv_seal_finish(struct knts_siv_seal *seal);

#endif
