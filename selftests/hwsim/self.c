// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated NICs tested by themselves: what sockets get and what the PHC's
 * users see, against the truth.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/net_tstamp.h>
#include <linux/ptp_clock.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "../guest/ask.h"
#include "../guest/test.h"
#include "crossing.h"
#include "self.h"

#define PACKETS 100
#define GAP_US 200
#define PATIENCE_MS 200
/* Readings are whole nanoseconds, and so are timestamps. */
#define ROUNDING_NS 2

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* One precise reading of a PHC. */
struct reading {
	int64_t phc_ns;
	int64_t raw_ns;
};

static struct reading read_phc(int fd)
{
	struct reading r;

	if (!sim_phc_read(fd, &r.phc_ns, &r.raw_ns))
		fail_msg("precise reading: errno %d", errno);
	return r;
}

/* How much faster a PHC runs than CLOCK_MONOTONIC_RAW, in ppb. */
static double rate_ppb(const struct reading *a, const struct reading *b)
{
	double raw_ns = (double)(b->raw_ns - a->raw_ns);

	return ((double)(b->phc_ns - a->phc_ns) - raw_ns) / raw_ns * 1e9;
}

static double measure_ppb(int fd)
{
	struct reading a = read_phc(fd), b;

	usleep(200000);
	b = read_phc(fd);
	return rate_ppb(&a, &b);
}

static void assert_rate(int fd, double want_ppb)
{
	double ppb = measure_ppb(fd);

	if (ppb < want_ppb - 20 || ppb > want_ppb + 20)
		fail_msg("the PHC runs %f ppb fast instead of %f", ppb, want_ppb);
}

/* Where the line through two readings is at a moment. */
static int64_t on_line(const struct reading *a, const struct reading *b,
		       int64_t raw_ns)
{
	double rate = rate_ppb(a, b) / 1e9;

	return a->phc_ns + (raw_ns - a->raw_ns) +
	       (int64_t)((double)(raw_ns - a->raw_ns) * rate);
}

static void dial_clean(unsigned int device, int64_t freq_ppb)
{
	assert_true(sim_dial(device, "phc_drift_ppb_s", 0));
	assert_true(sim_dial(device, "phc_freq_ppb", freq_ppb));
}

static void stamps_equal_truth(void **state)
{
	int server = sim_phc_open(SIM_SERVER), client = sim_phc_open(SIM_CLIENT);
	struct reading s[2], c[2];
	struct crossing x;
	size_t i;

	dial_clean(SIM_SERVER, 50000);
	dial_clean(SIM_CLIENT, -31000);
	crossing_open(&x);
	s[0] = read_phc(server);
	c[0] = read_phc(client);
	crossing_run(&x, PACKETS, GAP_US, PATIENCE_MS);
	s[1] = read_phc(server);
	c[1] = read_phc(client);

	assert_int_equal(x.rx_count, PACKETS);
	assert_int_equal(x.tx_count, PACKETS);
	for (i = 0; i < PACKETS; i++) {
		const struct hwsim_record *r = &x.truth[i];

		assert_int_equal(x.tx_id[i], i);
		assert_int_equal(x.tx_ns[i], r->tx_stamp_ns);
		assert_int_equal(x.rx_ns[i], r->rx_stamp_ns);
		assert_true(distance(r->tx_stamp_ns,
				     on_line(&c[0], &c[1], r->departure_raw_ns)) <=
			    ROUNDING_NS);
		assert_true(distance(r->rx_stamp_ns,
				     on_line(&s[0], &s[1], r->arrival_raw_ns)) <=
			    ROUNDING_NS);
	}
	crossing_close(&x);
	close(server);
	close(client);
}

