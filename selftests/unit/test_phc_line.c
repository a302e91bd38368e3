// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PHC lines from samples whose truth is known: how near they are, that the
 * bound of their error holds for their whole lifetime, and what is taken for a
 * jump.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "kntsd/phc_line.h"
#include "rng.h"
#include "unit.h"

#define INTERVAL_NS 500000000LL
#define LIFETIME_MS 5000
#define SWING_S 60
#define PHC_EPOCH_NS 1795000000000000000LL

/* What makes samples: the truth, and how it is read. */
static struct world {
	struct rng rng;
	double rate_ppb;
	double drift_ppb_per_s;
	double swing_ppb;
	int64_t step_ns;
	int64_t quantum_ns;
	double width_ns;
	double jitter_ns;
	double now_s;
} world;

static double uniform(void)
{
	return rng_next(&world.rng) / (UINT64_MAX + 1.0);
}

/* The PHC's time at @at_s of CLOCK_MONOTONIC_RAW. */
static double phc_ahead_ns(double at_s)
{
	double swing_ns = world.swing_ppb * SWING_S / (2 * M_PI) *
			  sin(2 * M_PI * at_s / SWING_S);

	return world.rate_ppb * at_s + world.drift_ppb_per_s * at_s * at_s / 2 +
	       swing_ns + world.step_ns;
}

static int64_t raw_of(double at_s)
{
	return 1000000000000LL + llround(at_s * 1e9);
}

/* A reading lies anywhere in its width, more often near one place. */
static struct phc_sample take(double at_s)
{
	double half_ns = world.width_ns / 2 + world.jitter_ns * uniform();
	double late_ns = (uniform() + uniform() - 1) * world.jitter_ns / 2;
	int64_t phc_ns = PHC_EPOCH_NS + llround(at_s * 1e9 +
						phc_ahead_ns(at_s) + late_ns);

	if (world.quantum_ns)
		phc_ns -= phc_ns % world.quantum_ns;
	return (struct phc_sample){
		.phc_ns = phc_ns,
		.raw_ns = raw_of(at_s),
		.error_ns = llround(half_ns) + world.quantum_ns,
	};
}

static void begin(struct phc_line *line, uint64_t seed)
{
	world = (struct world){ .width_ns = 200, .jitter_ns = 40 };
	world.rng.state = seed * 0x9e3779b97f4a7c15;
	memset(line, 0, sizeof(*line));
	phc_line_resize(line, 8, PHC_SAMPLES_MAX);
}

/* Returns how many samples contradicted the line. */
static unsigned int feed(struct phc_line *line, unsigned int count)
{
	unsigned int contradictions = 0;
	struct phc_sample sample;

	while (count--) {
		world.now_s += INTERVAL_NS / 1e9;
		sample = take(world.now_s);
		contradictions += phc_line_contradicts(line, &sample);
		phc_line_add(line, &sample);
	}
	return contradictions;
}

/* How wrong the line is, @after_s seconds from now. */
static double error_ns(const struct knts_line *line, double after_s)
{
	double at_s = world.now_s + after_s;
	int64_t phc_ns = PHC_EPOCH_NS + llround(at_s * 1e9 + phc_ahead_ns(at_s));
	double span_ns = phc_ns - (int64_t)line->phc_ns;

	return (double)((int64_t)line->raw_ns - raw_of(at_s)) + span_ns +
	       span_ns * line->rate_ppt / 1e12;
}

static struct knts_line get(const struct phc_line *line)
{
	struct knts_line out = { 0 };

	assert_int_equal(phc_line_get(line, LIFETIME_MS, &out), 0);
	return out;
}

static void assert_bounded(const struct phc_line *line)
{
	struct knts_line out = get(line);
	double after_s;

	for (after_s = 0; after_s <= LIFETIME_MS / 1e3; after_s += 0.5)
		if (fabs(error_ns(&out, after_s)) > out.error_ns)
			fail_msg("after %.1f s: off by %.0f ns, bound %u ns",
				 after_s, error_ns(&out, after_s), out.error_ns);
}

