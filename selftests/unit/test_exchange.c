// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole exchanges: what is in the replies, and what gets none. */
#include "exchange.h"
#include "unit.h"

static const u16 aeads[] = { 15, 16, 17, 30, 31 };

/* The session that a cookie holds, if it opens at this server. */
static bool open_cookie(const struct server *s, const struct nts_cookie *cookie,
			struct knts_session *session)
{
	const struct knts_siv_key *key;

	key = server_key(s, knts_cookie_key_id(cookie->data));

	return key && knts_cookie_open(session, cookie->data, cookie->len, key);
}

static void N36_what_is_left_over_is_zero_padding(void **state)
{
	const struct exchange_shape shape = {
		.uid_len = 32,
		.unknown_len = 96,
		.trailing_len = 40,
	};
	size_t i;
	struct meeting m;

	meeting_begin(&m, 15, &shape);
	meeting_ask(&m);
	/* Header, identifier, authenticator, one cookie: then 140 octets. */
	assert_int_equal(m.a.len, 48 + 36 + 40 + 108 + 140);
	for (i = m.a.len - 140; i < m.a.len; i++)
		assert_int_equal(m.a.data[i], 0);
}

static void N36_no_bit_of_a_reply_can_be_changed(void **state)
{
	const struct exchange_shape shape = { .placeholders = 1 };
	struct reply r;
	size_t bit;
	struct meeting m;

	meeting_begin(&m, 15, &shape);
	meeting_ask(&m);
	for (bit = 0; bit < 8 * m.a.len; bit++) {
		m.a.data[bit / 8] ^= 1 << bit % 8;
		assert_non_null(reply_check(&r, m.a.data, m.a.len, &m.p,
					    &m.x.session));
		m.a.data[bit / 8] ^= 1 << bit % 8;
	}
}

static void N36_late_stamp_is_authenticated_whatever_it_is(void **state)
{
	const struct exchange_shape shape = { .placeholders = 2 };
	int bit;
	struct meeting m;

	meeting_begin(&m, 17, &shape);
	for (bit = 0; bit < 62; bit++) {
		m.s.transmit = m.s.receive + (1ULL << bit);
		meeting_ask(&m);
		assert_true(m.a.reply.transmit == m.s.transmit);
	}
}

static void N38_every_returned_cookie_opens_and_serves(void **state)
{
	struct exchange_shape shape = { .placeholders = 4 };
	struct knts_session session;
	struct exchange_answer again;
	size_t i, c;
	struct meeting m;

	server_setup(&m.s);
	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		exchange_setup(&m.x, &m.s, aeads[i]);
		exchange_request(&m.x, &shape, &m.p);
		meeting_ask(&m);
		assert_int_equal(m.a.reply.cookie_count, 5);
		for (c = 0; c < m.a.reply.cookie_count; c++) {
			assert_true(open_cookie(&m.s, &m.a.reply.cookies[c],
						&session));
			assert_int_equal(session.aead, aeads[i]);
			assert_memory_equal(session.c2s, m.x.session.c2s,
					    m.x.session.key_len);
			assert_memory_equal(session.s2c, m.x.session.s2c,
					    m.x.session.key_len);
			m.x.cookie = m.a.reply.cookies[c];
			exchange_request(&m.x, &shape, &m.p);
			exchange_ask_for_nts(&again, &m.s, &m.x, &m.p);
		}
	}
}

static void N42_each_nonce_is_the_callers_own(void **state)
{
	const struct exchange_shape shape = { .placeholders = 7 };
	size_t c;
	struct meeting m;

	meeting_begin(&m, 15, &shape);
	meeting_ask(&m);
	assert_memory_equal(m.a.data + 84 + 8, m.s.nonces, 16);
	assert_int_equal(m.a.reply.cookie_count, 8);
	for (c = 0; c < 8; c++)
		assert_memory_equal(m.a.reply.cookies[c].data + 4,
				    m.s.nonces + 16 * (1 + c), 16);
}

static void N46_rotation_seals_with_the_new_key_at_once(void **state)
{
	const struct exchange_shape shape = { .placeholders = 1 };
	size_t c;
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	assert_int_equal(knts_cookie_key_id(m.x.cookie.data), 0x1001);
	m.s.active = 1;
	exchange_request(&m.x, &shape, &m.p);
	meeting_ask(&m);
	for (c = 0; c < m.a.reply.cookie_count; c++)
		assert_int_equal(
			knts_cookie_key_id(m.a.reply.cookies[c].data), 0x1002);

	/* With the old key gone the new cookie serves, the old one does not. */
	m.s.key_ids[0] = 0x1003;
	exchange_ask(&m.a, &m.s, &m.x, &m.p);
	assert_int_equal(m.a.verdict, KNTS_KISS_NTSN_KEY);
}

