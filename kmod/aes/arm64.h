/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What native.c and native_polyval.c ask of a machine, by ARMv8's Cryptography
 * Extension. A vector's first octet is its lowest, so little-endian only.
 */
#ifndef KNTS_AES_ARM64_H
#define KNTS_AES_ARM64_H

#ifdef __KERNEL__
#include <asm/neon-intrinsics.h>
#else
#include <arm_neon.h>
#endif

#include "core/port.h"

typedef unsigned long long vec __attribute__((vector_size(16), may_alias));

#define VEC_INLINE static inline __attribute__((always_inline))

VEC_INLINE vec vec_load(const u8 *p)
{
	return (vec)vld1q_u8(p);
}

VEC_INLINE void vec_store(u8 *p, vec v)
{
	vst1q_u8(p, (uint8x16_t)v);
}

/* The four words of a column-wise block, lowest first, as they are in memory. */
VEC_INLINE vec vec_of_words(u32 a, u32 b, u32 c, u32 d)
{
	const uint32x4_t words = { a, b, c, d };

	return (vec)words;
}

VEC_INLINE u32 vec_first_word(vec v)
{
	return vgetq_lane_u32((uint32x4_t)v, 0);
}

/* A block of two halves that are numbers of the machine's own. */
VEC_INLINE vec vec_of_halves(u64 first, u64 second)
{
	const vec halves = { first, second };

	return halves;
}

/*
 * A block's way through a cipher: AESE adds a round key before what else a round
 * does, so each round takes the key of the one before, and the last adds two.
 */
VEC_INLINE vec vec_whiten(vec block, vec key)
{
	return block;
}

VEC_INLINE vec vec_round(vec block, vec before, vec key)
{
	return (vec)vaesmcq_u8(vaeseq_u8((uint8x16_t)block, (uint8x16_t)before));
}

VEC_INLINE vec vec_last(vec block, vec before, vec key)
{
	return (vec)vaeseq_u8((uint8x16_t)block, (uint8x16_t)before) ^ key;
}

/* SubWord() of a block whose words are all the same. */
VEC_INLINE vec vec_sub(vec words)
{
	return (vec)vaeseq_u8((uint8x16_t)words, vdupq_n_u8(0));
}

/* The last word in all four places. */
VEC_INLINE vec vec_spread_last(vec v)
{
	return (vec)vdupq_laneq_u32((uint32x4_t)v, 3);
}

/* The same, RotWord() done to it. */
VEC_INLINE vec vec_spread_last_rotated(vec v)
{
	uint32x4_t words = vdupq_laneq_u32((uint32x4_t)v, 3);

	return (vec)vsriq_n_u32(vshlq_n_u32(words, 24), words, 8);
}

/* Each word XORed with all that stand before it. */
VEC_INLINE vec vec_xor_up(vec v)
{
	const uint8x16_t zero = vdupq_n_u8(0);

	v ^= (vec)vextq_u8(zero, (uint8x16_t)v, 12);
	v ^= (vec)vextq_u8(zero, (uint8x16_t)v, 8);
	return v;
}

/* Octets of a block in another order: 0 to 15, or 0x80 for a zero. */
VEC_INLINE vec vec_shuffle(vec v, vec order)
{
	return (vec)vqtbl1q_u8((uint8x16_t)v, (uint8x16_t)order);
}

/* Carry-less products of halves: of both first, of both second, and crosswise. */
VEC_INLINE vec vec_multiply_first(vec a, vec b)
{
	return (vec)vmull_p64((poly64_t)a[0], (poly64_t)b[0]);
}

VEC_INLINE vec vec_multiply_second(vec a, vec b)
{
	return (vec)vmull_high_p64((poly64x2_t)a, (poly64x2_t)b);
}

/* Each half in the other's place. */
VEC_INLINE vec vec_swap(vec v)
{
	return (vec)vextq_u64((uint64x2_t)v, (uint64x2_t)v, 1);
}

VEC_INLINE vec vec_multiply_across(vec a, vec b)
{
	vec swapped = vec_swap(b);

	return vec_multiply_first(a, swapped) ^ vec_multiply_second(a, swapped);
}

#endif
