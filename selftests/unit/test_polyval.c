// SPDX-License-Identifier: GPL-2.0-or-later
/* The POLYVAL seam against published vectors and against its definition. */
#include "core/polyval.h"
#include "../vectors/gcmsiv.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

static void shift_up(u8 *x)
{
	int i;

	for (i = 15; i > 0; i--)
		x[i] = (u8)(x[i] << 1 | x[i - 1] >> 7);
	x[0] = (u8)(x[0] << 1);
}

/* Divide by x: where x^0 is there, the modulus is added first. */
static void shift_down(u8 *x)
{
	bool odd = x[0] & 1;
	int i;

	if (odd) {
		x[0] ^= 1;
		x[15] ^= 0xc2;
	}
	for (i = 0; i < 15; i++)
		x[i] = (u8)(x[i] >> 1 | x[i + 1] << 7);
	x[15] = (u8)(x[15] >> 1 | odd << 7);
}

/* RFC 8452, 3, coefficient by coefficient: @a times @b, divided by x^128. */
static void dot(u8 *a, const u8 *b)
{
	u8 sum[16] = { 0 };
	int bit, i;

	for (bit = 0; bit < 128; bit++) {
		if (a[bit / 8] >> bit % 8 & 1)
			for (i = 0; i < 16; i++)
				sum[i] ^= b[i];
		shift_down(sum);
	}
	memcpy(a, sum, 16);
}

static void polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	int i;

	for (; blocks; blocks--, in += 16) {
		for (i = 0; i < 16; i++)
			acc[i] ^= in[i];
		dot(acc, h);
	}
}

static void vectors_of_rfc_8452(void **state)
{
	u8 h[16], text[32], result[16];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(polyval_vectors); i++) {
		const struct polyval_vector *v = &polyval_vectors[i];
		u8 ours[16] = { 0 }, defined[16] = { 0 };

		reference_unhex(v->h, h, sizeof(h));
		len = reference_unhex(v->text, text, sizeof(text));
		reference_unhex(v->result, result, sizeof(result));
		knts_polyval(ours, h, text, len / 16);
		assert_memory_equal(ours, result, 16);
		polyval(defined, h, text, len / 16);
		assert_memory_equal(defined, result, 16);
	}
}

static void multiplies_as_defined(void **state)
{
	struct rng rng = RNG_INIT;
	u8 h[16], text[16 * 20];
	u8 ours[16], defined[16];
	size_t blocks;
	int i;

	for (i = 0; i < 4000; i++) {
		blocks = rng_upto(&rng, 20);
		rng_fill(&rng, h, sizeof(h));
		rng_fill(&rng, text, sizeof(text));
		rng_fill(&rng, ours, sizeof(ours));
		memcpy(defined, ours, sizeof(ours));
		knts_polyval(ours, h, text, blocks);
		polyval(defined, h, text, blocks);
		assert_memory_equal(ours, defined, 16);
	}
}

/* Each bit by each bit, and with all of the others: where carries could go. */
static void every_bit_counts(void **state)
{
	u8 ones[16], a[16], h[16], ours[16], defined[16], zero[16] = { 0 };
	int i, j;

	memset(ones, 0xff, sizeof(ones));
	memset(a, 0, sizeof(a));
	a[0] = 1;
	for (i = 0; i < 128; i++, shift_up(a)) {
		memset(h, 0, sizeof(h));
		h[0] = 1;
		for (j = 0; j < 128; j++, shift_up(h)) {
			memcpy(ours, a, 16);
			memcpy(defined, a, 16);
			knts_polyval(ours, h, zero, 1);
			polyval(defined, h, zero, 1);
			assert_memory_equal(ours, defined, 16);
		}
		memcpy(ours, a, 16);
		memcpy(defined, a, 16);
		knts_polyval(ours, ones, ones, 1);
		polyval(defined, ones, ones, 1);
		assert_memory_equal(ours, defined, 16);
	}
}

static void goes_on_where_it_stood(void **state)
{
	u8 h[16], text[16 * 12], one[16] = { 0 }, two[16] = { 0 };
	struct rng rng = RNG_INIT;
	size_t i, cut;

	for (i = 0; i < 200; i++) {
		rng_fill(&rng, h, sizeof(h));
		rng_fill(&rng, text, sizeof(text));
		cut = rng_upto(&rng, 12);
		knts_polyval(one, h, text, 12);
		knts_polyval(two, h, text, cut);
		knts_polyval(two, h, text + 16 * cut, 12 - cut);
		assert_memory_equal(one, two, 16);
	}
}

static void a_key_may_be_what_it_multiplies(void **state)
{
	u8 h[16], square[16], zero[16] = { 0 };
	struct rng rng = RNG_INIT;
	int i;

	for (i = 0; i < 200; i++) {
		rng_fill(&rng, h, sizeof(h));
		memcpy(square, h, sizeof(h));
		dot(square, h);
		knts_polyval(h, h, zero, 1);
		assert_memory_equal(h, square, 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_of_rfc_8452),
		cmocka_unit_test(multiplies_as_defined),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(goes_on_where_it_stood),
		cmocka_unit_test(a_key_may_be_what_it_multiplies),
	};

	return cmocka_run_group_tests_name("polyval", tests, NULL, NULL);
}
