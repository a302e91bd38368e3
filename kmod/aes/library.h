/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES by the kernel's library, for every machine and everywhere. Each is as
 * core/aes.h says of its namesake.
 */
#ifndef KNTS_AES_LIBRARY_H
#define KNTS_AES_LIBRARY_H

#include "core/aes.h"

void knts_library_expand(struct knts_aes_key *key, const u8 *raw,
			 size_t raw_len);
void knts_library_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
			  size_t blocks);
void knts_library_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
			 size_t blocks);
void knts_library_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		      const u8 *in, size_t len);
void knts_library_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
			const u8 *in, size_t len);

#endif
