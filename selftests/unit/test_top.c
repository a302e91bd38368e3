// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl top: what a screen shows, at every moment of a server's life. */
#include <stdio.h>

#include "kntsctl/top_view.h"
#include "unit.h"

static struct knts_counter first[] = {
	{ "answer-plain", 100 }, { "answer-nts", 1000 }, { "kiss-ntsn-key", 7 },
	{ "kiss-deny", 3 }, { "drop-short", 5 }, { "drop-mode", 0 },
	{ "drop-long", 0 }, { "drop-source", 0 },
	{ "stamp-hardware", 1000 }, { "stamp-software", 0 }, { "stamp-now", 0 },
};

static struct knts_counter second[] = {
	{ "answer-plain", 101 }, { "answer-nts", 3000 }, { "kiss-ntsn-key", 9 },
	{ "kiss-deny", 3 }, { "drop-short", 7 }, { "drop-mode", 20 },
	{ "drop-long", 1 }, { "drop-source", 1 },
	{ "stamp-hardware", 2998 }, { "stamp-software", 2 }, { "stamp-now", 0 },
};

static struct knts_bucket old_buckets[] = { { 512, 640, 1000 } };
static struct knts_bucket new_buckets[] = { { 512, 640, 1000 }, { 640, 768, 2000 } };

static struct knts_histogram old_histograms[] = {
	{ "service-plain", 0, 0, 0, NULL },
	{ "service-nts", 1000, 600000, 1, old_buckets },
};

static struct knts_histogram new_histograms[] = {
	{ "service-plain", 0, 0, 0, NULL },
	{ "service-nts", 3000, 2000000, 2, new_buckets },
	{ "transmit-error", 0, 0, 0, NULL },
};

static struct client_row clients[] = {
	{ .client = { .address = { 192, 0, 2, 7 }, .address_len = 4, .nts = 2000,
		      .since_ms = 20000, .age_ms = 10 },
	  .per_s = 1000, .mean_per_s = 100 },
	{ .client = { .address = { 192, 0, 2, 8 }, .address_len = 4, .plain = 1 },
	  .per_s = 0.5 },
};

static struct top_frame good_frame(void)
{
	return (struct top_frame){
		.now = 1795000000,
		.serving = true,
		.clock_set = true,
		.clock = { .stratum = 1, .reference_id = 0x50505300,
			   .root_dispersion = 1, .synchronised = true },
		.before = { .counters = { 10, first, ARRAY_LEN(first) },
			    .histograms = old_histograms,
			    .histograms_count = ARRAY_LEN(old_histograms) },
		.after = { .counters = { 12, second, ARRAY_LEN(second) },
			   .histograms = new_histograms,
			   .histograms_count = ARRAY_LEN(new_histograms) },
		.rows = { .rows = clients, .count = ARRAY_LEN(clients),
			  .table = { .entries = 1024, .memory_len = 163840 },
			  .window_s = 2 },
	};
}

/* Each kind of line by a letter, so that emphasis is seen. */
static void put_line(enum top_line kind, const char *text, void *arg)
{
	fprintf(arg, "%c|%s\n", "+-.#"[kind], text);
}

static void assert_view(const struct top_frame *frame, size_t limit,
			const char *expected)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	top_view(frame, limit, put_line, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

#define ABOVE_CLIENTS                                                        \
	".|\n"                                                               \
	".|a second  1000 NTS, 0.500 plain, 1.00 kiss codes, 12.0 drops\n"   \
	".|stamps    99.9 % hardware, 0.1 % software, 0.0 % none\n"          \
	".|refused   drop-mode 10.0, kiss-ntsn-key 1.00, drop-short 1.00, drop-long 0.500\n" \
	".|\n"                                                               \
	"#|in this time                 p50         p90         p99       p99.9\n" \
	".|service time, plain            -           -           -           -\n" \
	".|service time, NTS         704 ns      755 ns      767 ns      768 ns\n" \
	".|transmit error                 -           -           -           -\n" \
	".|\n"

static void a_busy_server_is_shown(void **state)
{
	struct top_frame frame = good_frame();

	assert_view(&frame, 20,
		"+|11:06:40  knts serves: stratum 1, source PPS, dispersion 15 us\n"
		ABOVE_CLIENTS
		"#|client            per s    mean kind     answers   NAKs  drops  last seen\n"
		".|192.0.2.7          1000   100.0 NTS         2000      0      0  0 s ago\n"
		".|192.0.2.8         0.500       0 plain          1      0      0  0 s ago\n");
}

static void as_many_clients_as_there_is_room_for(void **state)
{
	struct top_frame frame = good_frame();

	assert_view(&frame, 1,
		"+|11:06:40  knts serves: stratum 1, source PPS, dispersion 15 us\n"
		ABOVE_CLIENTS
		"#|client            per s    mean kind     answers   NAKs  drops  last seen\n"
		".|192.0.2.7          1000   100.0 NTS         2000      0      0  0 s ago\n");
}

static void clients_that_are_not_kept_are_told(void **state)
{
	struct top_frame frame = good_frame();

	frame.serving = false;
	frame.rows.table.entries = 0;
	frame.rows.count = 0;
	assert_view(&frame, 20,
		"-|11:06:40  knts does not serve: stratum 1, source PPS, dispersion 15 us\n"
		ABOVE_CLIENTS
		"#|clients\n"
		".|" CLIENTS_OFF "\n");
}

static void a_server_without_a_clock_is_shown(void **state)
{
	struct top_frame frame = { .now = 1795000000,
				   .rows = { .table = { .entries = 8 } } };

	assert_view(&frame, 20,
		"-|11:06:40  knts does not serve: the clock was never set\n"
		".|\n"
		".|a second  0 NTS, 0 plain, 0 kiss codes, 0 drops\n"
		".|stamps    -\n"
		".|refused   -\n"
		".|\n"
		"#|in this time                 p50         p90         p99       p99.9\n"
		".|\n"
		"#|client            per s    mean kind     answers   NAKs  drops  last seen\n");
}

static void json_has_the_parts_of_other_commands(void **state)
{
	static const char *const members[] = {
		"time", "serving", "clock", "stats", "histograms", "clients",
	};
	struct top_frame frame = good_frame();
	struct json_object *object = top_to_json(&frame, 1);
	size_t i;

	assert_int_equal(json_object_object_length(object), ARRAY_LEN(members));
	for (i = 0; i < ARRAY_LEN(members); i++)
		assert_true(json_object_object_get_ex(object, members[i], NULL));
	json_object_put(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_busy_server_is_shown),
		cmocka_unit_test(as_many_clients_as_there_is_room_for),
		cmocka_unit_test(clients_that_are_not_kept_are_told),
		cmocka_unit_test(a_server_without_a_clock_is_shown),
		cmocka_unit_test(json_has_the_parts_of_other_commands),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
