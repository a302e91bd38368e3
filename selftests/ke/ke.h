/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of NTS-KE over real TLS against real workers, in files by theme.
 */
#ifndef KNTS_SELFTESTS_KE_KE_H
#define KNTS_SELFTESTS_KE_KE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host.h"

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* What a good client sends. */
#define KE_REQUEST "\x80\x01\x00\x02\x00\x00" "\x80\x04\x00\x02\x00\x0f" \
		   "\x80\x00\x00\x00"
#define KE_REQUEST_LEN (sizeof(KE_REQUEST) - 1)

#define KE_ERROR(code) "\x80\x02\x00\x02\x00" code "\x80\x00\x00\x00"

/** struct ke_tests - a theme's tests, each with its own set-up */
struct ke_tests {
	const struct CMUnitTest *tests;
	size_t count;
};

struct ke_tests ke_tests_cases(void);
struct ke_tests ke_tests_tls(void);
struct ke_tests ke_tests_names(void);
struct ke_tests ke_tests_answers(void);
struct ke_tests ke_tests_load(void);
struct ke_tests ke_tests_life(void);
struct ke_tests ke_tests_renewal(void);
struct ke_tests ke_tests_failures(void);
struct ke_tests ke_tests_restart(void);

/** ke_make_certs() - the certificates that tests serve, once */
void ke_make_certs(void);

/** ke_assert_error() - the response is this Error and nothing else */
void ke_assert_error(const struct ke_client *client, uint8_t code);

/** ke_assert_good() - a whole exchange by @options gives 8 good cookies */
void ke_assert_good(const struct host *host, const struct ke_options *options);

#endif
