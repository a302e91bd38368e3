/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the core takes from its surroundings, in the kernel and in userspace.
 * The only place of the core that knows which of the two it is built for.
 *
 * __uninitialized is for what is large, on the way of every packet, and written
 * before it is read: kernels clear each variable on the stack otherwise.
 */
#ifndef KNTS_CORE_PORT_H
#define KNTS_CORE_PORT_H

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/algapi.h>

/* A call and a string instruction take longer than a few stores. */
#define knts_wipe(ptr, len) \
	do { \
		if (__builtin_constant_p(len) && (len) % 8 == 0 && \
		    (len) <= KNTS_WIPE_INLINE_MAX_LEN) \
			knts_wipe_words(ptr, (len) / 8); \
		else \
			memzero_explicit(ptr, len); \
	} while (0)
#define KNTS_WIPE_INLINE_MAX_LEN 256

static __always_inline void knts_wipe_words(void *ptr, size_t words)
{
	u64 *word = ptr;

	/* So that it does not become a call of memset() again. */
	for (; words; words--)
		WRITE_ONCE(*word++, 0);
	barrier_data(ptr);
}

#define knts_differ(a, b, len) (crypto_memneq(a, b, len) != 0)
#define knts_div_u64(dividend, divisor) div_u64(dividend, divisor)

typedef atomic64_t knts_atomic_u64;

#define knts_atomic_read(v) ((u64)atomic64_read(v))
#define knts_atomic_release(v, value) atomic64_set_release(v, (s64)(value))
#define knts_atomic_replace(v, old, new) \
	(atomic64_cmpxchg(v, (s64)(old), (s64)(new)) == (s64)(old))

#else

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int32_t s32;
typedef int64_t s64;

#define __aligned(n) __attribute__((aligned(n)))
#define __uninitialized
#define knts_wipe(ptr, len) explicit_bzero(ptr, len)
#define knts_div_u64(dividend, divisor) ((u64)(dividend) / (u32)(divisor))

typedef u64 knts_atomic_u64;

#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define knts_atomic_read(v) __atomic_load_n(v, __ATOMIC_RELAXED)
#define knts_atomic_release(v, value) __atomic_store_n(v, value, __ATOMIC_RELEASE)

/* Full barriers, as the kernel's cmpxchg. */
static inline bool knts_atomic_replace(knts_atomic_u64 *v, u64 old, u64 new)
{
	return __atomic_compare_exchange_n(v, &old, new, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline bool knts_differ(const void *a, const void *b, size_t len)
{
	const volatile u8 *x = a, *y = b;
	u8 diff = 0;

	while (len--)
		diff |= *x++ ^ *y++;
	return diff != 0;
}

#endif

/* memcpy() of a few octets, whose number the compiler does not know. */
static inline void knts_copy(u8 *dst, const u8 *src, size_t len)
{
	for (; len >= 8; len -= 8, dst += 8, src += 8)
		memcpy(dst, src, 8);
	if (len >= 4) {
		memcpy(dst, src, 4);
		len -= 4;
		dst += 4;
		src += 4;
	}
	while (len--)
		*dst++ = *src++;
}

/* XOR of a few octets, to @dst. */
static inline void knts_xor(u8 *dst, const u8 *a, const u8 *b, size_t len)
{
	u64 x, y;

	for (; len >= 8; len -= 8, dst += 8, a += 8, b += 8) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		x ^= y;
		memcpy(dst, &x, 8);
	}
	while (len--)
		*dst++ = *a++ ^ *b++;
}

/* Numbers of a stated byte order at any address, and the machine's own. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define KNTS_BE(bits, v) __builtin_bswap##bits(v)
#define KNTS_LE(bits, v) (v)
#else
#define KNTS_BE(bits, v) (v)
#define KNTS_LE(bits, v) __builtin_bswap##bits(v)
#endif

#define KNTS_ORDERED(bits, order, convert) \
static inline u##bits knts_get_##order##bits(const u8 *p) \
{ \
	u##bits v; \
\
	memcpy(&v, p, sizeof(v)); \
	return convert(bits, v); \
} \
\
static inline void knts_put_##order##bits(u8 *p, u##bits v) \
{ \
	v = convert(bits, v); \
	memcpy(p, &v, sizeof(v)); \
}

KNTS_ORDERED(16, be, KNTS_BE)
KNTS_ORDERED(32, be, KNTS_BE)
KNTS_ORDERED(64, be, KNTS_BE)
KNTS_ORDERED(32, le, KNTS_LE)
KNTS_ORDERED(64, le, KNTS_LE)

#endif
