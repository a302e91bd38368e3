// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All that the kernel and kntsd say, at one moment.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kntsctl/snapshot.h"

/* Long enough for a rate, short enough for a person. */
#define RATE_WINDOW_NS 500000000L

bool counter_is(const struct knts_counter *counter, const char *kind)
{
	size_t len = strlen(kind);

	return !strncmp(counter->name, kind, len) && counter->name[len] == '-';
}

struct tally tally_counters(const struct knts_counter *counters, size_t count)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		if (counter_is(&counters[i], "answer"))
			tally.answers += counters[i].value;
		else if (counter_is(&counters[i], "kiss"))
			tally.kisses += counters[i].value;
		else if (counter_is(&counters[i], "drop"))
			tally.drops += counters[i].value;
	}
	return tally;
}

bool is_serving(const struct snapshot *snapshot)
{
	return !snapshot->kernel_error[0] && snapshot->servers_count &&
	       snapshot->clock_set && snapshot->clock.synchronised;
}

static double now_exact_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int take_rate(struct knts_conn *conn, struct snapshot *snapshot)
{
	const struct timespec window = { .tv_nsec = RATE_WINDOW_NS };
	struct tally before, after;
	double begin_s, end_s;
	int err;

	err = knts_stats_get(conn, &snapshot->counters,
			     &snapshot->counters_count);
	if (err)
		return err;
	begin_s = now_exact_s();
	before = tally_counters(snapshot->counters, snapshot->counters_count);

	nanosleep(&window, NULL);

	free(snapshot->counters);
	snapshot->counters = NULL;
	snapshot->counters_count = 0;
	err = knts_stats_get(conn, &snapshot->counters,
			     &snapshot->counters_count);
	if (err)
		return err;
	end_s = now_exact_s();
	after = tally_counters(snapshot->counters, snapshot->counters_count);

	snapshot->answers_per_s =
		(double)(after.answers - before.answers) / (end_s - begin_s);
	return 0;
}

static int take_kernel(struct knts_conn *conn, struct snapshot *snapshot)
{
	int err;

	err = take_rate(conn, snapshot);
	if (err)
		return err;
	err = knts_server_list(conn, &snapshot->servers,
			       &snapshot->servers_count);
	if (err)
		return err;
	err = knts_ring_get(conn, &snapshot->keys, &snapshot->keys_count);
	if (err)
		return err;
	err = knts_phc_list(conn, &snapshot->phcs, &snapshot->phcs_count);
	if (err)
		return err;
	err = knts_clock_get(conn, &snapshot->clock);
	snapshot->clock_set = !err;
	return err == -ENODATA ? 0 : err;
}

void snapshot_take(struct snapshot *snapshot, const char *control_path)
{
	struct knts_conn *conn;
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	err = knts_open(&conn);
	if (!err)
		err = take_kernel(conn, snapshot);
	if (err)
		snprintf(snapshot->kernel_error, sizeof(snapshot->kernel_error),
			 "%s", knts_error(conn));
	knts_close(conn);

	snapshot->kntsd = control_ask(control_path, "status",
				      snapshot->kntsd_error);
	snapshot->now_s = time(NULL);
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->servers);
	free(snapshot->keys);
	free(snapshot->phcs);
	free(snapshot->counters);
	json_object_put(snapshot->kntsd);
}
