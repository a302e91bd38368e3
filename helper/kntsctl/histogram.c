// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a histogram of the kernel says: mean, quantiles, octaves.
 */
#include <stdint.h>
#include <string.h>

#include "kntsctl/histogram.h"

#define OCTAVES_OF_SIGN (HISTOGRAM_OCTAVES / 2)

const char *const histogram_quantile_names[HISTOGRAM_QUANTILES] = {
	"p50", "p90", "p99", "p99.9",
};

static const double quantiles[HISTOGRAM_QUANTILES] = {
	0.5, 0.9, 0.99, 0.999,
};

static bool is_open(const struct knts_bucket *bucket)
{
	return bucket->from_ns == INT64_MIN || bucket->below_ns == INT64_MAX;
}

/* @part of the values are below what is returned. */
static double quantile(const struct knts_histogram *h, uint64_t count,
		       double part)
{
	const struct knts_bucket *bucket;
	double rank = part * count, seen = 0;
	size_t i;

	for (i = 0; i < h->buckets_count; i++) {
		bucket = &h->buckets[i];
		if (bucket->count && seen + bucket->count >= rank)
			break;
		seen += bucket->count;
	}
	if (i == h->buckets_count)
		return 0;
	if (is_open(bucket))
		return bucket->below_ns == INT64_MAX ? bucket->from_ns :
						       bucket->below_ns;
	return bucket->from_ns + (rank - seen) / bucket->count *
	       (bucket->below_ns - bucket->from_ns);
}

/*
 * The kernel goes on counting while it is read, so that the buckets may say one
 * more or less than the histogram's count; they are what quantiles are made of.
 */
struct histogram_summary histogram_summary(const struct knts_histogram *h)
{
	struct histogram_summary summary = { 0 };
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < h->buckets_count; i++) {
		if (!h->buckets[i].count)
			continue;
		if (!count)
			summary.min_from_ns = h->buckets[i].from_ns;
		summary.max_below_ns = h->buckets[i].below_ns;
		count += h->buckets[i].count;
	}
	summary.count = h->count;
	if (!count || !h->count)
		return summary;
	summary.mean_ns = (double)h->sum_ns / h->count;
	for (i = 0; i < HISTOGRAM_QUANTILES; i++)
		summary.quantiles_ns[i] = quantile(h, count, quantiles[i]);
	return summary;
}

void histogram_subtract(struct knts_histogram *h,
			const struct knts_histogram *before)
{
	struct knts_bucket *bucket;
	size_t i, j = 0;

	/* The module was loaded anew in between: all of it came since. */
	if (h->count < before->count)
		return;
	h->count -= before->count;
	h->sum_ns -= before->sum_ns;
	for (i = 0; i < h->buckets_count; i++) {
		bucket = &h->buckets[i];
		while (j < before->buckets_count &&
		       before->buckets[j].from_ns < bucket->from_ns)
			j++;
		if (j < before->buckets_count &&
		    before->buckets[j].from_ns == bucket->from_ns)
			bucket->count -= before->buckets[j].count;
	}
}

struct knts_histogram *histogram_find(struct knts_histogram *histograms,
				      size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(histograms[i].name, name))
			return &histograms[i];
	return NULL;
}

/*
 * Which octave a magnitude is in: 0 for [0, 1), 1 for [1, 2), 2 for [2, 4) and
 * so on.
 */
static int octave_of(uint64_t magnitude)
{
	return magnitude ? 64 - __builtin_clzll(magnitude) : 0;
}

static int64_t octave_from(int octave)
{
	return octave ? (int64_t)1 << (octave - 1) : 0;
}

static int64_t octave_below(int octave)
{
	return octave >= 63 ? INT64_MAX : (int64_t)1 << octave;
}

/* Its place among all octaves, negative ones mirrored below zero. */
static int place_of(const struct knts_bucket *bucket)
{
	if (bucket->from_ns >= 0)
		return OCTAVES_OF_SIGN + octave_of(bucket->from_ns);
	return OCTAVES_OF_SIGN - 1 - octave_of(-(uint64_t)bucket->below_ns);
}

static void bound(struct knts_bucket *octave, int place)
{
	int number = place - OCTAVES_OF_SIGN;

	if (number >= 0) {
		octave->from_ns = octave_from(number);
		octave->below_ns = octave_below(number);
	} else {
		number = -1 - number;
		octave->from_ns = -octave_below(number);
		octave->below_ns = -octave_from(number);
	}
}

size_t histogram_octaves(const struct knts_histogram *h,
			 struct knts_bucket *octaves)
{
	uint64_t counts[HISTOGRAM_OCTAVES] = { 0 };
	int64_t least = 0, most = 0;
	int first = 0, last = -1, place;
	size_t i;

	for (i = 0; i < h->buckets_count; i++) {
		if (!h->buckets[i].count)
			continue;
		place = place_of(&h->buckets[i]);
		counts[place] += h->buckets[i].count;
		if (last < 0) {
			first = place;
			least = h->buckets[i].from_ns;
		}
		last = place;
		most = h->buckets[i].below_ns;
	}
	if (last < 0)
		return 0;
	for (place = first; place <= last; place++) {
		octaves[place - first].count = counts[place];
		bound(&octaves[place - first], place);
	}
	if (least == INT64_MIN)
		octaves[0].from_ns = INT64_MIN;
	if (most == INT64_MAX)
		octaves[last - first].below_ns = INT64_MAX;
	return last - first + 1;
}
