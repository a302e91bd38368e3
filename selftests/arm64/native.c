// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * AES and POLYVAL by the machine's instructions: against published vectors, and
 * at random against AES octet by octet and POLYVAL by integers. Needs no library
 * of that machine but the C one, and prints TAP.
 */
#include <stdio.h>
#include <string.h>

#include "aes/native.h"
#include "core/gcmsiv.h"
#include "core/siv.h"
#include "../unit/rng.h"
#include "../vectors/gcmsiv.h"
#include "../vectors/siv.h"
#include "reference.h"

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define KEYS_MAX 9
#define BLOCKS_MAX 12
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			printf("# line %d: not so: %s\n", __LINE__, \
			       #condition); \
			return false; \
		} \
	} while (0)

static const size_t key_lens[] = { 16, 24, 32 };

static size_t unhex(const char *hex, u8 *out)
{
	size_t len = strlen(hex) / 2;
	unsigned int octet;
	size_t i;

	for (i = 0; i < len; i++) {
		sscanf(hex + 2 * i, "%2x", &octet);
		out[i] = (u8)octet;
	}

	return len;
}

static bool is_hex(const u8 *octets, const char *hex)
{
	u8 expected[256];
	size_t len = unhex(hex, expected);

	return !memcmp(octets, expected, len);
}

static bool fips_197_appendix_c(void)
{
	static const char *const expected[] = {
		"69c4e0d86a7b0430d8cdb78070b4c55a",
		"dda97ca4864cdfe06eaf70a0ec0d7191",
		"8ea2b7ca516745bfeafc49904b496089",
	};
	struct knts_aes_key key, *keys[] = { &key };
	u8 raw[32], block[16];
	const u8 *raws[] = { raw };
	size_t i;

	for (i = 0; i < sizeof(raw); i++)
		raw[i] = (u8)i;
	for (i = 0; i < ARRAY_LEN(key_lens); i++) {
		unhex("00112233445566778899aabbccddeeff", block);
		knts_aes_expand(keys, raws, 1, key_lens[i]);
		knts_aes_encrypt(&key, block, block, 1);
		MUST(is_hex(block, expected[i]));
		unhex("00112233445566778899aabbccddeeff", block);
		reference_encrypt(raw, key_lens[i], block);
		MUST(is_hex(block, expected[i]));
	}

	return true;
}

static bool keys_and_blocks_of_any_number(void)
{
	struct knts_aes_key key[KEYS_MAX], *keys[KEYS_MAX];
	u8 raw[KEYS_MAX][32], in[16 * 20], out[16 * 20];
	struct rng rng = RNG_INIT;
	const u8 *raws[KEYS_MAX];
	unsigned int round, count, i;
	size_t blocks, k, key_len;

	for (i = 0; i < KEYS_MAX; i++) {
		keys[i] = &key[i];
		raws[i] = raw[i];
	}
	for (round = 0; round < 200; round++) {
		rng_fill(&rng, raw, sizeof(raw));
		key_len = key_lens[round % 3];
		count = (unsigned int)rng_upto(&rng, KEYS_MAX);
		blocks = rng_upto(&rng, 20);
		knts_aes_expand(keys, raws, count, key_len);
		for (i = 0; i < count; i++) {
			rng_fill(&rng, in, sizeof(in));
			knts_aes_encrypt(keys[i], out, in, blocks);
			for (k = 0; k < blocks; k++) {
				reference_encrypt(raw[i], key_len, in + 16 * k);
				MUST(!memcmp(out + 16 * k, in + 16 * k, 16));
			}
		}
	}

	return true;
}

/* In two pieces, as a chain goes on. */
static bool cbcmac_at_every_length(void)
{
	u8 raw[32], text[16 * BLOCKS_MAX], ours[16], theirs[16];
	struct knts_aes_key key, *keys[] = { &key };
	struct rng rng = RNG_INIT;
	const u8 *raws[] = { raw };
	size_t key_len, blocks, cut;

	for (blocks = 0; blocks <= BLOCKS_MAX; blocks++)
		for (cut = 0; cut <= blocks; cut++) {
			key_len = key_lens[(blocks + cut) % 3];
			rng_fill(&rng, raw, sizeof(raw));
			rng_fill(&rng, text, sizeof(text));
			knts_aes_expand(keys, raws, 1, key_len);
			memset(ours, 0, sizeof(ours));
			knts_aes_cbcmac(&key, ours, text, cut);
			knts_aes_cbcmac(&key, ours, text + 16 * cut,
					blocks - cut);
			reference_cbcmac(raw, key_len, text, blocks, theirs);
			MUST(!memcmp(ours, theirs, 16));
		}

	return true;
}

static bool ctr_at_every_length(int is_32)
{
	struct knts_aes_key key, *keys[] = { &key };
	u8 raw[32], iv[16], in[300], out[300];
	struct rng rng = RNG_INIT;
	const u8 *raws[] = { raw };
	size_t len, key_len;

	for (len = 0; len <= sizeof(in); len++) {
		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, iv, sizeof(iv));
		rng_fill(&rng, in, sizeof(in));
		/* Let the counter wrap now and then. */
		if (len % 3 == 0)
			memset(iv, 0xff, is_32 ? 4 : 16);
		key_len = key_lens[len % 3];
		knts_aes_expand(keys, raws, 1, key_len);
		if (is_32)
			knts_aes_ctr32(&key, iv, out, in, len);
		else
			knts_aes_ctr(&key, iv, out, in, len);
		reference_ctr(raw, key_len, iv, is_32, in, len);
		MUST(!memcmp(out, in, len));
	}

	return true;
}

