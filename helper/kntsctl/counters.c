// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's counters at one moment, their sums and how fast they grow.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kntsctl/counters.h"

double now_exact_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int wait_s(double seconds)
{
	struct timespec span;

	span.tv_sec = (time_t)seconds;
	span.tv_nsec = (long)((seconds - span.tv_sec) * 1e9);
	return nanosleep(&span, NULL) ? -errno : 0;
}

int counters_take(struct knts_conn *conn, struct counters *counters)
{
	memset(counters, 0, sizeof(*counters));
	counters->at_s = now_exact_s();
	return knts_stats_get(conn, &counters->list, &counters->count);
}

void counters_free(struct counters *counters)
{
	free(counters->list);
}

bool counter_is(const struct knts_counter *counter, const char *kind)
{
	size_t len = strlen(kind);

	return !strncmp(counter->name, kind, len) && counter->name[len] == '-';
}

uint64_t counters_value(const struct counters *counters, const char *name)
{
	size_t i;

	for (i = 0; i < counters->count; i++)
		if (!strcmp(counters->list[i].name, name))
			return counters->list[i].value;
	return 0;
}

struct tally counters_tally(const struct counters *counters)
{
	const struct knts_counter *counter;
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < counters->count; i++) {
		counter = &counters->list[i];
		if (!strcmp(counter->name, "answer-nts"))
			tally.nts += counter->value;
		else if (counter_is(counter, "answer"))
			tally.plain += counter->value;
		else if (counter_is(counter, "kiss"))
			tally.kisses += counter->value;
		else if (counter_is(counter, "drop"))
			tally.drops += counter->value;
	}
	return tally;
}

/* The module may have been loaded anew in between. */
static double per_s(uint64_t before, uint64_t after, double window_s)
{
	return after > before && window_s > 0 ? (after - before) / window_s : 0;
}

struct rates counters_rates(const struct counters *before,
			    const struct counters *after)
{
	struct tally first = counters_tally(before);
	struct tally last = counters_tally(after);
	double window_s = after->at_s - before->at_s;

	return (struct rates){
		.window_s = window_s,
		.plain = per_s(first.plain, last.plain, window_s),
		.nts = per_s(first.nts, last.nts, window_s),
		.kisses = per_s(first.kisses, last.kisses, window_s),
		.drops = per_s(first.drops, last.drops, window_s),
	};
}

double counters_per_s(const struct counters *before,
		      const struct counters *after, const char *name)
{
	return per_s(counters_value(before, name), counters_value(after, name),
		     after->at_s - before->at_s);
}
