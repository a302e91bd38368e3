/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES by the machine's own instructions: constant time, and what is independent
 * side by side, since an AES instruction takes several cycles but one can begin
 * in each.
 *
 * These uses vector registers: call them within kernel_fpu_begin() or
 * kernel_neon_begin() only. Otherwise each is as core/aes.h says of its
 * namesake.
 */
#ifndef KNTS_AES_NATIVE_H
#define KNTS_AES_NATIVE_H

#include "core/aes.h"
#include "core/polyval.h"

/* Of a key's opaque part, what is used here; the rest is for others. */
#define KNTS_NATIVE_KEY_LEN 256

void knts_native_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
			unsigned int count, size_t raw_len);
void knts_native_wipe(struct knts_aes_key *key);
void knts_native_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
			 size_t blocks);
void knts_native_cbcmac(struct knts_aes_chain *const *chains,
			unsigned int count, struct knts_aes_chain *along);
void knts_native_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		     const u8 *in, size_t len);
void knts_native_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		       const u8 *in, size_t len);
void knts_native_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks);

#endif
