// SPDX-License-Identifier: GPL-2.0-only
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

#include "stats.h"

struct knts_stats {
	struct u64_stats_sync sync;
	u64_stats_t counter[KNTS_STAT_COUNT];
};

static const char *const names[KNTS_STAT_COUNT] = {
#define KNTS_VERDICT_NAME(symbol, name, text) [KNTS_##symbol] = name,
	KNTS_VERDICTS(KNTS_VERDICT_NAME)
#undef KNTS_VERDICT_NAME
#define KNTS_STAMP_NAME(symbol, name, text) [KNTS_STAT_##symbol] = name,
	KNTS_STAMPS(KNTS_STAMP_NAME)
#undef KNTS_STAMP_NAME
};

void knts_stats_count(struct knts_net *knet, unsigned int stat)
{
	struct knts_stats *stats = this_cpu_ptr(knet->stats);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->counter[stat]);
	u64_stats_update_end(&stats->sync);
}

const char *knts_stats_name(unsigned int stat)
{
	return names[stat];
}

u64 knts_stats_read(const struct knts_net *knet, unsigned int stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct knts_stats *stats = per_cpu_ptr(knet->stats, cpu);
		unsigned int start;
		u64 value;

		do {
			start = u64_stats_fetch_begin(&stats->sync);
			value = u64_stats_read(&stats->counter[stat]);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		sum += value;
	}

	return sum;
}

int knts_stats_setup(struct knts_net *knet)
{
	int cpu;

	knet->stats = alloc_percpu_gfp(struct knts_stats, GFP_KERNEL_ACCOUNT);
	if (!knet->stats)
		return -ENOMEM;

	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(knet->stats, cpu)->sync);
	return 0;
}

void knts_stats_teardown(struct knts_net *knet)
{
	free_percpu(knet->stats);
}
