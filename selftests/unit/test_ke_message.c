// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser and builder of NTS-KE messages, rule by rule, at every split. */
#include "../ke/cases.h"
#include "kntsd/ke_message.h"
#include "unit.h"

static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };
static uint8_t cookies[8 * 168];

static size_t respond(const struct ke_request *request, uint8_t *response)
{
	const struct ke_answer answer = {
		.port = KE_PORT_DEFAULT,
		.cookies = cookies,
		.cookies_count = 8,
		.cookie_len = case_cookie_len(request->aead),
	};

	if (request->progress == KE_REFUSED)
		return ke_message_error(response, request->error);
	return ke_message_answer(response, request, &answer);
}

static void check(const struct ke_case *kase, const struct ke_request *request)
{
	uint8_t response[KE_RESPONSE_MAX_LEN];
	const char *wrong;

	assert_int_not_equal(request->progress, KE_MORE);
	wrong = case_check(kase, response, respond(request, response));
	if (wrong)
		fail_msg("%s", wrong);
}

static void read_piece(struct ke_request *request, const uint8_t *octets,
		       size_t len)
{
	uint8_t *piece = unit_exact(octets, len);

	ke_message_read(request, piece, len);
	free(piece);
}

static void run_case(void **state)
{
	const struct ke_case *kase = *state;
	uint8_t octets[CASE_MAX_LEN];
	size_t len = case_request(kase, octets), split;
	size_t step = len > 2000 ? 97 : 1;
	struct ke_request request;

	for (split = 0; split <= len; split += step) {
		ke_message_init(&request, aeads, ARRAY_LEN(aeads));
		read_piece(&request, octets, split);
		read_piece(&request, octets + split, len - split);
		check(kase, &request);
	}

	ke_message_init(&request, aeads, ARRAY_LEN(aeads));
	for (split = 0; split < len; split++)
		read_piece(&request, octets + split, 1);
	check(kase, &request);
}

/* Whatever is cut off, what is left is no request yet (R13). */
static void R13_cut_request_is_incomplete(void **state)
{
	static const uint8_t octets[] = {
		0x80, 1, 0, 2, 0, 0,	0x80, 4, 0, 2, 0, 15,
		0x00, 6, 0, 1, 'a',	0x80, 0, 0, 0,
	};
	struct ke_request request;
	size_t len;

	for (len = 0; len < sizeof(octets); len++) {
		ke_message_init(&request, aeads, ARRAY_LEN(aeads));
		read_piece(&request, octets, len);
		assert_int_equal(request.progress, KE_MORE);
	}
	read_piece(&request, octets + len - 1, 1);
	assert_int_equal(request.progress, KE_COMPLETE);
	assert_string_equal(request.server, "a");
}

static void R18_server_of_15_only_chooses_15(void **state)
{
	static const uint8_t octets[] = { 0x80, 1, 0, 2, 0, 0, 0x80, 4, 0, 6, 0,
					  17, 0, 16, 0, 15, 0x80, 0, 0, 0 };
	static const uint16_t only[] = { 15 };
	struct ke_request request;

	ke_message_init(&request, only, 1);
	assert_int_equal(ke_message_read(&request, octets, sizeof(octets)),
			 KE_COMPLETE);
	assert_int_equal(request.aead, 15);
}

/* R24: whatever else, the id is the one that was agreed. */
static void R26_only_30_is_exported_as_15(void **state)
{
	struct ke_request request = { .ntpv4 = true };
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		request.aead = aeads[i];
		request.compliant = false;
		assert_int_equal(ke_message_context_aead(&request),
				 aeads[i] == 30 ? 15 : aeads[i]);
		request.compliant = true;
		assert_int_equal(ke_message_context_aead(&request), aeads[i]);
	}
}

