/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the core takes from its surroundings, in the kernel and in userspace.
 * The only place of the core that knows which of the two it is built for.
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

#define knts_wipe(ptr, len) memzero_explicit(ptr, len)
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

static inline u16 knts_get_be16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 knts_get_be32(const u8 *p)
{
	return (u32)knts_get_be16(p) << 16 | knts_get_be16(p + 2);
}

static inline u64 knts_get_be64(const u8 *p)
{
	return (u64)knts_get_be32(p) << 32 | knts_get_be32(p + 4);
}

static inline void knts_put_be16(u8 *p, u16 v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

static inline void knts_put_be32(u8 *p, u32 v)
{
	knts_put_be16(p, v >> 16);
	knts_put_be16(p + 2, v & 0xffff);
}

static inline void knts_put_be64(u8 *p, u64 v)
{
	knts_put_be32(p, v >> 32);
	knts_put_be32(p + 4, v & 0xffffffff);
}

#endif