static void line_needs_samples(void **state)
{
	struct knts_line out;
	struct phc_line line;

	begin(&line, 1);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), -EAGAIN);
	feed(&line, 7);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), -EAGAIN);
	feed(&line, 1);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), 0);
	phc_line_reset(&line);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), -EAGAIN);
}

static void line_finds_offset_and_rate(void **state)
{
	static const double rates_ppb[] = { 0, 1, -1, 50000, -50000, 500000,
					    -500000, 2000000, -2000000 };
	struct knts_line out;
	struct phc_line line;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rates_ppb); i++) {
		begin(&line, i + 1);
		world.rate_ppb = rates_ppb[i];
		assert_int_equal(feed(&line, 100), 0);
		assert_in_range(line.count, 32, PHC_SAMPLES_MAX);
		out = get(&line);
		assert_true(fabs(error_ns(&out, 0)) < 10);
		assert_true(fabs(error_ns(&out, 5)) < 15);
		assert_in_range(out.error_ns, 80, 200);
		assert_bounded(&line);
	}
}

/* Two clocks of the same reading have no error but rounding. */
static void line_through_exact_samples_is_exact(void **state)
{
	struct knts_line out;
	struct phc_line line;

	begin(&line, 1);
	world.width_ns = 0;
	world.jitter_ns = 0;
	world.rate_ppb = 50000;
	assert_int_equal(feed(&line, 64), 0);
	assert_int_equal(line.count, 64);
	out = get(&line);
	assert_true(fabs(error_ns(&out, 0)) < 1);
	assert_true(fabs(error_ns(&out, 5)) < 1.5);
	assert_in_range(out.error_ns, 1, 20);
}

static void line_is_bounded_from_the_first_on(void **state)
{
	struct phc_line line;
	unsigned int i, seed;

	for (seed = 1; seed <= 200; seed++) {
		begin(&line, seed);
		world.rate_ppb = 50000;
		feed(&line, 7);
		for (i = 0; i < 30; i++) {
			assert_int_equal(feed(&line, 1), 0);
			assert_bounded(&line);
		}
	}
}

static void line_follows_a_drift(void **state)
{
	static const double drifts[] = { 1, -1, 10, -10, 100, -100, 1000 };
	struct knts_line out;
	struct phc_line line;
	size_t i, j;

	for (i = 0; i < ARRAY_LEN(drifts); i++) {
		begin(&line, i + 1);
		world.rate_ppb = 50000;
		world.drift_ppb_per_s = drifts[i];
		assert_int_equal(feed(&line, 60), 0);
		for (j = 0; j < 60; j++) {
			assert_int_equal(feed(&line, 1), 0);
			assert_bounded(&line);
			out = get(&line);
			assert_true(fabs(error_ns(&out, 0)) < 40);
			/* Until the next sample the drift goes on unseen. */
			assert_true(fabs(error_ns(&out, 0.5)) <
				    40 + fabs(drifts[i]) / 8);
		}
	}
}

/* A rate that goes up and down: less and less of the past is of use. */
static void line_follows_a_rate_that_swings(void **state)
{
	struct knts_line out;
	struct phc_line line;
	unsigned int i;

	begin(&line, 1);
	world.rate_ppb = 50000;
	world.swing_ppb = 500;
	assert_int_equal(feed(&line, 100), 0);
	for (i = 0; i < 200; i++) {
		assert_int_equal(feed(&line, 1), 0);
		assert_in_range(line.count, 8, 48);
		out = get(&line);
		assert_true(fabs(error_ns(&out, 0)) < 60);
		assert_true(fabs(error_ns(&out, 0.5)) <= out.error_ns);
	}
}

static void line_ignores_outliers(void **state)
{
	struct phc_sample sample;
	struct knts_line out;
	struct phc_line line;
	unsigned int i;

	begin(&line, 1);
	world.rate_ppb = -20000;
	feed(&line, 40);
	/* Wide readings, and such as a bad driver gives. */
	for (i = 0; i < 12; i++) {
		feed(&line, 2);
		world.now_s += INTERVAL_NS / 1e9;
		sample = take(world.now_s);
		sample.phc_ns += i % 2 ? 30000 : -800;
		sample.error_ns = i % 3 ? sample.error_ns : 40000;
		phc_line_add(&line, &sample);
		out = get(&line);
		assert_true(fabs(error_ns(&out, 0)) < 20);
		assert_true(fabs(error_ns(&out, 1)) < 20);
	}
}

