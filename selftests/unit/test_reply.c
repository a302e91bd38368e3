// SPDX-License-Identifier: GPL-2.0-or-later
/* A reply's header, and replies without NTS. */
#include "exchange.h"
#include "unit.h"

/* What @p is answered with, by header fields and times as given. */
struct answer {
	struct knts_ntp_header hdr;
	u64 receive;
	u64 transmit;
	u32 kiss;
	struct reply reply;
	size_t len;
};

static void ask(struct answer *a, const struct packet *p)
{
	u8 *exact = unit_exact(p->data, p->len);
	struct knts_request rq;
	struct knts_reply rp;

	knts_request_parse(&rq, exact, p->len);
	if (a->kiss)
		knts_reply_kiss(&rp, &rq, a->kiss, a->hdr.precision,
				a->receive);
	else
		knts_reply_plain(&rp, &rq, &a->hdr, a->receive);
	knts_reply_stamp(&rp, a->transmit);

	assert_ptr_equal(rp.pkt, exact);
	assert_true(rp.len <= p->len);
	assert_null(reply_check(&a->reply, exact, rp.len, p, NULL));
	a->len = rp.len;
	free(exact);
}

static const struct answer sound = {
	.hdr = {
		.leap = 1,
		.stratum = 2,
		.precision = -25,
		.root_delay = 0x01020304,
		.root_dispersion = 0x05060708,
		.reference_id = 0xc0000201,
		.reference = 0xeeeeeee012345678,
	},
	.receive = 0xeeeeeeee11111111,
	.transmit = 0xeeeeeeee22222222,
};

static void P1_the_version_is_echoed(void **state)
{
	struct answer a = sound;
	unsigned int version;
	struct packet p;

	for (version = 1; version <= 4; version++) {
		packet_start(&p, version, 3);
		ask(&a, &p);
		assert_int_equal(a.reply.version, version);
	}
}

static void P2_a_server_answers_a_client(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	ask(&a, &p);
	assert_int_equal(a.reply.mode, 4);
}

static void P3_origin_is_the_clients_transmit_bit_for_bit(void **state)
{
	struct answer a = sound;
	struct packet p;
	u64 transmit;
	int bit;

	for (bit = 0; bit < 65; bit++) {
		transmit = bit < 64 ? 1ULL << bit : 0;
		packet_start(&p, 4, 3);
		knts_put_be64(p.data + 40, transmit);
		ask(&a, &p);
		assert_true(a.reply.origin == transmit);
		a.kiss = a.kiss ? 0 : KNTS_NTP_KISS_DENY;
	}
}

static void P4_poll_is_the_clients(void **state)
{
	struct answer a = sound;
	struct packet p;
	int poll;

	for (poll = -128; poll < 128; poll++) {
		packet_start(&p, 4, 3);
		p.data[2] = (u8)poll;
		ask(&a, &p);
		assert_int_equal(a.reply.poll, poll);
	}
}

static void P5_precision_is_the_clocks(void **state)
{
	struct answer a = sound;
	struct packet p;
	int precision;

	packet_start(&p, 4, 3);
	for (precision = -32; precision <= 0; precision++) {
		a.hdr.precision = (s8)precision;
		ask(&a, &p);
		assert_int_equal(a.reply.precision, precision);
	}
}

static void P6_unsynchronised_is_leap_3_and_stratum_0(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	a.hdr.leap = KNTS_NTP_LEAP_UNSYNC;
	a.hdr.stratum = 0;
	a.hdr.reference_id = 0;
	a.hdr.reference = 0;
	ask(&a, &p);
	assert_int_equal(a.reply.leap, 3);
	assert_int_equal(a.reply.stratum, 0);
	assert_int_equal(a.reply.reference_id, 0);
	/* Never is not a time, so it is not later than receive either. */
	assert_true(a.reply.reference == 0);
}

static void P7_reference_id_stands_as_its_characters(void **state)
{
	struct answer a = sound;
	struct knts_request rq;
	struct knts_reply rp;
	struct packet p;

	packet_start(&p, 4, 3);
	a.hdr.stratum = 1;
	a.hdr.reference_id = 0x47505300;
	assert_int_equal(knts_request_parse(&rq, p.data, p.len),
			 KNTS_ANSWER_PLAIN);
	knts_reply_plain(&rp, &rq, &a.hdr, a.receive);
	knts_reply_stamp(&rp, a.transmit);
	assert_int_equal(rp.pkt[1], 1);
	assert_memory_equal(rp.pkt + 12, "GPS\0", 4);
}

static void P8_reference_is_never_later_than_receive(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	ask(&a, &p);
	assert_true(a.reply.reference == sound.hdr.reference);
	a.hdr.reference = a.receive;
	ask(&a, &p);
	assert_true(a.reply.reference == a.receive);
	a.hdr.reference = a.receive + 1;
	ask(&a, &p);
	assert_true(a.reply.reference == a.receive);
	a.hdr.reference = a.receive + (1ULL << 62);
	ask(&a, &p);
	assert_true(a.reply.reference == a.receive);
}

static void P9_root_delay_and_dispersion_are_the_clocks(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	ask(&a, &p);
	assert_int_equal(a.reply.root_delay, 0x01020304);
	assert_int_equal(a.reply.root_dispersion, 0x05060708);
	assert_int_equal(a.reply.leap, 1);
	assert_int_equal(a.reply.stratum, 2);
	assert_int_equal(a.reply.reference_id, 0xc0000201);
}

