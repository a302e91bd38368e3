// SPDX-License-Identifier: GPL-2.0-or-later
#include "ke_stats.h"

#include <stddef.h>

void ke_stats_add(struct ke_stats *total, const struct ke_stats *stats)
{
	size_t i;

	for (i = 0; i < KE_STAT_COUNT; i++)
		total->counters[i] += stats->counters[i];
}
