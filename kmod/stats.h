/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a network namespace: one for each verdict, then where receive
 * timestamps came from. Written per CPU, summed up when read.
 */
#ifndef KNTS_STATS_H
#define KNTS_STATS_H

#include "core/verdict.h"
#include "knts.h"

/* Counted by itself, beside enum knts_verdict. */
enum knts_stat {
	KNTS_STAT_VERDICT_LAST = KNTS_VERDICT_COUNT - 1,
#define KNTS_STAT_SYMBOL(symbol, name, text) KNTS_STAT_##symbol,
	KNTS_STAMPS(KNTS_STAT_SYMBOL)
#undef KNTS_STAT_SYMBOL
	KNTS_STAT_COUNT,
};

/**
 * knts_stats_count() - count one event
 * @knet: namespace
 * @stat: enum knts_verdict or enum knts_stat
 *
 * Context: softirqs disabled.
 */
void knts_stats_count(struct knts_net *knet, unsigned int stat);

/**
 * knts_stats_name() - a counter's name
 * @stat: below KNTS_STAT_COUNT
 *
 * Return: the name, as the netlink family spells it.
 */
const char *knts_stats_name(unsigned int stat);

/**
 * knts_stats_read() - a counter's value, over all CPUs
 * @knet: namespace
 * @stat: below KNTS_STAT_COUNT
 *
 * Context: any.
 * Return: the count since the namespace began.
 */
u64 knts_stats_read(const struct knts_net *knet, unsigned int stat);

int knts_stats_setup(struct knts_net *knet);
void knts_stats_teardown(struct knts_net *knet);

#endif
