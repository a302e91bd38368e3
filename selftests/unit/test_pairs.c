// SPDX-License-Identifier: GPL-2.0-or-later
/* Interleaved mode's table: what it finds, what it forgets, who may interfere. */
#include <pthread.h>
#include <stdatomic.h>

#include "core/pairs.h"
#include "unit.h"

#define BUCKETS_LOG2 4
#define BUCKETS (1u << BUCKETS_LOG2)
#define COUNT (BUCKETS * KNTS_PAIRS_WAYS)
#define ERA 7

/* 2026, and an odd fraction. */
static const u64 start = 0xeea1000012345679;

struct table {
	struct knts_pair pair[COUNT];
	struct knts_pairs pairs;
};

static struct knts_pairs *table_new(void)
{
	struct table *table = calloc(1, sizeof(*table));

	assert_non_null(table);
	table->pairs.shift = 64 - BUCKETS_LOG2;
	table->pairs.pairs = table->pair;
	return &table->pairs;
}

static void table_free(struct knts_pairs *pairs)
{
	free(pairs->pairs);
}

/* Save a reply; its receive timestamp as the table had it, 0 if it was not saved. */
static u64 save(struct knts_pairs *pairs, u64 receive, u64 delay)
{
	struct knts_pair *pair;
	bool evicted;

	pair = knts_pairs_claim(pairs, &receive, ERA, &evicted);
	if (!pair)
		return 0;
	knts_pair_save(pair, receive, receive + delay, ERA);
	return receive;
}

