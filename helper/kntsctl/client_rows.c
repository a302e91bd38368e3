// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's clients with how often they ask, in an order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/client_rows.h"

static uint64_t packets(const struct knts_client *client)
{
	return client->plain + client->nts + client->kisses + client->drops;
}

static int compare_addresses(const void *left, const void *right)
{
	const struct knts_client *a = left, *b = right;

	if (a->address_len != b->address_len)
		return a->address_len < b->address_len ? -1 : 1;
	return memcmp(a->address, b->address, a->address_len);
}

/*
 * One that is new in the table came within the window, and so did all of its
 * packets, and those of one that had to go and came back.
 */
static double rate(const struct knts_client *before,
		   const struct knts_client *after, double window_s)
{
	uint64_t count = packets(after);

	if (before && packets(before) <= count)
		count -= packets(before);
	return count / window_s;
}

/* A single packet has no rate: nothing says when the next will come. */
static double mean(const struct knts_client *client)
{
	uint64_t count = packets(client);
	double span_s = (client->since_ms - client->age_ms) / 1e3;

	if (count < 2 || client->since_ms <= client->age_ms)
		return 0;
	return (count - 1) / span_s;
}

int client_rows_make(struct client_rows *rows, struct knts_client *before,
		     size_t before_count, const struct knts_client *after,
		     size_t after_count)
{
	struct knts_client *old;
	struct client_row *row;
	size_t i;

	rows->rows = calloc(after_count ? after_count : 1, sizeof(*rows->rows));
	if (!rows->rows)
		return -ENOMEM;
	rows->count = after_count;
	if (before)
		qsort(before, before_count, sizeof(*before), compare_addresses);
	for (i = 0; i < after_count; i++) {
		row = &rows->rows[i];
		row->client = after[i];
		row->mean_per_s = mean(&after[i]);
		row->per_s = -1;
		if (!before || rows->window_s <= 0)
			continue;
		old = bsearch(&after[i], before, before_count, sizeof(*before),
			      compare_addresses);
		row->per_s = rate(old, &after[i], rows->window_s);
	}
	return 0;
}

void client_rows_free(struct client_rows *rows)
{
	free(rows->rows);
}

/* The higher, the further up. */
static double height(const struct client_row *row, enum client_sort sort)
{
	switch (sort) {
	case CLIENT_SORT_RATE:
		return row->per_s;
	case CLIENT_SORT_MEAN:
		return row->mean_per_s;
	case CLIENT_SORT_PACKETS:
		return packets(&row->client);
	case CLIENT_SORT_NTS:
		return row->client.nts;
	case CLIENT_SORT_PLAIN:
		return row->client.plain;
	case CLIENT_SORT_NAKS:
		return row->client.kisses;
	case CLIENT_SORT_DROPS:
		return row->client.drops;
	case CLIENT_SORT_LAST:
		return -(double)row->client.age_ms;
	default:
		return 0;
	}
}

/* What decides where the order that is asked for does not. */
static int compare(const struct client_row *a, const struct client_row *b,
		   enum client_sort sort)
{
	const enum client_sort sorts[] = {
		sort, CLIENT_SORT_MEAN, CLIENT_SORT_PACKETS,
	};
	double left, right;
	size_t i;

	if (sort == CLIENT_SORT_ADDRESS)
		return compare_addresses(&a->client, &b->client);
	for (i = 0; i < sizeof(sorts) / sizeof(*sorts); i++) {
		left = height(a, sorts[i]);
		right = height(b, sorts[i]);
		if (left != right)
			return left > right ? -1 : 1;
	}
	return compare_addresses(&a->client, &b->client);
}

static int compare_rows(const void *left, const void *right, void *sort)
{
	return compare(left, right, *(enum client_sort *)sort);
}

void client_rows_sort(struct client_rows *rows, enum client_sort sort)
{
	qsort_r(rows->rows, rows->count, sizeof(*rows->rows), compare_rows,
		&sort);
}

const char *client_address(const struct knts_client *client, char *text)
{
	inet_ntop(client->address_len == 16 ? AF_INET6 : AF_INET,
		  client->address, text, CLIENT_ADDRESS_SIZE);
	return text;
}
