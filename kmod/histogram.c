// SPDX-License-Identifier: GPL-2.0-only
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/u64_stats_sync.h>

#include "histogram.h"

/*
 * Each has a sync of its own: one is written in interrupts, the others in
 * softirqs.
 */
struct histogram {
	struct u64_stats_sync sync;
	u64_stats_t sum_ns;
	u64_stats_t buckets[KNTS_BUCKETS];
};

struct knts_histograms {
	struct histogram of[KNTS_HISTOGRAM_COUNT];
};

static const char *const names[KNTS_HISTOGRAM_COUNT] = {
#define KNTS_HISTOGRAM_NAME(symbol, name) [KNTS_HISTOGRAM_##symbol] = name,
	KNTS_HISTOGRAMS(KNTS_HISTOGRAM_NAME)
#undef KNTS_HISTOGRAM_NAME
};

void knts_histogram_put(struct knts_net *knet, enum knts_histogram histogram,
			s64 value_ns)
{
	struct histogram *own = &this_cpu_ptr(knet->histograms)->of[histogram];

	u64_stats_update_begin(&own->sync);
	u64_stats_inc(&own->buckets[knts_buckets_index(value_ns)]);
	/* u64_stats_add() takes no negative value where a word has 32 bits. */
	u64_stats_set(&own->sum_ns, u64_stats_read(&own->sum_ns) + value_ns);
	u64_stats_update_end(&own->sync);
}

const char *knts_histogram_name(enum knts_histogram histogram)
{
	return names[histogram];
}

static u64 read_one(const struct histogram *own, const u64_stats_t *value)
{
	unsigned int start;
	u64 now;

	do {
		start = u64_stats_fetch_begin(&own->sync);
		now = u64_stats_read(value);
	} while (u64_stats_fetch_retry(&own->sync, start));
	return now;
}

void knts_histogram_read(const struct knts_net *knet,
			 enum knts_histogram histogram,
			 struct knts_histogram_sum *sum)
{
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	if (!knet->histograms)
		return;

	for_each_possible_cpu(cpu) {
		const struct histogram *own =
			&per_cpu_ptr(knet->histograms, cpu)->of[histogram];

		sum->sum_ns += read_one(own, &own->sum_ns);
		for (i = 0; i < KNTS_BUCKETS; i++)
			sum->buckets[i] += read_one(own, &own->buckets[i]);
	}
	for (i = 0; i < KNTS_BUCKETS; i++)
		sum->count += sum->buckets[i];
}

int knts_histogram_setup(struct knts_net *knet)
{
	int cpu, i;

	if (knet->histograms)
		return 0;

	knet->histograms = alloc_percpu_gfp(struct knts_histograms,
					    GFP_KERNEL_ACCOUNT);
	if (!knet->histograms)
		return -ENOMEM;

	for_each_possible_cpu(cpu)
		for (i = 0; i < KNTS_HISTOGRAM_COUNT; i++)
			u64_stats_init(&per_cpu_ptr(knet->histograms, cpu)
						->of[i].sync);
	return 0;
}

void knts_histogram_teardown(struct knts_net *knet)
{
	free_percpu(knet->histograms);
}
