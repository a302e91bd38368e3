/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CBC-MAC chains abreast. A block of a chain waits for the one before it; those
 * of other chains meanwhile cost no time. All of it is inline, so that what is
 * known of a call is worked out by the compiler.
 */
#ifndef KNTS_AES_CHAINS_H
#define KNTS_AES_CHAINS_H

#include "lanes.h"

/**
 * struct lane - a CBC-MAC chain in registers
 * @s: key
 * @mac: chaining state
 * @in: the blocks that are to come
 * @blocks: how many
 */
struct lane {
	const struct schedule *s;
	vec mac;
	const u8 *in;
	size_t blocks;
};

/* One block further on each lane. */
VEC_INLINE void step(const struct schedule *const *s, vec *mac,
		     const vec *block, const unsigned int lanes,
		     const unsigned int rounds)
{
	unsigned int i, r;

	FOR_EACH_LANE(i, lanes)
		mac[i] = vec_whiten(mac[i] ^ block[i], s[i]->round[0]);
	FOR_EACH_ROUND(r, rounds)
		FOR_EACH_LANE(i, lanes)
			mac[i] = vec_round(mac[i], s[i]->round[r - 1],
					   s[i]->round[r]);
	FOR_EACH_LANE(i, lanes)
		mac[i] = vec_last(mac[i], s[i]->round[rounds - 1],
				  s[i]->round[rounds]);
}

VEC_INLINE vec step_one(const struct schedule *s, vec mac, vec block,
			const unsigned int rounds)
{
	step(&s, &mac, &block, 1, rounds);
	return mac;
}

/* @blocks blocks further on each of up to three lanes. */
VEC_INLINE void advance(struct lane *a, struct lane *b, struct lane *c,
			size_t blocks, const unsigned int lanes,
			const unsigned int rounds)
{
	struct lane *const all[] = { a, b, c };
	const struct schedule *s[3];
	vec mac[3], block[3];
	unsigned int i;

	FOR_EACH_LANE(i, lanes) {
		s[i] = all[i]->s;
		mac[i] = all[i]->mac;
		all[i]->blocks -= blocks;
	}
	for (; blocks; blocks--) {
		FOR_EACH_LANE(i, lanes) {
			block[i] = vec_load(all[i]->in);
			all[i]->in += BLOCK;
		}
		step(s, mac, block, lanes, rounds);
	}
	FOR_EACH_LANE(i, lanes)
		all[i]->mac = mac[i];
}

VEC_INLINE size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* @a to its end, and @c as far as that takes. */
VEC_INLINE void run_one(struct lane *a, struct lane *c,
			const unsigned int rounds)
{
	advance(a, c, NULL, least(a->blocks, c->blocks), 2, rounds);
	advance(a, NULL, NULL, a->blocks, 1, rounds);
}

/* @a and @b to their ends, and @c as far as that takes. */
VEC_INLINE void run_two(struct lane *a, struct lane *b, struct lane *c,
			const unsigned int rounds)
{
	size_t both = least(a->blocks, b->blocks);

	advance(a, b, c, least(both, c->blocks), 3, rounds);
	advance(a, b, NULL, least(a->blocks, b->blocks), 2, rounds);
	if (a->blocks)
		run_one(a, c, rounds);
	else
		run_one(b, c, rounds);
}

#endif
