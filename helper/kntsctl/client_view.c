// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clients for people and as JSON.
 */
#include <inttypes.h>
#include <string.h>

#include "kntsctl/client_rows.h"
#include "kntsctl/format.h"
#include "kntsctl/object.h"

static size_t shown(const struct client_rows *rows, size_t limit)
{
	return limit && limit < rows->count ? limit : rows->count;
}

int client_rows_width(const struct client_rows *rows, size_t limit)
{
	int width = strlen("255.255.255.255"), len;
	char text[CLIENT_ADDRESS_SIZE];
	size_t i;

	for (i = 0; i < shown(rows, limit); i++) {
		len = strlen(client_address(&rows->rows[i].client, text));
		if (len > width)
			width = len;
	}
	return width;
}

static const char *kind(const struct knts_client *client)
{
	if (client->nts && client->plain)
		return "both";
	if (client->nts)
		return "NTS";
	return client->plain ? "plain" : "-";
}

void client_head(int width, char *line)
{
	snprintf(line, CLIENT_LINE_SIZE, "%-*s %7s %7s %-5s %10s %6s %6s  %s",
		 width, "client", "per s", "mean", "kind", "answers", "NAKs",
		 "drops", "last seen");
}

void client_line(const struct client_row *row, int width, char *line)
{
	const struct knts_client *client = &row->client;
	char address[CLIENT_ADDRESS_SIZE], rate[FORMAT_SIZE] = "-";
	char mean[FORMAT_SIZE], age[FORMAT_SIZE];

	if (row->per_s >= 0)
		format_rate(row->per_s, rate);
	snprintf(line, CLIENT_LINE_SIZE, "%-*s %7s %7s %-5s %10" PRIu64
		 " %6" PRIu64 " %6" PRIu64 "  %s ago", width,
		 client_address(client, address), rate,
		 format_rate(row->mean_per_s, mean), kind(client),
		 client->plain + client->nts, client->kisses, client->drops,
		 format_age(client->age_ms / 1000, age));
}

static void print_table(FILE *out, const struct client_rows *rows, size_t count)
{
	char len[FORMAT_SIZE];

	fprintf(out, "\n%zu of %zu clients; room for %" PRIu32
		" on each CPU (%s)", count, rows->count, rows->table.entries,
		format_len(rows->table.memory_len, len));
	if (rows->table.evicted)
		fprintf(out, "; %" PRIu64 " made room for others",
			rows->table.evicted);
	fputc('\n', out);
}

void client_rows_print(FILE *out, const struct client_rows *rows, size_t limit)
{
	int width = client_rows_width(rows, limit);
	size_t i, count = shown(rows, limit);
	char line[CLIENT_LINE_SIZE];

	client_head(width, line);
	fprintf(out, "%s\n", line);
	for (i = 0; i < count; i++) {
		client_line(&rows->rows[i], width, line);
		fprintf(out, "%s\n", line);
	}
	print_table(out, rows, count);
}

static void add_count(struct json_object *object, const char *key,
		      uint64_t count)
{
	json_object_object_add(object, key, json_object_new_uint64(count));
}

static struct json_object *row_to_json(const struct client_row *row)
{
	struct json_object *object = json_object_new_object();
	const struct knts_client *client = &row->client;
	char address[CLIENT_ADDRESS_SIZE];

	json_object_object_add(object, "address",
			       json_object_new_string(client_address(client,
								     address)));
	if (row->per_s >= 0)
		json_object_object_add(object, "per-s",
				       rate_to_json(row->per_s));
	json_object_object_add(object, "mean-per-s",
			       rate_to_json(row->mean_per_s));
	add_count(object, "plain", client->plain);
	add_count(object, "nts", client->nts);
	add_count(object, "kisses", client->kisses);
	add_count(object, "drops", client->drops);
	add_count(object, "since-ms", client->since_ms);
	add_count(object, "age-ms", client->age_ms);
	return object;
}

static struct json_object *table_to_json(const struct knts_clients *table)
{
	struct json_object *object = json_object_new_object();

	add_count(object, "entries", table->entries);
	add_count(object, "memory-len", table->memory_len);
	add_count(object, "evicted", table->evicted);
	return object;
}

struct json_object *client_rows_to_json(const struct client_rows *rows,
					size_t limit)
{
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();
	size_t i;

	json_object_object_add(object, "table", table_to_json(&rows->table));
	if (rows->window_s > 0)
		json_object_object_add(object, "interval-s",
				       rate_to_json(rows->window_s));
	for (i = 0; i < shown(rows, limit); i++)
		json_object_array_add(array, row_to_json(&rows->rows[i]));
	json_object_object_add(object, "clients", array);
	return object;
}
