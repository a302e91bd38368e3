// SPDX-License-Identifier: GPL-2.0-or-later
/* Time formats. */
#include "core/ntp.h"
#include "rng.h"
#include "unit.h"

/* 2036-02-07T06:28:16Z, where NTP's first era ends. */
#define ERA_END_UNIX_S 2085978496ULL

static void P14_timestamps_cross_the_era(void **state)
{
	u64 before, after;

	before = knts_ntp_from_ns(ERA_END_UNIX_S * 1000000000 - 1);
	after = knts_ntp_from_ns(ERA_END_UNIX_S * 1000000000);
	assert_int_equal(after, 0);
	assert_int_equal(before >> 32, 0xffffffff);
	/* A nanosecond is 4.29 units. */
	assert_in_range(after - before, 4, 5);
	assert_true((s64)(after - before) > 0);
}

static void timestamps_are_exact_and_rounded_down(void **state)
{
	struct rng rng = RNG_INIT;
	u64 ns, ts;
	int i;

	assert_int_equal(knts_ntp_from_ns(0), 2208988800ULL << 32);
	assert_int_equal(knts_ntp_from_ns(500000000),
			 2208988800ULL << 32 | 0x80000000);
	for (i = 0; i < 20000; i++) {
		ns = rng_next(&rng) % (200ULL * 365 * 86400 * 1000000000);
		ts = knts_ntp_from_ns(ns);
		assert_int_equal((u32)(ts >> 32),
				 (u32)(ns / 1000000000 + 2208988800ULL));
		assert_int_equal((u32)ts, (u32)((ns % 1000000000 << 32) /
						1000000000));
	}
}

static void P5_bits_below_the_precision_are_random(void **state)
{
	const u64 ts = 0x123456789abcdef0;
	s8 precision;
	u64 below;

	assert_int_equal(knts_ntp_blur(ts, -20, 0), 0x123456789abcd000);
	assert_int_equal(knts_ntp_blur(ts, -20, ~0ULL), 0x123456789abcdfff);
	assert_int_equal(knts_ntp_blur(ts, -20, 0xffff5a5a), 0x123456789abcda5a);

	for (precision = -31; precision < 0; precision++) {
		below = (1ULL << (32 + precision)) - 1;
		assert_int_equal(knts_ntp_blur(0, precision, ~0ULL), below);
		assert_int_equal(knts_ntp_blur(~0ULL, precision, 0), ~below);
	}
}

static void P5_no_precision_changes_whole_seconds(void **state)
{
	const u64 ts = 0x123456789abcdef0;
	int precision;

	for (precision = -128; precision <= -32; precision++)
		assert_int_equal(knts_ntp_blur(ts, (s8)precision, ~0ULL), ts);
	for (precision = 0; precision <= 127; precision++)
		assert_int_equal(knts_ntp_blur(ts, (s8)precision, 0),
				 0x1234567800000000);
}

static void P9_dispersion_grows_with_age_and_is_rounded_up(void **state)
{
	assert_int_equal(knts_ntp_dispersion(77, 0, ~0ULL), 77);
	assert_int_equal(knts_ntp_dispersion(77, 15000, 0), 77);
	/* 15 ppm over a second is 0.98 units, over 100 s 98.3, 1000 s 983.04 */
	assert_int_equal(knts_ntp_dispersion(0, 15000, 1000), 1);
	assert_int_equal(knts_ntp_dispersion(0, 15000, 100000), 99);
	assert_int_equal(knts_ntp_dispersion(10, 15000, 1000000), 994);
	/* A second a second: 65536 units, exactly. */
	assert_int_equal(knts_ntp_dispersion(0, 1000000000, 1000), 65536);
	assert_int_equal(knts_ntp_dispersion(0, 1000000000, 1), 66);
	/* The least growth there is still shows. */
	assert_int_equal(knts_ntp_dispersion(5, 1, 1), 6);
}

static void P9_dispersion_never_falls_short(void **state)
{
	struct rng rng = RNG_INIT;
	unsigned __int128 exact;
	u64 age_ms;
	u32 base, rate;
	int i;

	for (i = 0; i < 50000; i++) {
		base = (u32)rng_next(&rng) >> rng_upto(&rng, 31);
		rate = (u32)rng_next(&rng) >> rng_upto(&rng, 31);
		age_ms = rng_next(&rng) >> rng_upto(&rng, 63);
		exact = (unsigned __int128)age_ms * rate * 65536;
		exact = (exact + 999999999999) / 1000000000000 + base;
		if (exact > 0xffffffff)
			exact = 0xffffffff;
		assert_int_equal(knts_ntp_dispersion(base, rate, age_ms),
				 (u32)exact);
	}
}

static void P9_dispersion_saturates(void **state)
{
	assert_int_equal(knts_ntp_dispersion(0xffffffff, 1, 1), 0xffffffff);
	assert_int_equal(knts_ntp_dispersion(0, 0xffffffff, ~0ULL), 0xffffffff);
	assert_int_equal(knts_ntp_dispersion(0, 1, ~0ULL), 0xffffffff);
	assert_int_equal(knts_ntp_dispersion(0xfffffffe, 1, 1), 0xffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(P14_timestamps_cross_the_era),
		cmocka_unit_test(timestamps_are_exact_and_rounded_down),
		cmocka_unit_test(P5_bits_below_the_precision_are_random),
		cmocka_unit_test(P5_no_precision_changes_whole_seconds),
		cmocka_unit_test(P9_dispersion_grows_with_age_and_is_rounded_up),
		cmocka_unit_test(P9_dispersion_never_falls_short),
		cmocka_unit_test(P9_dispersion_saturates),
	};

	return cmocka_run_group_tests_name("ntp", tests, NULL, NULL);
}