static void line_of_a_coarse_clock_is_finer_than_its_ticks(void **state)
{
	static const int64_t quanta_ns[] = { 8, 40, 1000 };
	struct knts_line out;
	struct phc_line line;
	size_t i;

	for (i = 0; i < ARRAY_LEN(quanta_ns); i++) {
		begin(&line, i + 1);
		world.rate_ppb = 12345;
		world.quantum_ns = quanta_ns[i];
		assert_int_equal(feed(&line, 200), 0);
		out = get(&line);
		/* Half a tick early on average, which nobody can see. */
		assert_true(fabs(error_ns(&out, 0) - quanta_ns[i] / 2.0) <
			    quanta_ns[i] / 4.0 + 10);
		assert_bounded(&line);
	}
}

static void a_jump_contradicts(void **state)
{
	static const int64_t steps_ns[] = { 1000, -1000, 1000000, -1000000,
					    1000000000, -1000000000,
					    1000000000000000000, -1700000000000000000 };
	struct phc_sample sample;
	struct phc_line line;
	size_t i;

	for (i = 0; i < ARRAY_LEN(steps_ns); i++) {
		begin(&line, i + 1);
		world.rate_ppb = 50000;
		assert_int_equal(feed(&line, 20), 0);
		world.step_ns = steps_ns[i];
		sample = take(world.now_s + 0.5);
		assert_true(phc_line_contradicts(&line, &sample));
		/* What it says is how far the PHC was set. */
		if (llabs(steps_ns[i]) < 1000000000000)
			assert_true(fabs(phc_line_miss_ns(&line, &sample) +
					 steps_ns[i]) < 200000);
		world.step_ns = 0;
		sample = take(world.now_s + 0.5);
		assert_false(phc_line_contradicts(&line, &sample));
	}
}

static void a_new_rate_contradicts(void **state)
{
	struct phc_sample sample;
	struct phc_line line;

	begin(&line, 1);
	world.rate_ppb = 50000;
	feed(&line, 20);
	/* From now on 10 ppm faster: 5 us until the next sample. */
	world.step_ns = -llround(10000 * world.now_s);
	world.rate_ppb = 60000;
	sample = take(world.now_s + 0.5);
	assert_true(phc_line_contradicts(&line, &sample));
}

/* Exact samples tell early that a drift begins: that is no reason to give up. */
static void a_drift_that_begins_shortens_the_window(void **state)
{
	struct phc_sample sample;
	struct knts_line out;
	struct phc_line line;
	double begun_s;
	int i;

	begin(&line, 1);
	world.width_ns = 0;
	world.jitter_ns = 0;
	feed(&line, 64);
	begun_s = world.now_s;
	world.step_ns = llround(20 * begun_s * begun_s / 2);
	world.rate_ppb = -20 * begun_s;
	world.drift_ppb_per_s = 20;
	for (i = 0; i < 20; i++) {
		world.now_s += 0.5;
		sample = take(world.now_s);
		assert_true(phc_line_shorten(&line, &sample));
		phc_line_add(&line, &sample);
		out = get(&line);
		assert_true(fabs(error_ns(&out, 0)) < 40);
	}
	assert_bounded(&line);
	assert_in_range(line.count, 8, 30);
	sample.phc_ns += 1000;
	assert_false(phc_line_shorten(&line, &sample));
	assert_int_equal(line.count, line.min);
}

static void a_clock_that_stands_still_contradicts(void **state)
{
	struct phc_sample sample;
	struct phc_line line;

	begin(&line, 1);
	feed(&line, 3);
	sample = take(world.now_s);
	sample.phc_ns = line.samples[2].phc_ns;
	sample.raw_ns += INTERVAL_NS;
	assert_true(phc_line_contradicts(&line, &sample));
	sample.phc_ns -= 5;
	assert_true(phc_line_contradicts(&line, &sample));
}

