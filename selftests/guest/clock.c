// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clock state as replies give it, and the timestamps.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "ask.h"
#include "test.h"

#define KEY_ID 7
#define FAMILIES 2
#define UNIX_EPOCH_S 2208988800ULL
#define ROUNDS 100
/* Ages go by a clock that stands still between two ticks; one may be late. */
#define TICK_MS 20

static struct asker askers[FAMILIES];
static struct knts_conn *conn;

static uint64_t ntp_of(uint64_t ns)
{
	return (ns / 1000000000 + UNIX_EPOCH_S) << 32 |
	       ((ns % 1000000000) << 32) / 1000000000;
}

static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void ask_nts(const struct asker *a, struct reply *r)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct packet p;

	packet_request(&p, &a->session, &cookie, 0);
	ask(a, &p, KNTS_ANSWER_NTS, r);
}

/* The same question plainly and by NTS, over both families. */
static void ask_all(void (*check)(const struct reply *r))
{
	struct reply r;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		ask_plain(&askers[i], &r);
		check(&r);
		ask_nts(&askers[i], &r);
		check(&r);
	}
}

static void is_unsynchronised(const struct reply *r)
{
	assert_int_equal(r->leap, 3);
	assert_int_equal(r->stratum, 0);
}

static void is_synchronised(const struct reply *r)
{
	assert_int_equal(r->leap, 0);
	assert_int_equal(r->stratum, 2);
}

static void test_before_first_feed(void **state)
{
	struct knts_clock clock;

	assert_int_equal(knts_clock_get(conn, &clock), -ENODATA);
	ask_all(is_unsynchronised);
}

static void test_fields(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;
	size_t i;

	clock.dispersion_rate_ppb = 0;
	clock.precision = -20;
	rig_clock_set(conn, &clock);
	for (i = 0; i < FAMILIES; i++) {
		ask_nts(&askers[i], &r);
		assert_int_equal(r.precision, -20);
		assert_int_equal(r.root_delay, clock.root_delay);
		assert_int_equal(r.root_dispersion, clock.root_dispersion);
		assert_int_equal(r.reference_id, clock.reference_id);
		assert_int_equal(r.reference, clock.reference_time);
	}
}

static void test_leap(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;

	for (clock.leap = 0; clock.leap < 3; clock.leap++) {
		rig_clock_set(conn, &clock);
		ask_plain(&askers[0], &r);
		assert_int_equal(r.leap, clock.leap);
		assert_int_equal(r.stratum, 2);
	}
	rig_clock_set(conn, &clock);
	ask_all(is_unsynchronised);
}

static void test_stratum(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;

	for (clock.stratum = 1; clock.stratum < 16; clock.stratum++) {
		rig_clock_set(conn, &clock);
		ask_plain(&askers[0], &r);
		assert_int_equal(r.leap, 0);
		assert_int_equal(r.stratum, clock.stratum);
	}
}

static void test_read_back(void **state)
{
	struct knts_clock clock = rig_clock(), read;

	clock.leap = 2;
	clock.dispersion_rate_ppb = 0;
	rig_clock_set(conn, &clock);
	assert_int_equal(knts_clock_get(conn, &read), 0);
	assert_int_equal(read.leap, 2);
	assert_int_equal(read.stratum, clock.stratum);
	assert_int_equal(read.precision, clock.precision);
	assert_int_equal(read.root_delay, clock.root_delay);
	assert_int_equal(read.root_dispersion, clock.root_dispersion);
	assert_int_equal(read.reference_id, clock.reference_id);
	assert_int_equal(read.reference_time, clock.reference_time);
	assert_int_equal(read.dispersion_rate_ppb, 0);
	assert_int_equal(read.lifetime_ms, clock.lifetime_ms);
	assert_true(read.synchronised);
	assert_in_range(read.age_ms, 0, 5000);
}

static void test_lifetime(void **state)
{
	struct knts_clock clock = rig_clock();

	clock.lifetime_ms = 2000;
	rig_clock_set(conn, &clock);
	ask_all(is_synchronised);
	sleep_ms(2100);
	ask_all(is_unsynchronised);
	assert_int_equal(knts_clock_get(conn, &clock), 0);
	assert_false(clock.synchronised);

	clock = rig_clock();
	rig_clock_set(conn, &clock);
	ask_all(is_synchronised);
}

/* Dispersion in 16.16 seconds after @ms at one second a second, rounded up. */
static uint32_t grown(uint32_t base, uint64_t ms)
{
	return base + (uint32_t)((ms * 65536 + 999) / 1000);
}

static void test_dispersion(void **state)
{
	struct knts_clock clock = rig_clock();
	uint64_t before_ms, set_ms, least, most;
	struct reply r;
	int i;

	clock.dispersion_rate_ppb = 1000000000;
	before_ms = rig_now_ns() / 1000000;
	rig_clock_set(conn, &clock);
	set_ms = rig_now_ns() / 1000000;
	for (i = 0; i < 5; i++) {
		least = rig_now_ns() / 1000000 - set_ms;
		ask_plain(&askers[i % FAMILIES], &r);
		most = rig_now_ns() / 1000000 - before_ms;
		least = least > TICK_MS ? least - TICK_MS : 0;
		assert_in_range(r.root_dispersion,
				grown(clock.root_dispersion, least),
				grown(clock.root_dispersion, most + TICK_MS));
		sleep_ms(150);
	}
	assert_int_equal(knts_clock_get(conn, &clock), 0);
	assert_true(clock.root_dispersion > r.root_dispersion);
}

