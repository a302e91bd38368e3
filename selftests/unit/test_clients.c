// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl clients: rates, orders, and how they are shown. */
#include <stdio.h>

#include "kntsctl/client_rows.h"
#include "unit.h"

static const struct knts_client now[] = {
	{ .address = { 192, 0, 2, 7 }, .address_len = 4, .nts = 1000,
	  .since_ms = 1000000, .age_ms = 1000 },
	{ .address = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .address_len = 16,
	  .plain = 100, .nts = 20, .kisses = 1, .drops = 4, .since_ms = 4000000 },
	{ .address = { 192, 0, 2, 5 }, .address_len = 4, .plain = 1,
	  .since_ms = 90000, .age_ms = 90000 },
	{ .address = { 198, 51, 100, 200 }, .address_len = 4, .drops = 12,
	  .since_ms = 1500, .age_ms = 400 },
};

/* In another order; the last client is new, the third had gone meanwhile. */
static const struct knts_client then[] = {
	{ .address = { 192, 0, 2, 5 }, .address_len = 4, .plain = 50 },
	{ .address = { 192, 0, 2, 7 }, .address_len = 4, .nts = 900 },
	{ .address = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .address_len = 16,
	  .plain = 100, .nts = 18, .kisses = 1, .drops = 4 },
};

static struct client_rows make(const struct knts_client *before)
{
	struct knts_client copy[ARRAY_LEN(then)];
	struct client_rows rows = {
		.table = { .entries = 1024, .memory_len = 163840, .evicted = 3 },
		.window_s = before ? 2 : 0,
	};

	memcpy(copy, then, sizeof(then));
	assert_int_equal(client_rows_make(&rows, before ? copy : NULL,
					  ARRAY_LEN(then), now, ARRAY_LEN(now)), 0);
	return rows;
}

static void assert_printed(const struct client_rows *rows, size_t limit,
			   const char *expected)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	client_rows_print(out, rows, limit);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void rates_are_of_what_came_in_between(void **state)
{
	struct client_rows rows = make(then);

	assert_float_equal(rows.rows[0].per_s, 50, 0);
	assert_float_equal(rows.rows[0].mean_per_s, 1, 0);
	assert_float_equal(rows.rows[1].per_s, 1, 0);
	assert_float_equal(rows.rows[1].mean_per_s, 0.031, 1e-9);
	assert_float_equal(rows.rows[2].per_s, 0.5, 0);
	assert_float_equal(rows.rows[2].mean_per_s, 0, 0);
	assert_float_equal(rows.rows[3].per_s, 6, 0);
	assert_float_equal(rows.rows[3].mean_per_s, 10, 0);
	client_rows_free(&rows);
}

static void the_busiest_come_first(void **state)
{
	struct client_rows rows = make(then);

	client_rows_sort(&rows, CLIENT_SORT_RATE);
	assert_printed(&rows, 0,
		"client            per s    mean kind     answers   NAKs  drops  last seen\n"
		"192.0.2.7          50.0    1.00 NTS         1000      0      0  1 s ago\n"
		"198.51.100.200     6.00    10.0 -              0      0     12  0 s ago\n"
		"2001:db8::1        1.00   0.031 both         120      1      4  0 s ago\n"
		"192.0.2.5         0.500       0 plain          1      0      0  1 min 30 s ago\n"
		"\n"
		"4 of 4 clients; room for 1024 on each CPU (160 KiB); 3 made room for others\n");
	client_rows_free(&rows);
}

static void the_first_by_mean_where_there_is_no_rate(void **state)
{
	struct client_rows rows = make(NULL);

	rows.table.evicted = 0;
	client_rows_sort(&rows, CLIENT_SORT_RATE);
	assert_printed(&rows, 2,
		"client            per s    mean kind     answers   NAKs  drops  last seen\n"
		"198.51.100.200        -    10.0 -              0      0     12  0 s ago\n"
		"192.0.2.7             -    1.00 NTS         1000      0      0  1 s ago\n"
		"\n"
		"2 of 4 clients; room for 1024 on each CPU (160 KiB)\n");
	client_rows_free(&rows);
}

static void each_order_is_as_it_says(void **state)
{
	/* The last octets of addresses, in the order of enum client_sort. */
	static const uint8_t orders[CLIENT_SORT_COUNT][4] = {
		[CLIENT_SORT_RATE] = { 7, 200, 1, 5 },
		[CLIENT_SORT_MEAN] = { 200, 7, 1, 5 },
		[CLIENT_SORT_PACKETS] = { 7, 1, 200, 5 },
		[CLIENT_SORT_NTS] = { 7, 1, 200, 5 },
		[CLIENT_SORT_PLAIN] = { 1, 5, 200, 7 },
		[CLIENT_SORT_NAKS] = { 1, 200, 7, 5 },
		[CLIENT_SORT_DROPS] = { 200, 1, 7, 5 },
		[CLIENT_SORT_LAST] = { 1, 200, 7, 5 },
		[CLIENT_SORT_ADDRESS] = { 5, 7, 200, 1 },
	};
	struct client_rows rows = make(then);
	const struct knts_client *client;
	size_t sort, i;

	for (sort = 0; sort < CLIENT_SORT_COUNT; sort++) {
		client_rows_sort(&rows, sort);
		for (i = 0; i < rows.count; i++) {
			client = &rows.rows[i].client;
			assert_int_equal(client->address[client->address_len - 1],
					 orders[sort][i]);
		}
	}
	client_rows_free(&rows);
}

static void none_are_shown_as_none(void **state)
{
	struct client_rows rows = { .table = { .entries = 8, .memory_len = 512 } };

	assert_int_equal(client_rows_make(&rows, NULL, 0, NULL, 0), 0);
	client_rows_sort(&rows, CLIENT_SORT_RATE);
	assert_printed(&rows, 20,
		"client            per s    mean kind     answers   NAKs  drops  last seen\n"
		"\n"
		"0 of 0 clients; room for 8 on each CPU (512 B)\n");
	client_rows_free(&rows);
}

static void json_has_all_that_is_known(void **state)
{
	struct client_rows rows = make(then);
	struct json_object *object = client_rows_to_json(&rows, 1);

	assert_string_equal(
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
		"{\"table\":{\"entries\":1024,\"memory-len\":163840,\"evicted\":3},"
		"\"interval-s\":2.000,\"clients\":[{\"address\":\"192.0.2.7\","
		"\"per-s\":50.000,\"mean-per-s\":1.000,\"plain\":0,\"nts\":1000,"
		"\"kisses\":0,\"drops\":0,\"since-ms\":1000000,\"age-ms\":1000}]}");
	json_object_put(object);
	client_rows_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_of_what_came_in_between),
		cmocka_unit_test(the_busiest_come_first),
		cmocka_unit_test(the_first_by_mean_where_there_is_no_rate),
		cmocka_unit_test(each_order_is_as_it_says),
		cmocka_unit_test(none_are_shown_as_none),
		cmocka_unit_test(json_has_all_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
