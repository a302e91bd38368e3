// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl status: the screen, and the problems that it finds. */
#include <stdio.h>

#include "kntsctl/snapshot.h"
#include "unit.h"

#define NOW_S 1795000000

static struct knts_server servers[] = {
	{ .address = { 192, 0, 2, 1 }, .address_len = 4, .port = 123 },
	{ .address_len = 16, .port = 123, .device = "eth0",
	  .require_nts = KNTS_REQUIRE_NTS_DENY, .serve_own_port = true },
};

static struct knts_key keys[] = {
	{ .id = 0x11, .algorithm = 15, .created_s = NOW_S - 90000 },
	{ .id = 0xabcd0012, .algorithm = 15, .created_s = NOW_S - 3660,
	  .active = true },
};

static const char *const kntsd_text =
	"{ \"ok\": true, \"version\": \"0.1\", \"pid\": 512, \"workers\": 2, \"clock-source\": \"chronyd\","
	"  \"next-rotation-s\": 7200, \"nts-ke\": [ {"
	"  \"listen\": [ \"[::]:4460\", \"192.0.2.1:4461\" ], \"certificates\": [ {"
	"  \"names\": [ \"a.example\", \"b.example\" ], \"not-after\": 1798761599"
	"} ] } ], \"ke-stats\": { \"accepted\": 12, \"paused\": 0,"
	"  \"answered\": 11, \"tls-expired\": 1, \"handshakes\": 11 },"
	"  \"ke-duration\": { \"count\": 10, \"sum-s\": 0.015 } }";

/* One that has nothing wrong. */
static struct snapshot good_snapshot(struct knts_counter *counters)
{
	struct snapshot snapshot = {
		.now_s = NOW_S,
		.servers = servers,
		.servers_count = ARRAY_LEN(servers),
		.clock_set = true,
		.clock = {
			.stratum = 2,
			.reference_id = 0xc0000209,
			.root_dispersion = 66,
			.lifetime_ms = 60000,
			.age_ms = 4900,
			.synchronised = true,
		},
		.keys = keys,
		.keys_count = ARRAY_LEN(keys),
		.counters = { .list = counters, .count = 4 },
		.rates = { .window_s = 0.5, .plain = 2.04, .nts = 1000.4,
			   .kisses = 0.5 },
	};

	strcpy(counters[0].name, "answer-plain");
	counters[0].value = 234;
	strcpy(counters[1].name, "answer-nts");
	counters[1].value = 1000;
	strcpy(counters[2].name, "kiss-deny");
	counters[2].value = 3;
	strcpy(counters[3].name, "drop-own-port");
	counters[3].value = 0;
	snapshot.kntsd = json_tokener_parse(kntsd_text);
	assert_non_null(snapshot.kntsd);
	return snapshot;
}

static const struct style plain = { "", "", "", 0 };
static const struct style coloured = {
	"\033[32m", "\033[31m", "\033[0m", 60,
};

static char *screen_of(const struct snapshot *snapshot,
		       const struct style *style)
{
	struct json_object *problems = problems_find(snapshot);
	char *screen;
	size_t size;
	FILE *out;

	out = open_memstream(&screen, &size);
	assert_non_null(out);
	screen_print(out, snapshot, problems, style);
	fclose(out);
	json_object_put(problems);
	return screen;
}

static void assert_screen(const struct snapshot *snapshot,
			  const struct style *style, const char *expected)
{
	char *screen = screen_of(snapshot, style);

	assert_string_equal(screen, expected);
	free(screen);
}

/* The snapshot's only problem begins with @expected. */
static void assert_problem(const struct snapshot *snapshot, const char *expected)
{
	struct json_object *problems = problems_find(snapshot);
	const char *problem;

	assert_int_equal(json_object_array_length(problems), 1);
	problem = json_object_get_string(json_object_array_get_idx(problems, 0));
	if (strncmp(problem, expected, strlen(expected)))
		assert_string_equal(problem, expected);
	json_object_put(problems);
}

