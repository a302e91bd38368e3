/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's clients with how often they ask, in an order.
 */
#ifndef KNTSCTL_CLIENT_ROWS_H
#define KNTSCTL_CLIENT_ROWS_H

#include "kntsctl/kntsctl.h"

/**
 * struct client_row - a client
 * @client: as the kernel has it
 * @per_s: packets a second between two readings; negative if there was only one
 * @mean_per_s: the same since the kernel counts it
 */
struct client_row {
	struct knts_client client;
	double per_s;
	double mean_per_s;
};

/**
 * struct client_rows - clients
 * @rows: @count of them
 * @table: how the kernel keeps them
 * @window_s: time between the two readings; 0 if there was only one
 */
struct client_rows {
	struct client_row *rows;
	size_t count;
	struct knts_clients table;
	double window_s;
};

/* In the order of CLIENT_SORTS. */
enum client_sort {
	CLIENT_SORT_RATE,
	CLIENT_SORT_MEAN,
	CLIENT_SORT_PACKETS,
	CLIENT_SORT_NTS,
	CLIENT_SORT_PLAIN,
	CLIENT_SORT_NAKS,
	CLIENT_SORT_DROPS,
	CLIENT_SORT_LAST,
	CLIENT_SORT_ADDRESS,
	CLIENT_SORT_COUNT,
};

#define CLIENT_SORTS "rate mean packets nts plain naks drops last address"
#define CLIENTS_OFF                                                       \
	"the kernel keeps no clients: turn it on with 'kntsctl clients"   \
	" set 1024', or for good with client-table-size = 1024 in kntsd.conf"

/**
 * client_rows_make() - reckon the rates
 * @rows: zeroed; @rows->window_s is taken from here, the rest filled in
 * @before: an earlier reading, put in another order; NULL if there is none
 * @after: the clients now
 *
 * Return: 0 or -ENOMEM.
 */
int client_rows_make(struct client_rows *rows, struct knts_client *before,
		     size_t before_count, const struct knts_client *after,
		     size_t after_count);

/** client_rows_free() - give back what it holds */
void client_rows_free(struct client_rows *rows);

/** client_rows_sort() - the busiest first, or the lowest address */
void client_rows_sort(struct client_rows *rows, enum client_sort sort);

/** client_address() - as text; CLIENT_ADDRESS_SIZE; Return: @text */
#define CLIENT_ADDRESS_SIZE 46
const char *client_address(const struct knts_client *client, char *text);

/** client_rows_width() - columns that the longest of @limit addresses takes */
int client_rows_width(const struct client_rows *rows, size_t limit);

/**
 * client_head() - the line above client_line()s
 * @width: from client_rows_width()
 * @line: CLIENT_LINE_SIZE octets, no line's end
 */
#define CLIENT_LINE_SIZE 160
void client_head(int width, char *line);

/** client_line() - a client in one line */
void client_line(const struct client_row *row, int width, char *line);

/** client_rows_print() - @limit of them; 0 for all */
void client_rows_print(FILE *out, const struct client_rows *rows, size_t limit);

struct json_object *client_rows_to_json(const struct client_rows *rows,
					size_t limit);

#endif
