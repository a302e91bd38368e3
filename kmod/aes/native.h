/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES by the machine's own instructions: constant time, and what is independent
 * side by side, since an AES instruction takes several cycles but one can begin
 * in each.
 *
 * These use vector registers: call them within kernel_fpu_begin() or
 * kernel_neon_begin() only. Otherwise each is as core/aes.h says of its
 * namesake.
 */
#ifndef KNTS_AES_NATIVE_H
#define KNTS_AES_NATIVE_H

#include "core/siv.h"
#include "core/polyval.h"

/* Of a key's opaque part, what is used here; the rest is for others. */
#define KNTS_NATIVE_KEY_LEN 256

void knts_native_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
			unsigned int count, size_t raw_len);
void knts_native_wipe(struct knts_aes_key *key);
void knts_native_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
			 size_t blocks);
void knts_native_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
			size_t blocks);
void knts_native_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		     const u8 *in, size_t len);
void knts_native_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		       const u8 *in, size_t len);
void knts_native_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks);

void knts_native_siv_expand_all(struct knts_siv_key *const *keys,
				const u8 *const *raw, unsigned int count,
				size_t raw_len);
void knts_native_siv_open_begin(struct knts_siv *siv,
				const struct knts_siv_key *key, const u8 *ad,
				size_t ad_len, const u8 *nonce,
				size_t nonce_len, u8 *sealed, size_t len);
bool knts_native_siv_open_finish(struct knts_siv *siv);
void knts_native_siv_seal_begin(struct knts_siv *siv,
				const struct knts_siv_key *key,
				const u8 *nonce, size_t nonce_len, u8 *sealed,
				u8 *text, size_t text_len,
				struct knts_siv *along);
void knts_native_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
			     size_t ad_early_len);
void knts_native_siv_seal_finish(struct knts_siv *siv);
void knts_native_siv_seal_copies(const struct knts_siv_key *key,
				 const struct knts_siv_copy *copies,
				 unsigned int count, size_t nonce_len,
				 const u8 *text, size_t text_len,
				 struct knts_siv *along);

#endif
