// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "buckets.h"

#define S64_MOST ((s64)(~0ULL >> 1))

/* The least magnitude of the bucket, or the end of the one before. */
static s64 magnitude_from(unsigned int index)
{
	if (index == KNTS_BUCKETS_SIGN)
		return S64_MOST;
	if (index < 4)
		return index;
	return (s64)(4 + index % 4) << (index / 4 - 1);
}

s64 knts_buckets_from(unsigned int index)
{
	if (index >= KNTS_BUCKETS_SIGN)
		return magnitude_from(index - KNTS_BUCKETS_SIGN);
	if (!index)
		return -S64_MOST - 1;
	return -magnitude_from(KNTS_BUCKETS_SIGN - index);
}
