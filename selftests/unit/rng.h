/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that look random and are the same at every run (xorshift64*). */
#ifndef KNTS_UNIT_RNG_H
#define KNTS_UNIT_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

#define RNG_INIT \
	{ \
		.state = 0x9e3779b97f4a7c15 \
	}

static inline uint64_t rng_next(struct rng *rng)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;

	return rng->state * 0x2545f4914f6cdd1d;
}

/* From 0 to @limit, both included. */
static inline size_t rng_upto(struct rng *rng, size_t limit)
{
	return (rng_next(rng) >> 16) % (limit + 1);
}

static inline void rng_fill(struct rng *rng, void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len--)
		*p++ = rng_next(rng) >> 56;
}

#endif
