/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the kernel counts, at one moment.
 */
#ifndef KNTSCTL_READING_H
#define KNTSCTL_READING_H

#include "kntsctl/client_rows.h"
#include "kntsctl/counters.h"

/**
 * struct reading - counters, histograms and clients
 * @counters: with the moment
 * @histograms: @histograms_count of them
 * @clients: @clients_count of them
 * @table: how clients are kept
 */
struct reading {
	struct counters counters;
	struct knts_histogram *histograms;
	size_t histograms_count;
	struct knts_client *clients;
	size_t clients_count;
	struct knts_clients table;
};

/** reading_take() - Return: 0, or -errno with knts_error(); free it then, too */
int reading_take(struct knts_conn *conn, struct reading *reading);

/** reading_free() - give back what it holds */
void reading_free(struct reading *reading);

/**
 * reading_rows() - the clients with their rates
 * @before: an earlier reading, whose clients change their order; may be NULL
 *
 * Return: 0 or -ENOMEM.
 */
int reading_rows(struct reading *before, const struct reading *after,
		 struct client_rows *rows);

/** reading_window_s() - from one to the other */
double reading_window_s(const struct reading *before,
			const struct reading *after);

#endif
