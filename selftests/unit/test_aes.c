// SPDX-License-Identifier: GPL-2.0-or-later
/* The AES seam as userspace has it, against OpenSSL. */
#include "core/aes.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

#define KEYS_MAX 9
#define BLOCKS_MAX 12

static const size_t key_lens[] = { 16, 24, 32 };

static void expand(struct knts_aes_key *key, const u8 *raw, size_t raw_len)
{
	knts_aes_expand(&key, &raw, 1, raw_len);
}

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
		expand(&key, raw, key_lens[i]);
		knts_aes_encrypt(&key, block, block, 1);
		assert_memory_equal(block, out, 16);
	}
}

static void a_copied_key_works(void **state)
{
	struct knts_aes_key key, copy;
	u8 raw[32] = { 1 }, a[16] = { 2 }, b[16] = { 2 };

	expand(&key, raw, sizeof(raw));
	memcpy(&copy, &key, sizeof(key));
	knts_aes_encrypt(&key, a, a, 1);
	knts_aes_wipe(&key);
	knts_aes_encrypt(&copy, b, b, 1);
	assert_memory_equal(a, b, 16);
}

/* Against CBC-MAC by single blocks, and going on where it stood. */
static void cbcmac_is_that_of_single_blocks(void **state)
{
	u8 raw[32], text[16 * BLOCKS_MAX], one[16], two[16];
	struct rng rng = RNG_INIT;
	struct knts_aes_key key;
	size_t blocks, cut, i, k;
	int round;

	for (round = 0; round < 300; round++) {
		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, text, sizeof(text));
		blocks = rng_upto(&rng, BLOCKS_MAX);
		cut = rng_upto(&rng, blocks);
		expand(&key, raw, key_lens[round % 3]);
		memset(one, 0, sizeof(one));
		for (i = 0; i < blocks; i++) {
			for (k = 0; k < 16; k++)
				one[k] ^= text[16 * i + k];
			knts_aes_encrypt(&key, one, one, 1);
		}
		memset(two, 0, sizeof(two));
		knts_aes_cbcmac(&key, two, text, cut);
		knts_aes_cbcmac(&key, two, text + 16 * cut, blocks - cut);
		assert_memory_equal(one, two, 16);
	}
}

/* Any number of keys at a time is as good as one after the other. */
static void several_keys_are_made_at_a_time(void **state)
{
	struct knts_aes_key keys[KEYS_MAX], *all[KEYS_MAX], one;
	u8 raws[KEYS_MAX][32], a[16] = { 7 }, b[16] = { 7 };
	const u8 *raw[KEYS_MAX];
	struct rng rng = RNG_INIT;
	unsigned int count, i;
	size_t k;

	for (i = 0; i < KEYS_MAX; i++) {
		all[i] = &keys[i];
		raw[i] = raws[i];
	}
	for (k = 0; k < ARRAY_LEN(key_lens); k++)
		for (count = 0; count <= KEYS_MAX; count++) {
			rng_fill(&rng, raws, sizeof(raws));
			knts_aes_expand(all, raw, count, key_lens[k]);
			for (i = 0; i < count; i++) {
				expand(&one, raws[i], key_lens[k]);
				knts_aes_encrypt(&one, a, a, 1);
				knts_aes_encrypt(&keys[i], b, b, 1);
				assert_memory_equal(a, b, 16);
			}
		}
}

static void blocks_are_those_of_single_ones(void **state)
{
	u8 raw[32], in[16 * 20], one[16 * 20], all[16 * 20];
	struct rng rng = RNG_INIT;
	struct knts_aes_key key;
	size_t blocks, i;

	for (blocks = 0; blocks <= 20; blocks++) {
		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, in, sizeof(in));
		expand(&key, raw, key_lens[blocks % 3]);
		for (i = 0; i < blocks; i++)
			knts_aes_encrypt(&key, one + 16 * i, in + 16 * i, 1);
		knts_aes_encrypt(&key, all, in, blocks);
		assert_memory_equal(all, one, 16 * blocks);
		knts_aes_encrypt(&key, in, in, blocks);
		assert_memory_equal(in, one, 16 * blocks);
	}
}

/* RFC 8452, 4: the counter wraps within its 4 octets, low octet first. */
static void ctr32_counts_in_four_octets(void **state)
{
	static const u32 starts[] = { 0, 250, 0xfffe, 0xfffffffc };
	u8 raw[32], iv[16], counter[16], stream[16], in[200], out[200];
	struct rng rng = RNG_INIT;
	struct knts_aes_key key;
	size_t len, i;
	u32 count;

	for (len = 0; len <= sizeof(in); len++) {
		rng_fill(&rng, raw, sizeof(raw));
		rng_fill(&rng, iv, sizeof(iv));
		rng_fill(&rng, in, sizeof(in));
		count = starts[len % 4];
		for (i = 0; i < 4; i++)
			iv[i] = count >> 8 * i & 0xff;
		expand(&key, raw, key_lens[len % 3]);
		knts_aes_ctr32(&key, iv, out, in, len);
		memcpy(counter, iv, sizeof(iv));
		for (i = 0; i < len; i++) {
			if (i % 16 == 0) {
				memcpy(counter, &count, sizeof(count));
				knts_aes_encrypt(&key, stream, counter, 1);
				count++;
			}
			assert_int_equal(out[i], in[i] ^ stream[i % 16]);
		}
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

		expand(&key, raw, key_len);
		knts_aes_ctr(&key, iv, ours, ours, len);
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
		cmocka_unit_test(blocks_are_those_of_single_ones),
		cmocka_unit_test(cbcmac_is_that_of_single_blocks),
		cmocka_unit_test(several_keys_are_made_at_a_time),
		cmocka_unit_test(ctr_is_that_of_openssl_at_every_length),
		cmocka_unit_test(ctr32_counts_in_four_octets),
	};

	return cmocka_run_group_tests_name("aes", tests, NULL, NULL);
}