static void screen_shows_all_that_is_well(void **state)
{
	struct knts_counter counters[4];
	struct snapshot snapshot = good_snapshot(counters);

	assert_screen(&snapshot, &plain,
		"knts serves, and nothing is wrong\n"
		"\n"
		"servers   192.0.2.1:123                require-nts false\n"
		"          [::]:123%eth0                require-nts deny, serve-own-port\n"
		"clock     synchronised, stratum 2, source 192.0.2.9 (C0000209)\n"
		"          dispersion 1.007 ms now; set 4 s ago for 1 min, from chronyd\n"
		"stamps    software\n"
		"a second  1000 NTS, 2.04 plain, 0.500 kiss codes, 0 drops\n"
		"so far    1000 NTS, 234 plain, 3 kiss codes, 0 drops\n"
		"keys      2 in the ring, abcd0012 seals, made 1 h 1 min ago, the next in 2 h\n"
		"nts-ke    [::]:4460, 192.0.2.1:4461\n"
		"          certificate a.example, b.example, until 2026-12-31 (43 days left)\n"
		"exchanges 12 so far, 11 answered in 1.500 ms on average; besides tls-expired 1\n"
		"kntsd     runs, version 0.1, pid 512, 2 workers\n");
	json_object_put(snapshot.kntsd);
}

static void screen_shows_what_is_missing(void **state)
{
	struct snapshot snapshot = {
		.kernel_error = "kernel module knts is not loaded: run 'modprobe knts'",
		.kntsd_error = "kntsd does not run",
	};

	assert_screen(&snapshot, &coloured,
		"knts \033[31mdoes not serve\033[0m, \033[31m2 problems\033[0m\n"
		"\n"
		"kntsd     no answer\n"
		"\n"
		"\033[31mproblem\033[0m: kernel module knts is not loaded: run 'modprobe\n"
		"         knts'\n"
		"\033[31mproblem\033[0m: kntsd does not run\n");
}

static void screen_takes_an_empty_answer_of_kntsd(void **state)
{
	struct snapshot snapshot = {
		.kntsd = json_tokener_parse("{ \"nts-ke\": [ {} ], \"ke-stats\": 1 }"),
	};

	assert_screen(&snapshot, &plain,
		"knts does not serve, 3 problems\n"
		"\n"
		"servers   none\n"
		"clock     never set\n"
		"stamps    software\n"
		"a second  0 NTS, 0 plain, 0 kiss codes, 0 drops\n"
		"so far    0 NTS, 0 plain, 0 kiss codes, 0 drops\n"
		"keys      0 in the ring\n"
		"nts-ke    \n"
		"kntsd     runs\n"
		"\n"
		"problem: no server is open, so nothing is answered: name one in"
		" kntsd.conf (ntp-server) or run 'kntsctl server start [::]:123'\n"
		"problem: the kernel was never told the clock's state, so clients"
		" stay away: start kntsd with a clock source (clock in"
		" kntsd.conf)\n"
		"problem: the key ring is empty, so no NTS request is answered:"
		" start kntsd, which makes the keys\n");
	json_object_put(snapshot.kntsd);
}

/* What is many is cut, and a certificate's end is told the more exactly. */
static void screen_stays_one_screen(void **state)
{
	static const char *const many =
		"{ \"nts-ke\": [ { \"listen\": [ \"[::]:4460\" ], \"certificates\": ["
		"  { \"names\": [ \"a\", \"b\", \"c\", \"d\", \"e\" ], \"not-after\": 1795003600 },"
		"  { \"names\": [ \"f\" ], \"not-after\": 1794999999 } ] } ] }";
	struct knts_counter counters[4];
	struct snapshot snapshot = good_snapshot(counters);
	struct knts_server crowd[6] = { 0 };
	char *screen;
	size_t i;

	for (i = 0; i < ARRAY_LEN(crowd); i++)
		crowd[i] = servers[0];
	snapshot.servers = crowd;
	snapshot.servers_count = ARRAY_LEN(crowd);
	json_object_put(snapshot.kntsd);
	snapshot.kntsd = json_tokener_parse(many);
	assert_non_null(snapshot.kntsd);
	screen = screen_of(&snapshot, &coloured);
	assert_non_null(strstr(screen, "          and 2 more: 'kntsctl server' lists them\n"
				       "clock "));
	assert_non_null(strstr(screen, "certificate a, b, c and 2 more, until 2026-11-18"
				       " (\033[31m1 h\033[0m left)\n"));
	assert_non_null(strstr(screen, "certificate f, until 2026-11-18"
				       " (\033[31mexpired\033[0m)\n"));
	free(screen);
	json_object_put(snapshot.kntsd);
}

