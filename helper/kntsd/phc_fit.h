/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line through samples of two clocks: a weighted regression without
 * outliers, and a bound of its error. Pure arithmetic: no clock is read here.
 */
#ifndef KNTSD_PHC_FIT_H
#define KNTSD_PHC_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PHC_SAMPLES_MAX 64
/* Fewer say nothing of how well they lie on a line. */
#define PHC_SAMPLES_MIN 4

/**
 * struct phc_sample - both clocks at one moment
 * @phc_ns: the PHC
 * @raw_ns: CLOCK_MONOTONIC_RAW
 * @error_ns: how far apart the two moments may be at most
 */
struct phc_sample {
	int64_t phc_ns;
	int64_t raw_ns;
	int64_t error_ns;
};

/**
 * struct phc_fit - a line through samples, seen from the newest one
 * @offset_ns: of CLOCK_MONOTONIC_RAW from the newest sample's
 * @rate_ppb: how much faster CLOCK_MONOTONIC_RAW runs
 * @error_ns: of the samples that it goes through, on average
 * @noise_ns: how far from the line a sample of average weight may lie
 * @scale: variance of a sample of weight 1
 * @weight: sum of weights
 * @centre_s: the mean sample's place, in seconds of the PHC
 * @moment2: weighted second moment about it
 * @moment3: third moment
 * @bend_ppb_per_s: half of the rate's drift, if there is one beyond chance
 * @bend_moment: the parabola's moment then, else 0
 * @used: samples that it goes through
 * @freedom: of them, those that are too many to determine it
 */
struct phc_fit {
	double offset_ns;
	double rate_ppb;
	double error_ns;
	double noise_ns;
	double scale;
	double weight;
	double centre_s;
	double moment2;
	double moment3;
	double bend_ppb_per_s;
	double bend_moment;
	size_t used;
	size_t freedom;
};

/**
 * phc_fit_make() - the line through samples, the newest being the last one
 * @fit: filled in
 * @odd: set to whether they have a shape that it does not have
 *
 * Return: whether there is one.
 */
bool phc_fit_make(struct phc_fit *fit, const struct phc_sample *samples,
		  size_t count, bool *odd);

/** phc_fit_bound_ns() - of its error, @after_s seconds after the newest sample */
double phc_fit_bound_ns(const struct phc_fit *fit, double after_s);

#endif
