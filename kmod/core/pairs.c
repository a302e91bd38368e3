// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "pairs.h"

/* Whose place to take, before giving up: others may be quicker. */
#define CLAIM_TRIES 4
#define ODD 1ULL

static struct knts_pair *bucket(const struct knts_pairs *table, u64 receive)
{
	/* 2^64 / golden ratio: neighbouring times are spread over all buckets. */
	u64 hash = (receive >> 1) * 0x9e3779b97f4a7c15ULL;

	return &table->pairs[(hash >> table->shift) * KNTS_PAIRS_WAYS];
}

/* The least worth keeping of a bucket, NULL if all are being worked at. */
static struct knts_pair *choose(struct knts_pair *ways, u64 receive, u32 era,
				u64 *found)
{
	struct knts_pair *chosen = NULL;
	s64 age_most = 0;
	int i;

	for (i = 0; i < KNTS_PAIRS_WAYS; i++) {
		u64 other = knts_atomic_read(&ways[i].receive);
		s64 age = (s64)(receive - other);

		if (other & ODD)
			continue;
		if (!other || READ_ONCE(ways[i].era) != era) {
			*found = other;
			return &ways[i];
		}
		/* A time after ours is a moment's: it came by another CPU. */
		if (!chosen || age > age_most) {
			chosen = &ways[i];
			age_most = age;
			*found = other;
		}
	}

	return chosen;
}

static bool is_elsewhere(const struct knts_pair *ways,
			 const struct knts_pair *own, u64 receive)
{
	int i;

	for (i = 0; i < KNTS_PAIRS_WAYS; i++)
		if (&ways[i] != own &&
		    (knts_atomic_read(&ways[i].receive) | ODD) == (receive | ODD))
			return true;
	return false;
}

struct knts_pair *knts_pairs_claim(struct knts_pairs *table, u64 *receive,
				   u32 era, bool *evicted)
{
	u64 even = (*receive + ODD) & ~ODD;
	struct knts_pair *ways, *pair;
	u64 found = 0;
	int i;

	*evicted = false;
	for (i = 0; i < CLAIM_TRIES; i++, even += 2) {
		if (!even)
			continue;
		ways = bucket(table, even);
		if (is_elsewhere(ways, NULL, even))
			continue;
		pair = choose(ways, even, era, &found);
		if (!pair || !knts_atomic_replace(&pair->receive, found,
						  even | ODD))
			continue;
		/* Two CPUs that want the same see each other here. */
		if (is_elsewhere(ways, pair, even)) {
			knts_pair_drop(pair);
			continue;
		}
		*evicted = found && READ_ONCE(pair->era) == era;
		*receive = even;
		return pair;
	}

	return NULL;
}

/* Return: false if the delay does not fit. */
static bool put_delay(struct knts_pair *pair, u64 receive, u64 transmit)
{
	u64 delay = transmit - receive;

	if (delay > 0xffffffff)
		return false;
	WRITE_ONCE(pair->delay, (u32)delay);
	return true;
}

void knts_pair_save(struct knts_pair *pair, u64 receive, u64 transmit, u32 era)
{
	if (!put_delay(pair, receive, transmit)) {
		knts_pair_drop(pair);
		return;
	}

	WRITE_ONCE(pair->era, era);
	knts_atomic_release(&pair->receive, receive);
}

void knts_pair_drop(struct knts_pair *pair)
{
	knts_atomic_release(&pair->receive, 0);
}

/* The saved reply, ours alone until its receive timestamp is even again. */
static struct knts_pair *seize(struct knts_pairs *table, u64 receive)
{
	struct knts_pair *ways = bucket(table, receive);
	int i;

	if (!receive || receive & ODD)
		return NULL;

	for (i = 0; i < KNTS_PAIRS_WAYS; i++)
		if (knts_atomic_read(&ways[i].receive) == receive &&
		    knts_atomic_replace(&ways[i].receive, receive, receive | ODD))
			return &ways[i];
	return NULL;
}

bool knts_pairs_take(struct knts_pairs *table, u64 origin, u32 era,
		     u64 *transmit)
{
	struct knts_pair *pair = seize(table, origin);
	bool valid;

	if (!pair)
		return false;

	valid = READ_ONCE(pair->era) == era;
	*transmit = origin + READ_ONCE(pair->delay);
	knts_pair_drop(pair);
	return valid;
}

bool knts_pairs_correct(struct knts_pairs *table, u64 receive, u32 era,
			u64 transmit)
{
	struct knts_pair *pair = seize(table, receive);
	bool valid;

	if (!pair)
		return false;

	valid = READ_ONCE(pair->era) == era && put_delay(pair, receive, transmit);
	knts_atomic_release(&pair->receive, receive);
	return valid;
}
