// SPDX-License-Identifier: GPL-2.0-or-later
/* A histogram's buckets: where each begins, and which values fall into it. */
#include "core/buckets.h"
#include "rng.h"
#include "unit.h"

#define MOST INT64_MAX
#define LEAST INT64_MIN

static void every_bound_separates_its_neighbours(void **state)
{
	unsigned int i;

	for (i = 1; i < KNTS_BUCKETS; i++) {
		s64 from = knts_buckets_from(i);

		assert_int_equal(knts_buckets_index(from - 1), i - 1);
		assert_int_equal(knts_buckets_index(from), i);
		if (from + 1 < knts_buckets_from(i + 1))
			assert_int_equal(knts_buckets_index(from + 1), i);
		else
			assert_int_equal(knts_buckets_index(from + 1), i + 1);
	}
}

static void the_ends_take_all_that_is_beyond(void **state)
{
	assert_true(knts_buckets_from(0) == LEAST);
	assert_true(knts_buckets_from(KNTS_BUCKETS) == MOST);
	assert_int_equal(knts_buckets_index(LEAST), 0);
	assert_int_equal(knts_buckets_index(LEAST + 1), 0);
	assert_int_equal(knts_buckets_index(MOST), KNTS_BUCKETS - 1);
	assert_int_equal(knts_buckets_index(1LL << 33), KNTS_BUCKETS - 1);
	assert_int_equal(knts_buckets_index(1LL << 62), KNTS_BUCKETS - 1);
	assert_true(knts_buckets_from(KNTS_BUCKETS - 1) == 7LL << 30);
	assert_true(knts_buckets_from(1) == -(7LL << 30));
}

static void bounds_ascend_and_mirror(void **state)
{
	unsigned int i;

	for (i = 0; i < KNTS_BUCKETS; i++)
		assert_true(knts_buckets_from(i) < knts_buckets_from(i + 1));
	assert_true(knts_buckets_from(KNTS_BUCKETS_SIGN) == 0);
	for (i = 1; i < KNTS_BUCKETS_SIGN; i++)
		assert_true(knts_buckets_from(KNTS_BUCKETS_SIGN + i) ==
			    -knts_buckets_from(KNTS_BUCKETS_SIGN - i));
}

static bool is_bound(s64 value)
{
	return knts_buckets_from(knts_buckets_index(value)) == value;
}

static void an_octave_has_four_of_equal_width(void **state)
{
	unsigned int octave, i;

	for (octave = 0; octave < 33; octave++) {
		assert_true(is_bound(1LL << octave));
		assert_true(is_bound(-(1LL << octave)));
	}
	for (octave = 2; octave < 32; octave++) {
		unsigned int first = knts_buckets_index(1LL << octave);

		assert_int_equal(knts_buckets_index(2LL << octave), first + 4);
		for (i = 0; i < 4; i++)
			assert_true(knts_buckets_from(first + i + 1) -
				    knts_buckets_from(first + i) ==
				    1LL << (octave - 2));
	}
	for (i = 0; i < 4; i++)
		assert_int_equal(knts_buckets_index(i), KNTS_BUCKETS_SIGN + i);
}

static void any_value_is_within_its_bucket(void **state)
{
	struct rng rng = RNG_INIT;
	unsigned int i;

	for (i = 0; i < 1000000; i++) {
		s64 value = (s64)rng_next(&rng) >> rng_upto(&rng, 63);
		unsigned int index = knts_buckets_index(value);

		assert_in_range(index, 0, KNTS_BUCKETS - 1);
		assert_true(knts_buckets_from(index) <= value);
		assert_true(value < knts_buckets_from(index + 1) || value == MOST);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bound_separates_its_neighbours),
		cmocka_unit_test(the_ends_take_all_that_is_beyond),
		cmocka_unit_test(bounds_ascend_and_mirror),
		cmocka_unit_test(an_octave_has_four_of_equal_width),
		cmocka_unit_test(any_value_is_within_its_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
