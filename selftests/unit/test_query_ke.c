// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl query: NTS-KE's request, and what is made of a response. */
#include "kntsctl/query_ke.h"
#include "unit.h"

static const uint16_t aeads[] = { 15, 30 };

#define PROTOCOL 0x80, 1, 0, 2, 0, 0
#define AEAD 0x80, 4, 0, 2, 0, 15
#define COOKIE 0, 5, 0, 4, 1, 2, 3, 4
#define END 0x80, 0, 0, 0

/* One response: its octets, what comes of it, and why. */
struct response {
	uint8_t data[48];
	size_t len;
	enum query_ke_outcome outcome;
	const char *fault;
};

#define RESPONSE(result, why, ...)                                     \
	{ .data = { __VA_ARGS__ },                                     \
	  .len = sizeof((const uint8_t[]){ __VA_ARGS__ }),             \
	  .outcome = (result), .fault = (why) }

static const struct response responses[] = {
	RESPONSE(QUERY_KE_AGREED, NULL, PROTOCOL, AEAD, COOKIE, END),
	RESPONSE(QUERY_KE_AGREED, NULL, COOKIE, AEAD, PROTOCOL, END),
	RESPONSE(QUERY_KE_AGREED, NULL, PROTOCOL, AEAD, COOKIE, 0x40, 9, 0, 1, 7,
		 END),
	RESPONSE(QUERY_KE_MORE, NULL, PROTOCOL, AEAD, COOKIE),
	RESPONSE(QUERY_KE_MORE, NULL, PROTOCOL, AEAD, COOKIE, 0x80, 0, 0),
	RESPONSE(QUERY_KE_MORE, NULL, 0x80, 1, 0, 2, 0),
	RESPONSE(QUERY_KE_NOTHING, NULL, 0x80, 1, 0, 0, END),
	RESPONSE(QUERY_KE_NOTHING, NULL, PROTOCOL, 0x80, 4, 0, 0, END),
	RESPONSE(QUERY_KE_NOTHING, NULL, PROTOCOL, END),
	RESPONSE(QUERY_KE_ERROR, NULL, 0x80, 2, 0, 2, 0, 1, END),
	RESPONSE(QUERY_KE_BAD, "does not say which protocol it agrees to", AEAD,
		 COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "sends no cookie", PROTOCOL, AEAD, END),
	RESPONSE(QUERY_KE_BAD, "goes on after End of Message", PROTOCOL, AEAD,
		 COOKIE, END, 0),
	RESPONSE(QUERY_KE_BAD, "sends an End of Message that is none", PROTOCOL,
		 AEAD, COOKIE, 0, 0, 0, 0),
	RESPONSE(QUERY_KE_BAD, "sends a record twice that may come only once",
		 PROTOCOL, PROTOCOL, AEAD, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "sends a record twice that may come only once",
		 PROTOCOL, AEAD, AEAD, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "names an AEAD that it was not offered", PROTOCOL,
		 0x80, 4, 0, 2, 0, 17, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "names more than one AEAD", PROTOCOL,
		 0x80, 4, 0, 4, 0, 15, 0, 30, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "names a protocol that it was not offered",
		 0x80, 1, 0, 2, 0, 1, AEAD, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "names more than the one protocol that it was offered",
		 0x80, 1, 0, 4, 0, 0, 0, 0, AEAD, COOKIE, END),
	RESPONSE(QUERY_KE_BAD, "sends a critical record of an unknown type",
		 PROTOCOL, AEAD, COOKIE, 0x80, 9, 0, 0, END),
	RESPONSE(QUERY_KE_BAD, "sends a warning, and RFC 8915 defines none",
		 PROTOCOL, AEAD, COOKIE, 0x80, 3, 0, 2, 0, 0, END),
	RESPONSE(QUERY_KE_BAD, "sends an Error record that has no code",
		 0x80, 2, 0, 1, 0, END),
	RESPONSE(QUERY_KE_BAD, "sends a cookie of no octets, or of more than 512",
		 PROTOCOL, AEAD, 0, 5, 0, 0, END),
	RESPONSE(QUERY_KE_BAD, "names an NTP port that is none", PROTOCOL, AEAD,
		 COOKIE, 0x80, 7, 0, 2, 0, 0, END),
	RESPONSE(QUERY_KE_BAD, "names an NTP port that is none", PROTOCOL, AEAD,
		 COOKIE, 0x80, 7, 0, 1, 1, END),
	RESPONSE(QUERY_KE_BAD,
		 "names an NTP server that is neither name nor address",
		 PROTOCOL, AEAD, COOKIE, 0x80, 6, 0, 3, 'a', 0x1b, 'b', END),
	RESPONSE(QUERY_KE_BAD,
		 "names an NTP server that is neither name nor address",
		 PROTOCOL, AEAD, COOKIE, 0x80, 6, 0, 2, 'a', 0, END),
	RESPONSE(QUERY_KE_BAD,
		 "names an NTP server that is neither name nor address",
		 PROTOCOL, AEAD, COOKIE, 0x80, 6, 0, 0, END),
};

