// SPDX-License-Identifier: GPL-2.0-or-later
/* The AES seam in userspace: nettle. */
#include <assert.h>

#include <nettle/aes.h>
#include <nettle/ctr.h>
#include <nettle/memxor.h>

#include "core/aes.h"

/*
 * The first word of the opaque part is the key's length, and nettle's context
 * follows.
 */
static_assert(sizeof(u64) + sizeof(struct aes256_ctx) <=
		      sizeof(struct knts_aes_key),
	      "nettle's AES context does not fit struct knts_aes_key");

static void encrypt_octets(const void *key, size_t len, u8 *out, const u8 *in)
{
	const struct knts_aes_key *aes = key;
	const void *ctx = &aes->opaque[1];

	switch (aes->opaque[0]) {
	case AES128_KEY_SIZE:
		aes128_encrypt(ctx, len, out, in);
		break;
	case AES192_KEY_SIZE:
		aes192_encrypt(ctx, len, out, in);
		break;
	default:
		aes256_encrypt(ctx, len, out, in);
		break;
	}
}

static void expand(struct knts_aes_key *key, const u8 *raw, size_t raw_len)
{
	void *ctx = &key->opaque[1];

	key->opaque[0] = raw_len;
	switch (raw_len) {
	case AES128_KEY_SIZE:
		aes128_set_encrypt_key(ctx, raw);
		break;
	case AES192_KEY_SIZE:
		aes192_set_encrypt_key(ctx, raw);
		break;
	default:
		aes256_set_encrypt_key(ctx, raw);
		break;
	}
}

void knts_aes_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
		     unsigned int count, size_t raw_len)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		expand(keys[i], raw[i], raw_len);
}

void knts_aes_wipe(struct knts_aes_key *key)
{
	knts_wipe(key, sizeof(*key));
}

void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
		      size_t blocks)
{
	encrypt_octets(key, blocks * KNTS_AES_BLOCK_LEN, out, in);
}

void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks)
{
	for (; blocks; blocks--, in += KNTS_AES_BLOCK_LEN) {
		memxor(mac, in, KNTS_AES_BLOCK_LEN);
		encrypt_octets(key, KNTS_AES_BLOCK_LEN, mac, mac);
	}
}

void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		  const u8 *in, size_t len)
{
	u8 counter[KNTS_AES_BLOCK_LEN];

	memcpy(counter, iv, sizeof(counter));
	ctr_crypt(key, encrypt_octets, KNTS_AES_BLOCK_LEN, counter, len, out,
		  in);
}

void knts_aes_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		    const u8 *in, size_t len)
{
	u8 counter[KNTS_AES_BLOCK_LEN], stream[KNTS_AES_BLOCK_LEN];
	u32 count = (u32)iv[0] | (u32)iv[1] << 8 | (u32)iv[2] << 16 |
		    (u32)iv[3] << 24;
	size_t chunk_len;

	memcpy(counter, iv, sizeof(counter));
	for (; len; len -= chunk_len, out += chunk_len, in += chunk_len) {
		chunk_len = len < sizeof(stream) ? len : sizeof(stream);
		encrypt_octets(key, sizeof(stream), stream, counter);
		memxor3(out, in, stream, chunk_len);
		count++;
		counter[0] = count & 0xff;
		counter[1] = count >> 8 & 0xff;
		counter[2] = count >> 16 & 0xff;
		counter[3] = count >> 24;
	}
	knts_wipe(stream, sizeof(stream));
}
