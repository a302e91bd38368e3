// SPDX-License-Identifier: GPL-2.0-or-later
#include "ke_stats.h"

#include <stddef.h>

#define SECOND_NS 1000000000ULL

void ke_stats_duration(struct ke_stats *stats, uint64_t ns)
{
	size_t i = 0;

	while (i < KE_DURATIONS &&
	       ns << -KE_DURATION_MIN_LOG2 > SECOND_NS << i)
		i++;
	stats->durations[i]++;
	stats->durations_ns += ns;
}

void ke_stats_add(struct ke_stats *total, const struct ke_stats *stats)
{
	size_t i;

	for (i = 0; i < KE_STAT_COUNT; i++)
		total->counters[i] += stats->counters[i];
	for (i = 0; i <= KE_DURATIONS; i++)
		total->durations[i] += stats->durations[i];
	total->durations_ns += stats->durations_ns;
}
