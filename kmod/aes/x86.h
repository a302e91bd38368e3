/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What native.c asks of a machine, by AES-NI. The compiler's builtins, since
 * its headers need those of a C library.
 */
#ifndef KNTS_AES_X86_H
#define KNTS_AES_X86_H

#include "core/port.h"

typedef long long vec __attribute__((vector_size(16), may_alias));
typedef long long vec_anywhere
	__attribute__((vector_size(16), may_alias, aligned(1)));
typedef int vec_words __attribute__((vector_size(16)));
typedef char vec_octets __attribute__((vector_size(16)));

#define VEC_INLINE static inline __attribute__((always_inline))

/* A block of two halves that are numbers of the machine's own. */
VEC_INLINE vec vec_of_halves(u64 first, u64 second)
{
	const vec halves = { (long long)first, (long long)second };

	return halves;
}

/*
 * By halves: octets that were just written as two of them would have to reach
 * the cache before one load could have both.
 */
VEC_INLINE vec vec_load(const u8 *p)
{
	u64 half[2];
	vec v;

	__builtin_memcpy(half, p, sizeof(half));
	v = vec_of_halves(half[0], 0);
	/* So that they are not made one load again. */
	__asm__("" : "+x"(v));
	v[1] = (long long)half[1];
	return v;
}

VEC_INLINE void vec_store(u8 *p, vec v)
{
	*(vec_anywhere *)p = v;
}

/* The four words of a column-wise block, lowest first, as they are in memory. */
VEC_INLINE vec vec_of_words(u32 a, u32 b, u32 c, u32 d)
{
	const vec_words words = { (int)a, (int)b, (int)c, (int)d };

	return (vec)words;
}

VEC_INLINE u32 vec_first_word(vec v)
{
	return (u32)((vec_words)v)[0];
}

/*
 * A block's way through a cipher: vec_whiten() with round key 0, vec_round()
 * with each but the last, vec_last() with that one. Each gets the round key
 * before it too, which other machines take then.
 */
VEC_INLINE vec vec_whiten(vec block, vec key)
{
	return block ^ key;
}

VEC_INLINE vec vec_round(vec block, vec before, vec key)
{
	return (vec)__builtin_ia32_aesenc128((vec)block, key);
}

VEC_INLINE vec vec_last(vec block, vec before, vec key)
{
	return (vec)__builtin_ia32_aesenclast128(block, key);
}

/* SubWord() of a block whose words are all the same. */
VEC_INLINE vec vec_sub(vec words)
{
	const vec zero = { 0, 0 };

	return (vec)__builtin_ia32_aesenclast128(words, zero);
}

/* The last word in all four places. */
VEC_INLINE vec vec_spread_last(vec v)
{
	return (vec)__builtin_ia32_pshufd((vec_words)v, 0xff);
}

/* The same, RotWord() done to it. */
VEC_INLINE vec vec_spread_last_rotated(vec v)
{
	const vec_octets order = { 13, 14, 15, 12, 13, 14, 15, 12,
				   13, 14, 15, 12, 13, 14, 15, 12 };

	return (vec)__builtin_ia32_pshufb128((vec_octets)v, order);
}

/* Each word XORed with all that stand before it. */
VEC_INLINE vec vec_xor_up(vec v)
{
	v ^= (vec)__builtin_ia32_pslldqi128(v, 32);
	v ^= (vec)__builtin_ia32_pslldqi128(v, 64);
	return v;
}

/* Octets of a block in another order: 0 to 15, or 0x80 for a zero. */
VEC_INLINE vec vec_shuffle(vec v, vec order)
{
	return (vec)__builtin_ia32_pshufb128((vec_octets)v, (vec_octets)order);
}

/* Carry-less products of halves: of both first, of both second, and crosswise. */
VEC_INLINE vec vec_multiply_first(vec a, vec b)
{
	return (vec)__builtin_ia32_pclmulqdq128(a, b, 0x00);
}

VEC_INLINE vec vec_multiply_second(vec a, vec b)
{
	return (vec)__builtin_ia32_pclmulqdq128(a, b, 0x11);
}

VEC_INLINE vec vec_multiply_across(vec a, vec b)
{
	return (vec)(__builtin_ia32_pclmulqdq128(a, b, 0x10) ^
		     __builtin_ia32_pclmulqdq128(a, b, 0x01));
}

/* Each half in the other's place. */
VEC_INLINE vec vec_swap(vec v)
{
	return (vec)__builtin_ia32_pshufd((vec_words)v, 0x4e);
}

#endif
