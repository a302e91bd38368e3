// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl query: requests that a server answers, and replies held against them. */
#include "exchange.h"
#include "kntsctl/query_packet.h"
#include "unit.h"

static const u16 aeads[] = { 15, 16, 17, 30, 31 };

/* A server, and query's own client with one cookie. */
struct asked {
	struct server s;
	struct query_session session;
	struct query_cookie cookie;
	u8 random[QUERY_RANDOM_LEN];
	struct query_question question;
	struct query_request request;
	u8 data[QUERY_PACKET_MAX_LEN];
	size_t len;
	struct query_reply reply;
};

static void begin(struct asked *a, u16 aead)
{
	struct knts_aead_key *const keys[] = { &a->session.c2s, &a->session.s2c };
	struct exchange x;
	const u8 *const raw[] = { x.session.c2s, x.session.s2c };

	memset(a, 0, sizeof(*a));
	server_setup(&a->s);
	exchange_setup(&x, &a->s, aead);
	knts_aead_expand(keys, raw, 2, aead);
	a->cookie.len = x.cookie.len;
	memcpy(a->cookie.data, x.cookie.data, x.cookie.len);
	packet_random(a->random, sizeof(a->random));
	a->question = (struct query_question){
		.session = &a->session,
		.cookie = &a->cookie,
		.random = a->random,
	};
}

static enum query_reply_kind read_it(struct asked *a)
{
	u8 *exact = unit_exact(a->data, a->len);
	enum query_reply_kind kind;

	kind = query_packet_read(&a->reply, exact, a->len, &a->request,
				 a->question.session);
	free(exact);
	return kind;
}

static enum query_reply_kind ask(struct asked *a)
{
	query_packet_request(&a->request, &a->question);
	memcpy(a->data, a->request.data, a->request.len);
	server_answer(&a->s, a->data, a->request.len, &a->len);
	return read_it(a);
}

static void each_aead_is_spoken(void **state)
{
	struct asked a;
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		begin(&a, aeads[i]);
		assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
		assert_true(a.reply.authentic);
		assert_false(a.reply.interleaved);
		assert_int_equal(a.reply.cookies_count, 1);
		assert_int_equal(a.reply.cookies[0].len, a.cookie.len);
		assert_int_equal(a.reply.receive, a.s.receive);
		assert_int_equal(a.reply.stratum, 2);
		assert_int_equal(a.reply.leap, 1);
		assert_int_equal(a.reply.precision, -25);
		assert_int_equal(a.reply.root_delay, 0x123);
		assert_int_equal(a.reply.root_dispersion, 0x456);
		assert_int_equal(a.reply.reference_id, 0xc0000201);
		assert_string_equal(a.reply.kiss, "");
	}
}

static void placeholders_bring_cookies_as_far_as_they_fit(void **state)
{
	struct asked a;

	begin(&a, 15);
	a.question.placeholders = 7;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_int_equal(a.reply.cookies_count, 8);
	begin(&a, 17);
	a.question.placeholders = 7;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_true(a.request.len <= QUERY_PACKET_MAX_LEN);
	assert_in_range(a.reply.cookies_count, 2, 7);
}

static void a_cookie_that_came_can_be_used(void **state)
{
	struct asked a;

	begin(&a, 30);
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	a.cookie = a.reply.cookies[0];
	packet_random(a.random, sizeof(a.random));
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
}

static void N40_a_lost_key_is_told_as_NTSN(void **state)
{
	struct asked a;

	begin(&a, 15);
	a.cookie.data[3] ^= 1;
	assert_int_equal(ask(&a), QUERY_REPLY_KISS);
	assert_string_equal(a.reply.kiss, "NTSN");
	assert_false(a.reply.authentic);
}

