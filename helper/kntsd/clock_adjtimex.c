// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own opinion of its clock, which every daemon that disciplines it
 * leaves there (adjtimex(2)). It knows neither stratum nor reference.
 */
#include <errno.h>
#include <string.h>
#include <sys/timex.h>

#include "clock_source.h"
#include "core/ntp.h"
#include "fail.h"

static uint8_t leap_of(int status)
{
	if (status & (STA_UNSYNC | STA_CLOCKERR))
		return KNTS_NTP_LEAP_UNSYNC;
	if (status & STA_INS)
		return 1;
	if (status & STA_DEL)
		return 2;
	return 0;
}

static int read_adjtimex(const struct config_clock *config,
			 struct clock_reading *reading, char *error,
			 size_t error_size)
{
	struct timex tx = { .modes = 0 };

	if (adjtimex(&tx) < 0)
		return fail(-errno, error, error_size, "adjtimex fails: %s",
			    strerror(errno));
	*reading = (struct clock_reading){
		.leap = leap_of(tx.status),
		.stratum = config->stratum,
		.root_delay_s = config->root_delay_ns / 1e9,
		/* Microseconds; grows by itself while nobody sets it. */
		.root_dispersion_s = tx.maxerror / 1e6,
		.reference_id = config->reference_id,
		.reference_time = clock_now(),
	};
	return 0;
}

const struct clock_source clock_adjtimex = {
	.name = "adjtimex",
	.read = read_adjtimex,
};
