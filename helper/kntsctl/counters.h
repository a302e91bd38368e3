/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's counters at one moment, their sums and how fast they grow.
 */
#ifndef KNTSCTL_COUNTERS_H
#define KNTSCTL_COUNTERS_H

#include "kntsctl/kntsctl.h"

/**
 * struct counters - all counters at one moment
 * @at_s: the moment, in seconds of CLOCK_MONOTONIC
 * @list: @count of them, in the kernel's order
 */
struct counters {
	double at_s;
	struct knts_counter *list;
	size_t count;
};

/**
 * struct tally - the counters, added up by how a packet ended
 * @plain: requests answered without NTS
 * @nts: requests answered with NTS
 * @kisses: requests answered by a kiss code
 * @drops: packets that got no reply
 */
struct tally {
	uint64_t plain;
	uint64_t nts;
	uint64_t kisses;
	uint64_t drops;
};

/**
 * struct rates - how many a second
 * @window_s: measured over so many seconds; 0 if not at all
 */
struct rates {
	double window_s;
	double plain;
	double nts;
	double kisses;
	double drops;
};

/** counters_take() - read them; Return: 0, or -errno with knts_error() */
int counters_take(struct knts_conn *conn, struct counters *counters);

/** counters_free() - give back what it holds */
void counters_free(struct counters *counters);

/** counters_value() - of the counter of this name; 0 if there is none */
uint64_t counters_value(const struct counters *counters, const char *name);

/** counters_tally() - add them up */
struct tally counters_tally(const struct counters *counters);

/** counters_rates() - how fast the sums grew from @before to @after */
struct rates counters_rates(const struct counters *before,
			    const struct counters *after);

/** counters_per_s() - how fast one grew; 0 where no time went by */
double counters_per_s(const struct counters *before,
		      const struct counters *after, const char *name);

/** counter_is() - the counter's name begins with @kind and a dash */
bool counter_is(const struct knts_counter *counter, const char *kind);

/** now_exact_s() - seconds of CLOCK_MONOTONIC */
double now_exact_s(void);

/** wait_s() - sleep; Return: 0, or -EINTR after a signal */
int wait_s(double seconds);

#endif
