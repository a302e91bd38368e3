// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ke.h"

/*
 * A worker may not be looked into by anyone, which the leak checker would have
 * to; and its quarantine would hide from R25's test whether memory grows.
 */
#define WORKER_SANITIZER "detect_leaks=0:quarantine_size_mb=1"

void ke_assert_error(const struct ke_client *client, uint8_t code)
{
	const uint8_t expected[] = { 0x80, 2, 0, 2, 0, code, 0x80, 0, 0, 0 };

	assert_int_equal(client->response_len, sizeof(expected));
	assert_memory_equal(client->response, expected, sizeof(expected));
}

void ke_assert_good(const struct host *host, const struct ke_options *options)
{
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct nts_session session;
	struct knts_session opened;
	struct knts_siv_key key;
	size_t i;

	assert_int_equal(ke_client_exchange(options, 15, &session, cookies), 8);
	knts_siv_expand(&key, host->key, sizeof(host->key));
	for (i = 0; i < PACKET_COOKIES_MAX; i++) {
		assert_true(knts_cookie_open(&opened, cookies[i].data,
					     cookies[i].len, &key));
		assert_int_equal(opened.aead, 15);
		assert_memory_equal(opened.c2s, session.c2s, 32);
		assert_memory_equal(opened.s2c, session.s2c, 32);
	}
}

static int run_all(void)
{
	const struct ke_tests themes[] = {
		ke_tests_tls(),	    ke_tests_names(), ke_tests_cases(),
		ke_tests_answers(), ke_tests_load(),  ke_tests_life(),
		ke_tests_renewal(), ke_tests_failures(),
		ke_tests_restart(),
	};
	struct CMUnitTest *tests;
	size_t i, count = 0;
	int failed;

	for (i = 0; i < ARRAY_LEN(themes); i++)
		count += themes[i].count;
	tests = calloc(count, sizeof(*tests));
	for (i = 0, count = 0; i < ARRAY_LEN(themes); i++) {
		memcpy(tests + count, themes[i].tests,
		       themes[i].count * sizeof(*tests));
		count += themes[i].count;
	}
	failed = _cmocka_run_group_tests("ke", tests, count, NULL, NULL);
	free(tests);
	return failed;
}

int main(int argc, char **argv)
{
	/* Workers are this binary, as they are kntsd's. */
	if (argc == 2 && !strcmp(argv[1], "--worker"))
		return worker_main();
	if (argc == 2)
		cmocka_set_test_filter(argv[1]);
	signal(SIGPIPE, SIG_IGN);
	setenv("ASAN_OPTIONS", WORKER_SANITIZER, 1);
	ke_make_certs();
	return run_all();
}
