/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The AEADs that NTS negotiates, by their ids (RFC 5297, RFC 8452).
 */
#ifndef KNTS_CORE_AEAD_H
#define KNTS_CORE_AEAD_H

#include "gcmsiv.h"
#include "siv.h"

#define KNTS_AEAD_AES_SIV_CMAC_256 15
#define KNTS_AEAD_AES_SIV_CMAC_384 16
#define KNTS_AEAD_AES_SIV_CMAC_512 17
#define KNTS_AEAD_AES_128_GCM_SIV 30
#define KNTS_AEAD_AES_256_GCM_SIV 31

#define KNTS_AEAD_KEY_MAX_LEN 64
#define KNTS_AEAD_NONCE_MAX_LEN 16
/* That of all of them; it stands before or behind the ciphertext. */
#define KNTS_AEAD_TAG_LEN 16

/**
 * knts_aead_key_len() - key length of an AEAD
 * @id: AEAD id
 *
 * Return: octets, or 0 if the AEAD is not one of ours.
 */
static inline size_t knts_aead_key_len(u16 id)
{
	switch (id) {
	case KNTS_AEAD_AES_128_GCM_SIV:
		return 16;
	case KNTS_AEAD_AES_SIV_CMAC_256:
	case KNTS_AEAD_AES_256_GCM_SIV:
		return 32;
	case KNTS_AEAD_AES_SIV_CMAC_384:
		return 48;
	case KNTS_AEAD_AES_SIV_CMAC_512:
		return 64;
	default:
		return 0;
	}
}

static inline bool knts_aead_is_gcm(u16 id)
{
	return id == KNTS_AEAD_AES_128_GCM_SIV ||
	       id == KNTS_AEAD_AES_256_GCM_SIV;
}

/**
 * knts_aead_nonce_len() - length of the nonces that we make
 * @id: AEAD id, one of ours
 *
 * It is also N_REQ of RFC 8915, 5.6: what a request has to leave room for.
 *
 * Return: octets: AES-GCM-SIV takes 12 and no others, AES-SIV any number.
 */
static inline size_t knts_aead_nonce_len(u16 id)
{
	return knts_aead_is_gcm(id) ? KNTS_GCMSIV_NONCE_LEN :
				      KNTS_AEAD_NONCE_MAX_LEN;
}

/**
 * struct knts_aead_key - an expanded key
 * @id: AEAD id
 * @siv: the key of AES-SIV
 * @gcmsiv: the key of AES-GCM-SIV
 *
 * Secret: knts_aead_wipe() after use.
 */
struct knts_aead_key {
	u16 id;
	union {
		struct knts_siv_key siv;
		struct knts_gcmsiv_key gcmsiv;
	};
};

/**
 * struct knts_aead - a verification or a seal on its way
 * @id: AEAD id
 * @authentic: AES-GCM-SIV has verified it
 * @siv: state of AES-SIV
 * @gcmsiv: state of AES-GCM-SIV's seal
 */
struct knts_aead {
	u16 id;
	bool authentic;
	union {
		struct knts_siv siv;
		struct knts_gcmsiv gcmsiv;
	};
};

/**
 * knts_aead_expand() - make keys ready
 * @keys: @count of them, filled in; wipe them after use
 * @raw: as many keys, knts_aead_key_len(@id) octets each
 * @count: how many, up to KNTS_SIV_EXPAND_MAX
 * @id: AEAD id, one of ours
 *
 * Context: any, softirq included.
 */
void knts_aead_expand(struct knts_aead_key *const *keys, const u8 *const *raw,
		      unsigned int count, u16 id);

/**
 * knts_aead_wipe() - forget a key
 * @key: from knts_aead_expand()
 */
void knts_aead_wipe(struct knts_aead_key *key);

/**
 * knts_aead_open_begin() - decrypt in place, and begin to verify
 * @aead: filled in; points at all that follows until finished
 * @key: expanded key
 * @ad: associated data
 * @ad_len: its length, at least 1
 * @nonce: nonce
 * @nonce_len: its length, at least 1
 * @sealed: ciphertext and tag
 * @len: length of both, at least KNTS_AEAD_TAG_LEN
 *
 * Return: the plaintext, in @sealed, @len - KNTS_AEAD_TAG_LEN octets. It is
 * not to be trusted before knts_aead_open_finish().
 */
u8 *knts_aead_open_begin(struct knts_aead *aead, const struct knts_aead_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len);

/**
 * knts_aead_open_along() - what can go along with other work until then
 * @aead: from knts_aead_open_begin()
 *
 * Return: a verification, or NULL.
 */
struct knts_siv *knts_aead_open_along(struct knts_aead *aead);

/**
 * knts_aead_open_finish() - verify
 * @aead: from knts_aead_open_begin(); wiped
 *
 * Return: true if it is authentic; if not, the plaintext is wiped.
 */
bool knts_aead_open_finish(struct knts_aead *aead);

/**
 * knts_aead_seal_begin() - do all of a seal that needs no associated data
 * @aead: filled in; points at all that follows until finished
 * @key: expanded key
 * @nonce: knts_aead_nonce_len() octets
 * @sealed: where @text_len octets of ciphertext and the tag will go
 * @text: plaintext, not in @sealed
 * @text_len: its length, may be 0
 * @along: a verification that may go on meanwhile, or NULL
 */
void knts_aead_seal_begin(struct knts_aead *aead, const struct knts_aead_key *key,
			  const u8 *nonce, u8 *sealed, u8 *text,
			  size_t text_len, struct knts_siv *along);

/**
 * knts_aead_seal_ad() - do all that does not need the late octets
 * @aead: from knts_aead_seal_begin(); points at @ad until finished
 * @ad: associated data
 * @ad_len: its length
 * @ad_early_len: where its late octets begin; they end with the block of 16
 *	that they begin in
 */
void knts_aead_seal_ad(struct knts_aead *aead, const u8 *ad, size_t ad_len,
		       size_t ad_early_len);

/**
 * knts_aead_seal_finish() - tag and encrypt, all associated data being final
 * @aead: from knts_aead_seal_ad(); wiped
 */
void knts_aead_seal_finish(struct knts_aead *aead);

#endif
