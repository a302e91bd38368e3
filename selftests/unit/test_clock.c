// SPDX-License-Identifier: GPL-2.0-or-later
/* Clock feeds: what each source's answer becomes, and what is no answer. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/ntp.h"
#include "kntsd/clock.h"
#include "kntsd/fail.h"
#include "unit.h"

#define TRACKING_LEN 104

static char error[FAIL_SIZE];

/* chronyd's reply to sequence 7, as its protocol has it. */
static const uint8_t tracking[TRACKING_LEN] = {
	6, 2, 0, 0, 0, 33, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0,
	0xc0, 0x00, 0x02, 0x07,			/* reference id */
	0xc0, 0x00, 0x02, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 1, 0, 0,				/* its address */
	0, 3,					/* stratum */
	0, 1,					/* leap */
	0, 0, 0, 0, 0x65, 0x53, 0xf1, 0x00,	/* 1700000000 s */
	0x1d, 0xcd, 0x65, 0x00,			/* 0.5 s */
	0x03, 0x80, 0x00, 0x00,			/* correction -0.5 s */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x09, 0x80, 0x00, 0x00,			/* residual -4 ppm */
	0x0a, 0x80, 0x00, 0x00,			/* skew 8 ppm */
	0x04, 0x80, 0x00, 0x00,			/* root delay 1 s */
	0x04, 0x80, 0x00, 0x00,			/* root dispersion 1 s */
	0, 0, 0, 0,
};

static const struct clock_question seven = { .nonce = 7 };

static int parse_tracking(const uint8_t *packet, size_t len,
			  struct clock_reading *reading)
{
	uint8_t *exact = unit_exact(packet, len);
	int err;

	err = clock_chrony.parse(&seven, exact, len, reading, error,
				 sizeof(error));
	free(exact);
	return err;
}

static void chrony_tracking_is_read(void **state)
{
	struct clock_reading reading;

	assert_int_equal(parse_tracking(tracking, TRACKING_LEN, &reading), 0);
	assert_int_equal(reading.leap, 1);
	assert_int_equal(reading.stratum, 3);
	assert_int_equal(reading.reference_id, 0xc0000207);
	assert_true(reading.reference_time ==
		    ((1700000000ULL + KNTS_NTP_UNIX_EPOCH_S) << 32 | 1U << 31));
	assert_true(reading.root_delay_s == 1.0);
	/* 1 s, and what is still to be slewed, of either sign. */
	assert_true(reading.root_dispersion_s == 1.5);
	assert_true(reading.dispersion_rate == 12e-6);
}

static void chrony_tracking_cut_at_every_length_is_refused(void **state)
{
	struct clock_reading reading;
	size_t len;

	for (len = 0; len < TRACKING_LEN; len++)
		assert_int_equal(parse_tracking(tracking, len, &reading),
				 len < 28 ? -EAGAIN : -EPROTO);
	assert_string_equal(error, "chronyd's reply of 103 octets is no tracking report of 104");
}

static void chrony_foreign_replies_are_not_ours(void **state)
{
	static const size_t offsets[] = { 1, 4, 5, 16, 17, 18, 19 };
	struct clock_reading reading;
	uint8_t packet[TRACKING_LEN];
	size_t i;

	for (i = 0; i < ARRAY_LEN(offsets); i++) {
		memcpy(packet, tracking, sizeof(packet));
		packet[offsets[i]] ^= 1;
		assert_int_equal(parse_tracking(packet, sizeof(packet),
						&reading), -EAGAIN);
	}
}

static void chrony_refusals_are_named(void **state)
{
	struct clock_reading reading;
	uint8_t packet[TRACKING_LEN];

	memcpy(packet, tracking, sizeof(packet));
	packet[9] = 2;
	assert_int_equal(parse_tracking(packet, sizeof(packet), &reading),
			 -EPROTO);
	assert_string_equal(error, "chronyd refuses the request 'tracking' with status 2");
	packet[9] = 0;
	packet[0] = 7;
	assert_int_equal(parse_tracking(packet, sizeof(packet), &reading),
			 -EPROTO);
	assert_string_equal(error, "chronyd speaks version 7 of its protocol, not 6");
	packet[0] = 6;
	packet[7] = 6;
	assert_int_equal(parse_tracking(packet, sizeof(packet), &reading),
			 -EPROTO);
}

