/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A histogram's buckets, for nanoseconds of either sign: every octave has four
 * of equal width, so a bucket is never wider than a quarter of where it begins.
 * Below 4 each value has its own. A negative value's bucket mirrors that of
 * -1 - value, so that every bucket is half-open to the same side, and powers of
 * two, positive and negative, are all bounds.
 */
#ifndef KNTS_CORE_BUCKETS_H
#define KNTS_CORE_BUCKETS_H

#include "port.h"

/* Of each sign; the last of them begins at 7 * 2^30 ns, and has no end. */
#define KNTS_BUCKETS_SIGN 128
#define KNTS_BUCKETS (2 * KNTS_BUCKETS_SIGN)

/* The bucket of a value that is not negative, from 0. */
static inline unsigned int knts_buckets_magnitude(u64 magnitude)
{
	unsigned int octave;

	if (magnitude < 4)
		return (unsigned int)magnitude;
	octave = 63 - (unsigned int)__builtin_clzll(magnitude);
	if (octave > 32)
		return KNTS_BUCKETS_SIGN - 1;
	return 4 * (octave - 2) + (unsigned int)(magnitude >> (octave - 2));
}

/**
 * knts_buckets_index() - where a value falls
 * @value_ns: the value
 *
 * Return: the bucket, from 0 to KNTS_BUCKETS - 1 in the order of values.
 */
static inline unsigned int knts_buckets_index(s64 value_ns)
{
	if (value_ns < 0)
		return KNTS_BUCKETS_SIGN - 1 -
		       knts_buckets_magnitude((u64)~value_ns);
	return KNTS_BUCKETS_SIGN + knts_buckets_magnitude((u64)value_ns);
}

/**
 * knts_buckets_from() - where a bucket begins
 * @index: the bucket, or KNTS_BUCKETS
 *
 * Return: the least value that falls into it; that of the next bucket is the
 * least that no longer does. For KNTS_BUCKETS the greatest value of all, which
 * itself is in the last bucket.
 */
s64 knts_buckets_from(unsigned int index);

#endif
