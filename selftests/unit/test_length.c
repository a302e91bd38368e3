// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole exchanges: how long the replies are, and how many cookies they bear. */
#include "exchange.h"
#include "unit.h"

#define MIN(a, b) ((a) < (b) ? (a) : (b))

static const u16 aeads[] = { 15, 16, 17, 30, 31 };

/* One of the many shapes; @which counts through them in mixed radix. */
static struct exchange_shape pick_shape(unsigned int which)
{
	static const size_t trailing_lens[] = { 0, 4, 28, 200 };
	static const size_t uid_lens[] = { 32, 36, 64, 256 };
	static const size_t unknown_lens[] = { 0, 12, 60 };
	struct exchange_shape shape = { 0 };

	shape.placeholders = which % 11;
	which /= 11;
	shape.hidden_placeholders = which % 3 * shape.placeholders / 2;
	shape.placeholders -= shape.hidden_placeholders;
	which /= 3;
	shape.uid_len = uid_lens[which % 4];
	which /= 4;
	shape.unknown_len = unknown_lens[which % 3];
	which /= 3;
	shape.trailing_len = trailing_lens[which % 4];
	which /= 4;
	shape.late_uid = which % 2;
	shape.early_placeholders = which % 2;

	return shape;
}

#define SHAPES (11 * 3 * 4 * 3 * 4 * 2)

static void N39_replies_are_as_long_as_their_requests(void **state)
{
	size_t answered = 0, asked_for, i;
	struct exchange_shape shape;
	unsigned int n;
	struct meeting m;

	server_setup(&m.s);
	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		exchange_setup(&m.x, &m.s, aeads[i]);
		for (n = 0; n < SHAPES; n++) {
			shape = pick_shape(n);
			asked_for = 1 + shape.placeholders +
				    shape.hidden_placeholders;
			/* What else there is stays under 624 octets. */
			if (asked_for * (4 + m.x.cookie.len) > 828)
				continue;
			exchange_request(&m.x, &shape, &m.p);
			meeting_ask(&m);
			assert_int_equal(m.a.len, m.p.len);
			assert_int_equal(m.a.reply.cookie_count,
					 MIN(asked_for, 8));
			answered++;
		}
	}
	assert_true(answered > 3000);
}

static void N37_eight_cookies_and_the_rest_is_padding(void **state)
{
	struct exchange_shape shape = { 0 };
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	for (shape.placeholders = 0; shape.placeholders <= 11;
	     shape.placeholders++) {
		exchange_request(&m.x, &shape, &m.p);
		meeting_ask(&m);
		assert_int_equal(m.a.len, m.p.len);
		assert_int_equal(m.a.reply.cookie_count,
				 MIN(1 + shape.placeholders, 8));
	}
}

static void N39_short_and_long_nonces_cost_no_length(void **state)
{
	struct exchange_shape shape = { 0 };
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	for (shape.nonce_len = 1; shape.nonce_len <= 64; shape.nonce_len++)
		for (shape.padding_len = 0; shape.padding_len <= 32;
		     shape.padding_len += 4) {
			exchange_request(&m.x, &shape, &m.p);
			exchange_ask(&m.a, &m.s, &m.x, &m.p);
			if (m.a.verdict == KNTS_DROP_AUTH_PADDING)
				continue;
			assert_int_equal(m.a.verdict, KNTS_ANSWER_NTS);
			assert_int_equal(m.a.len, m.p.len);
			assert_int_equal(m.a.reply.cookie_count, 1);
		}
}

static void N37_a_placeholder_of_another_length_gets_nothing(void **state)
{
	size_t len;
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	for (len = 12; len <= 400; len += 4) {
		packet_start(&m.p, 4, 3);
		packet_uid(&m.p, 32);
		packet_cookie(&m.p, &m.x.cookie);
		packet_placeholders(&m.p, 1, len);
		packet_auth(&m.p, &m.x.session, NULL);
		meeting_ask(&m);
		assert_int_equal(m.a.reply.cookie_count, len == 104 ? 2 : 1);
	}
}

/* No cookie of ours is that short; the reply keeps to its length all the same. */
static void N39_no_more_cookies_than_fit(void **state)
{
	const struct nts_cookie foreign = { .len = 12 };
	struct knts_session session = { .aead = 15 };
	struct knts_reply_keys keys = { .session = &session };
	struct knts_aead_key s2c, *const expanded = &s2c;
	u8 text[KNTS_REPLY_TEXT_MAX_LEN];
	const u8 *raw;
	struct knts_request rq;
	struct knts_reply rp;
	struct reply r;
	u8 *exact;
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	raw = m.x.session.s2c;
	knts_aead_expand(&expanded, &raw, 1, 15);
	keys.s2c = &s2c;
	keys.cookie_key = &m.s.keys[0];
	keys.nonces = m.s.nonces;

	packet_request(&m.p, &m.x.session, &foreign, 7);
	exact = unit_exact(m.p.data, m.p.len);
	assert_int_equal(knts_request_parse(&rq, exact, m.p.len),
			 KNTS_ANSWER_NTS);
	assert_int_equal(rq.cookies, 8);
	knts_reply_cookies(&rp, &rq, &keys, text, NULL);
	knts_reply_nts(&rp, &rq, &m.s.hdr, m.s.receive, &keys);
	knts_reply_stamp(&rp, m.s.transmit);
	assert_int_equal(rp.len, m.p.len);
	assert_null(reply_check(&r, exact, rp.len, &m.p, &m.x.session));
	assert_int_equal(r.cookie_count, 1);
	free(exact);
}

/* What chrony and others send: a cookie of 100 octets is theirs, not ours. */
static void N48_sizes_that_real_clients_send(void **state)
{
	static const struct {
		unsigned int placeholders;
		size_t foreign_len, our_len;
	} sizes[] = { { 0, 228, 232 }, { 7, 956, 988 } };
	struct exchange_shape shape = { 0 };
	struct exchange y;
	size_t i;
	struct meeting m;

	meeting_begin(&m, 15, NULL);
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		shape.placeholders = sizes[i].placeholders;
		exchange_request(&m.x, &shape, &m.p);
		assert_int_equal(m.p.len, sizes[i].our_len);
		meeting_ask(&m);
		assert_int_equal(m.a.len, m.p.len);
		assert_true(m.a.len < 1280);

		y = m.x;
		y.cookie.len = 100;
		exchange_request(&y, &shape, &m.p);
		assert_int_equal(m.p.len, sizes[i].foreign_len);
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_COOKIE);
		y.cookie.data[0] ^= 0xff;
		exchange_request(&y, &shape, &m.p);
		exchange_refused(&m.s, &m.x, &m.p, KNTS_KISS_NTSN_KEY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(N39_replies_are_as_long_as_their_requests),
		cmocka_unit_test(N37_eight_cookies_and_the_rest_is_padding),
		cmocka_unit_test(N39_short_and_long_nonces_cost_no_length),
		cmocka_unit_test(N37_a_placeholder_of_another_length_gets_nothing),
		cmocka_unit_test(N39_no_more_cookies_than_fit),
		cmocka_unit_test(N48_sizes_that_real_clients_send),
	};

	return cmocka_run_group_tests_name("length", tests, NULL, NULL);
}
