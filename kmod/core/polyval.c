// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * POLYVAL by integer multiplications. An integer product is a carry-less one
 * but for its carries, and these have room where of four neighbouring bits only
 * one is ever set: the operands are taken apart into four of that kind.
 */
#include "polyval.h"

/* An element of the field: bit i is the coefficient of x^i. */
struct element {
	u64 lo;
	u64 hi;
};

static struct element load(const u8 *block)
{
	return (struct element){
		.lo = knts_get_le64(block),
		.hi = knts_get_le64(block + 8),
	};
}

static u64 reverse(u64 x)
{
	x = (x & 0x5555555555555555) << 1 | (x >> 1 & 0x5555555555555555);
	x = (x & 0x3333333333333333) << 2 | (x >> 2 & 0x3333333333333333);
	x = (x & 0x0f0f0f0f0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f0f0f0f0f);

	return __builtin_bswap64(x);
}

/*
 * The lower 64 coefficients of a product. A column adds up at most 16 bits, and
 * 16 only the last one, whose carry falls off the end.
 */
static u64 multiply_low(u64 x, u64 y)
{
	const u64 m0 = 0x1111111111111111, m1 = m0 << 1, m2 = m0 << 2,
		  m3 = m0 << 3;
	const u64 x0 = x & m0, x1 = x & m1, x2 = x & m2, x3 = x & m3;
	const u64 y0 = y & m0, y1 = y & m1, y2 = y & m2, y3 = y & m3;

	return (((x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1)) & m0) |
	       (((x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2)) & m1) |
	       (((x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3)) & m2) |
	       (((x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0)) & m3);
}

/* Fold a product's lowest word upwards, adding a multiple of the modulus. */
static void fold(u64 lowest, u64 *next, u64 *after)
{
	*next ^= lowest << 63 ^ lowest << 62 ^ lowest << 57;
	*after ^= lowest ^ lowest >> 1 ^ lowest >> 2 ^ lowest >> 7;
}

/*
 * dot(): the product divided by x^128, modulo x^128 + x^127 + x^126 + x^121 + 1.
 * By Karatsuba's three products for four; the upper half of each is the lower
 * one of the operands reversed. @h_reversed: each word of @h for itself.
 */
static struct element dot(struct element a, struct element h,
			  struct element h_reversed)
{
	const u64 lo = reverse(a.lo), hi = reverse(a.hi);
	u64 v0 = multiply_low(a.lo, h.lo);
	u64 v2 = multiply_low(a.hi, h.hi);
	u64 mid = multiply_low(a.lo ^ a.hi, h.lo ^ h.hi) ^ v0 ^ v2;
	u64 v1 = multiply_low(lo, h_reversed.lo);
	u64 v3 = multiply_low(hi, h_reversed.hi);
	u64 mid_upper = multiply_low(lo ^ hi, h_reversed.lo ^ h_reversed.hi) ^
			v1 ^ v3;

	v1 = reverse(v1) >> 1 ^ mid;
	v2 ^= reverse(mid_upper) >> 1;
	v3 = reverse(v3) >> 1;

	fold(v0, &v1, &v2);
	fold(v1, &v2, &v3);

	return (struct element){ .lo = v2, .hi = v3 };
}

void knts_polyval_portable(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	const struct element key = load(h);
	const struct element key_reversed = {
		.lo = reverse(key.lo),
		.hi = reverse(key.hi),
	};
	struct element sum = load(acc);

	for (; blocks; blocks--, in += KNTS_POLYVAL_BLOCK_LEN) {
		struct element x = load(in);

		sum.lo ^= x.lo;
		sum.hi ^= x.hi;
		sum = dot(sum, key, key_reversed);
	}
	knts_put_le64(acc, sum.lo);
	knts_put_le64(acc + 8, sum.hi);
}
