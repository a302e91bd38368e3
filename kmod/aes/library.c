// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bug.h>
#include <linux/minmax.h>

#include "compat/aes.h"
#include "library.h"
#include "native.h"

#define BLOCK KNTS_AES_BLOCK_LEN

static_assert(KNTS_NATIVE_KEY_LEN + sizeof(knts_compat_aes_key) <=
	      sizeof_field(struct knts_aes_key, opaque));
static_assert(__alignof__(knts_compat_aes_key) <=
	      __alignof__(struct knts_aes_key));

/* Behind the part of the native backend, so that a key can be ready for both. */
static knts_compat_aes_key *key_of(struct knts_aes_key *key)
{
	return (void *)key->opaque + KNTS_NATIVE_KEY_LEN;
}

static const knts_compat_aes_key *const_key_of(const struct knts_aes_key *key)
{
	return (const void *)key->opaque + KNTS_NATIVE_KEY_LEN;
}

void knts_library_expand(struct knts_aes_key *key, const u8 *raw,
			 size_t raw_len)
{
	/* Fails for a length that is not one of an AES key only. */
	WARN_ON_ONCE(knts_compat_aes_expand(key_of(key), raw, raw_len));
}

void knts_library_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
			  size_t blocks)
{
	for (; blocks; blocks--, in += BLOCK, out += BLOCK)
		aes_encrypt(const_key_of(key), out, in);
}

void knts_library_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
			 size_t blocks)
{
	for (; blocks; blocks--, in += BLOCK) {
		crypto_xor(mac, in, BLOCK);
		aes_encrypt(const_key_of(key), mac, mac);
	}
}

/* XOR with one block of key stream, or less. */
static void crypt_block(const struct knts_aes_key *key, const u8 *counter,
			u8 *out, const u8 *in, size_t len)
{
	u8 stream[BLOCK];

	aes_encrypt(const_key_of(key), stream, counter);
	crypto_xor_cpy(out, in, stream, len);
	knts_wipe(stream, sizeof(stream));
}

void knts_library_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		      const u8 *in, size_t len)
{
	u64 high = knts_get_be64(iv);
	u64 low = knts_get_be64(iv + 8);
	u8 counter[BLOCK];
	size_t chunk_len;

	for (; len; len -= chunk_len, out += chunk_len, in += chunk_len) {
		chunk_len = min_t(size_t, len, BLOCK);
		knts_put_be64(counter, high);
		knts_put_be64(counter + 8, low);
		crypt_block(key, counter, out, in, chunk_len);
		high += !++low;
	}
}

void knts_library_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
			const u8 *in, size_t len)
{
	u32 count = knts_get_le32(iv);
	u8 counter[BLOCK];
	size_t chunk_len;

	memcpy(counter, iv, sizeof(counter));
	for (; len; len -= chunk_len, out += chunk_len, in += chunk_len) {
		chunk_len = min_t(size_t, len, BLOCK);
		knts_put_le32(counter, count++);
		crypt_block(key, counter, out, in, chunk_len);
	}
}