static void R20_R22_answer_has_server_and_port(void **state)
{
	static const uint8_t octets[] = { 0x80, 1, 0, 2, 0, 0, 0x80, 4, 0, 2, 0,
					  15, 0x80, 0, 0, 0 };
	static const uint8_t expected[] = {
		0x80, 1, 0, 2, 0, 0,	0x80, 4, 0, 2, 0, 15,
		0x80, 6, 0, 4, 'a', '.', 'b', '.',
		0x80, 7, 0, 2, 0x10, 0xe1,
		0x00, 5, 0, 4, 1, 2, 3, 4,
		0x80, 0, 0, 0,
	};
	static const uint8_t cookie[] = { 1, 2, 3, 4 };
	const struct ke_answer answer = {
		.server = "a.b.",
		.port = 4321,
		.cookies = cookie,
		.cookies_count = 1,
		.cookie_len = sizeof(cookie),
	};
	uint8_t response[KE_RESPONSE_MAX_LEN];
	struct ke_request request;

	ke_message_init(&request, aeads, ARRAY_LEN(aeads));
	ke_message_read(&request, octets, sizeof(octets));
	assert_int_equal(ke_message_answer(response, &request, &answer),
			 sizeof(expected));
	assert_memory_equal(response, expected, sizeof(expected));
}

static void R14_error_2(void **state)
{
	static const uint8_t expected[] = { 0x80, 2, 0, 2, 0, 2, 0x80, 0, 0, 0 };
	uint8_t response[KE_RESPONSE_MAX_LEN];

	assert_int_equal(ke_message_error(response, KE_ERROR_INTERNAL),
			 sizeof(expected));
	assert_memory_equal(response, expected, sizeof(expected));
}

static void R20_longest_answer_has_room(void **state)
{
	char name[KE_SERVER_MAX_LEN + 1];
	const struct ke_answer answer = {
		.server = name,
		.port = 1,
		.cookies = cookies,
		.cookies_count = 8,
		.cookie_len = 168,
	};
	struct ke_request request = { .ntpv4 = true, .aead = 17 };
	uint8_t *response = malloc(KE_RESPONSE_MAX_LEN);

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(ke_message_answer(response, &request, &answer),
			 6 + 6 + 4 + 255 + 6 + 8 * (4 + 168) + 4);
	free(response);
}

static void R20_names_that_are_valid(void **state)
{
	static const char *const good[] = {
		"192.0.2.1", "::1", "2001:db8::192.0.2.1", "a", "a.b", "a.b.",
		"ntp-1.example.org", "1.example", "3com.com", "_x.y",
	};
	static const char *const bad[] = {
		"", ".", "a..b", ".a", "-a", "a-", "a-.b", "a b", "192.0.2.256",
		"192.0.2.1.", "1", "::1%lo", "[::1]", "a/b", "a:b", "\xff",
	};
	char name[KE_SERVER_MAX_LEN + 2];
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++)
		assert_true(ke_message_server_valid(good[i]));
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(ke_message_server_valid(bad[i]));

	/* 254 octets with a dot at the end of each label are 253 without. */
	for (i = 0; i < KE_SERVER_MAX_LEN; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[254] = '\0';
	assert_true(ke_message_server_valid(name));
	memcpy(name + 254, "a", 2);
	assert_false(ke_message_server_valid(name));
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(R13_cut_request_is_incomplete),
		cmocka_unit_test(R14_error_2),
		cmocka_unit_test(R18_server_of_15_only_chooses_15),
		cmocka_unit_test(R26_only_30_is_exported_as_15),
		cmocka_unit_test(R20_R22_answer_has_server_and_port),
		cmocka_unit_test(R20_longest_answer_has_room),
		cmocka_unit_test(R20_names_that_are_valid),
	};
	size_t count = ke_cases_count + ARRAY_LEN(others), i;
	struct CMUnitTest *tests = calloc(count, sizeof(*tests));
	int failed;

	for (i = 0; i < ke_cases_count; i++) {
		tests[i].name = ke_cases[i].name;
		tests[i].test_func = run_case;
		tests[i].initial_state = (void *)&ke_cases[i];
	}
	memcpy(tests + i, others, sizeof(others));
	failed = _cmocka_run_group_tests("ke_message", tests, count, NULL, NULL);
	free(tests);
	return failed;
}