static void chrony_random_replies_are_survived(void **state)
{
	struct config_clock config = { .lifetime_ms = 1000 };
	struct clock_reading reading;
	uint8_t packet[TRACKING_LEN];
	struct knts_clock clock;
	unsigned int i, j;

	srand(1);
	for (i = 0; i < 20000; i++) {
		memcpy(packet, tracking, sizeof(packet));
		for (j = 28; j < sizeof(packet); j++)
			packet[j] = rand();
		assert_int_equal(parse_tracking(packet, sizeof(packet),
						&reading), 0);
		clock_state(&clock, &reading, &config, -20);
		assert_in_range(clock.stratum, 1, 15);
		assert_in_range(clock.leap, 0, 3);
	}
}

static const struct clock_question asked = {
	.nonce = 0x0123456789abcdef,
	.sent = 0xe8000000ffffff00,
	.received = 0xe800000100000100,
};

static void make_reply(uint8_t *packet)
{
	memset(packet, 0, 48);
	packet[0] = 1 << 6 | 4 << 3 | 4;
	packet[1] = 2;
	knts_put_be32(packet + 4, 0x8000);
	knts_put_be32(packet + 8, 0x4000);
	knts_put_be32(packet + 12, 0x0a000001);
	knts_put_be64(packet + 16, 0xe7ffffff00000000);
	knts_put_be64(packet + 24, asked.nonce);
	knts_put_be64(packet + 32, asked.sent + 16);
	knts_put_be64(packet + 40, asked.received - 16);
}

static int parse_reply(const uint8_t *packet, size_t len,
		       struct clock_reading *reading)
{
	uint8_t *exact = unit_exact(packet, len);
	int err;

	err = clock_ntp.parse(&asked, exact, len, reading, error,
			      sizeof(error));
	free(exact);
	return err;
}

static void ntp_reply_is_read(void **state)
{
	struct clock_reading reading;
	uint8_t packet[48];

	make_reply(packet);
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading), 0);
	assert_int_equal(reading.leap, 1);
	assert_int_equal(reading.stratum, 2);
	assert_int_equal(reading.reference_id, 0x0a000001);
	assert_true(reading.reference_time == 0xe7ffffff00000000);
	assert_true(reading.root_delay_s == 0.5);
	assert_true(reading.root_dispersion_s == 0.25);
}

static void ntp_foreign_replies_are_not_ours(void **state)
{
	struct clock_reading reading;
	uint8_t packet[48];
	size_t i;

	make_reply(packet);
	for (i = 0; i < sizeof(packet); i++)
		assert_int_equal(parse_reply(packet, i, &reading), -EAGAIN);
	for (i = 0; i < 64; i++) {
		make_reply(packet);
		packet[24 + i / 8] ^= 1 << i % 8;
		assert_int_equal(parse_reply(packet, sizeof(packet), &reading),
				 -EAGAIN);
	}
	for (i = 0; i < 8; i++) {
		make_reply(packet);
		packet[0] = 4 << 3 | i;
		assert_int_equal(parse_reply(packet, sizeof(packet), &reading),
				 i == 4 ? 0 : -EAGAIN);
	}
}

static void ntp_unsynchronised_passes_through(void **state)
{
	struct config_clock config = { .lifetime_ms = 1000 };
	struct clock_reading reading;
	struct knts_clock clock;
	uint8_t packet[48];

	make_reply(packet);
	packet[0] |= 3 << 6;
	packet[1] = 0;
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading), 0);
	clock_state(&clock, &reading, &config, -20);
	assert_int_equal(clock.leap, 3);
}