static void frequency_and_drift(void **state)
{
	int fd = sim_phc_open(SIM_SERVER);
	struct reading a, b;
	double seconds, gain;

	dial_clean(SIM_SERVER, 50000);
	assert_rate(fd, 50000);
	dial_clean(SIM_SERVER, -120000);
	assert_rate(fd, -120000);

	assert_true(sim_dial(SIM_SERVER, "phc_freq_ppb", 0));
	a = read_phc(fd);
	assert_true(sim_dial(SIM_SERVER, "phc_drift_ppb_s", 1000));
	sleep(3);
	b = read_phc(fd);
	seconds = (double)(b.raw_ns - a.raw_ns) / 1e9;
	gain = (double)((b.phc_ns - a.phc_ns) - (b.raw_ns - a.raw_ns));
	/* The drift began some time after the first reading. */
	assert_true(gain > 0.9 * 500 * seconds * seconds);
	assert_true(gain < 1.01 * 500 * seconds * seconds);
	dial_clean(SIM_SERVER, 0);
	assert_rate(fd, 0);
	close(fd);
}

static clockid_t clock_of(int fd)
{
	return (clockid_t)(~(unsigned int)fd << 3 | 3);
}

static void adjusted_by_its_user(void **state)
{
	struct timex frequency = {
		.modes = ADJ_FREQUENCY,
		.freq = 10 << 16, /* 10 ppm */
	};
	struct timex offset = {
		.modes = ADJ_SETOFFSET | ADJ_NANO,
		.time = { .tv_sec = 7, .tv_usec = 5000 },
	};
	struct timespec ts = { .tv_sec = 1000 };
	int fd = sim_phc_open(SIM_SERVER);
	struct reading a, b;

	dial_clean(SIM_SERVER, 5000);
	assert_return_code(clock_adjtime(clock_of(fd), &frequency), errno);
	assert_rate(fd, 15000);
	frequency.freq = 0;
	assert_return_code(clock_adjtime(clock_of(fd), &frequency), errno);
	assert_rate(fd, 5000);
	dial_clean(SIM_SERVER, 0);

	a = read_phc(fd);
	assert_return_code(clock_adjtime(clock_of(fd), &offset), errno);
	b = read_phc(fd);
	assert_true(distance(b.phc_ns - a.phc_ns,
			     b.raw_ns - a.raw_ns + 7000005000LL) <= ROUNDING_NS);

	assert_int_equal(clock_settime(clock_of(fd), &ts), 0);
	b = read_phc(fd);
	assert_true(b.phc_ns >= 1000000000000LL && b.phc_ns < 1010000000000LL);
	clock_gettime(CLOCK_REALTIME, &ts);
	assert_int_equal(clock_settime(clock_of(fd), &ts), 0);
	close(fd);
}

static void stepped(void **state)
{
	int fd = sim_phc_open(SIM_SERVER);
	struct reading a, b;

	dial_clean(SIM_SERVER, 0);
	a = read_phc(fd);
	assert_true(sim_dial(SIM_SERVER, "phc_step_ns", -123456789));
	b = read_phc(fd);
	assert_true(distance(b.phc_ns - a.phc_ns,
			     b.raw_ns - a.raw_ns - 123456789) <= ROUNDING_NS);
	assert_true(sim_dial(SIM_SERVER, "phc_step_ns", 123456789));
	close(fd);
}

static int64_t to_ns(const struct ptp_clock_time *time)
{
	return time->sec * 1000000000LL + time->nsec;
}

static void extended_brackets(int fd)
{
	struct ptp_sys_offset_extended ext = { .n_samples = 5 };
	int64_t middle_ns[5];
	size_t i;

	assert_int_equal(ioctl(fd, PTP_SYS_OFFSET_EXTENDED, &ext), 0);
	for (i = 0; i < 5; i++) {
		int64_t before = to_ns(&ext.ts[i][0]);
		int64_t after = to_ns(&ext.ts[i][2]);

		/* 5 us before the PHC's moment and after, unless slewed. */
		assert_true(after - before >= 9990);
		middle_ns[i] = to_ns(&ext.ts[i][1]);
		assert_true(!i || middle_ns[i] > middle_ns[i - 1]);
	}
}

