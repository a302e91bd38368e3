// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "departure.h"

/* Weight of one sample in the exponential means: 1/64. */
#define MEAN_SHIFT 6
/*
 * Kept back: what it takes to ask for a departure's timestamp, as replies that are
 * not asked about leave so much sooner; and for what comes, some of the mean
 * distance from the least.
 */
#define MARGIN_ASKED_NS 50
#define MARGIN_SHIFT 3

static u32 least(const struct knts_departure *departure)
{
	u32 least_ns = departure->least_ns[0];
	int i;

	for (i = 1; i < departure->blocks; i++)
		if (departure->least_ns[i] < least_ns)
			least_ns = departure->least_ns[i];
	return least_ns;
}

static void put_sample(struct knts_departure *departure, u32 sample_ns,
		       u64 now_ns)
{
	bool full = departure->block_samples == KNTS_DEPARTURE_BLOCK_LEN ||
		    now_ns - departure->block_begin_ns >= KNTS_DEPARTURE_BLOCK_NS;

	if (!departure->blocks || full) {
		if (departure->blocks)
			departure->block = (departure->block + 1) %
					   KNTS_DEPARTURE_BLOCKS;
		if (departure->blocks < KNTS_DEPARTURE_BLOCKS)
			departure->blocks++;
		departure->least_ns[departure->block] = sample_ns;
		departure->block_samples = 0;
		departure->block_begin_ns = now_ns;
	}
	if (sample_ns < departure->least_ns[departure->block])
		departure->least_ns[departure->block] = sample_ns;
	departure->block_samples++;
	departure->samples++;
}

/* How far a reply's transmit timestamp was from its departure. */
static void put_error(struct knts_departure *departure, s64 error_ns)
{
	s64 scaled = error_ns * KNTS_DEPARTURE_MEAN_UNIT;
	s64 square = error_ns * error_ns;

	if (departure->samples == KNTS_DEPARTURE_MIN) {
		departure->error_ns = scaled;
		departure->square = (u64)square;
		return;
	}

	departure->error_ns += (scaled - departure->error_ns) >> MEAN_SHIFT;
	square -= (s64)departure->square;
	departure->square += (u64)(square >> MEAN_SHIFT);
}

void knts_departure_learn(struct knts_departure *departure, u32 sample_ns,
			  u64 now_ns)
{
	u32 added_ns = departure->delay_ns;
	u32 least_ns, margin_ns;

	put_sample(departure, sample_ns, now_ns);
	if (departure->samples < KNTS_DEPARTURE_MIN)
		return;

	least_ns = least(departure);
	margin_ns = MARGIN_ASKED_NS +
		    (knts_departure_error_ns(departure) >> MARGIN_SHIFT);
	WRITE_ONCE(departure->delay_ns,
		   least_ns > margin_ns ? least_ns - margin_ns : 0);
	if (departure->samples == KNTS_DEPARTURE_MIN)
		added_ns = departure->delay_ns;
	put_error(departure, (s64)sample_ns - added_ns);
}
