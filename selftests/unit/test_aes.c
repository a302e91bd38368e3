// SPDX-License-Identifier: GPL-2.0-or-later
/* The AES seam as userspace has it, against OpenSSL. */
#include "core/aes.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

static const size_t key_lens[] = { 16, 24, 32 };

static void encrypts_one_block_as_fips_197_says(void **state)
{
	/* FIPS 197, appendix C. */
	static const char *const expected[] = {
		"69c4e0d86a7b0430d8cdb78070b4c55a",
		"dda97ca4864cdfe06eaf70a0ec0d7191",
		"8ea2b7ca516745bfeafc49904b496089",
	};
	u8 raw[32], block[16], out[16];
	struct knts_aes_key key;
	size_t i;

	for (i = 0; i < sizeof(raw); i++)
		raw[i] = (u8)i;
	for (i = 0; i < ARRAY_LEN(key_lens); i++) {
		reference_unhex("00112233445566778899aabbccddeeff", block, 16);
		reference_unhex(expected[i], out, 16);
		knts_aes_expand(&key, raw, key_lens[i]);
		knts_aes_encrypt(&key, block, block);
		assert_memory_equal(block, out, 16);
	}
}

static void a_copied_key_works(void **state)
{
	struct knts_aes_key key, copy;
	u8 raw[32] = { 1 }, a[16] = { 2 }, b[16] = { 2 };

	knts_aes_expand(&key, raw, sizeof(raw));
	memcpy(&copy, &key, sizeof(key));
	knts_aes_encrypt(&key, a, a);
	knts_wipe(&key, sizeof(key));
	knts_aes_encrypt(&copy, b, b);
	assert_memory_equal(a, b, 16);
}

static void cbcmac_goes_on_where_it_stood(void **state)
{
	struct rng rng = RNG_INIT;
	struct knts_aes_key key;
	u8 raw[32], text[160], one[16] = { 0 }, two[16] = { 0 };
	size_t i, cut;

	for (i = 0; i < 100; i++) {
		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, text, sizeof(text));
		cut = rng_upto(&rng, 10);
		knts_aes_expand(&key, raw, key_lens[i % 3]);
		knts_aes_cbcmac(&key, one, text, 10);
		knts_aes_cbcmac(&key, two, text, cut);
		knts_aes_cbcmac(&key, two, text + 16 * cut, 10 - cut);
		assert_memory_equal(one, two, 16);
	}
}

static void ctr_is_that_of_openssl_at_every_length(void **state)
{
	struct rng rng = RNG_INIT;
	struct knts_aes_key key;
	u8 raw[32], iv[16], *ours, *theirs;
	size_t len;

	for (len = 0; len < 400; len++) {
		size_t key_len = key_lens[len % 3];

		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, iv, sizeof(iv));
		/* Let the counter wrap in all of its octets now and then. */
		if (len % 4 == 0)
			memset(iv, 0xff, sizeof(iv));
		ours = malloc(len + 1);
		assert_non_null(ours);
		rng_fill(&rng, ours, len + 1);
		theirs = unit_exact(ours, len + 1);

		knts_aes_expand(&key, raw, key_len);
		knts_aes_ctr(&key, iv, ours, len);
		reference_ctr(raw, key_len, iv, theirs, len);
		assert_memory_equal(ours, theirs, len + 1);
		free(theirs);
		free(ours);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encrypts_one_block_as_fips_197_says),
		cmocka_unit_test(a_copied_key_works),
		cmocka_unit_test(cbcmac_goes_on_where_it_stood),
		cmocka_unit_test(ctr_is_that_of_openssl_at_every_length),
	};

	return cmocka_run_group_tests_name("aes", tests, NULL, NULL);
}