static bool ctr(void)
{
	return ctr_at_every_length(0);
}

static bool ctr32(void)
{
	return ctr_at_every_length(1);
}

static bool polyval_of_rfc_8452(void)
{
	u8 h[16], text[32];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(polyval_vectors); i++) {
		u8 hash[16] = { 0 };

		unhex(polyval_vectors[i].h, h);
		len = unhex(polyval_vectors[i].text, text);
		knts_polyval(hash, h, text, len / 16);
		MUST(is_hex(hash, polyval_vectors[i].result));
	}

	return true;
}

static bool polyval_of_any_number_of_blocks(void)
{
	u8 h[16], text[16 * 20], one[16], two[16];
	struct rng rng = RNG_INIT;
	size_t blocks;
	int round;

	for (round = 0; round < 4000; round++) {
		blocks = rng_upto(&rng, 20);
		rng_fill(&rng, h, sizeof(h));
		rng_fill(&rng, text, sizeof(text));
		rng_fill(&rng, one, sizeof(one));
		memcpy(two, one, sizeof(one));
		knts_polyval(one, h, text, blocks);
		knts_polyval_portable(two, h, text, blocks);
		MUST(!memcmp(one, two, 16));
	}

	return true;
}

static bool siv_of_rfc_5297_a1(void)
{
	struct knts_siv_key key;
	u8 raw[32], nonce[24], text[14], sealed[30];
	struct knts_siv_copy copy = { .nonce = nonce, .sealed = sealed };
	struct knts_siv siv;

	unhex(SIV_VECTOR_A1_KEY, raw);
	unhex(SIV_VECTOR_A1_AD, nonce);
	unhex(SIV_VECTOR_A1_TEXT, text);
	knts_siv_expand(&key, raw, sizeof(raw));
	knts_siv_seal_copies(&key, &copy, 1, sizeof(nonce), text, sizeof(text),
			     NULL);
	MUST(is_hex(sealed, SIV_VECTOR_A1_SEALED));

	knts_siv_open_begin(&siv, &key, NULL, 0, nonce, sizeof(nonce), sealed,
			    sizeof(sealed));
	MUST(knts_siv_open_finish(&siv));
	MUST(is_hex(sealed + KNTS_SIV_TAG_LEN, SIV_VECTOR_A1_TEXT));

	return true;
}

static bool gcmsiv_of_rfc_8452(void)
{
	struct knts_gcmsiv_key key, *keys[] = { &key };
	u8 raw[32], nonce[12], ad[64], text[64], out[80];
	const u8 *raws[] = { raw };
	struct knts_gcmsiv seal;
	size_t i, ad_len, text_len;

	for (i = 0; i < ARRAY_LEN(gcmsiv_vectors); i++) {
		const struct gcmsiv_vector *v = &gcmsiv_vectors[i];

		knts_gcmsiv_expand(keys, raws, 1, unhex(v->key, raw));
		unhex(v->nonce, nonce);
		ad_len = unhex(v->ad, ad);
		text_len = unhex(v->text, text);
		knts_gcmsiv_seal_begin(&seal, &key, nonce, out, text, text_len);
		knts_gcmsiv_seal_ad(&seal, ad, ad_len, ad_len / 2);
		knts_gcmsiv_seal_finish(&seal);
		MUST(is_hex(out, v->sealed));
		MUST(knts_gcmsiv_open(&key, ad, ad_len, nonce, out,
				      text_len + KNTS_GCMSIV_TAG_LEN));
		MUST(!memcmp(out, text, text_len));
	}

	return true;
}

int main(void)
{
	static const struct {
		const char *name;
		bool (*holds)(void);
	} tests[] = {
		{ "AES: FIPS 197, appendix C", fips_197_appendix_c },
		{ "AES: any number of keys and blocks",
		  keys_and_blocks_of_any_number },
		{ "CBC-MAC: at every length", cbcmac_at_every_length },
		{ "CTR: every length", ctr },
		{ "CTR of AES-GCM-SIV: every length", ctr32 },
		{ "POLYVAL: RFC 8452", polyval_of_rfc_8452 },
		{ "POLYVAL: any number of blocks",
		  polyval_of_any_number_of_blocks },
		{ "AES-SIV: RFC 5297, A.1", siv_of_rfc_5297_a1 },
		{ "AES-GCM-SIV: RFC 8452, appendix C", gcmsiv_of_rfc_8452 },
	};
	int failed = 0;
	size_t i;

	printf("1..%zu\n", ARRAY_LEN(tests));
	for (i = 0; i < ARRAY_LEN(tests); i++) {
		bool good = tests[i].holds();

		printf("%s %zu - %s\n", good ? "ok" : "not ok", i + 1,
		       tests[i].name);
		failed |= !good;
	}

	return failed;
}
