/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks abreast: an AES instruction takes several cycles, but one can begin in
 * each. For those who build on vec.h; all of it is inline.
 */
#ifndef KNTS_AES_LANES_H
#define KNTS_AES_LANES_H

#include "native.h"
#include "vec.h"

#define BLOCK KNTS_AES_BLOCK_LEN
#define ROUNDS_MAX 14
/* As many blocks as go side by side. */
#define LANES 8
/* What is indexed by lane stays in registers only if such loops are unrolled. */
#define FOR_EACH_LANE(i, lanes) \
	_Pragma("GCC unroll 8") \
	for (i = 0; i < (lanes); i++)
/* All but the first and the last. */
#define FOR_EACH_ROUND(r, rounds) \
	_Pragma("GCC unroll 10") \
	for (r = 1; r < (rounds); r++)

/**
 * struct schedule - an expanded key
 * @round: round keys, @rounds + 1 of them
 * @word: the same by words
 * @rounds: 10, 12 or 14
 */
struct schedule {
	union {
		vec round[ROUNDS_MAX + 1];
		u32 word[4 * (ROUNDS_MAX + 1)];
	};
	u32 rounds;
};

_Static_assert(sizeof(struct schedule) <= KNTS_NATIVE_KEY_LEN,
	       "a schedule does not fit its part of a key");
_Static_assert(sizeof(struct knts_aes_key) >= KNTS_NATIVE_KEY_LEN,
	       "a key has no room for a schedule");

VEC_INLINE vec zero_block(void)
{
	return vec_of_halves(0, 0);
}

/* In memory for a moment: secret, or masked by a secret. */
VEC_INLINE void block_wipe(u8 *block)
{
	vec_store(block, zero_block());
	__asm__ __volatile__("" : : "r"(block) : "memory");
}

static inline struct schedule *schedule_of(struct knts_aes_key *key)
{
	return (struct schedule *)key->opaque;
}

static inline const struct schedule *const_schedule_of(const struct knts_aes_key *key)
{
	return (const struct schedule *)key->opaque;
}

VEC_INLINE void encrypt_rounds(const struct schedule *s, vec *block,
			       const unsigned int lanes,
			       const unsigned int rounds)
{
	unsigned int i, r;

	FOR_EACH_LANE(i, lanes)
		block[i] = vec_whiten(block[i], s->round[0]);
	FOR_EACH_ROUND(r, rounds)
		FOR_EACH_LANE(i, lanes)
			block[i] = vec_round(block[i], s->round[r - 1],
					     s->round[r]);
	FOR_EACH_LANE(i, lanes)
		block[i] = vec_last(block[i], s->round[rounds - 1],
				    s->round[rounds]);
}

/* Encrypt @lanes blocks under one key. */
VEC_INLINE void encrypt_lanes(const struct schedule *s, vec *block,
			      const unsigned int lanes)
{
	if (s->rounds == 10)
		encrypt_rounds(s, block, lanes, 10);
	else
		encrypt_rounds(s, block, lanes, s->rounds);
}

#endif
