// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of requests and responses, R5 to R26, over TLS. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "ke.h"

static struct host host;
/* One host for the whole table: it is started by the first, ended by the last. */
static size_t next;

static int start(void **state)
{
	const struct host_section section = { .cert = "one",
					      .timeout_ms = 60000 };

	return next++ ? 0 : host_start(&host, &section, 1, 1);
}

static int stop(void **state)
{
	if (next == ke_cases_count)
		host_stop(&host);
	return 0;
}

static void exchange(const struct ke_case *kase, size_t piece)
{
	const struct ke_options options = host_options(&host);
	const char *wrong = ask_case(&options, kase, piece);

	if (wrong)
		fail_msg("sent in pieces of %zu: %s", piece, wrong);
}

static void run_case(void **state)
{
	const struct ke_case *kase = *state;

	exchange(kase, CASE_MAX_LEN);
	exchange(kase, 7);
	if (kase->zeros == 0)
		exchange(kase, 1);
}

struct ke_tests ke_tests_cases(void)
{
	static struct CMUnitTest *tests;
	size_t i;

	if (!tests)
		tests = calloc(ke_cases_count, sizeof(*tests));
	for (i = 0; i < ke_cases_count; i++)
		tests[i] = (struct CMUnitTest){
			.name = ke_cases[i].name,
			.test_func = run_case,
			.setup_func = start,
			.teardown_func = stop,
			.initial_state = (void *)&ke_cases[i],
		};
	return (struct ke_tests){ tests, ke_cases_count };
}
