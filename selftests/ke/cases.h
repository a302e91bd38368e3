/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests and the exact responses that they must get from a server that
 * speaks AEAD 15, 16, 17, 30 and 31. The same table is held against the parser
 * and against workers over TLS.
 */
#ifndef KNTS_SELFTESTS_KE_CASES_H
#define KNTS_SELFTESTS_KE_CASES_H

#include <stddef.h>
#include <stdint.h>

#define CASE_MAX_LEN 17000

/**
 * struct ke_case - a request and its response
 * @name: of the test; the rule stands first
 * @request: octets, @request_len of them
 * @zeros: so many zeros follow, then @tail
 * @response: octets up to where cookies begin
 * @aead: 8 cookies for it follow, then End of Message; 0 for no cookies, and
 *	@response is whole
 */
struct ke_case {
	const char *name;
	const char *request;
	size_t request_len;
	size_t zeros;
	const char *tail;
	size_t tail_len;
	const char *response;
	size_t response_len;
	uint16_t aead;
};

extern const struct ke_case ke_cases[];
extern const size_t ke_cases_count;

/** case_request() - the whole request; @out has CASE_MAX_LEN octets */
size_t case_request(const struct ke_case *kase, uint8_t *out);

/** case_cookie_len() - octets of a cookie, 0 if there is no AEAD */
size_t case_cookie_len(uint16_t aead);

/**
 * case_check() - is it the response
 *
 * Return: NULL, or what is wrong with it.
 */
const char *case_check(const struct ke_case *kase, const uint8_t *response,
		       size_t len);

#endif