static void a_jump_contradicts_before_there_is_a_line(void **state)
{
	struct phc_sample sample;
	struct phc_line line;

	begin(&line, 1);
	sample = take(0);
	assert_false(phc_line_contradicts(&line, &sample));
	feed(&line, 3);
	world.step_ns = 1000000000;
	sample = take(world.now_s + 0.1);
	assert_true(phc_line_contradicts(&line, &sample));
}

static void a_rate_that_no_line_holds_is_told(void **state)
{
	struct knts_line out;
	struct phc_line line;

	begin(&line, 1);
	world.rate_ppb = 5000000;
	assert_int_equal(feed(&line, 20), 0);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), -ERANGE);
	begin(&line, 1);
	world.rate_ppb = -5000000;
	assert_int_equal(feed(&line, 20), 0);
	assert_int_equal(phc_line_get(&line, LIFETIME_MS, &out), -ERANGE);
}

static void window_is_as_long_as_configured(void **state)
{
	struct phc_line line;

	begin(&line, 1);
	feed(&line, 100);
	phc_line_resize(&line, 4, 16);
	assert_int_equal(line.count, 16);
	assert_bounded(&line);
	feed(&line, 10);
	assert_int_equal(line.count, 16);
	assert_bounded(&line);
	phc_line_resize(&line, 32, PHC_SAMPLES_MAX);
	assert_false(line.fitted);
	feed(&line, 16);
	assert_bounded(&line);
	/* More samples, more certain. */
	assert_true(get(&line).error_ns > 0);
}

/* Bursts while there is no line yet, and readings that came late. */
static void samples_may_lie_at_any_distance(void **state)
{
	struct phc_sample sample;
	struct phc_line line;
	unsigned int i;

	begin(&line, 3);
	world.rate_ppb = -50000;
	for (i = 0; i < 60; i++) {
		world.now_s += i < 8 ? 0.1 : 0.5 + 2 * uniform();
		sample = take(world.now_s);
		assert_false(phc_line_contradicts(&line, &sample));
		phc_line_add(&line, &sample);
		if (i >= 7)
			assert_bounded(&line);
	}
}

static void the_longer_the_lifetime_the_larger_the_bound(void **state)
{
	struct knts_line now, later, last;
	struct phc_line line;

	begin(&line, 1);
	feed(&line, 20);
	assert_int_equal(phc_line_get(&line, 1, &now), 0);
	assert_int_equal(phc_line_get(&line, 5000, &later), 0);
	assert_int_equal(phc_line_get(&line, KNTS_LINE_LIFETIME_MAX_MS, &last), 0);
	assert_true(now.error_ns < later.error_ns);
	assert_true(later.error_ns < last.error_ns);
	assert_int_equal(last.lifetime_ms, KNTS_LINE_LIFETIME_MAX_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_needs_samples),
		cmocka_unit_test(line_finds_offset_and_rate),
		cmocka_unit_test(line_through_exact_samples_is_exact),
		cmocka_unit_test(line_is_bounded_from_the_first_on),
		cmocka_unit_test(line_follows_a_drift),
		cmocka_unit_test(line_follows_a_rate_that_swings),
		cmocka_unit_test(line_ignores_outliers),
		cmocka_unit_test(line_of_a_coarse_clock_is_finer_than_its_ticks),
		cmocka_unit_test(a_jump_contradicts),
		cmocka_unit_test(a_new_rate_contradicts),
		cmocka_unit_test(a_drift_that_begins_shortens_the_window),
		cmocka_unit_test(a_clock_that_stands_still_contradicts),
		cmocka_unit_test(a_jump_contradicts_before_there_is_a_line),
		cmocka_unit_test(a_rate_that_no_line_holds_is_told),
		cmocka_unit_test(window_is_as_long_as_configured),
		cmocka_unit_test(samples_may_lie_at_any_distance),
		cmocka_unit_test(the_longer_the_lifetime_the_larger_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
