/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * AES-SIV-CMAC-256, -384 and -512 (RFC 5297) as NTS uses it: a vector of two,
 * associated data and nonce, before the plaintext.
 *
 * Each of its chains is a row of blocks that wait for each other, but the chains
 * need not. So there are two bodies of this: siv.c, upon the AES seam, and
 * kmod/aes/native_siv.c, by a CPU's own instructions, where a verification that
 * nobody waits for yet goes along with other work: that is @along. The names
 * without "portable" are the seam; what is behind them is chosen at run time in
 * the kernel, and portable in userspace.
 */
#ifndef KNTS_CORE_SIV_H
#define KNTS_CORE_SIV_H

#include "aes.h"

#define KNTS_SIV_TAG_LEN 16
/* As many keys as knts_siv_expand_all() takes at a time. */
#define KNTS_SIV_EXPAND_MAX 2
/* As many copies as knts_siv_seal_copies() makes. */
#define KNTS_SIV_COPIES_MAX 8

/**
 * struct knts_siv_key - both expanded halves of a SIV key, and what S2V derives
 * @mac: K1, for S2V
 * @ctr: K2, for CTR
 * @subkey1: CMAC's K1 (RFC 4493), for a last block that is whole
 * @subkey2: CMAC's K2, for one that is not
 * @zero2: CMAC of the zero block, doubled: where every S2V begins
 *
 * Secret: knts_siv_wipe() after use.
 */
struct knts_siv_key {
	struct knts_aes_key mac;
	struct knts_aes_key ctr;
	u8 subkey1[KNTS_AES_BLOCK_LEN];
	u8 subkey2[KNTS_AES_BLOCK_LEN];
	u8 zero2[KNTS_AES_BLOCK_LEN];
};

/**
 * struct knts_siv - a verification or a seal on its way
 * @key: expanded key
 * @ad_at: associated data, NULL if there is none
 * @ad_len: its length
 * @ad_done_len: so many of its octets are in @ad_mac, a multiple of 16
 * @nonce_at: nonce, of a verification
 * @nonce_len: its length
 * @text_at: plaintext
 * @text_len: its length
 * @sealed: where tag and ciphertext are, or go
 * @ad_mac: CMAC of the associated data, unfinished
 * @nonce_mac: CMAC of the nonce
 * @text_mac: CMAC of the plaintext, up to where S2V's other strings come in
 *
 * Holds secrets: whoever finishes it wipes them.
 */
struct knts_siv {
	const struct knts_siv_key *key;
	const u8 *ad_at;
	size_t ad_len;
	size_t ad_done_len;
	const u8 *nonce_at;
	size_t nonce_len;
	u8 *text_at;
	size_t text_len;
	u8 *sealed;
	u8 ad_mac[KNTS_AES_BLOCK_LEN] __aligned(16);
	u8 nonce_mac[KNTS_AES_BLOCK_LEN] __aligned(16);
	u8 text_mac[KNTS_AES_BLOCK_LEN] __aligned(16);
};

/**
 * knts_siv_expand_all() - make keys ready
 * @keys: @count of them, filled in; wipe them after use
 * @raw: as many keys as negotiated
 * @count: how many, up to KNTS_SIV_EXPAND_MAX
 * @raw_len: length of each: 32, 48 or 64 octets, for AEAD 15, 16 and 17
 *
 * Context: any, softirq included.
 */
void knts_siv_expand_all(struct knts_siv_key *const *keys,
			 const u8 *const *raw, unsigned int count,
			 size_t raw_len);

/**
 * knts_siv_expand() - make one key ready
 * @key: filled in; wipe it after use
 * @raw: the key as negotiated
 * @raw_len: its length: 32, 48 or 64 octets, for AEAD 15, 16 and 17
 *
 * Context: any, softirq included.
 */
static inline void knts_siv_expand(struct knts_siv_key *key, const u8 *raw,
				   size_t raw_len)
{
	knts_siv_expand_all(&key, &raw, 1, raw_len);
}

/**
 * knts_siv_wipe() - forget a key
 * @key: from knts_siv_expand(), or all zero
 */
void knts_siv_wipe(struct knts_siv_key *key);

/**
 * knts_siv_open_begin() - decrypt in place, and begin to verify
 * @siv: filled in; points at all that follows until finished
 * @key: expanded key
 * @ad: associated data, or NULL with @ad_len 0 to leave it out of the vector
 * @ad_len: its length
 * @nonce: nonce, always in the vector
 * @nonce_len: its length, at least 1
 * @sealed: tag (16 octets) then ciphertext, instead of which the plaintext
 *	stands then; not to be trusted before knts_siv_open_finish()
 * @len: length of both, at least 16
 *
 * Until then it may go along with other work.
 */
