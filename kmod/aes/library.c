// SPDX-License-Identifier: GPL-2.0-only
/*
 * The AES seam over the kernel's AES library. Its generic code uses one small
 * S-box that it touches as a whole before each block, so that time tells
 * little about key and data.
 */
#include "compat/aes.h"
#include "core/aes.h"

static_assert(sizeof(knts_compat_aes_key) <=
	      sizeof_field(struct knts_aes_key, opaque));
static_assert(__alignof__(knts_compat_aes_key) <=
	      __alignof__(struct knts_aes_key));

static const knts_compat_aes_key *library_key(const struct knts_aes_key *key)
{
	return (const knts_compat_aes_key *)key->opaque;
}

void knts_aes_expand(struct knts_aes_key *key, const u8 *raw, size_t raw_len)
{
	/* Equal keys are equal as memory then, in what the library skips too. */
	memset(key, 0, sizeof(*key));
	/* Fails for a length that is not one of an AES key only. */
	WARN_ON_ONCE(knts_compat_aes_expand((knts_compat_aes_key *)key->opaque,
					    raw, raw_len));
}

void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in)
{
	aes_encrypt(library_key(key), out, in);
}

void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks)
{
	for (; blocks; blocks--, in += KNTS_AES_BLOCK_LEN) {
		crypto_xor(mac, in, KNTS_AES_BLOCK_LEN);
		aes_encrypt(library_key(key), mac, mac);
	}
}

void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *buf,
		  size_t len)
{
	u8 counter[KNTS_AES_BLOCK_LEN] __aligned(8);
	u8 stream[KNTS_AES_BLOCK_LEN] __aligned(8);
	size_t chunk_len;
	int i;

	memcpy(counter, iv, sizeof(counter));
	for (; len; len -= chunk_len, buf += chunk_len) {
		chunk_len = min(len, sizeof(stream));
		aes_encrypt(library_key(key), stream, counter);
		crypto_xor(buf, stream, chunk_len);
		for (i = KNTS_AES_BLOCK_LEN - 1; i >= 0 && !++counter[i]; i--)
			;
	}
	knts_wipe(stream, sizeof(stream));
}
