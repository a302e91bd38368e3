// SPDX-License-Identifier: GPL-2.0-or-later
/* The departure delay: not added before it is known, never more than the least. */
#include "core/departure.h"
#include "rng.h"
#include "unit.h"

#define SECOND 1000000000ULL
/* What is kept back of a steady delay, and a bit: the replies are not alike. */
#define KEPT_NS 60

static void learn_many(struct knts_departure *d, unsigned int count,
		       u32 delay_ns, u64 *now_ns)
{
	while (count--) {
		knts_departure_learn(d, delay_ns, *now_ns);
		*now_ns += SECOND / 100;
	}
}

static void nothing_is_added_before_it_is_known(void **state)
{
	struct knts_departure d = { 0 };
	u64 now_ns = 0;

	learn_many(&d, KNTS_DEPARTURE_MIN - 1, 5000, &now_ns);
	assert_int_equal(d.delay_ns, 0);
	learn_many(&d, 1, 5000, &now_ns);
	assert_in_range(d.delay_ns, 5000 - KEPT_NS, 5000);
	assert_int_equal(d.samples, KNTS_DEPARTURE_MIN);
}

static void a_steady_delay_is_added_but_for_little(void **state)
{
	struct knts_departure d = { 0 };
	u64 now_ns = 12345;

	learn_many(&d, 100000, 1234, &now_ns);
	assert_in_range(d.delay_ns, 1234 - KEPT_NS, 1234 - 1);
	assert_in_range(knts_departure_error_ns(&d), 1, KEPT_NS);
}

/* 0 to 200 ns on top of 1000, as a device's own jitter is. */
static void P10_what_is_added_is_not_more_than_any_delay(void **state)
{
	struct knts_departure d = { 0 };
	u64 now_ns = 0, early_ns = 0;
	unsigned int late = 0, i;
	struct rng rng = RNG_INIT;

	for (i = 0; i < 100000; i++) {
		u32 delay_ns = 1000 + rng_upto(&rng, 200);

		if (i >= 1000) {
			late += d.delay_ns > delay_ns;
			early_ns += delay_ns - d.delay_ns;
		}
		knts_departure_learn(&d, delay_ns, now_ns);
		now_ns += SECOND / 100;
	}
	assert_int_equal(late, 0);
	assert_in_range(early_ns / 99000, 100, 125 + KEPT_NS);
	assert_in_range(knts_departure_error_ns(&d), 80, 140 + KEPT_NS);
}

static void a_shorter_delay_counts_at_once(void **state)
{
	struct knts_departure d = { 0 };
	u64 now_ns = 0;

	learn_many(&d, 1000, 3000, &now_ns);
	learn_many(&d, 1, 700, &now_ns);
	assert_in_range(d.delay_ns, 1, 700);
}

/* When queues grow longer for good, the old least is forgotten. */
static void a_longer_delay_counts_after_the_window(void **state)
{
	const u64 window_ns = KNTS_DEPARTURE_BLOCKS * KNTS_DEPARTURE_BLOCK_NS;
	struct knts_departure d = { 0 };
	u64 now_ns = 0;

	learn_many(&d, 1000, 700, &now_ns);
	learn_many(&d, KNTS_DEPARTURE_BLOCK_LEN, 3000, &now_ns);
	assert_in_range(d.delay_ns, 1, 700);
	/* By number, */
	learn_many(&d, KNTS_DEPARTURE_BLOCKS * KNTS_DEPARTURE_BLOCK_LEN, 3000,
		   &now_ns);
	learn_many(&d, 1000, 3000, &now_ns);
	assert_in_range(d.delay_ns, 3000 - KEPT_NS, 3000);
	/* and by time where replies are few. */
	learn_many(&d, 1, 100, &now_ns);
	for (u64 end_ns = now_ns + 2 * window_ns; now_ns < end_ns;
	     now_ns += 3 * SECOND)
		knts_departure_learn(&d, 3000, now_ns);
	assert_in_range(d.delay_ns, 2900, 3000);
}

static void extremes_do_not_overflow(void **state)
{
	struct knts_departure d = { 0 };
	u64 now_ns = ~0ULL - SECOND;

	learn_many(&d, 1000, 0, &now_ns);
	assert_int_equal(d.delay_ns, 0);
	learn_many(&d, 100000, 10000000, &now_ns);
	assert_in_range(d.delay_ns, 9900000, 10000000);
	learn_many(&d, 5, SECOND, &now_ns);
	learn_many(&d, 1, 0, &now_ns);
	assert_int_equal(d.delay_ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_added_before_it_is_known),
		cmocka_unit_test(a_steady_delay_is_added_but_for_little),
		cmocka_unit_test(P10_what_is_added_is_not_more_than_any_delay),
		cmocka_unit_test(a_shorter_delay_counts_at_once),
		cmocka_unit_test(a_longer_delay_counts_after_the_window),
		cmocka_unit_test(extremes_do_not_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