static void N40_ntsn_bears_the_identifier_and_nothing_else(void **state)
{
	const struct exchange_shape shapes[] = {
		{ 0 },
		{ .placeholders = 7 },
		{ .hidden_placeholders = 3, .uid_len = 64 },
		{ .late_uid = true, .unknown_len = 40, .trailing_len = 48 },
	};
	struct exchange y;
	size_t i;
	struct meeting m;

	server_setup(&m.s);
	for (i = 0; i < ARRAY_LEN(shapes); i++) {
		exchange_setup(&m.x, &m.s, 15);
		y = m.x;
		/* A key that is not in the ring. */
		y.cookie.data[3] ^= 0x40;
		exchange_request(&y, &shapes[i], &m.p);
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_KEY);
		/* A cookie that does not open. */
		y = m.x;
		y.cookie.data[50] ^= 1;
		exchange_request(&y, &shapes[i], &m.p);
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_COOKIE);
		/* A request under another key. */
		y = m.x;
		y.session.c2s[0] ^= 1;
		exchange_request(&y, &shapes[i], &m.p);
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_AUTH);
	}
}

static void N41_without_all_three_no_nts_reply(void **state)
{
	struct meeting m;

	meeting_begin(&m, 15, NULL);

	packet_start(&m.p, 4, 3);
	packet_cookie(&m.p, &m.x.cookie);
	packet_auth(&m.p, &m.x.session, NULL);
	exchange_ask(&m.a, &m.s, &m.x, &m.p);
	assert_int_equal(m.a.verdict, KNTS_DROP_NO_UID);
	assert_int_equal(m.a.len, 0);

	packet_start(&m.p, 4, 3);
	packet_uid(&m.p, 32);
	packet_auth(&m.p, &m.x.session, NULL);
	exchange_ask(&m.a, &m.s, &m.x, &m.p);
	assert_int_equal(m.a.verdict, KNTS_DROP_NO_COOKIE);
	assert_int_equal(m.a.len, 0);

	packet_start(&m.p, 4, 3);
	packet_uid(&m.p, 32);
	packet_cookie(&m.p, &m.x.cookie);
	exchange_ask(&m.a, &m.s, &m.x, &m.p);
	assert_int_equal(m.a.verdict, KNTS_DROP_NO_AUTH);
	assert_int_equal(m.a.len, 0);
}

static void N43_unknown_fields_are_authenticated(void **state)
{
	const struct exchange_shape shape = { .unknown_len = 40 };
	size_t off, bit;
	struct meeting m;

	meeting_begin(&m, 15, &shape);
	off = 48 + 36 + 108 + 4;
	for (bit = 8 * off; bit < 8 * (off + 40); bit++) {
		m.p.data[bit / 8] ^= 1 << bit % 8;
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_AUTH);
		m.p.data[bit / 8] ^= 1 << bit % 8;
	}
}

static void N35_what_follows_the_authenticator_may_change(void **state)
{
	const struct exchange_shape shape = { .trailing_len = 40 };
	size_t bit;
	struct meeting m;

	meeting_begin(&m, 15, &shape);
	for (bit = 8 * (m.p.len - 40); bit < 8 * m.p.len; bit++) {
		m.p.data[bit / 8] ^= 1 << bit % 8;
		meeting_ask(&m);
		assert_int_equal(m.a.reply.cookie_count, 1);
		m.p.data[bit / 8] ^= 1 << bit % 8;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(N36_what_is_left_over_is_zero_padding),
		cmocka_unit_test(N36_no_bit_of_a_reply_can_be_changed),
		cmocka_unit_test(
			N36_late_stamp_is_authenticated_whatever_it_is),
		cmocka_unit_test(N38_every_returned_cookie_opens_and_serves),
		cmocka_unit_test(N42_each_nonce_is_the_callers_own),
		cmocka_unit_test(N46_rotation_seals_with_the_new_key_at_once),
		cmocka_unit_test(
			N40_ntsn_bears_the_identifier_and_nothing_else),
		cmocka_unit_test(N41_without_all_three_no_nts_reply),
		cmocka_unit_test(N43_unknown_fields_are_authenticated),
		cmocka_unit_test(N35_what_follows_the_authenticator_may_change),
	};

	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
