// SPDX-License-Identifier: GPL-2.0-or-later
/* The walk over extension fields, at one around each bound. */
#include "core/ef.h"
#include "rng.h"
#include "unit.h"

/* What the first step over @len octets says, of which the field claims some. */
static enum knts_ef_step first_step(size_t len, u16 claimed_len, bool encrypted)
{
	u8 zero[256] = { 0 }, *buf = unit_exact(zero, len);
	struct knts_ef_walk walk = {
		.buf = buf,
		.end = len,
		.encrypted = encrypted,
	};
	enum knts_ef_step step;

	if (len >= KNTS_EF_HEADER_LEN)
		knts_ef_put_header(buf, 0x4321, claimed_len);
	step = knts_ef_next(&walk);
	if (step == KNTS_EF_FIELD) {
		assert_int_equal(walk.type, 0x4321);
		assert_int_equal(walk.len, claimed_len);
		assert_int_equal(walk.off, 0);
		assert_int_equal(walk.next, claimed_len);
	}
	free(buf);

	return step;
}

static void P12_a_field_is_16_octets_at_least(void **state)
{
	u16 len;

	for (len = 0; len < 16; len++)
		assert_int_equal(first_step(64, len, false), KNTS_EF_BAD);
	assert_int_equal(first_step(64, 16, false), KNTS_EF_FIELD);
	assert_int_equal(first_step(64, 17, false), KNTS_EF_BAD);
}

static void P12_a_length_is_a_multiple_of_four(void **state)
{
	u16 len;

	for (len = 16; len <= 64; len++)
		assert_int_equal(first_step(64, len, false),
				 len % 4 ? KNTS_EF_BAD : KNTS_EF_FIELD);
}

static void P12_a_length_ends_within_the_packet(void **state)
{
	assert_int_equal(first_step(64, 64, false), KNTS_EF_FIELD);
	assert_int_equal(first_step(64, 65, false), KNTS_EF_BAD);
	assert_int_equal(first_step(64, 68, false), KNTS_EF_BAD);
	assert_int_equal(first_step(64, 0xfffc, false), KNTS_EF_BAD);
	assert_int_equal(first_step(64, 0xffff, false), KNTS_EF_BAD);
}

static void P12_the_last_field_is_28_octets_at_least(void **state)
{
	size_t len;

	for (len = 1; len < 28; len++) {
		enum knts_ef_step expected = KNTS_EF_BAD;

		if (len == 4 || len == 20 || len == 24)
			expected = KNTS_EF_MAC;
		assert_int_equal(first_step(len, (u16)len, false), expected);
	}
	assert_int_equal(first_step(28, 28, false), KNTS_EF_FIELD);
}

static void N33_encrypted_fields_have_no_minimum(void **state)
{
	size_t len;

	for (len = 1; len < 4; len++)
		assert_int_equal(first_step(len, 4, true), KNTS_EF_BAD);
	for (len = 0; len < 4; len++)
		assert_int_equal(first_step(64, (u16)len, true), KNTS_EF_BAD);
	for (len = 4; len <= 28; len++)
		assert_int_equal(first_step(28, (u16)len, true),
				 len % 4 ? KNTS_EF_BAD : KNTS_EF_FIELD);
	assert_int_equal(first_step(28, 32, true), KNTS_EF_BAD);
	assert_int_equal(first_step(4, 4, true), KNTS_EF_FIELD);
}

static void an_empty_rest_is_the_end(void **state)
{
	assert_int_equal(first_step(0, 0, false), KNTS_EF_END);
	assert_int_equal(first_step(0, 0, true), KNTS_EF_END);
}

static void fields_follow_each_other(void **state)
{
	static const u16 lens[] = { 16, 20, 100, 36, 28 };
	size_t total_len = 0, off = 0, i;
	struct knts_ef_walk walk = { 0 };
	u8 *buf;

	for (i = 0; i < ARRAY_LEN(lens); i++)
		total_len += lens[i];
	buf = calloc(1, total_len);
	assert_non_null(buf);
	for (i = 0; i < ARRAY_LEN(lens); off += lens[i++])
		knts_ef_put_header(buf + off, (u16)(0x100 + i), lens[i]);

	walk.buf = buf;
	walk.end = total_len;
	for (off = 0, i = 0; i < ARRAY_LEN(lens); off += lens[i++]) {
		assert_int_equal(knts_ef_next(&walk), KNTS_EF_FIELD);
		assert_int_equal(walk.type, 0x100 + i);
		assert_int_equal(walk.off, off);
		assert_int_equal(walk.len, lens[i]);
	}
	assert_int_equal(knts_ef_next(&walk), KNTS_EF_END);
	free(buf);
}

static void any_octets_end_within_their_bounds(void **state)
{
	struct rng rng = RNG_INIT;
	struct knts_ef_walk walk;
	size_t len, steps;
	u8 *buf;
	int i;

	for (i = 0; i < 30000; i++) {
		len = rng_upto(&rng, 200);
		buf = malloc(len + !len);
		assert_non_null(buf);
		rng_fill(&rng, buf, len);
		/* Lengths small enough for a walk of several steps. */
		for (steps = 2; steps < len; steps += 4)
			if (rng_upto(&rng, 3))
				buf[steps] = 0;
		walk = (struct knts_ef_walk){ .buf = buf, .end = len };
		walk.encrypted = rng_upto(&rng, 1);
		for (steps = 0; knts_ef_next(&walk) == KNTS_EF_FIELD; steps++)
			assert_true(walk.off + walk.len <= len);
		assert_true(steps <= len / 4);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(P12_a_field_is_16_octets_at_least),
		cmocka_unit_test(P12_a_length_is_a_multiple_of_four),
		cmocka_unit_test(P12_a_length_ends_within_the_packet),
		cmocka_unit_test(P12_the_last_field_is_28_octets_at_least),
		cmocka_unit_test(N33_encrypted_fields_have_no_minimum),
		cmocka_unit_test(an_empty_rest_is_the_end),
		cmocka_unit_test(fields_follow_each_other),
		cmocka_unit_test(any_octets_end_within_their_bounds),
	};

	return cmocka_run_group_tests_name("ef", tests, NULL, NULL);
}