static void test_dispersion_rounds_up(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;

	clock.dispersion_rate_ppb = 1;
	rig_clock_set(conn, &clock);
	sleep_ms(2 * TICK_MS);
	ask_plain(&askers[0], &r);
	assert_int_equal(r.root_dispersion, clock.root_dispersion + 1);
}

static void test_dispersion_stays_highest(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;

	clock.root_dispersion = 0xfffffff0;
	clock.dispersion_rate_ppb = 0xffffffff;
	rig_clock_set(conn, &clock);
	sleep_ms(2 * TICK_MS);
	ask_plain(&askers[0], &r);
	assert_int_equal(r.root_dispersion, 0xffffffff);
}

static void test_reference(void **state)
{
	struct knts_clock clock = rig_clock();
	struct reply r;

	clock.precision = -32;
	clock.reference_time += 1000ULL << 32;
	rig_clock_set(conn, &clock);
	ask_plain(&askers[0], &r);
	assert_int_equal(r.reference, r.receive);
	ask_nts(&askers[1], &r);
	assert_int_equal(r.reference, r.receive);
}

static void check_order(const struct asker *a,
			void (*asking)(const struct asker *a, struct reply *r))
{
	uint64_t sent, back;
	struct reply r;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		sent = ntp_of(rig_now_ns());
		asking(a, &r);
		back = ntp_of(rig_now_ns());
		/* One unit for a reading that was rounded down. */
		if (r.receive + 1 < sent || r.transmit < r.receive ||
		    back + 1 < r.transmit)
			fail_msg("out of order: %016llx %016llx %016llx %016llx",
				 (unsigned long long)sent,
				 (unsigned long long)r.receive,
				 (unsigned long long)r.transmit,
				 (unsigned long long)back);
		assert_int_not_equal(r.receive, r.transmit);
	}
}

static void test_order(void **state)
{
	struct knts_clock clock = rig_clock();
	size_t i;

	clock.precision = -32;
	rig_clock_set(conn, &clock);
	for (i = 0; i < FAMILIES; i++) {
		check_order(&askers[i], ask_plain);
		check_order(&askers[i], ask_nts);
	}
}

/* Each bit below the precision is seen at 0 and at 1, and time is kept. */
static void test_blur(void **state)
{
	struct knts_clock clock = rig_clock();
	uint32_t ones[2] = { 0 }, zeros[2] = { 0 };
	uint64_t sent, back, unit = 1ULL << 22;
	struct reply r;
	int i;

	clock.precision = -10;
	rig_clock_set(conn, &clock);
	for (i = 0; i < 60; i++) {
		sent = ntp_of(rig_now_ns());
		ask_plain(&askers[i % FAMILIES], &r);
		back = ntp_of(rig_now_ns());
		assert_true(r.receive + unit > sent && r.receive < back + unit);
		assert_true(r.transmit + unit > sent && r.transmit < back + unit);
		ones[0] |= (uint32_t)r.receive;
		ones[1] |= (uint32_t)r.transmit;
		zeros[0] |= ~(uint32_t)r.receive;
		zeros[1] |= ~(uint32_t)r.transmit;
	}
	for (i = 0; i < 2; i++) {
		assert_int_equal(ones[i] & (unit - 1), unit - 1);
		assert_int_equal(zeros[i] & (unit - 1), unit - 1);
	}
}

static int set_up(void **state)
{
	static const char *const servers[] = { SERVER4, SERVER6 };
	static const char *const clients[] = { CLIENT4, CLIENT6 };
	struct rig_key key = rig_key_make(KEY_ID);
	struct knts_server server;
	size_t i;

	conn = rig_open(SERVER_NS);
	rig_ring(conn, &key, 1);
	for (i = 0; i < FAMILIES; i++) {
		server = rig_server(servers[i], 123);
		rig_serve(conn, &server);
		askers[i].conn = conn;
		askers[i].key = key;
		askers[i].session = rig_session(15);
		askers[i].fd = ask_socket(CLIENT_NS, clients[i], 0, servers[i], 123);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("P6 unsynchronised before the first feed", test_before_first_feed),
		TEST("P5 P7 fields as fed", test_fields),
		TEST("P6 leap", test_leap),
		TEST("P6 stratum", test_stratum),
		TEST("clock-get reads back what clock-set said", test_read_back),
		TEST("P6 unsynchronised past the lifetime", test_lifetime),
		TEST("P9 dispersion grows by itself", test_dispersion),
		TEST("P9 dispersion is rounded up", test_dispersion_rounds_up),
		TEST("P9 dispersion stays at its highest", test_dispersion_stays_highest),
		TEST("P8 reference is not later than receive", test_reference),
		TEST("P10 I4 sent, receive, transmit, back", test_order),
		TEST("P5 bits below the precision are random", test_blur),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("clock", tests, set_up, NULL);
}