static void P11_ntp_kiss_code_is_a_failure(void **state)
{
	struct clock_reading reading;
	uint8_t packet[48];

	make_reply(packet);
	packet[1] = 0;
	memcpy(packet + 12, "RATE", 4);
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading),
			 -EPROTO);
	assert_string_equal(error, "the NTP daemon answers with the kiss code RATE");
}

static void ntp_offset_adds_to_the_dispersion(void **state)
{
	struct clock_reading reading;
	uint8_t packet[48];

	make_reply(packet);
	knts_put_be64(packet + 32, asked.sent - (1U << 31));
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading), 0);
	assert_true(reading.root_dispersion_s == 0.75);
	make_reply(packet);
	knts_put_be64(packet + 40, asked.received + (1U << 31));
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading), 0);
	assert_true(reading.root_dispersion_s == 0.75);
	knts_put_be64(packet + 40, asked.received + (3ULL << 32));
	assert_int_equal(parse_reply(packet, sizeof(packet), &reading),
			 -EPROTO);
	assert_string_equal(error, "the NTP daemon's time is 3.000 s off this machine's clock: it does not discipline it");
}

/* 2036-02-07T06:28:16Z lies between the request and the reply. */
static void P14_ntp_offset_across_the_era(void **state)
{
	const struct clock_question late = {
		.nonce = asked.nonce,
		.sent = 0xffffffffffffff00,
		.received = 0x100,
	};
	struct clock_reading reading;
	uint8_t packet[48];

	make_reply(packet);
	knts_put_be64(packet + 32, 0xffffffffffffff80);
	knts_put_be64(packet + 40, 0x80);
	assert_int_equal(clock_ntp.parse(&late, packet, sizeof(packet),
					 &reading, error, sizeof(error)), 0);
	assert_true(reading.root_dispersion_s == 0.25);
}

static void P9_delay_and_dispersion_are_rounded_up(void **state)
{
	static const struct {
		double seconds;
		uint32_t units;
	} table[] = {
		{ 0, 0 }, { 1e-9, 1 }, { 1.0 / 65536, 1 },
		{ 1.0001 / 65536, 2 }, { 1, 65536 }, { 65535.99999, 0xffffffff },
		{ 65536, 0xffffffff }, { 1e30, 0xffffffff }, { -1, 0 },
	};
	struct config_clock config = { .lifetime_ms = 5,
				       .dispersion_rate_ppb = 1000 };
	struct clock_reading reading = { .stratum = 1 };
	struct knts_clock clock;
	size_t i;

	for (i = 0; i < ARRAY_LEN(table); i++) {
		reading.root_delay_s = table[i].seconds;
		reading.root_dispersion_s = table[i].seconds;
		clock_state(&clock, &reading, &config, -20);
		assert_int_equal(clock.root_delay, table[i].units);
		assert_int_equal(clock.root_dispersion, table[i].units);
	}
	reading.dispersion_rate = 2.5e-9;
	clock_state(&clock, &reading, &config, -20);
	assert_int_equal(clock.dispersion_rate_ppb, 1003);
	assert_int_equal(clock.lifetime_ms, 5);
	assert_int_equal(clock.precision, -20);
}

static void P6_no_stratum_is_unsynchronised(void **state)
{
	static const uint8_t strata[] = { 0, 16, 255 };
	struct config_clock config = { .lifetime_ms = 5 };
	struct clock_reading reading = { .leap = 0 };
	struct knts_clock clock;
	size_t i;

	for (i = 0; i < ARRAY_LEN(strata); i++) {
		reading.stratum = strata[i];
		clock_state(&clock, &reading, &config, -20);
		assert_int_equal(clock.leap, 3);
		assert_in_range(clock.stratum, 1, 15);
	}
}

static void P5_precision_is_measured(void **state)
{
	int precision = clock_precision();

	/* From 1 ns to a jiffy of a slow kernel. */
	assert_true(precision >= -30 && precision <= -7);
}

