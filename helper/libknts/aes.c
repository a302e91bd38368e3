// SPDX-License-Identifier: GPL-2.0-or-later
/* The AES seam in userspace: nettle. */
#include <assert.h>

#include <nettle/aes.h>
#include <nettle/ctr.h>

#include "core/aes.h"

/*
 * The first word of the opaque part is the key's length, and nettle's context
 * follows.
 */
static_assert(sizeof(u64) + sizeof(struct aes256_ctx) <=
		      sizeof(struct knts_aes_key),
	      "nettle's AES context does not fit struct knts_aes_key");

static void encrypt_blocks(const void *key, size_t len, u8 *out, const u8 *in)
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

void knts_aes_expand(struct knts_aes_key *key, const u8 *raw, size_t raw_len)
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

void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in)
{
	encrypt_blocks(key, KNTS_AES_BLOCK_LEN, out, in);
}

void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks)
{
	size_t i;

	for (; blocks; blocks--) {
		for (i = 0; i < KNTS_AES_BLOCK_LEN; i++)
			mac[i] ^= *in++;
		encrypt_blocks(key, KNTS_AES_BLOCK_LEN, mac, mac);
	}
}

void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *buf,
		  size_t len)
{
	u8 counter[KNTS_AES_BLOCK_LEN];

	memcpy(counter, iv, sizeof(counter));
	ctr_crypt(key, encrypt_blocks, KNTS_AES_BLOCK_LEN, counter, len, buf,
		  buf);
}
