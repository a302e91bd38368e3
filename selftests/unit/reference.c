// SPDX-License-Identifier: GPL-2.0-or-later
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "reference.h"

size_t reference_unhex(const char *hex, uint8_t *out, size_t room_len)
{
	size_t len = strlen(hex) / 2;
	size_t i;

	assert(len <= room_len);
	for (i = 0; i < len; i++)
		assert(sscanf(hex + 2 * i, "%2hhx", out + i) == 1);

	return len;
}

void reference_cmac(const uint8_t *key, size_t key_len, const uint8_t *in,
		    size_t len, uint8_t *mac)
{
	char name[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER, name,
				       sizeof(name) - 1),
		OSSL_PARAM_END,
	};
	EVP_MAC *cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(cmac);
	size_t mac_len;

	memcpy(name + 4, key_len == 16 ? "128" : key_len == 24 ? "192"
							       : "256",
	       3);
	assert(EVP_MAC_init(ctx, key, key_len, params));
	assert(EVP_MAC_update(ctx, in, len));
	assert(EVP_MAC_final(ctx, mac, &mac_len, 16));
	assert(mac_len == 16);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(cmac);
}

void reference_ctr(const uint8_t *key, size_t key_len, const uint8_t *iv,
		   uint8_t *buf, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const EVP_CIPHER *cipher = key_len == 16 ? EVP_aes_128_ctr() :
				   key_len == 24 ? EVP_aes_192_ctr() :
						   EVP_aes_256_ctr();
	int out_len;

	assert(EVP_EncryptInit_ex2(ctx, cipher, key, iv, NULL));
	assert(EVP_EncryptUpdate(ctx, buf, &out_len, buf, (int)len));
	assert((size_t)out_len == len);
	EVP_CIPHER_CTX_free(ctx);
}

static void times_two(uint8_t *block)
{
	int carry = block[0] >> 7;
	int i;

	for (i = 0; i < 15; i++)
		block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
	block[15] = (uint8_t)(block[15] << 1);
	if (carry)
		block[15] ^= 0x87;
}

static void xor_into(uint8_t *dst, const uint8_t *src)
{
	int i;

	for (i = 0; i < 16; i++)
		dst[i] ^= src[i];
}

void reference_s2v(const uint8_t *key, size_t key_len,
		   const struct reference_string *ads, size_t ad_count,
		   const uint8_t *text, size_t len, uint8_t *tag)
{
	uint8_t d[16], mac[16], last[2048] = { 0 };
	size_t i;

	assert(len < sizeof(last));
	reference_cmac(key, key_len / 2, last, 16, d);
	for (i = 0; i < ad_count; i++) {
		reference_cmac(key, key_len / 2, ads[i].data, ads[i].len, mac);
		times_two(d);
		xor_into(d, mac);
	}

	if (len)
		memcpy(last, text, len);
	if (len < 16) {
		last[len] = 0x80;
		times_two(d);
		xor_into(last, d);
		len = 16;
	} else {
		xor_into(last + len - 16, d);
	}
	reference_cmac(key, key_len / 2, last, len, tag);
}