static void fixed_is_what_the_configuration_says(void **state)
{
	struct config_clock config = {
		.stratum = 1,
		.reference_id = 0x50505300,
		.root_delay_ns = 1000000,
		.root_dispersion_ns = 250000000,
	};
	struct clock_reading reading;
	uint64_t before = clock_now();

	assert_int_equal(clock_fixed.read(&config, &reading, error,
					  sizeof(error)), 0);
	assert_int_equal(reading.leap, 0);
	assert_int_equal(reading.stratum, 1);
	assert_int_equal(reading.reference_id, 0x50505300);
	assert_true(reading.root_delay_s == 0.001);
	assert_true(reading.root_dispersion_s == 0.25);
	assert_in_range(reading.reference_time, before, clock_now());
}

static void adjtimex_is_what_the_kernel_says(void **state)
{
	struct config_clock config = { .stratum = 3 };
	struct clock_reading reading;
	struct timex tx = { .modes = 0 };

	assert_int_equal(clock_adjtimex.read(&config, &reading, error,
					     sizeof(error)), 0);
	assert_true(adjtimex(&tx) >= 0);
	assert_int_equal(reading.leap == 3,
			 (tx.status & (STA_UNSYNC | STA_CLOCKERR)) != 0);
	assert_int_equal(reading.stratum, 3);
	/* maxerror has grown meanwhile, but not by a second. */
	assert_true(tx.maxerror / 1e6 - reading.root_dispersion_s < 1);
	assert_true(tx.maxerror / 1e6 - reading.root_dispersion_s >= 0);
}

static int bind_socket(const char *folder, const char *name)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/%s", folder, name);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	return fd;
}

static bool is_there(const char *folder, const char *name, bool remove_it)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return remove_it ? !unlink(path) : !access(path, F_OK);
}

/* Of a kntsd that was killed; what others have there is not ours to remove. */
static void chrony_sockets_left_behind_are_removed(void **state)
{
	char folder[] = "/tmp/knts-clock-XXXXXX", path[64];
	struct config_clock config = { .socket = path };
	int live, chronyd, fd;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/chronyd.sock", folder);
	close(bind_socket(folder, "kntsd.4711.0.sock"));
	close(bind_socket(folder, "chronyc.4711.sock"));
	live = bind_socket(folder, "kntsd.4712.3.sock");
	chronyd = bind_socket(folder, "chronyd.sock");
	fd = clock_chrony.open(&config, error, sizeof(error));
	assert_true(fd >= 0);
	assert_false(is_there(folder, "kntsd.4711.0.sock", false));
	assert_true(is_there(folder, "kntsd.4712.3.sock", true));
	assert_true(is_there(folder, "chronyc.4711.sock", true));
	assert_true(is_there(folder, "chronyd.sock", true));
	clock_chrony.close(fd);
	close(live);
	close(chronyd);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chrony_tracking_is_read),
		cmocka_unit_test(chrony_tracking_cut_at_every_length_is_refused),
		cmocka_unit_test(chrony_foreign_replies_are_not_ours),
		cmocka_unit_test(chrony_refusals_are_named),
		cmocka_unit_test(chrony_random_replies_are_survived),
		cmocka_unit_test(chrony_sockets_left_behind_are_removed),
		cmocka_unit_test(ntp_reply_is_read),
		cmocka_unit_test(ntp_foreign_replies_are_not_ours),
		cmocka_unit_test(ntp_unsynchronised_passes_through),
		cmocka_unit_test(P11_ntp_kiss_code_is_a_failure),
		cmocka_unit_test(ntp_offset_adds_to_the_dispersion),
		cmocka_unit_test(P14_ntp_offset_across_the_era),
		cmocka_unit_test(P9_delay_and_dispersion_are_rounded_up),
		cmocka_unit_test(P6_no_stratum_is_unsynchronised),
		cmocka_unit_test(P5_precision_is_measured),
		cmocka_unit_test(fixed_is_what_the_configuration_says),
		cmocka_unit_test(adjtimex_is_what_the_kernel_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
