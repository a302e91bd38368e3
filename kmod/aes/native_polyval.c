// SPDX-License-Identifier: GPL-2.0-only
/*
 * POLYVAL by the machine's carry-less multiplication. A multiplication waits
 * for the one before it; of two blocks at a time, one of them by the square of
 * the key, only one in two does. For a request's dozen of blocks more lanes gain
 * less than the powers for them cost.
 */
#include "native.h"
#include "vec.h"

#define BLOCK KNTS_POLYVAL_BLOCK_LEN

/* first + middle * x^64 + last * x^128 */
struct product {
	vec first;
	vec middle;
	vec last;
};

VEC_INLINE struct product multiply(vec a, vec b)
{
	return (struct product){
		.first = vec_multiply_first(a, b),
		.middle = vec_multiply_across(a, b),
		.last = vec_multiply_second(a, b),
	};
}

VEC_INLINE struct product sum(struct product a, struct product b)
{
	return (struct product){
		.first = a.first ^ b.first,
		.middle = a.middle ^ b.middle,
		.last = a.last ^ b.last,
	};
}

/*
 * Multiply by x^64 from what @low stands at, modulo x^128 + x^127 + x^126 +
 * x^121 + 1: its first half goes up by 128, along with what that adds between.
 */
VEC_INLINE vec fold(vec low)
{
	const vec modulus = vec_of_halves(0xc200000000000000, 0);

	return vec_swap(low) ^ vec_multiply_first(low, modulus);
}

/* Divide by x^128: RFC 8452, 3. */
VEC_INLINE vec reduce(struct product p)
{
	return p.last ^ fold(p.middle ^ fold(p.first));
}

void knts_native_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	const vec key = vec_load(h);
	vec hash = vec_load(acc), square;

	if (blocks & 1) {
		hash = reduce(multiply(hash ^ vec_load(in), key));
		in += BLOCK;
	}
	blocks /= 2;
	if (blocks)
		square = reduce(multiply(key, key));
	for (; blocks; blocks--, in += 2 * BLOCK) {
		vec odd = hash ^ vec_load(in);
		vec even = vec_load(in + BLOCK);

		hash = reduce(sum(multiply(even, key), multiply(odd, square)));
	}
	vec_store(acc, hash);
}
