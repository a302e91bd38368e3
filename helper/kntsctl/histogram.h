/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a histogram of the kernel says: mean, quantiles, octaves.
 */
#ifndef KNTSCTL_HISTOGRAM_H
#define KNTSCTL_HISTOGRAM_H

#include "kntsctl/kntsctl.h"

#define HISTOGRAM_QUANTILES 4

/* Their names, "p50" to "p99.9". */
extern const char *const histogram_quantile_names[HISTOGRAM_QUANTILES];

/**
 * struct histogram_summary - a histogram in a few numbers
 * @count: values
 * @mean_ns: exact
 * @quantiles_ns: by histogram_quantile_names; within a bucket values are taken
 *	for evenly spread, so they are right to an eighth
 * @max_below_ns: all values are below; INT64_MAX if nothing is known of that
 * @min_from_ns: no value is below; INT64_MIN, likewise
 */
struct histogram_summary {
	uint64_t count;
	double mean_ns;
	double quantiles_ns[HISTOGRAM_QUANTILES];
	int64_t max_below_ns;
	int64_t min_from_ns;
};

/** histogram_summary() - all zero if the histogram is empty */
struct histogram_summary histogram_summary(const struct knts_histogram *h);

/**
 * histogram_subtract() - leave what came since
 * @h: as it is now; emptied buckets stay, with a count of 0
 * @before: as it was; what it had and @h has not is no matter
 */
void histogram_subtract(struct knts_histogram *h,
			const struct knts_histogram *before);

/** histogram_find() - the one of this name, or NULL */
struct knts_histogram *histogram_find(struct knts_histogram *histograms,
				      size_t count, const char *name);

/**
 * histogram_octaves() - add buckets up, between powers of two
 * @h: the histogram
 * @octaves: filled in from the least to the greatest, without gaps between
 *	those that are not empty; HISTOGRAM_OCTAVES of them
 *
 * Return: how many.
 */
#define HISTOGRAM_OCTAVES 128
size_t histogram_octaves(const struct knts_histogram *h,
			 struct knts_bucket *octaves);

#endif
