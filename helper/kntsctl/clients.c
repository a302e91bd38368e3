// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl clients: who asks how often, and what became of it.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/reading.h"

#define LIMIT 20
/* Long enough that one who asks every second is seen to. */
#define INTERVAL_S 1.0

static int sort;
static uint32_t limit = LIMIT;
static double interval_s = INTERVAL_S;

static int print(struct reading *before, const struct reading *after)
{
	struct client_rows rows;

	if (reading_rows(before, after, &rows))
		return fail("out of memory");
	client_rows_sort(&rows, sort);
	if (common.json)
		print_json(client_rows_to_json(&rows, limit));
	else
		client_rows_print(stdout, &rows, limit);
	client_rows_free(&rows);
	return EXIT_DONE;
}

static int show_twice(struct knts_conn *conn, struct reading *before)
{
	struct reading after = { 0 };
	int status = EXIT_FAILED;

	if (!wait_s(interval_s)) {
		if (reading_take(conn, &after))
			fail("%s", knts_error(conn));
		else
			status = print(before, &after);
	}
	reading_free(&after);
	return status;
}

static int list(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct reading reading;
	int status;

	if (!conn)
		return EXIT_FAILED;
	if (reading_take(conn, &reading))
		status = fail("%s", knts_error(conn));
	else if (!reading.table.entries)
		status = fail("%s", CLIENTS_OFF);
	else if (interval_s > 0)
		status = show_twice(conn, &reading);
	else
		status = print(NULL, &reading);
	reading_free(&reading);
	knts_close(conn);
	return status;
}

static int scan_entries(const char *text, uint32_t *entries)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text && strspn(text, "0123456789") == strlen(text) &&
	    value <= KNTS_CLIENTS_MAX) {
		*entries = value;
		return 0;
	}
	usage_error("clients set %s: it may be a whole number from 0 (off) to %u",
		    text, KNTS_CLIENTS_MAX);
	return EXIT_USAGE;
}

static int set(int argc, char **argv)
{
	struct knts_clients table;
	struct knts_conn *conn;
	int status = EXIT_DONE;
	char len[FORMAT_SIZE];
	uint32_t entries;

	if (scan_entries(argv[0], &entries))
		return EXIT_USAGE;
	conn = kernel_open();
	if (!conn)
		return EXIT_FAILED;
	if (knts_clients_set(conn, entries) || knts_clients_get(conn, &table))
		status = fail("%s", knts_error(conn));
	else if (table.entries)
		printf("%u clients are kept on each CPU, in %s\n",
		       table.entries, format_len(table.memory_len, len));
	else
		puts("no clients are kept");
	knts_close(conn);
	return status;
}

static const struct option_row list_options[] = {
	{ .name = "sort", .value = "BY", .kind = OPTION_WORD, .word = &sort,
	  .words = CLIENT_SORTS,
	  .help = "rate (now), mean, packets, nts, plain, naks, drops, last or"
		  " address; rate if it is left out." },
	{ .name = "limit", .value = "N", .kind = OPTION_NUMBER,
	  .number = &limit, .max = UINT32_MAX,
	  .help = "So many at most, 20 if it is left out; 0 for all." },
	{ .name = "interval", .value = "S", .kind = OPTION_SECONDS,
	  .seconds = &interval_s, .max = 86400,
	  .help = "Over so many seconds the rate is measured, 1 if it is left"
		  " out; 0 leaves it out and answers at once." },
	JSON_ROW("One object: table (entries, memory-len, evicted), interval-s,"
		 " clients: address, per-s, mean-per-s, plain, nts (requests"
		 " answered), kisses, drops, since-ms, age-ms (since the first"
		 " and the last packet)."),
	{ 0 },
};

static const struct command clients_set = {
	.name = "clients set",
	.operands = "N",
	.summary = "Keep N clients on each CPU, rounded up to a power of two",
	.help = "0 keeps none. Another number than before forgets all that were"
		" kept. kntsd sets what kntsd.conf says (client-table-size)"
		" when it starts or reloads.",
	.operands_min = 1,
	.operands_max = 1,
	.run = set,
};

static const struct command *const verbs[] = { &clients_set, NULL };

const struct command command_clients = {
	.name = "clients",
	.summary = "The busiest clients: how often, NTS or plain, refused or not",
	.help = "'per s' is measured now, 'mean' since the client was first"
		" counted. NAKs are kiss codes: NTSN, for a cookie or a request"
		" that did not hold, and DENY. Drops got no reply; 'kntsctl"
		" stats' says why. When the table is full, those who ask"
		" seldom make room.",
	.options = list_options,
	.verbs = verbs,
	.run = list,
};