static void I6_found_by_the_receive_timestamp_alone(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receive = save(pairs, start, 1000);
	u64 transmit = 0;
	int bit;

	assert_true(receive >= start && receive - start < 4);
	for (bit = 0; bit < 64; bit++)
		assert_false(knts_pairs_take(pairs, receive ^ 1ULL << bit, ERA,
					     &transmit));
	assert_false(knts_pairs_take(pairs, 0, ERA, &transmit));
	assert_true(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_true(transmit == receive + 1000);
	table_free(pairs);
}

static void I8_a_pair_serves_once(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receive = save(pairs, start, 1);
	u64 transmit;

	assert_true(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	table_free(pairs);
}

/* Before it has left, a reply is not there. */
static void I6_a_reply_that_is_being_made_is_not_there(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receive = start, transmit;
	struct knts_pair *pair;
	bool evicted;

	pair = knts_pairs_claim(pairs, &receive, ERA, &evicted);
	assert_non_null(pair);
	assert_false(evicted);
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_false(knts_pairs_correct(pairs, receive, ERA, receive + 5));
	knts_pair_drop(pair);
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	table_free(pairs);
}

static void I5_saved_receive_timestamps_are_unique(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 first = save(pairs, start, 1);
	u64 second = save(pairs, start, 2);
	u64 third = save(pairs, start, 3);
	u64 transmit;

	assert_true(first && second && third);
	assert_true(first != second && second != third && first != third);
	assert_true(second - start < 16 && third - start < 16);
	assert_true(knts_pairs_take(pairs, second, ERA, &transmit));
	assert_true(transmit == second + 2);
	assert_true(knts_pairs_take(pairs, first, ERA, &transmit));
	assert_true(transmit == first + 1);
	table_free(pairs);
}

/* Neither is one that another CPU has just claimed. */
static void I5_nor_is_one_given_that_is_being_made(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 first = start, second = start;
	bool evicted;

	assert_non_null(knts_pairs_claim(pairs, &first, ERA, &evicted));
	assert_non_null(knts_pairs_claim(pairs, &second, ERA, &evicted));
	assert_true(first != second);
	table_free(pairs);
}

static void I1_the_table_stays_as_large_as_it_is(void **state)
{
	struct knts_pairs *pairs = table_new();
	unsigned int evictions = 0, found = 0, i;
	u64 receives[10 * COUNT];
	struct knts_pair *pair;
	u64 transmit;
	bool evicted;

	for (i = 0; i < 10 * COUNT; i++) {
		receives[i] = start + ((u64)i << 20);
		pair = knts_pairs_claim(pairs, &receives[i], ERA, &evicted);
		assert_non_null(pair);
		knts_pair_save(pair, receives[i], receives[i] + i, ERA);
		evictions += evicted;
	}
	for (i = 0; i < 10 * COUNT; i++)
		if (knts_pairs_take(pairs, receives[i], ERA, &transmit)) {
			assert_true(transmit == receives[i] + i);
			/* Old ones go: what is left is of the last ones. */
			assert_true(i >= 10 * COUNT - 4 * COUNT);
			found++;
		}
	assert_int_equal(found, COUNT);
	assert_int_equal(evictions, 9 * COUNT);
	table_free(pairs);
}

static void I12_a_step_voids_all_pairs(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receive = save(pairs, start, 1);
	u64 again = save(pairs, start + 100, 1);
	u64 transmit;

	assert_false(knts_pairs_correct(pairs, receive, ERA + 1, receive + 9));
	assert_false(knts_pairs_take(pairs, receive, ERA + 1, &transmit));
	/* And does not come back with the era's number. */
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_true(knts_pairs_take(pairs, again, ERA, &transmit));
	table_free(pairs);
}

/* A void pair makes room before any that may yet serve. */
static void I12_void_pairs_make_room(void **state)
{
	struct knts_pairs *pairs = table_new();
	unsigned int i, evictions = 0;
	bool evicted;
	u64 receive;

	for (i = 0; i < 10 * COUNT; i++)
		save(pairs, start + ((u64)i << 20), 1);
	for (i = 0; i < COUNT; i++) {
		struct knts_pair *pair;

		receive = start + 5 + ((u64)i << 30);
		pair = knts_pairs_claim(pairs, &receive, ERA + 1, &evicted);
		assert_non_null(pair);
		knts_pair_save(pair, receive, receive + 1, ERA + 1);
		evictions += evicted;
	}
	assert_true(evictions < COUNT / 2);
	table_free(pairs);
}

static void I7_a_better_transmit_timestamp_replaces_the_first(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receive = save(pairs, start, 1000);
	u64 transmit;

	assert_true(knts_pairs_correct(pairs, receive, ERA, receive + 1234));
	/* One that does not fit leaves it. */
	assert_false(knts_pairs_correct(pairs, receive, ERA, receive - 1));
	assert_false(knts_pairs_correct(pairs, receive, ERA,
					receive + (1ULL << 32)));
	assert_true(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_true(transmit == receive + 1234);
	assert_false(knts_pairs_correct(pairs, receive, ERA, receive + 1));
	table_free(pairs);
}

static void a_reply_that_took_a_second_is_not_saved(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 transmit, receive;

	receive = save(pairs, start, 0xffffffff);
	assert_true(knts_pairs_take(pairs, receive, ERA, &transmit));
	assert_true(transmit == receive + 0xffffffff);
	receive = save(pairs, start, 1ULL << 32);
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	/* As after a clock that went back. */
	receive = save(pairs, start, -1ULL);
	assert_false(knts_pairs_take(pairs, receive, ERA, &transmit));
	table_free(pairs);
}

static void P14_the_oldest_goes_across_an_era(void **state)
{
	struct knts_pairs *pairs = table_new();
	u64 receives[8 * COUNT], transmit;
	unsigned int i, old = 0, new = 0;

	for (i = 0; i < 8 * COUNT; i++)
		receives[i] = save(pairs, ((u64)i << 32) - (4ULL * COUNT << 32) +
				   12346, 1);
	for (i = 0; i < 8 * COUNT; i++)
		if (receives[i] &&
		    knts_pairs_take(pairs, receives[i], ERA, &transmit)) {
			if (i < 4 * COUNT)
				old++;
			else
				new++;
		}
	assert_true(new > 10 * old);
	table_free(pairs);
}

/* A whole bucket that is being worked at saves nothing, and nobody waits. */
static void a_busy_bucket_is_passed_by(void **state)
{
	struct knts_pairs *pairs = table_new();
	unsigned int i, claimed = 0, refused = 0;
	bool evicted;

	for (i = 0; i < 2 * COUNT; i++) {
		u64 receive = start + ((u64)i << 20);

		if (knts_pairs_claim(pairs, &receive, ERA, &evicted))
			claimed++;
		else
			refused++;
		assert_false(evicted);
	}
	assert_true(claimed <= COUNT);
	assert_true(claimed > COUNT / 2);
	assert_int_equal(claimed + refused, 2 * COUNT);
	table_free(pairs);
}

/* Threads that make, correct and take the same receive timestamps. */
struct crowd {
	struct knts_pairs *pairs;
	atomic_uint next;
	atomic_uint taken;
	atomic_bool wrong;
};

#define CROWD_THREADS 4
#define CROWD_TIMES 3000000

/* Even ones by the clock, odd ones by the device: whose they are shows. */
static u32 crowd_delay(u64 receive)
{
	return (u32)(receive * 0x2545f4914f6cdd1dULL >> 40) & ~1u;
}

static void *crowd_run(void *arg)
{
	struct crowd *crowd = arg;
	unsigned int i;

	for (i = 0; i < CROWD_TIMES; i++) {
		u64 receive = start + 2 * (atomic_fetch_add(&crowd->next, 1) / 3);
		u64 saved = receive, transmit, origin = receive - 2 * (i % 4);
		struct knts_pair *pair;
		bool evicted;

		pair = knts_pairs_claim(crowd->pairs, &saved, ERA, &evicted);
		if (pair)
			knts_pair_save(pair, saved, saved + crowd_delay(saved),
				       ERA);
		origin = (origin + 1) & ~1ULL;
		if (i % 3)
			knts_pairs_correct(crowd->pairs, origin, ERA,
					   origin + crowd_delay(origin) + 1);
		if (!knts_pairs_take(crowd->pairs, origin, ERA, &transmit))
			continue;
		atomic_fetch_add(&crowd->taken, 1);
		if (((transmit - origin) & ~1ULL) != crowd_delay(origin))
			atomic_store(&crowd->wrong, true);
	}
	return NULL;
}

static void I6_nobody_gets_anothers_transmit_timestamp(void **state)
{
	struct crowd crowd = { .pairs = table_new() };
	pthread_t threads[CROWD_THREADS];
	unsigned int i;

	/* Few places for many. */
	crowd.pairs->shift = 63;
	for (i = 0; i < CROWD_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, crowd_run,
						&crowd), 0);
	for (i = 0; i < CROWD_THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_false(crowd.wrong);
	assert_true(crowd.taken > CROWD_TIMES / 100);
	for (i = 0; i < COUNT; i++)
		assert_false(crowd.pairs->pairs[i].receive & 1);
	table_free(crowd.pairs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(I6_found_by_the_receive_timestamp_alone),
		cmocka_unit_test(I8_a_pair_serves_once),
		cmocka_unit_test(I6_a_reply_that_is_being_made_is_not_there),
		cmocka_unit_test(I5_saved_receive_timestamps_are_unique),
		cmocka_unit_test(I5_nor_is_one_given_that_is_being_made),
		cmocka_unit_test(I1_the_table_stays_as_large_as_it_is),
		cmocka_unit_test(I12_a_step_voids_all_pairs),
		cmocka_unit_test(I12_void_pairs_make_room),
		cmocka_unit_test(I7_a_better_transmit_timestamp_replaces_the_first),
		cmocka_unit_test(a_reply_that_took_a_second_is_not_saved),
		cmocka_unit_test(P14_the_oldest_goes_across_an_era),
		cmocka_unit_test(a_busy_bucket_is_passed_by),
		cmocka_unit_test(I6_nobody_gets_anothers_transmit_timestamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