/* The screen's line that begins with "stamps", and what follows it. */
static void assert_stamps(const struct snapshot *snapshot, const char *expected)
{
	char *screen = screen_of(snapshot, &plain);
	char *line = strstr(screen, "\nstamps");

	assert_non_null(line);
	*strstr(line, "\na second") = '\0';
	assert_string_equal(line + 1, expected);
	free(screen);
}

static void screen_tells_whose_timestamps_are_used(void **state)
{
	struct knts_counter counters[4];
	struct snapshot snapshot = good_snapshot(counters);
	struct knts_phc phcs[] = {
		{ .device = "eth0", .has_line = true,
		  .line = { .error_ns = 34, .lifetime_ms = 5000, .age_ms = 5000 } },
		{ .device = "eth1" },
		{ .device = "eth2", .has_line = true,
		  .line = { .error_ns = 1200, .lifetime_ms = 5000 } },
	};

	snapshot.phcs = phcs;
	snapshot.phcs_count = ARRAY_LEN(phcs);
	assert_stamps(&snapshot,
		      "stamps    hardware on eth0 (error 34 ns), eth2 (error 1.200 us)");
	strcpy(counters[1].name, "stamp-hardware");
	strcpy(counters[2].name, "stamp-software");
	assert_stamps(&snapshot,
		      "stamps    hardware on eth0 (error 34 ns), eth2 (error 1.200 us)\n"
		      "          of the requests so far: 99.7 % hardware, 0.3 % software, 0.0 % none");
	phcs[0].line.age_ms = 5001;
	phcs[2].has_line = false;
	counters[1].value = 0;
	assert_stamps(&snapshot, "stamps    software\n"
		      "          of the requests so far: 0.0 % hardware, 100.0 % software, 0.0 % none");
	json_object_put(snapshot.kntsd);
}

static void each_problem_of_the_kernel_is_found(void **state)
{
	struct knts_counter counters[4];
	struct snapshot snapshot = good_snapshot(counters);
	struct json_object *none = problems_find(&snapshot);

	assert_int_equal(json_object_array_length(none), 0);
	json_object_put(none);

	snapshot.clock.synchronised = false;
	assert_problem(&snapshot, "the clock is unsynchronised");
	snapshot.clock.age_ms = 61000;
	assert_problem(&snapshot, "the clock's state is 1 min 1 s old and was good"
				  " for 1 min,");
	snapshot.clock.synchronised = true;

	counters[3].value = 7;
	assert_problem(&snapshot, "7 requests were dropped for coming from the"
				  " server's own port");
	snapshot.servers = &servers[1];
	snapshot.servers_count = 1;
	none = problems_find(&snapshot);
	assert_int_equal(json_object_array_length(none), 0);
	json_object_put(none);
	json_object_put(snapshot.kntsd);
}

static void each_problem_of_kntsd_is_found(void **state)
{
	static const struct {
		const char *kntsd;
		const char *problem;
	} cases[] = {
		{ "{ \"clock-problem\": \"chronyd does not answer\" }",
		  "chronyd does not answer" },
		{ "{ \"clock-problem\": \"chronyd does not answer\","
		  " \"problems\": [ \"chronyd does not answer\" ] }",
		  "chronyd does not answer" },
		{ "{ \"problems\": [ \"the key store is damaged\" ] }",
		  "the key store is damaged" },
	};
	struct knts_counter counters[4];
	struct snapshot snapshot = good_snapshot(counters);
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		json_object_put(snapshot.kntsd);
		snapshot.kntsd = json_tokener_parse(cases[i].kntsd);
		assert_problem(&snapshot, cases[i].problem);
	}
	json_object_put(snapshot.kntsd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screen_shows_all_that_is_well),
		cmocka_unit_test(screen_shows_what_is_missing),
		cmocka_unit_test(screen_takes_an_empty_answer_of_kntsd),
		cmocka_unit_test(screen_stays_one_screen),
		cmocka_unit_test(screen_tells_whose_timestamps_are_used),
		cmocka_unit_test(each_problem_of_the_kernel_is_found),
		cmocka_unit_test(each_problem_of_kntsd_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
