// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The line through a window of samples. Medians find what lies on it, weighted
 * least squares then find it; the runs of its residuals' signs tell whether a
 * line is what they lie on.
 */
#include <math.h>
#include <stdlib.h>

#include "phc_line.h"

#define PAIRS_MAX (PHC_SAMPLES_MAX * (PHC_SAMPLES_MAX - 1) / 2)
/* A normal distribution's deviation from the median of its distances. */
#define DEVIATION_OF_MEDIAN 1.4826
#define OUTLIER_DEVIATIONS 5
/* Both clocks are read in whole nanoseconds. */
#define ROUNDING_NS 0.5
/* Residuals so small are rounding, which has patterns of its own. */
#define PATTERN_NS 2
/* With less there may be three runs by chance: one bend is three runs. */
#define RUNS_MIN 10
/* 5 % of random sequences have fewer runs. */
#define RUNS_DEVIATIONS 1.645
/* What the rates of two oscillators do by themselves, in 10^-9 per second. */
#define WANDER_PPB_PER_S 1.0

/* A sample: seconds of the PHC and what CLOCK_MONOTONIC_RAW gained, from the newest. */
struct point {
	double at_s;
	double gain_ns;
	double weight;
	double error_ns;
	bool used;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] :
			   (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The wider a reading, the more of its place within is unknown. */
static void place(struct point *points, const struct phc_sample *samples,
		  size_t count)
{
	const struct phc_sample *newest = &samples[count - 1];
	int64_t least = newest->error_ns;
	double sigma_ns;
	size_t i;

	for (i = 0; i < count; i++)
		if (samples[i].error_ns < least)
			least = samples[i].error_ns;
	for (i = 0; i < count; i++) {
		int64_t phc_ns = samples[i].phc_ns - newest->phc_ns;

		points[i].at_s = phc_ns / 1e9;
		points[i].gain_ns = samples[i].raw_ns - newest->raw_ns - phc_ns;
		points[i].error_ns = samples[i].error_ns;
		sigma_ns = fmax(1, least / 8.0) + samples[i].error_ns - least;
		points[i].weight = 1 / (sigma_ns * sigma_ns);
	}
}

/* Theil and Sen: the median slope of all pairs. */
static bool reject_outliers(struct point *points, size_t count)
{
	double values[PAIRS_MAX], rest[PHC_SAMPLES_MAX];
	double rate, offset, limit;
	size_t pairs = 0;
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = i + 1; j < count; j++)
			if (points[j].at_s != points[i].at_s)
				values[pairs++] =
					(points[j].gain_ns - points[i].gain_ns) /
					(points[j].at_s - points[i].at_s);
	if (!pairs)
		return false;
	rate = median(values, pairs);
	for (i = 0; i < count; i++) {
		rest[i] = points[i].gain_ns - rate * points[i].at_s;
		values[i] = rest[i];
	}
	offset = median(values, count);
	for (i = 0; i < count; i++)
		values[i] = fabs(rest[i] - offset);
	limit = OUTLIER_DEVIATIONS * DEVIATION_OF_MEDIAN * median(values, count) +
		PATTERN_NS;
	for (i = 0; i < count; i++)
		points[i].used = fabs(rest[i] - offset) <= limit;
	return true;
}

/* Moments of the samples' places, and the line in the middle of them. */
static bool regress(struct phc_fit *fit, const struct point *points,
		    size_t count)
{
	double gain = 0, product = 0;
	size_t i;

	*fit = (struct phc_fit){ 0 };
	for (i = 0; i < count; i++) {
		const struct point *p = &points[i];

		if (!p->used)
			continue;
		fit->used++;
		fit->weight += p->weight;
		fit->centre_s += p->weight * p->at_s;
		fit->error_ns += p->weight * p->error_ns;
		gain += p->weight * p->gain_ns;
	}
	if (fit->used < 3)
		return false;
	fit->centre_s /= fit->weight;
	fit->error_ns /= fit->weight;
	gain /= fit->weight;
	for (i = 0; i < count; i++) {
		double u = points[i].at_s - fit->centre_s;

		if (!points[i].used)
			continue;
		fit->moment2 += points[i].weight * u * u;
		fit->moment3 += points[i].weight * u * u * u;
		product += points[i].weight * u * (points[i].gain_ns - gain);
	}
	if (!(fit->moment2 > 0))
		return false;
	fit->rate_ppb = product / fit->moment2;
	fit->offset_ns = gain - fit->rate_ppb * fit->centre_s;
	return true;
}