/* Of a reply, one octet after the other is not what the server sent. */
static void no_changed_octet_is_taken(void **state)
{
	enum query_reply_kind kind;
	struct asked a;
	size_t i, k;

	for (k = 0; k < ARRAY_LEN(aeads); k++) {
		begin(&a, aeads[k]);
		assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
		for (i = 0; i < a.len; i++) {
			a.data[i] ^= 1;
			kind = read_it(&a);
			a.data[i] ^= 1;
			assert_int_not_equal(kind, QUERY_REPLY_GOOD);
			assert_int_equal(a.reply.cookies_count, 0);
		}
		assert_int_equal(read_it(&a), QUERY_REPLY_GOOD);
	}
}

static void no_shortened_reply_is_taken(void **state)
{
	struct asked a;
	size_t len;

	begin(&a, 15);
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	len = a.len;
	for (a.len = 0; a.len < len; a.len++)
		assert_int_not_equal(read_it(&a), QUERY_REPLY_GOOD);
}

static void what_comes_without_NTS_is_told_so(void **state)
{
	struct asked a;

	begin(&a, 15);
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	a.len = KNTS_NTP_HEADER_LEN + 4 + QUERY_UID_LEN;
	assert_int_equal(read_it(&a), QUERY_REPLY_BARE);
	a.data[KNTS_NTP_HEADER_LEN + 4] ^= 1;
	assert_int_equal(read_it(&a), QUERY_REPLY_STRAY);
	a.len = KNTS_NTP_HEADER_LEN;
	assert_int_equal(read_it(&a), QUERY_REPLY_BARE);
}

static void the_reply_to_another_request_is_none(void **state)
{
	struct asked a;

	begin(&a, 15);
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	a.request.data[KNTS_NTP_TRANSMIT] ^= 1;
	assert_int_equal(read_it(&a), QUERY_REPLY_STRAY);
}

static void without_NTS_a_header_is_enough(void **state)
{
	struct asked a;

	begin(&a, 15);
	a.question.session = NULL;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_int_equal(a.request.len, KNTS_NTP_HEADER_LEN);
	assert_false(a.reply.authentic);
	assert_int_equal(a.reply.transmit, a.s.transmit);
}

static void an_unsynchronised_server_is_no_kiss(void **state)
{
	struct asked a;

	begin(&a, 15);
	a.s.hdr.leap = 3;
	a.s.hdr.stratum = 0;
	a.s.hdr.reference_id = 0x494e4954;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_int_equal(a.reply.leap, 3);
	assert_string_equal(a.reply.kiss, "");
}

static void I6_I7_interleaved_mode_is_asked_for_and_seen(void **state)
{
	struct knts_pair pair[8] = { 0 };
	struct knts_pairs pairs = { .shift = 63, .pairs = pair };
	struct asked a;

	begin(&a, 15);
	a.s.pairs = &pairs;
	a.question.origin = 1;
	a.question.receive = 2;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_false(a.reply.interleaved);
	a.question.origin = a.reply.receive;
	a.question.receive = 0xeeeeeeee33333333;
	packet_random(a.random, sizeof(a.random));
	a.s.receive += 1ULL << 32;
	a.s.transmit += 1ULL << 32;
	assert_int_equal(ask(&a), QUERY_REPLY_GOOD);
	assert_true(a.reply.interleaved);
	assert_int_equal(a.reply.transmit, 0xeeeeeeee22222222);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_aead_is_spoken),
		cmocka_unit_test(placeholders_bring_cookies_as_far_as_they_fit),
		cmocka_unit_test(a_cookie_that_came_can_be_used),
		cmocka_unit_test(N40_a_lost_key_is_told_as_NTSN),
		cmocka_unit_test(no_changed_octet_is_taken),
		cmocka_unit_test(no_shortened_reply_is_taken),
		cmocka_unit_test(what_comes_without_NTS_is_told_so),
		cmocka_unit_test(the_reply_to_another_request_is_none),
		cmocka_unit_test(without_NTS_a_header_is_enough),
		cmocka_unit_test(an_unsynchronised_server_is_no_kiss),
		cmocka_unit_test(I6_I7_interleaved_mode_is_asked_for_and_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
