// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * OpenSSL's AES-SIV doing the cryptography of one request, and nothing else: the
 * fields are where our client puts them. Algorithms are fetched once and contexts
 * kept, as a server would that cares.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "core/cookie.h"
#include "core.h"

#define BLOCK_LEN 16
#define ORIGIN_OFF 24
#define RECEIVE_OFF 32
#define TRANSMIT_OFF 40
#define VERSION_MODE (4 << 3 | 4)
#define UID_OFF 48
#define COOKIE_OFF (UID_OFF + 4 + 32)
#define COOKIE_TYPE 0x0204
#define AUTH_TYPE 0x0404
#define SIVS 3

/* One of AEAD 15, 16, 17, and the contexts for its kinds of work. */
struct siv {
	EVP_CIPHER *cipher;
	EVP_CIPHER_CTX *seal;
	EVP_CIPHER_CTX *open;
	EVP_MAC_CTX *mac;
};

static struct siv sivs[SIVS];
/* Given, as the core's are; the last one is the reply's own. */
static uint8_t nonces[KNTS_COOKIES_MAX + 1][BLOCK_LEN];

static struct siv *siv_of(size_t key_len)
{
	return &sivs[(key_len - 32) / 16];
}

static void must(int done)
{
	if (done != 1)
		abort();
}

void contestant_setup(void)
{
	static const char *const names[] = { "AES-128-SIV", "AES-192-SIV", "AES-256-SIV" };
	static const char *const macs[] = { "AES-128-CBC", "AES-192-CBC", "AES-256-CBC" };
	EVP_MAC *cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };
	size_t i;

	for (i = 0; i < SIVS; i++) {
		sivs[i].cipher = EVP_CIPHER_fetch(NULL, names[i], NULL);
		sivs[i].seal = EVP_CIPHER_CTX_new();
		sivs[i].open = EVP_CIPHER_CTX_new();
		sivs[i].mac = EVP_MAC_CTX_new(cmac);
		params[0] = OSSL_PARAM_construct_utf8_string(
			OSSL_MAC_PARAM_CIPHER, (char *)macs[i], 0);
		must(EVP_MAC_CTX_set_params(sivs[i].mac, params));
	}
	EVP_MAC_free(cmac);
	must(RAND_bytes(nonces[0], sizeof(nonces)));
}

/* Seals @text, which stands at @out + 16, in place. */
static void seal(const uint8_t *key, size_t key_len, const uint8_t *ad,
		 size_t ad_len, const uint8_t *nonce, size_t nonce_len,
		 uint8_t *out, size_t text_len)
{
	struct siv *siv = siv_of(key_len);
	EVP_CIPHER_CTX *ctx = siv->seal;
	int len;

	must(EVP_EncryptInit_ex2(ctx, siv->cipher, key, NULL, NULL));
	if (ad)
		must(EVP_EncryptUpdate(ctx, NULL, &len, ad, (int)ad_len));
	must(EVP_EncryptUpdate(ctx, NULL, &len, nonce, (int)nonce_len));
	must(EVP_EncryptUpdate(ctx, out + BLOCK_LEN, &len, out + BLOCK_LEN,
			       (int)text_len));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, BLOCK_LEN, out));
	EVP_CIPHER_CTX_reset(ctx);
}

static bool open_cookie(uint8_t *session, const uint8_t *cookie, size_t len,
			const uint8_t *key)
{
	struct siv *siv = siv_of(CORE_KEY_LEN);
	EVP_CIPHER_CTX *ctx = siv->open;
	const uint8_t *sealed = cookie + 4 + KNTS_COOKIE_NONCE_LEN;
	size_t text_len = len - 4 - KNTS_COOKIE_NONCE_LEN - BLOCK_LEN;
	int done, out_len;

	must(EVP_DecryptInit_ex2(ctx, siv->cipher, key, NULL, NULL));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, BLOCK_LEN,
				 (void *)sealed));
	must(EVP_DecryptUpdate(ctx, NULL, &out_len, cookie,
			       4 + KNTS_COOKIE_NONCE_LEN));
	done = EVP_DecryptUpdate(ctx, session, &out_len, sealed + BLOCK_LEN,
				 (int)text_len);
	EVP_CIPHER_CTX_reset(ctx);
	return done == 1;
}

static void cmac(EVP_MAC_CTX *ctx, const uint8_t *key, size_t key_len,
		 const uint8_t *data, size_t len, uint8_t *out)
{
	size_t out_len;

	must(EVP_MAC_init(ctx, key, key_len, NULL));
	must(EVP_MAC_update(ctx, data, len));
	must(EVP_MAC_final(ctx, out, &out_len, BLOCK_LEN));
}

