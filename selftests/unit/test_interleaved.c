// SPDX-License-Identifier: GPL-2.0-or-later
/* Interleaved mode (RFC 9769) in whole exchanges, with NTS and without. */
#include "core/ntp.h"
#include "exchange.h"
#include "unit.h"

#define ROUND (1ULL << 36)

/**
 * struct dialogue - a client and a server that meet again and again
 * @s: server, with a table
 * @x: what the client got by key exchange
 * @nts: whether it makes use of it
 * @receive: receive field of the next request
 * @origin: its origin field
 * @a: the last answer
 */
struct dialogue {
	struct server s;
	struct exchange x;
	bool nts;
	u64 receive;
	u64 origin;
	struct exchange_answer a;
	struct knts_pairs pairs;
	struct knts_pair pair[2 * KNTS_PAIRS_WAYS];
};

static void begin(struct dialogue *d, bool nts)
{
	memset(d, 0, sizeof(*d));
	server_setup(&d->s);
	exchange_setup(&d->x, &d->s, 15);
	d->pairs.shift = 63;
	d->pairs.pairs = d->pair;
	d->s.pairs = &d->pairs;
	d->nts = nts;
}

/* The request's fields are covered by the authenticator: set before it. */
static void ask(struct dialogue *d)
{
	struct packet p;

	packet_start(&p, 4, 3);
	knts_put_be64(p.data + KNTS_NTP_ORIGIN, d->origin);
	knts_put_be64(p.data + KNTS_NTP_RECEIVE, d->receive);
	if (!d->nts) {
		exchange_ask(&d->a, &d->s, &d->x, &p);
		assert_int_equal(d->a.verdict, KNTS_ANSWER_PLAIN);
	} else {
		packet_uid(&p, PACKET_UID_LEN);
		packet_cookie(&p, &d->x.cookie);
		packet_auth(&p, &d->x.session, NULL);
		exchange_ask_for_nts(&d->a, &d->s, &d->x, &p);
	}
	d->s.receive += ROUND;
	d->s.transmit += ROUND;
}

/* As a client that keeps to interleaved mode asks next. */
static void ask_on(struct dialogue *d)
{
	d->origin = d->a.reply.receive;
	d->receive = d->a.reply.transmit + 0x1234567;
	ask(d);
}

static void I7_interleaved_replies(bool nts)
{
	struct dialogue d;
	u64 transmit;
	int i;

	begin(&d, nts);
	ask(&d);
	assert_false(d.a.reply.interleaved);
	/* A first request remembers nothing, so it is not saved (I3). */
	transmit = d.s.transmit;
	ask_on(&d);
	assert_false(d.a.reply.interleaved);
	assert_true(d.a.reply.transmit == transmit);
	for (i = 0; i < 20; i++) {
		u64 receive = d.s.receive;

		ask_on(&d);
		assert_true(d.a.reply.interleaved);
		assert_true(d.a.reply.origin == d.receive);
		assert_in_range(d.a.reply.receive - receive, 0, 2);
		assert_true(d.a.reply.transmit == transmit);
		transmit = d.s.transmit - ROUND;
	}
}

static void I7_interleaved_replies_without_nts(void **state)
{
	I7_interleaved_replies(false);
}

static void I7_interleaved_replies_with_nts(void **state)
{
	I7_interleaved_replies(true);
}

static void I6_equal_receive_and_transmit_is_basic(void **state)
{
	struct dialogue d;
	struct packet p;

	begin(&d, false);
	d.origin = 1;
	ask(&d);
	packet_start(&p, 4, 3);
	knts_put_be64(p.data + KNTS_NTP_ORIGIN, d.a.reply.receive);
	memcpy(p.data + KNTS_NTP_RECEIVE, p.data + KNTS_NTP_TRANSMIT, 8);
	exchange_ask(&d.a, &d.s, &d.x, &p);
	assert_false(d.a.reply.interleaved);
	assert_true(d.a.reply.transmit == d.s.transmit);
}

static void I6_another_origin_is_basic(void **state)
{
	struct dialogue d;
	int bit;

	begin(&d, false);
	for (bit = 0; bit < 64; bit++) {
		d.origin = 1;
		ask(&d);
		d.origin = d.a.reply.receive ^ 1ULL << bit;
		d.receive = 99;
		ask(&d);
		assert_false(d.a.reply.interleaved);
	}
	/* Its transmit timestamp, as basic clients send it. */
	d.origin = d.a.reply.transmit;
	ask(&d);
	assert_false(d.a.reply.interleaved);
}

static void I8_a_repeated_request_gets_a_basic_reply(void **state)
{
	struct dialogue d;

	begin(&d, true);
	d.origin = 1;
	ask(&d);
	ask_on(&d);
	assert_true(d.a.reply.interleaved);
	ask(&d);
	assert_false(d.a.reply.interleaved);
	/* I9: and the basic reply is saved all the same. */
	ask_on(&d);
	assert_true(d.a.reply.interleaved);
}

static void I4_an_equal_transmit_timestamp_is_changed(void **state)
{
	struct dialogue d;

	begin(&d, false);
	d.origin = 1;
	ask(&d);
	/* So that the next receive timestamp is what the last transmit was. */
	d.s.receive = (d.s.transmit - ROUND + 1) & ~1ULL;
	ask_on(&d);
	assert_true(d.a.reply.interleaved);
	assert_true(d.a.reply.transmit != d.a.reply.receive);
	assert_in_range(d.a.reply.transmit - d.s.transmit + 2 * ROUND, 0, 2);
}

/* It is long gone, and must not be pulled after the receive timestamp. */
static void P10_an_earlier_transmit_timestamp_stays_earlier(void **state)
{
	struct dialogue d;

	begin(&d, false);
	d.origin = 1;
	ask(&d);
	ask_on(&d);
	assert_true((s64)(d.a.reply.transmit - d.a.reply.receive) < 0);
}

static void I6_a_kiss_code_is_never_interleaved(void **state)
{
	struct dialogue d;
	struct packet p;

	begin(&d, true);
	d.origin = 1;
	ask(&d);
	packet_start(&p, 4, 3);
	knts_put_be64(p.data + KNTS_NTP_ORIGIN, d.a.reply.receive);
	knts_put_be64(p.data + KNTS_NTP_RECEIVE, 77);
	packet_uid(&p, PACKET_UID_LEN);
	packet_cookie(&p, &d.x.cookie);
	packet_auth(&p, &d.x.session, NULL);
	p.data[KNTS_NTP_POLL] ^= 1;
	exchange_refused(&d.s, &d.x, &p, KNTS_KISS_NTSN_AUTH);
	/* Nor has it used up the pair. */
	ask_on(&d);
	assert_true(d.a.reply.interleaved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(I7_interleaved_replies_without_nts),
		cmocka_unit_test(I7_interleaved_replies_with_nts),
		cmocka_unit_test(I6_equal_receive_and_transmit_is_basic),
		cmocka_unit_test(I6_another_origin_is_basic),
		cmocka_unit_test(I8_a_repeated_request_gets_a_basic_reply),
		cmocka_unit_test(I4_an_equal_transmit_timestamp_is_changed),
		cmocka_unit_test(P10_an_earlier_transmit_timestamp_stays_earlier),
		cmocka_unit_test(I6_a_kiss_code_is_never_interleaved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