static enum query_ke_outcome read_exact(struct query_ke *ke, const uint8_t *data,
					size_t len)
{
	uint8_t *exact = unit_exact(data, len);
	enum query_ke_outcome outcome;

	outcome = query_ke_read(ke, exact, len, aeads, ARRAY_LEN(aeads));
	free(exact);
	return outcome;
}

static void each_response_comes_to_what_it_says(void **state)
{
	const struct response *r;
	struct query_ke ke;
	size_t i;

	for (i = 0; i < ARRAY_LEN(responses); i++) {
		r = &responses[i];
		if (read_exact(&ke, r->data, r->len) != r->outcome)
			fail_msg("response %zu comes to %d (%s)", i, ke.outcome,
				 ke.fault ? ke.fault : "");
		if (r->fault)
			assert_string_equal(ke.fault, r->fault);
	}
}

/* RFC 8915, 4: there may be any number of records and of TLS records. */
static void no_part_of_a_good_response_is_taken_for_one(void **state)
{
	const struct response *good = &responses[0];
	struct query_ke ke;
	size_t len;

	for (len = 0; len < good->len; len++)
		assert_int_equal(read_exact(&ke, good->data, len),
				 QUERY_KE_MORE);
}

static void what_is_negotiated_is_told(void **state)
{
	static const uint8_t data[] = {
		PROTOCOL, 0x80, 4, 0, 2, 0, 30, 0x80, 6, 0, 9, '1', '9', '2',
		'.', '0', '.', '2', '.', '1', 0, 7, 0, 2, 0x10, 0xe1, COOKIE,
		COOKIE, 4, 0, 0, 0, END
	};
	struct query_ke ke;

	assert_int_equal(read_exact(&ke, data, sizeof(data)), QUERY_KE_AGREED);
	assert_int_equal(ke.aead, 30);
	assert_string_equal(ke.server, "192.0.2.1");
	assert_int_equal(ke.port, 4321);
	assert_int_equal(ke.cookies_count, 2);
	assert_int_equal(ke.cookies[1].len, 4);
	assert_memory_equal(ke.cookies[1].data, "\1\2\3\4", 4);
	assert_true(ke.compliant);
	assert_int_equal(query_ke_context_aead(&ke), 30);
}

/* R26: without record 1024 chrony's keys of AEAD 30 are those of AEAD 15. */
static void R26_the_context_of_AEAD_30_is_agreed_on(void **state)
{
	struct query_ke ke = { .aead = 30 };

	assert_int_equal(query_ke_context_aead(&ke), 15);
	ke.compliant = true;
	assert_int_equal(query_ke_context_aead(&ke), 30);
	ke = (struct query_ke){ .aead = 17 };
	assert_int_equal(query_ke_context_aead(&ke), 17);
}

static void the_request_offers_what_is_asked(void **state)
{
	static const uint8_t both[] = {
		PROTOCOL, 0x80, 4, 0, 4, 0, 15, 0, 30, 4, 0, 0, 0, END
	};
	static const uint8_t one[] = { PROTOCOL, AEAD, END };
	uint8_t out[QUERY_KE_REQUEST_MAX_LEN];

	assert_int_equal(query_ke_request(out, aeads, 2), sizeof(both));
	assert_memory_equal(out, both, sizeof(both));
	assert_int_equal(query_ke_request(out, aeads, 1), sizeof(one));
	assert_memory_equal(out, one, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_response_comes_to_what_it_says),
		cmocka_unit_test(no_part_of_a_good_response_is_taken_for_one),
		cmocka_unit_test(what_is_negotiated_is_told),
		cmocka_unit_test(R26_the_context_of_AEAD_30_is_agreed_on),
		cmocka_unit_test(the_request_offers_what_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