static void P14_an_era_ends_between_two_timestamps(void **state)
{
	const u64 before = 0xfffffffffffffff0, after = 0x0000000000000010;
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	/* A reference of the era before is earlier. */
	a.hdr.reference = before;
	a.receive = after;
	a.transmit = after + 1;
	ask(&a, &p);
	assert_true(a.reply.reference == before);
	assert_true(a.reply.receive == after);
	assert_true(a.reply.transmit == after + 1);
	/* One of the era after is later. */
	a.hdr.reference = after;
	a.receive = before;
	a.transmit = after;
	ask(&a, &p);
	assert_true(a.reply.reference == before);
	/* The bump of I4 crosses it as well. */
	a.receive = ~0ULL - 1;
	a.transmit = ~0ULL - 1;
	ask(&a, &p);
	assert_true(a.reply.transmit == ~0ULL);
}

static void I4_transmit_is_never_receive(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	a.transmit = a.receive;
	ask(&a, &p);
	assert_true(a.reply.receive == sound.receive);
	assert_true(a.reply.transmit == sound.receive + 1);
	a.transmit = a.receive + 1;
	ask(&a, &p);
	assert_true(a.reply.transmit == sound.receive + 1);
	a.transmit = a.receive + 2;
	ask(&a, &p);
	assert_true(a.reply.transmit == sound.receive + 2);
}

static void P10_transmit_is_never_before_receive(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 4, 3);
	a.transmit = a.receive - 1;
	ask(&a, &p);
	assert_true(a.reply.transmit == sound.receive + 1);
	/* A clock that was stepped back by a second. */
	a.transmit = a.receive - (1ULL << 32);
	ask(&a, &p);
	assert_true(a.reply.transmit == sound.receive + 1);
}

static void P11_a_kiss_code_says_only_that(void **state)
{
	static const char *const names[] = { "DENY", "NTSN" };
	static const u32 codes[] = { KNTS_NTP_KISS_DENY, KNTS_NTP_KISS_NTSN };
	struct answer a = sound;
	struct packet p;
	size_t i;

	packet_start(&p, 4, 3);
	packet_uid(&p, 32);
	packet_field(&p, FIELD_UNKNOWN, NULL, 100);
	for (i = 0; i < ARRAY_LEN(codes); i++) {
		a.kiss = codes[i];
		ask(&a, &p);
		assert_string_equal(a.reply.kiss, names[i]);
		assert_int_equal(a.reply.stratum, 0);
		assert_int_equal(a.reply.leap, 3);
		assert_int_equal(a.reply.precision, -25);
		assert_int_equal(a.reply.root_delay, 0);
		assert_int_equal(a.reply.root_dispersion, 0);
		assert_true(a.reply.reference == 0);
		assert_true(a.reply.receive == sound.receive);
		assert_true(a.reply.transmit == sound.transmit);
		assert_int_equal(a.len, 48 + 36);
	}
}

/* Field before, field behind: nothing of either comes back. */
static void N29_the_identifier_is_echoed_wherever_it_stood(void **state)
{
	struct answer a = sound;
	size_t before, behind, uid_len;
	struct packet p;

	for (before = 0; before <= 100; before += 20)
		for (behind = 0; behind <= 100; behind += 25)
			for (uid_len = 32; uid_len <= 256; uid_len += 4) {
				packet_start(&p, 4, 3);
				if (before)
					packet_field(&p, FIELD_UNKNOWN, NULL,
						     before);
				packet_uid(&p, uid_len);
				if (behind)
					packet_field(&p, FIELD_UNKNOWN, NULL,
						     behind);
				ask(&a, &p);
				assert_false(a.reply.nts);
				assert_int_equal(a.len, 48 + 4 + uid_len);
				a.kiss = a.kiss ? 0 : KNTS_NTP_KISS_DENY;
			}
}

static void N39_plain_replies_are_not_longer_than_requests(void **state)
{
	struct answer a = sound;
	struct packet p;

	packet_start(&p, 3, 3);
	ask(&a, &p);
	assert_int_equal(a.len, 48);
	packet_start(&p, 4, 3);
	ask(&a, &p);
	assert_int_equal(a.len, 48);
	packet_field(&p, FIELD_UNKNOWN, NULL, 200);
	ask(&a, &p);
	assert_int_equal(a.len, 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(P1_the_version_is_echoed),
		cmocka_unit_test(P2_a_server_answers_a_client),
		cmocka_unit_test(P3_origin_is_the_clients_transmit_bit_for_bit),
		cmocka_unit_test(P4_poll_is_the_clients),
		cmocka_unit_test(P5_precision_is_the_clocks),
		cmocka_unit_test(P6_unsynchronised_is_leap_3_and_stratum_0),
		cmocka_unit_test(P7_reference_id_stands_as_its_characters),
		cmocka_unit_test(P8_reference_is_never_later_than_receive),
		cmocka_unit_test(P9_root_delay_and_dispersion_are_the_clocks),
		cmocka_unit_test(P14_an_era_ends_between_two_timestamps),
		cmocka_unit_test(I4_transmit_is_never_receive),
		cmocka_unit_test(P10_transmit_is_never_before_receive),
		cmocka_unit_test(P11_a_kiss_code_says_only_that),
		cmocka_unit_test(
			N29_the_identifier_is_echoed_wherever_it_stood),
		cmocka_unit_test(
			N39_plain_replies_are_not_longer_than_requests),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
