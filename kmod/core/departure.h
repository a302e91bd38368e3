/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The departure delay: how long after the clock was read for its transmit
 * timestamp a reply truly leaves. It is learnt from those whose departure the
 * device stamped, and added to the timestamps of later ones.
 *
 * A transmit timestamp must not be later than the departure (P10), so what is
 * added is about the least delay of the last minutes, and not the mean.
 */
#ifndef KNTS_CORE_DEPARTURE_H
#define KNTS_CORE_DEPARTURE_H

#include "port.h"

#define KNTS_DEPARTURE_BLOCKS 64
#define KNTS_DEPARTURE_BLOCK_LEN 64
#define KNTS_DEPARTURE_BLOCK_NS 10000000000ULL
/* So many delays must be known before one is added. */
#define KNTS_DEPARTURE_MIN 16
#define KNTS_DEPARTURE_MEAN_UNIT 256

/**
 * struct knts_departure - what is known of one CPU's departures by one device
 * @delay_ns: to be added to transmit timestamps; read without lock
 * @samples: delays learnt from
 * @least_ns: the least of each block; a block ends after KNTS_DEPARTURE_BLOCK_LEN
 *	samples, or KNTS_DEPARTURE_BLOCK_NS
 * @block: the one being filled
 * @blocks: how many hold something
 * @block_samples: samples in it
 * @block_begin_ns: when it began
 * @error_ns: exponential mean of sample minus @delay_ns, times
 *	KNTS_DEPARTURE_MEAN_UNIT
 * @square: exponential mean of its square, ns^2
 *
 * Zeroed, it knows nothing. The means begin at KNTS_DEPARTURE_MIN samples.
 */
struct knts_departure {
	u32 delay_ns;
	u32 least_ns[KNTS_DEPARTURE_BLOCKS];
	u8 block;
	u8 blocks;
	u8 block_samples;
	u64 block_begin_ns;
	u64 samples;
	s64 error_ns;
	u64 square;
};

/**
 * knts_departure_learn() - learn from one reply
 * @departure: under a lock of the caller
 * @sample_ns: its departure minus the clock's reading, a second at most
 * @now_ns: any clock that does not go back
 *
 * Context: any, hard interrupts included.
 */
void knts_departure_learn(struct knts_departure *departure, u32 sample_ns,
			  u64 now_ns);

/**
 * knts_departure_error_ns() - how early transmit timestamps still are
 * @departure: with KNTS_DEPARTURE_MIN samples at least
 *
 * Return: nanoseconds, on average over the last samples; 0 if they are late.
 */
static inline u32 knts_departure_error_ns(const struct knts_departure *departure)
{
	return departure->error_ns > 0 ?
	       (u32)(departure->error_ns / KNTS_DEPARTURE_MEAN_UNIT) : 0;
}

#endif
