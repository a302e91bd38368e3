// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All that the kernel counts, at one moment.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/reading.h"

int reading_take(struct knts_conn *conn, struct reading *reading)
{
	int err;

	memset(reading, 0, sizeof(*reading));
	err = counters_take(conn, &reading->counters);
	if (err)
		return err;
	err = knts_histogram_list(conn, &reading->histograms,
				  &reading->histograms_count);
	if (err)
		return err;
	err = knts_clients_get(conn, &reading->table);
	if (err || !reading->table.entries)
		return err;
	return knts_client_list(conn, &reading->clients,
				&reading->clients_count);
}

void reading_free(struct reading *reading)
{
	counters_free(&reading->counters);
	knts_histogram_free(reading->histograms, reading->histograms_count);
	free(reading->clients);
}

double reading_window_s(const struct reading *before,
			const struct reading *after)
{
	return after->counters.at_s - before->counters.at_s;
}

int reading_rows(struct reading *before, const struct reading *after,
		 struct client_rows *rows)
{
	memset(rows, 0, sizeof(*rows));
	rows->table = after->table;
	if (!before)
		return client_rows_make(rows, NULL, 0, after->clients,
					after->clients_count);
	rows->window_s = reading_window_s(before, after);
	return client_rows_make(rows, before->clients, before->clients_count,
				after->clients, after->clients_count);
}
