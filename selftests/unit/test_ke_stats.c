// SPDX-License-Identifier: GPL-2.0-or-later
/* Durations fall into powers of two of a second. */
#include "kntsd/ke_stats.h"
#include "unit.h"

#define SECOND_NS 1000000000ULL

static size_t bucket_of(uint64_t ns)
{
	struct ke_stats stats = { .durations_ns = 0 };
	size_t i, found = 0;

	ke_stats_duration(&stats, ns);
	assert_true(stats.durations_ns == ns);
	for (i = 0; i <= KE_DURATIONS; i++) {
		if (!stats.durations[i])
			continue;
		assert_int_equal(stats.durations[i], 1);
		found = i;
	}
	return found;
}

static void bounds_belong_to_what_is_below(void **state)
{
	assert_int_equal(bucket_of(0), 0);
	assert_int_equal(bucket_of(SECOND_NS / 4096), 0);
	assert_int_equal(bucket_of(SECOND_NS / 4096 + 1), 1);
	assert_int_equal(bucket_of(SECOND_NS / 512), 3);
	assert_int_equal(bucket_of(SECOND_NS / 512 + 1), 4);
	assert_int_equal(bucket_of(SECOND_NS), 12);
	assert_int_equal(bucket_of(SECOND_NS + 1), 13);
	assert_int_equal(bucket_of(16 * SECOND_NS), KE_DURATIONS - 1);
	assert_int_equal(bucket_of(16 * SECOND_NS + 1), KE_DURATIONS);
	assert_int_equal(bucket_of(700 * SECOND_NS), KE_DURATIONS);
}

static void all_is_added_up(void **state)
{
	struct ke_stats one = { .counters[KE_STAT_ANSWERED] = 2 };
	struct ke_stats total = { .counters[KE_STAT_ANSWERED] = 40 };

	ke_stats_duration(&one, SECOND_NS);
	ke_stats_duration(&total, SECOND_NS);
	ke_stats_duration(&total, 700 * SECOND_NS);
	ke_stats_add(&total, &one);
	assert_int_equal(total.counters[KE_STAT_ANSWERED], 42);
	assert_int_equal(total.durations[12], 2);
	assert_int_equal(total.durations[KE_DURATIONS], 1);
	assert_true(total.durations_ns == 702 * SECOND_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_belong_to_what_is_below),
		cmocka_unit_test(all_is_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