static void read_in_three_ways(void **state)
{
	struct ptp_sys_offset_precise precise = { 0 };
	struct ptp_sys_offset_extended ext = { .n_samples = 1 };
	struct ptp_sys_offset basic = { .n_samples = 3 };
	int fd = sim_phc_open(SIM_SERVER);

	assert_true(sim_dial(SIM_SERVER, "phc_read_ns", 5000));
	extended_brackets(fd);
	assert_true(sim_dial(SIM_SERVER, "phc_reads", 1));
	assert_int_equal(ioctl(fd, PTP_SYS_OFFSET_PRECISE, &precise), -1);
	assert_int_equal(errno, EOPNOTSUPP);
	extended_brackets(fd);
	assert_true(sim_dial(SIM_SERVER, "phc_reads", 2));
	assert_int_equal(ioctl(fd, PTP_SYS_OFFSET_EXTENDED, &ext), -1);
	assert_int_equal(errno, EOPNOTSUPP);
	assert_int_equal(ioctl(fd, PTP_SYS_OFFSET, &basic), 0);
	assert_true(to_ns(&basic.ts[6]) > to_ns(&basic.ts[0]));
	assert_true(sim_dial(SIM_SERVER, "phc_reads", 0));
	assert_true(sim_dial(SIM_SERVER, "phc_read_ns", 0));
	read_phc(fd);
	close(fd);
}

static void filters_admitted(void **state)
{
	int fd = rig_socket(SERVER_NS, AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(sim_stamping(fd, SIM_SERVER, HWTSTAMP_TX_ON,
				      HWTSTAMP_FILTER_NTP_ALL), 0);
	assert_int_equal(sim_stamping(fd, SIM_SERVER, HWTSTAMP_TX_ON,
				      HWTSTAMP_FILTER_PTP_V1_L4_SYNC), -ERANGE);
	assert_int_equal(sim_stamping(fd, SIM_SERVER, HWTSTAMP_TX_ONESTEP_SYNC,
				      HWTSTAMP_FILTER_NONE), -ERANGE);
	assert_true(sim_dial(SIM_SERVER, "rx_filters",
			     1 << HWTSTAMP_FILTER_NONE));
	assert_int_equal(sim_stamping(fd, SIM_SERVER, HWTSTAMP_TX_ON,
				      HWTSTAMP_FILTER_ALL), -ERANGE);
	assert_true(sim_dial(SIM_SERVER, "rx_filters",
			     1 << HWTSTAMP_FILTER_NONE | 1 << HWTSTAMP_FILTER_ALL |
			     1 << HWTSTAMP_FILTER_NTP_ALL));
	close(fd);
}

static void filters_filter(void **state)
{
	struct crossing x;
	size_t i;

	crossing_open(&x);
	assert_int_equal(sim_stamping(x.rx_fd, SIM_SERVER, HWTSTAMP_TX_OFF,
				      HWTSTAMP_FILTER_NTP_ALL), 0);
	assert_int_equal(sim_stamping(x.tx_fd, SIM_CLIENT, HWTSTAMP_TX_OFF,
				      HWTSTAMP_FILTER_NONE), 0);
	crossing_run(&x, 10, 0, PATIENCE_MS);
	assert_int_equal(x.rx_count, 10);
	assert_int_equal(x.tx_count, 0);
	for (i = 0; i < x.rx_count; i++)
		assert_int_equal(x.rx_ns[i], 0);
	crossing_close(&x);
}

static void knobs_have_limits(void **state)
{
	assert_false(sim_dial(SIM_SERVER, "tx_one_in_flight", 2));
	assert_int_equal(errno, ERANGE);
	assert_false(sim_dial(SIM_SERVER, "wire_delay_ns", -1));
	assert_int_equal(errno, ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("hwsim: SIOCSHWTSTAMP admits what is dialled", filters_admitted),
		TEST("hwsim: a filter lets nothing else have a timestamp", filters_filter),
		TEST("hwsim: a knob refuses what it cannot be", knobs_have_limits),
		TEST("hwsim: timestamps are the truth carried through the PHC",
		     stamps_equal_truth),
		TEST("hwsim: a PHC has its frequency offset, and drifts",
		     frequency_and_drift),
		TEST("hwsim: a PHC is set and adjusted by its user",
		     adjusted_by_its_user),
		TEST("hwsim: a PHC steps", stepped),
		TEST("hwsim: a PHC is read precisely, between, or alone",
		     read_in_three_ways),
	};
	int failed;

	failed = cmocka_run_group_tests_name("hwsim", tests, NULL, NULL);
	return (failed + self_faults() + self_wire()) != 0;
}
