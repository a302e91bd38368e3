// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Medians find which samples lie on a line, weighted least squares which line
 * that is. Where the rate drifts a parabola takes its place, and the line is the
 * parabola's tangent at the newest sample. The runs of the residuals' signs tell
 * whether the window has a shape beyond that.
 */
#include "phc_fit.h"

#include <math.h>
#include <stdlib.h>

#define PAIRS_MAX (PHC_SAMPLES_MAX * (PHC_SAMPLES_MAX - 1) / 2)
/* A normal distribution's deviation from the median of its distances. */
#define DEVIATION_OF_MEDIAN 1.4826
#define OUTLIER_DEVIATIONS 5
/* Both clocks are read in whole nanoseconds. */
#define ROUNDING_NS 0.5
/* Residuals so small are rounding, which has patterns of its own. */
#define PATTERN_NS 2
/* With less there may be few runs by chance. */
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

static double slope_of_parabola(const struct phc_fit *fit)
{
	return -2 * fit->centre_s - fit->moment3 / fit->moment2;
}

static double residual(const struct phc_fit *fit, const struct point *point)
{
	double on_line = fit->offset_ns + fit->rate_ppb * point->at_s;

	return point->gain_ns - on_line -
	       fit->bend_ppb_per_s * point->at_s * point->at_s;
}

/* What rounding alone makes. */
static double least_scale(const struct point *points, size_t count)
{
	double heaviest = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (points[i].used)
			heaviest = fmax(heaviest, points[i].weight);
	return ROUNDING_NS * ROUNDING_NS * heaviest;
}

/* If there is a bend beyond chance, take the tangent at the newest sample. */
static void bend(struct phc_fit *fit, const struct point *points, size_t count)
{
	double product = 0, norm = 0, squares = 0;
	double size, scale;
	size_t i;

	if (fit->used < PHC_SAMPLES_MIN)
		return;
	for (i = 0; i < count; i++) {
		double q = parabola(fit, points[i].at_s);
		double rest = residual(fit, &points[i]);

		if (!points[i].used)
			continue;
		product += points[i].weight * q * rest;
		norm += points[i].weight * q * q;
		squares += points[i].weight * rest * rest;
	}
	if (!(norm > 0))
		return;
	size = product / norm;
	scale = fmax((squares - size * product) / (fit->used - 3),
		     least_scale(points, count));
	if (fabs(size) <= student(fit->used - 3) * sqrt(scale / norm))
		return;
	fit->bend_ppb_per_s = size;
	fit->bend_moment = norm;
	fit->offset_ns += size * parabola(fit, 0);
	fit->rate_ppb += size * slope_of_parabola(fit);
}

/* Variance of what is left over, for a sample of weight 1. */
static void measure_scale(struct phc_fit *fit, const struct point *points,
			  size_t count)
{
	size_t parameters = fit->bend_moment > 0 ? 3 : 2;
	double squares = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		double rest = residual(fit, &points[i]);

		if (!points[i].used)
			continue;
		squares += points[i].weight * rest * rest;
	}
	fit->freedom = fit->used - parameters;
	fit->scale = fmax(squares / fit->freedom, least_scale(points, count));
	fit->noise_ns = student(fit->freedom) *
			sqrt(fit->scale * fit->used / fit->weight);
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
		  size_t count, bool *odd)
{
	struct point points[PHC_SAMPLES_MAX];

	if (count < 3)
		return false;
	place(points, samples, count);
	if (!reject_outliers(points, count) || !regress(fit, points, count))
		return false;
	bend(fit, points, count);
	measure_scale(fit, points, count);
	*odd = has_pattern(fit, points, count);
	return true;
}

double phc_fit_bound_ns(const struct phc_fit *fit, double after_s)
{
	double u = after_s - fit->centre_s;
	double variance = 1 / fit->weight + u * u / fit->moment2;
	double tangent;

	if (fit->bend_moment > 0) {
		tangent = parabola(fit, 0) + slope_of_parabola(fit) * after_s;
		variance += tangent * tangent / fit->bend_moment;
	}
	return fit->error_ns +
	       student(fit->freedom) * sqrt(fit->scale * variance) +
	       (fabs(fit->bend_ppb_per_s) + WANDER_PPB_PER_S / 2) *
	       after_s * after_s + ROUNDING_NS;
}
