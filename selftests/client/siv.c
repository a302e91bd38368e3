// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "siv.h"

#define BLOCK_LEN 16

static void must(int done, const char *what)
{
	if (done == 1)
		return;
	fprintf(stderr, "OpenSSL: %s failed\n", what);
	abort();
}

size_t siv_key_len(uint16_t aead)
{
	return aead >= 15 && aead <= 17 ? 32 + 16 * (aead - 15U) : 0;
}

static EVP_CIPHER_CTX *begin(const struct siv_input *in, bool encrypt)
{
	const char *name = in->key_len == 32 ? "AES-128-SIV" :
			   in->key_len == 48 ? "AES-192-SIV" : "AES-256-SIV";
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	must(cipher && ctx, name);
	must(EVP_CipherInit_ex(ctx, cipher, NULL, in->key, NULL, encrypt),
	     "CipherInit");
	if (in->ad)
		must(EVP_CipherUpdate(ctx, NULL, &len, in->ad, (int)in->ad_len),
		     "associated data");
	if (in->nonce)
		must(EVP_CipherUpdate(ctx, NULL, &len, in->nonce,
				      (int)in->nonce_len), "nonce");
	EVP_CIPHER_free(cipher);
	return ctx;
}

static void cmac(const struct siv_input *in, const uint8_t *data, size_t len,
		 uint8_t *out)
{
	char name[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	size_t out_len;

	memcpy(name + 4, in->key_len == 32 ? "128" :
	       in->key_len == 48 ? "192" : "256", 3);
	must(EVP_MAC_init(ctx, in->key, in->key_len / 2, params), "CMAC init");
	must(EVP_MAC_update(ctx, data, len), "CMAC update");
	must(EVP_MAC_final(ctx, out, &out_len, BLOCK_LEN), "CMAC final");
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
}

static void dbl(uint8_t *block)
{
	uint8_t carry = block[0] >> 7;
	int i;

	for (i = 0; i < BLOCK_LEN - 1; i++)
		block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
	block[BLOCK_LEN - 1] = (uint8_t)(block[BLOCK_LEN - 1] << 1) ^
			       (carry ? 0x87 : 0);
}

static void chain(const struct siv_input *in, uint8_t *d, const uint8_t *data,
		  size_t len)
{
	uint8_t mac[BLOCK_LEN];
	int i;

	if (!data)
		return;
	cmac(in, data, len, mac);
	dbl(d);
	for (i = 0; i < BLOCK_LEN; i++)
		d[i] ^= mac[i];
}

/* OpenSSL's own SIV takes no empty plaintext, so S2V of one is put together. */
static void tag_of_nothing(const struct siv_input *in, uint8_t *tag)
{
	static const uint8_t zero[BLOCK_LEN];
	uint8_t d[BLOCK_LEN];

	cmac(in, zero, sizeof(zero), d);
	chain(in, d, in->ad, in->ad_len);
	chain(in, d, in->nonce, in->nonce_len);
	dbl(d);
	d[0] ^= 0x80;
	cmac(in, d, sizeof(d), tag);
}

void siv_seal(const struct siv_input *in, const uint8_t *text, size_t text_len,
	      uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	int len;

	if (!text_len) {
		tag_of_nothing(in, out);
		return;
	}
	ctx = begin(in, true);
	must(EVP_EncryptUpdate(ctx, out + SIV_TAG_LEN, &len, text,
			       (int)text_len), "encrypt");
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SIV_TAG_LEN, out),
	     "get tag");
	EVP_CIPHER_CTX_free(ctx);
}

bool siv_open(const struct siv_input *in, const uint8_t *sealed, size_t len,
	      uint8_t *text)
{
	uint8_t tag[SIV_TAG_LEN];
	EVP_CIPHER_CTX *ctx;
	int text_len;
	bool right;

	if (len < SIV_TAG_LEN)
		return false;
	if (len == SIV_TAG_LEN) {
		tag_of_nothing(in, tag);
		return !CRYPTO_memcmp(tag, sealed, SIV_TAG_LEN);
	}
	ctx = begin(in, false);
	memcpy(tag, sealed, SIV_TAG_LEN);
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SIV_TAG_LEN, tag),
	     "set tag");
	right = EVP_DecryptUpdate(ctx, text, &text_len, sealed + SIV_TAG_LEN,
				  (int)(len - SIV_TAG_LEN)) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return right;
}
