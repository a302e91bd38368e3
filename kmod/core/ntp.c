// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "ntp.h"

/*
 * 16.16 units in a millisecond at one part per billion are 2^16 / 10^12, which
 * is GROWTH_MUL / GROWTH_DIV.
 */
#define GROWTH_MUL 16
#define GROWTH_DIV 244140625U
/* Fits 64 bits when multiplied, and is over 2^32 units by then. */
#define GROWTH_LIMIT (1ULL << 59)

u64 knts_ntp_blur(u64 ts, s8 precision, u64 random)
{
	u64 mask;

	if (precision <= -32)
		return ts;

	mask = 0xffffffff;
	if (precision < 0)
		mask >>= -precision;

	return (ts & ~mask) | (random & mask);
}

u32 knts_ntp_dispersion(u32 base, u32 rate_ppb, u64 age_ms)
{
	u64 sum;

	if (rate_ppb && age_ms > knts_div_u64(GROWTH_LIMIT, rate_ppb))
		return 0xffffffff;

	sum = knts_div_u64(age_ms * rate_ppb * GROWTH_MUL + GROWTH_DIV - 1,
			   GROWTH_DIV);
	sum += base;

	return sum > 0xffffffff ? 0xffffffff : (u32)sum;
}
