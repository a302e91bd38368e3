// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "../guest/test.h"
#include "crossing.h"
#include "self.h"

#define PACKETS 60
#define GAP_US 500
#define PATIENCE_MS 200
/* What nothing overtakes is reported after a second. */
#define OVERTAKEN_PATIENCE_MS 1500
#define EVERY 5

static struct crossing x;

static void dial(const char *knob, int64_t value)
{
	assert_true(sim_dial(SIM_SERVER, knob, value));
	assert_true(sim_dial(SIM_CLIENT, knob, value));
}

/* Each fault strikes every fifth packet, counted since the module was loaded. */
static size_t count_flag(uint32_t flag)
{
	size_t i, found = 0;

	for (i = 0; i < x.count; i++)
		found += !!(x.truth[i].flags & flag);
	return found;
}

static size_t reports_of(size_t id)
{
	size_t i, found = 0;

	for (i = 0; i < x.tx_count; i++)
		found += x.tx_id[i] == id;
	return found;
}

/* Where in the order of reports the first about a packet stands. */
static size_t place_of(size_t id)
{
	size_t i;

	for (i = 0; i < x.tx_count && x.tx_id[i] != id; i++)
		;
	return i;
}

static void run_with(const char *knob, uint32_t flag)
{
	unsigned int patience_ms = flag == HWSIM_TX_REORDERED ?
					   OVERTAKEN_PATIENCE_MS : PATIENCE_MS;

	dial(knob, EVERY);
	crossing_run(&x, PACKETS, GAP_US, patience_ms);
	dial(knob, 0);
	assert_int_equal(count_flag(flag), PACKETS / EVERY);
	assert_int_equal(x.rx_count, PACKETS);
}

static void tx_lost(void **state)
{
	size_t i;

	run_with("tx_lost_every", HWSIM_TX_LOST);
	for (i = 0; i < PACKETS; i++)
		assert_int_equal(reports_of(i),
				 !(x.truth[i].flags & HWSIM_TX_LOST));
}

static void tx_late(void **state)
{
	size_t i;

	dial("tx_late_ns", 100000000);
	run_with("tx_late_every", HWSIM_TX_LATE);
	assert_int_equal(x.tx_count, PACKETS);
	/* All sent within 50 ms or so, the late ones come last. */
	for (i = 0; i < PACKETS; i++)
		if (x.truth[i].flags & HWSIM_TX_LATE && i < PACKETS / 2)
			assert_true(place_of(i) > i + EVERY);
	dial("tx_late_ns", 1000000);
}

static void tx_reordered(void **state)
{
	size_t i;

	run_with("tx_reorder_every", HWSIM_TX_REORDERED);
	assert_int_equal(x.tx_count, PACKETS);
	for (i = 0; i + 1 < PACKETS; i++)
		if (x.truth[i].flags & HWSIM_TX_REORDERED)
			assert_true(place_of(i) > place_of(i + 1));
}

static void tx_duplicated(void **state)
{
	size_t i;

	run_with("tx_duplicate_every", HWSIM_TX_DUPLICATED);
	for (i = 0; i < PACKETS; i++)
		assert_int_equal(reports_of(i),
				 x.truth[i].flags & HWSIM_TX_DUPLICATED ? 2 : 1);
}

static void tx_wrong(void **state)
{
	size_t i;

	run_with("tx_wrong_every", HWSIM_TX_WRONG);
	assert_int_equal(x.tx_count, PACKETS);
	for (i = 1; i < PACKETS; i++)
		if (x.truth[i].flags & HWSIM_TX_WRONG)
			assert_int_equal(x.tx_ns[i], x.tx_ns[i - 1]);
		else
			assert_true(x.tx_ns[i] > x.tx_ns[i - 1]);
}

static void tx_one_in_flight(void **state)
{
	size_t i;

	dial("tx_one_in_flight", 1);
	dial("tx_report_ns", 100000000);
	crossing_run(&x, 10, 0, PATIENCE_MS);
	dial("tx_one_in_flight", 0);
	dial("tx_report_ns", 20000);
	assert_int_equal(count_flag(HWSIM_TX_ASKED), 10);
	assert_true(count_flag(HWSIM_TX_SKIPPED) >= 8);
	for (i = 0; i < 10; i++)
		assert_int_equal(reports_of(i),
				 !(x.truth[i].flags & HWSIM_TX_SKIPPED));
}

static void tx_at_once(void **state)
{
	size_t i;

	dial("tx_report_ns", 0);
	crossing_run(&x, PACKETS, 0, PATIENCE_MS);
	dial("tx_report_ns", 20000);
	assert_int_equal(x.tx_count, PACKETS);
	for (i = 0; i < PACKETS; i++)
		assert_int_equal(x.tx_id[i], i);
}

static void rx_lost(void **state)
{
	size_t i;

	run_with("rx_lost_every", HWSIM_RX_LOST);
	for (i = 0; i < PACKETS; i++)
		assert_int_equal(!x.rx_ns[i], !!(x.truth[i].flags & HWSIM_RX_LOST));
}

static void rx_wrong(void **state)
{
	size_t i;

	run_with("rx_wrong_every", HWSIM_RX_WRONG);
	for (i = 1; i < PACKETS; i++)
		if (x.truth[i].flags & HWSIM_RX_WRONG)
			assert_int_equal(x.rx_ns[i], x.rx_ns[i - 1]);
		else
			assert_true(x.rx_ns[i] > x.rx_ns[i - 1]);
}

static void rx_stale(void **state)
{
	size_t i;

	dial("rx_stale_ns", 1000000000);
	run_with("rx_stale_every", HWSIM_RX_STALE);
	dial("rx_stale_ns", 1000000);
	for (i = 1; i < PACKETS; i++)
		if (x.truth[i].flags & HWSIM_RX_STALE)
			assert_true(x.rx_ns[i] < x.rx_ns[i - 1]);
}

/* After all of them: nothing is left dialled. */
static void no_fault(void **state)
{
	size_t i;

	crossing_run(&x, PACKETS, GAP_US, PATIENCE_MS);
	assert_int_equal(x.tx_count, PACKETS);
	for (i = 0; i < PACKETS; i++) {
		assert_int_equal(x.truth[i].flags, HWSIM_TX_ASKED);
		assert_int_equal(x.tx_ns[i], x.truth[i].tx_stamp_ns);
		assert_int_equal(x.rx_ns[i], x.truth[i].rx_stamp_ns);
	}
}

static int open_crossing(void **state)
{
	crossing_open(&x);
	return 0;
}

static int close_crossing(void **state)
{
	crossing_close(&x);
	return 0;
}

int self_faults(void)
{
	const struct CMUnitTest tests[] = {
		TEST("hwsim: lost transmit timestamps", tx_lost),
		TEST("hwsim: late transmit timestamps", tx_late),
		TEST("hwsim: reordered transmit timestamps", tx_reordered),
		TEST("hwsim: duplicated transmit timestamps", tx_duplicated),
		TEST("hwsim: transmit timestamps of another packet", tx_wrong),
		TEST("hwsim: one transmit timestamp in flight", tx_one_in_flight),
		TEST("hwsim: transmit timestamps at once", tx_at_once),
		TEST("hwsim: lost receive timestamps", rx_lost),
		TEST("hwsim: receive timestamps of another packet", rx_wrong),
		TEST("hwsim: stale receive timestamps", rx_stale),
		TEST("hwsim: no fault is left", no_fault),
	};

	return cmocka_run_group_tests_name("hwsim faults", tests, open_crossing,
					   close_crossing);
}
