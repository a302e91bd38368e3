/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Interleaved mode's memory (RFC 9769): pairs of a reply's receive and transmit
 * timestamps, found by the receive timestamp, which the client gives back as
 * the origin of its next request. Neither address nor port is looked at.
 *
 * The table has a fixed size and forgets: a new pair takes the place of the
 * oldest of its bucket. Nobody waits for anybody. Whoever works at a pair has
 * made its receive timestamp odd by one compare-and-exchange; to all others
 * it is not there meanwhile. So saved receive timestamps are even.
 */
#ifndef KNTS_CORE_PAIRS_H
#define KNTS_CORE_PAIRS_H

#include "port.h"

#define KNTS_PAIRS_WAYS 4

/**
 * struct knts_pair - a saved reply
 * @receive: its receive timestamp, odd while somebody works at it; 0: none
 * @delay: from receive to transmit timestamp, 2^-32 seconds
 * @era: what the clock's steps had counted to when it was saved
 */
struct knts_pair {
	knts_atomic_u64 receive;
	u32 delay;
	u32 era;
};

/**
 * struct knts_pairs - the table
 * @shift: 64 - log2 of the number of buckets
 * @pairs: KNTS_PAIRS_WAYS for each bucket, zeroed at first
 *
 * A bucket is a cache line, if @pairs begins at one.
 */
struct knts_pairs {
	unsigned int shift;
	struct knts_pair *pairs;
};

/**
 * knts_pairs_claim() - reserve a place for a reply that is being made
 * @table: the table
 * @receive: the reply's receive timestamp; made even, and unlike every saved
 *	one, by adding a few units of 2^-32 seconds (I5)
 * @era: the clock's era
 * @evicted: set to whether a pair of this era had to go for it
 *
 * Context: any.
 * Return: the place, for knts_pair_save() or knts_pair_drop(); or NULL if others
 * work at the whole bucket: then the reply is not saved.
 */
struct knts_pair *knts_pairs_claim(struct knts_pairs *table, u64 *receive,
				   u32 era, bool *evicted);

/**
 * knts_pair_save() - save a reply
 * @pair: from knts_pairs_claim()
 * @receive: its receive timestamp, as knts_pairs_claim() left it
 * @transmit: its transmit timestamp; one second or more after @receive, the
 *	pair is dropped instead
 * @era: the clock's era
 *
 * Context: any.
 */
void knts_pair_save(struct knts_pair *pair, u64 receive, u64 transmit, u32 era);

/**
 * knts_pair_drop() - give a place back
 * @pair: from knts_pairs_claim()
 *
 * Context: any.
 */
void knts_pair_drop(struct knts_pair *pair);

/**
 * knts_pairs_take() - find the reply that a request refers to, which serves once
 * @table: the table
 * @origin: the request's origin timestamp
 * @era: the clock's era; pairs of another are void (I12)
 * @transmit: set to the reply's transmit timestamp
 *
 * Context: any.
 * Return: true if it was saved.
 */
bool knts_pairs_take(struct knts_pairs *table, u64 origin, u32 era,
		     u64 *transmit);

/**
 * knts_pairs_correct() - put a better transmit timestamp into a saved reply
 * @table: the table
 * @receive: its receive timestamp
 * @era: the clock's era
 * @transmit: when it truly left
 *
 * Context: any, hard interrupts included.
 * Return: true if it was still there.
 */
bool knts_pairs_correct(struct knts_pairs *table, u64 receive, u32 era,
			u64 transmit);

#endif
