// SPDX-License-Identifier: GPL-2.0-or-later
/* The AES seam as userspace has it, against OpenSSL. */
#include "core/aes.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

#define CHAINS_MAX 9
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

/* Chains of random lengths, and what CBC-MAC by single blocks makes of them. */
struct bundle {
	struct knts_aes_key keys[CHAINS_MAX];
	struct knts_aes_chain chain[CHAINS_MAX];
	struct knts_aes_chain *chains[CHAINS_MAX];
	u8 text[CHAINS_MAX][16 * BLOCKS_MAX];
	u8 expected[CHAINS_MAX][16];
	unsigned int count;
	size_t longest;
};

static size_t left(const struct knts_aes_chain *chain)
{
	return chain->blocks + chain->then_blocks;
}

static void expect(struct bundle *b, unsigned int i)
{
	size_t blocks = left(&b->chain[i]);
	size_t block, k;

	memset(b->expected[i], 0, 16);
	for (block = 0; block < blocks; block++) {
		for (k = 0; k < 16; k++)
			b->expected[i][k] ^= b->text[i][16 * block + k];
		knts_aes_encrypt(&b->keys[i], b->expected[i], b->expected[i],
				 1);
	}
}

static void bundle_setup(struct bundle *b, struct rng *rng, unsigned int count)
{
	struct knts_aes_key *keys[CHAINS_MAX];
	const u8 *raw[CHAINS_MAX];
	u8 raws[CHAINS_MAX][32];
	unsigned int i;
	size_t blocks;

	memset(b, 0, sizeof(*b));
	rng_fill(rng, b->text, sizeof(b->text));
	rng_fill(rng, raws, sizeof(raws));
	for (i = 0; i < CHAINS_MAX; i++) {
		keys[i] = &b->keys[i];
		raw[i] = raws[i];
	}
	b->count = count;
	knts_aes_expand(keys, raw, CHAINS_MAX, key_lens[rng_upto(rng, 2)]);
	for (i = 0; i < CHAINS_MAX; i++) {
		b->chain[i].key = &b->keys[i];
		b->chain[i].in = b->text[i];
		blocks = rng_upto(rng, BLOCKS_MAX);
		b->chain[i].blocks = rng_upto(rng, blocks);
		b->chain[i].then_blocks = blocks - b->chain[i].blocks;
		b->chain[i].then = b->text[i] + 16 * b->chain[i].blocks;
		b->chains[i] = &b->chain[i];
		if (i < count && blocks > b->longest)
			b->longest = blocks;
		expect(b, i);
	}
}

static void chains_run_to_their_ends(void **state)
{
	struct rng rng = RNG_INIT;
	struct bundle b;
	unsigned int i;
	int round;

	for (round = 0; round < 3000; round++) {
		bundle_setup(&b, &rng, (unsigned int)rng_upto(&rng, CHAINS_MAX));
		knts_aes_cbcmac(b.chains, b.count, NULL);
		for (i = 0; i < b.count; i++) {
			assert_memory_equal(b.chain[i].mac, b.expected[i], 16);
			assert_int_equal(left(&b.chain[i]), 0);
		}
	}
}

static void one_goes_along_but_not_too_far(void **state)
{
	struct rng rng = RNG_INIT;
	struct knts_aes_chain *along;
	struct bundle b;
	size_t blocks;
	int round;

	for (round = 0; round < 3000; round++) {
		bundle_setup(&b, &rng,
			     (unsigned int)rng_upto(&rng, CHAINS_MAX - 1));
		along = &b.chain[CHAINS_MAX - 1];
		blocks = left(along);
		knts_aes_cbcmac(b.chains, b.count, along);
		assert_true(blocks - left(along) <= b.longest);
		knts_aes_cbcmac(&along, 1, NULL);
		assert_memory_equal(along->mac, b.expected[CHAINS_MAX - 1], 16);
		if (b.count)
			assert_memory_equal(b.chain[0].mac, b.expected[0], 16);
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
		cmocka_unit_test(chains_run_to_their_ends),
		cmocka_unit_test(one_goes_along_but_not_too_far),
		cmocka_unit_test(ctr_is_that_of_openssl_at_every_length),
		cmocka_unit_test(ctr32_counts_in_four_octets),
	};

	return cmocka_run_group_tests_name("aes", tests, NULL, NULL);
}
