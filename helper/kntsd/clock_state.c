// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clock readings in the kernel's units.
 */
#include <time.h>

#include "clock.h"
#include "core/ntp.h"

#define STRATUM_MAX 15
#define PRECISION_SAMPLES 1000

uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return knts_ntp_from_ns((uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

/* Up, so that no error is told smaller than it is; too large stays so. */
static uint32_t round_up(double units)
{
	uint32_t down;

	if (!(units < UINT32_MAX))
		return UINT32_MAX;
	if (!(units > 0))
		return 0;
	down = (uint32_t)units;
	return down + (down < units);
}

void clock_state(struct knts_clock *state, const struct clock_reading *reading,
		 const struct config_clock *config, int precision)
{
	*state = (struct knts_clock){
		.leap = reading->leap,
		.stratum = reading->stratum,
		.precision = precision,
		.root_delay = round_up(reading->root_delay_s * 65536),
		.root_dispersion =
			round_up(reading->root_dispersion_s * 65536),
		.reference_id = reading->reference_id,
		.reference_time = reading->reference_time,
		.dispersion_rate_ppb = round_up(config->dispersion_rate_ppb +
						reading->dispersion_rate * 1e9),
		.lifetime_ms = config->lifetime_ms,
	};
	if (!state->stratum || state->stratum > STRATUM_MAX)
		state->leap = KNTS_NTP_LEAP_UNSYNC;
	if (state->leap == KNTS_NTP_LEAP_UNSYNC)
		state->stratum = STRATUM_MAX;
}

int clock_precision(void)
{
	uint64_t least = 1000000000;
	struct timespec a, b;
	int exponent = 0;
	int i;

	for (i = 0; i < PRECISION_SAMPLES; i++) {
		uint64_t step;

		clock_gettime(CLOCK_REALTIME, &a);
		do {
			clock_gettime(CLOCK_REALTIME, &b);
			step = (b.tv_sec - a.tv_sec) * 1000000000LL +
			       b.tv_nsec - a.tv_nsec;
		} while (!step);
		if (step < least)
			least = step;
	}
	while (exponent > -32 && least * 2 <= 1000000000) {
		least *= 2;
		exponent--;
	}
	return exponent;
}