static void double_and_add(uint8_t *d, const uint8_t *other)
{
	uint8_t carry = d[0] >> 7;
	int i;

	for (i = 0; i < BLOCK_LEN - 1; i++)
		d[i] = (uint8_t)(d[i] << 1 | d[i + 1] >> 7);
	d[BLOCK_LEN - 1] = (uint8_t)(d[BLOCK_LEN - 1] << 1 ^ (carry ? 0x87 : 0));
	for (i = 0; other && i < BLOCK_LEN; i++)
		d[i] ^= other[i];
}

/* A request encrypts nothing, which OpenSSL's SIV does not take: S2V by CMAC. */
static bool verify(const uint8_t *key, size_t key_len, const uint8_t *ad,
		   size_t ad_len, const uint8_t *nonce, const uint8_t *tag)
{
	static const uint8_t zero[BLOCK_LEN];
	EVP_MAC_CTX *ctx = siv_of(key_len)->mac;
	uint8_t d[BLOCK_LEN], mac[BLOCK_LEN];

	cmac(ctx, key, key_len / 2, zero, sizeof(zero), d);
	cmac(ctx, NULL, 0, ad, ad_len, mac);
	double_and_add(d, mac);
	cmac(ctx, NULL, 0, nonce, BLOCK_LEN, mac);
	double_and_add(d, mac);
	double_and_add(d, NULL);
	d[0] ^= 0x80;
	cmac(ctx, NULL, 0, d, sizeof(d), mac);
	return !CRYPTO_memcmp(mac, tag, BLOCK_LEN);
}

static void put_field(uint8_t *at, uint16_t type, size_t len)
{
	at[0] = (uint8_t)(type >> 8);
	at[1] = (uint8_t)type;
	at[2] = (uint8_t)(len >> 8);
	at[3] = (uint8_t)len;
}

/* One new cookie, of the same session. */
static void put_cookie(uint8_t *at, size_t len, const uint8_t *nonce,
		       const uint8_t *key, const uint8_t *session,
		       size_t session_len)
{
	uint8_t *cookie = at + 4;

	put_field(at, COOKIE_TYPE, 4 + len);
	memset(cookie, 0, 4);
	cookie[2] = CORE_KEY_ID >> 8;
	cookie[3] = CORE_KEY_ID & 0xff;
	memcpy(cookie + 4, nonce, KNTS_COOKIE_NONCE_LEN);
	memcpy(cookie + 4 + KNTS_COOKIE_NONCE_LEN + BLOCK_LEN, session, session_len);
	seal(key, CORE_KEY_LEN, NULL, 0, cookie, 4 + KNTS_COOKIE_NONCE_LEN,
	     cookie + 4 + KNTS_COOKIE_NONCE_LEN, session_len);
}

/* Header, unique identifier, and an authenticator with @count cookies. */
static void put_reply(uint8_t *pkt, size_t count, const uint8_t *session,
		      const uint8_t *key, uint16_t aead)
{
	size_t key_len = knts_aead_key_len(aead), cookie_len = knts_cookie_len(aead);
	size_t field_len = 4 + cookie_len, i;
	uint8_t *auth = pkt + COOKIE_OFF, *text = auth + 8 + 2 * BLOCK_LEN;

	put_field(auth, AUTH_TYPE, 8 + 2 * BLOCK_LEN + count * field_len);
	put_field(auth + 4, BLOCK_LEN, BLOCK_LEN + count * field_len);
	memcpy(auth + 8, nonces[KNTS_COOKIES_MAX], BLOCK_LEN);
	for (i = 0; i < count; i++)
		put_cookie(text + i * field_len, cookie_len, nonces[i], key,
			   session, 4 + 2 * key_len);
	pkt[0] = VERSION_MODE;
	memcpy(pkt + ORIGIN_OFF, pkt + TRANSMIT_OFF, 8);
	memset(pkt + RECEIVE_OFF, 1, 16);
	seal(session + 4, key_len, pkt, COOKIE_OFF, auth + 8, BLOCK_LEN,
	     auth + 8 + BLOCK_LEN, count * field_len);
}

bool contestant_answer(uint8_t *pkt, size_t len, uint16_t aead)
{
	size_t key_len = knts_aead_key_len(aead), cookie_len = knts_cookie_len(aead);
	uint8_t key[CORE_KEY_LEN], session[4 + 2 * KNTS_AEAD_KEY_MAX_LEN];
	uint8_t *auth = pkt + len - 8 - 2 * BLOCK_LEN;

	memset(key, CORE_KEY_OCTET, sizeof(key));
	if (aead < KNTS_AEAD_AES_SIV_CMAC_256 || aead > KNTS_AEAD_AES_SIV_CMAC_512 ||
	    !open_cookie(session, pkt + COOKIE_OFF + 4, cookie_len, key) ||
	    !verify(session + 4 + key_len, key_len, pkt, (size_t)(auth - pkt),
		    auth + 8, auth + 8 + BLOCK_LEN))
		return false;
	put_reply(pkt, (size_t)(auth - pkt - COOKIE_OFF) / (4 + cookie_len),
		  session, key, aead);
	OPENSSL_cleanse(session, sizeof(session));
	return true;
}