void knts_siv_open_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len);

/**
 * knts_siv_open_finish() - verify; RFC 5297, 2.7
 * @siv: from knts_siv_open_begin(); wiped
 *
 * Return: true if the tag is right (compared in constant time); if not, the
 * plaintext is wiped.
 */
bool knts_siv_open_finish(struct knts_siv *siv);

/**
 * knts_siv_open() - verify and decrypt in place, at once
 * @key: expanded key
 * @ad: as knts_siv_open_begin() takes it, and so are all others
 * @ad_len: its length
 * @nonce: nonce
 * @nonce_len: its length
 * @sealed: tag, then ciphertext
 * @len: length of both
 *
 * Return: as knts_siv_open_finish().
 */
static inline bool knts_siv_open(const struct knts_siv_key *key, const u8 *ad,
				 size_t ad_len, const u8 *nonce,
				 size_t nonce_len, u8 *sealed, size_t len)
{
	struct knts_siv siv __uninitialized;

	knts_siv_open_begin(&siv, key, ad, ad_len, nonce, nonce_len, sealed,
			    len);
	return knts_siv_open_finish(&siv);
}

/**
 * knts_siv_seal_begin() - do all of a seal that needs no associated data
 * @siv: filled in; points at all that follows until finished
 * @key: expanded key
 * @nonce: nonce, always in the vector
 * @nonce_len: its length, at least 1
 * @sealed: gets the tag (16 octets), then @text_len octets of ciphertext
 * @text: plaintext; may stand where its ciphertext goes, not overlap otherwise
 * @text_len: its length, may be 0
 * @along: a verification that may go on meanwhile, or NULL
 *
 * RFC 5297, 2.6, in the order in which a reply becomes known.
 */
void knts_siv_seal_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *nonce, size_t nonce_len, u8 *sealed,
			 u8 *text, size_t text_len,
			 struct knts_siv *along);

/**
 * knts_siv_seal_ad() - put associated data into the vector
 * @siv: from knts_siv_seal_begin(); points at @ad until finished
 * @ad: associated data
 * @ad_len: its length
 * @ad_early_len: where its late octets begin; they end with the block of 16
 *	that they begin in
 */
void knts_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
		      size_t ad_early_len);

/**
 * knts_siv_seal_finish() - tag and encrypt, all associated data being final
 * @siv: from knts_siv_seal_begin() and, if there is associated data,
 *	knts_siv_seal_ad(); wiped
 */
void knts_siv_seal_finish(struct knts_siv *siv);

/**
 * struct knts_siv_copy - one of several seals of the same plaintext
 * @nonce: its nonce
 * @sealed: gets its tag and ciphertext
 */
struct knts_siv_copy {
	const u8 *nonce;
	u8 *sealed;
};

/**
 * knts_siv_seal_copies() - seal a plaintext several times, without associated
 *	data
 * @key: expanded key
 * @copies: @count of them
 * @count: how many, up to KNTS_SIV_COPIES_MAX
 * @nonce_len: length of each nonce, 17 to 32
 * @text: plaintext
 * @text_len: its length
 * @along: a verification that may go on meanwhile, or NULL
 *
 * Side by side, so that several take little longer than one.
 */
void knts_siv_seal_copies(const struct knts_siv_key *key,
			  const struct knts_siv_copy *copies,
			  unsigned int count, size_t nonce_len, const u8 *text,
			  size_t text_len, struct knts_siv *along);

void knts_siv_portable_expand_all(struct knts_siv_key *const *keys,
				  const u8 *const *raw, unsigned int count,
				  size_t raw_len);
void knts_siv_portable_open_begin(struct knts_siv *siv,
				  const struct knts_siv_key *key, const u8 *ad,
				  size_t ad_len, const u8 *nonce,
				  size_t nonce_len, u8 *sealed, size_t len);
bool knts_siv_portable_open_finish(struct knts_siv *siv);
void knts_siv_portable_seal_begin(struct knts_siv *siv,
				  const struct knts_siv_key *key,
				  const u8 *nonce, size_t nonce_len, u8 *sealed,
				  u8 *text, size_t text_len);
void knts_siv_portable_seal_ad(struct knts_siv *siv, const u8 *ad,
			       size_t ad_len, size_t ad_early_len);
void knts_siv_portable_seal_finish(struct knts_siv *siv);
void knts_siv_portable_seal_copies(const struct knts_siv_key *key,
				   const struct knts_siv_copy *copies,
				   unsigned int count, size_t nonce_len,
				   const u8 *text, size_t text_len);

#endif
