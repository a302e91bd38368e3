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
#define RATE_WINDOW_S 0.5

bool is_serving(const struct snapshot *snapshot)
{
	return !snapshot->kernel_error[0] && snapshot->servers_count &&
	       snapshot->clock_set && snapshot->clock.synchronised;
}

static int take_counters(struct knts_conn *conn, struct snapshot *snapshot)
{
	struct counters before;
	int err;

	err = counters_take(conn, &before);
	if (err)
		return err;
	wait_s(RATE_WINDOW_S);
	err = counters_take(conn, &snapshot->counters);
	if (!err)
		snapshot->rates = counters_rates(&before, &snapshot->counters);
	counters_free(&before);
	return err;
}

static int take_kernel(struct knts_conn *conn, struct snapshot *snapshot)
{
	int err;

	err = take_counters(conn, snapshot);
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
	counters_free(&snapshot->counters);
	json_object_put(snapshot->kntsd);
}