static double residual(const struct phc_fit *fit, const struct point *point)
{
	return point->gain_ns - fit->offset_ns - fit->rate_ppb * point->at_s;
}

/* How many deviations hold 99.7 % of what Student's distribution has. */
static double student(size_t freedom)
{
	static const double few[] = {
		236, 236, 19.2, 9.22, 6.62, 5.51, 4.90, 4.53, 4.28, 4.09,
	};

	if (freedom < sizeof(few) / sizeof(few[0]))
		return few[freedom];
	return 3 + 9.6 / freedom;
}

/* The parabola that has no line in it, over these samples. */
static double parabola(const struct phc_fit *fit, double at_s)
{
	double u = at_s - fit->centre_s;

	return u * u - fit->moment3 / fit->moment2 * u -
	       fit->moment2 / fit->weight;
}

static void measure_bend(struct phc_fit *fit, const struct point *points,
			 size_t count)
{
	double product = 0, norm = 0, bend;
	size_t i;

	if (fit->used < PHC_SAMPLES_MIN)
		return;
	for (i = 0; i < count; i++) {
		double q = parabola(fit, points[i].at_s);

		if (!points[i].used)
			continue;
		product += points[i].weight * q * residual(fit, &points[i]);
		norm += points[i].weight * q * q;
	}
	if (!(norm > 0))
		return;
	bend = product / norm;
	if (fabs(bend) > student(fit->used - 3) * sqrt(fit->scale / norm))
		fit->bend = bend;
}

/* Too few runs of equal signs: what is left over has a shape. */
static bool has_pattern(const struct phc_fit *fit, const struct point *points,
			size_t count)
{
	double squares = 0;
	size_t runs = 0;
	int last = 0;
	size_t i;

	if (fit->used < RUNS_MIN)
		return false;
	for (i = 0; i < count; i++) {
		double rest = residual(fit, &points[i]);
		int sign = rest < 0 ? -1 : 1;

		if (!points[i].used)
			continue;
		squares += rest * rest;
		runs += sign != last;
		last = sign;
	}
	if (squares < fit->used * PATTERN_NS * PATTERN_NS)
		return false;
	return runs < (fit->used + 1) / 2.0 -
		      RUNS_DEVIATIONS * sqrt(fit->used - 1) / 2;
}

bool phc_fit_make(struct phc_fit *fit, const struct phc_sample *samples,
		  size_t count, bool *bent)
{
	struct point points[PHC_SAMPLES_MAX];
	double heaviest = 0, squares = 0;
	size_t i;

	if (count < 3)
		return false;
	place(points, samples, count);
	if (!reject_outliers(points, count) || !regress(fit, points, count))
		return false;
	for (i = 0; i < count; i++) {
		double rest = residual(fit, &points[i]);

		if (!points[i].used)
			continue;
		squares += points[i].weight * rest * rest;
		heaviest = fmax(heaviest, points[i].weight);
	}
	fit->scale = fmax(squares / (fit->used - 2),
			  ROUNDING_NS * ROUNDING_NS * heaviest);
	fit->noise_ns = student(fit->used - 2) *
			sqrt(fit->scale * fit->used / fit->weight);
	measure_bend(fit, points, count);
	*bent = has_pattern(fit, points, count);
	return true;
}

double phc_fit_bound_ns(const struct phc_fit *fit, double after_s)
{
	double u = after_s - fit->centre_s;
	double variance = fit->scale * (1 / fit->weight + u * u / fit->moment2);

	return fit->error_ns + student(fit->used - 2) * sqrt(variance) +
	       fabs(fit->bend * parabola(fit, after_s)) +
	       WANDER_PPB_PER_S * after_s * after_s / 2 + ROUNDING_NS;
}
