// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl clock: hardware timestamps, for people and as JSON. */
#include <stdio.h>

#include "kntsctl/hardware.h"
#include "unit.h"

static struct knts_phc phcs[] = {
	{ .device = "eth0", .index = 2, .has_line = true,
	  .line = { .phc_ns = 1795000000000000000, .raw_ns = 5, .rate_ppt = -50012000,
		    .error_ns = 34, .lifetime_ms = 5000, .age_ms = 300 },
	  .rx_correction_ns = -25, .link_speed_mbps = 1000,
	  .delay_max_ns = 1000000, .departures = 1234, .departure_delay_ns = 812,
	  .departure_error_ns = 12, .departure_deviation_ns = 1020 },
	{ .device = "eth1", .index = 3 },
};

static struct knts_counter counters[] = {
	{ "answer-plain", 7 },
	{ "stamp-hardware", 120 },
	{ "stamp-software", 3 },
	{ "transmit-asked", 11 },
	{ "transmit-used", 10 },
};

static const char *const kntsd_text =
	"{ \"ok\": true, \"hardware-timestamps\": ["
	"  { \"device\": \"eth0\", \"section\": \"bond0\", \"rx-filter\": \"all\","
	"    \"samples\": 64 },"
	"  { \"device\": \"eth1\", \"section\": \"eth1\","
	"    \"problem\": \"cannot read PHC: no luck\" },"
	"  { \"device\": \"eth2\", \"section\": \"eth2\", \"problem\": \"eth2 has no PHC\" },"
	"  { \"device\": \"eth3\", \"limit\": \"no receive timestamps\" } ] }";

static struct hardware hardware = {
	.phcs = phcs,
	.phcs_count = ARRAY_LEN(phcs),
	.interleave = { .pairs = 65536, .memory_len = 1 << 20 },
	.counters = { .list = counters, .count = ARRAY_LEN(counters) },
};

static void assert_printed(const char *expected)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	hardware_print(out, &hardware);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void devices_are_shown_with_what_is_wrong(void **state)
{
	hardware.kntsd = json_tokener_parse(kntsd_text);
	assert_printed(
		"interleaved      65536 pairs, 1 MiB\n"
		"receive stamps   hardware 120, software 3\n"
		"transmit stamps  asked 11, used 10\n"
		"device           eth0, PHC /dev/ptp2, receive filter all, 1000 Mbit/s\n"
		"  line           0.3 s old, for 5.0 s, PHC runs +50.012 ppm, error 34 ns\n"
		"  corrections    receive -25 ns, transmit +0 ns\n"
		"  departure      812 ns late, added to T3; T3 is then 12 ns early on average, deviation 1.020 us, of 1234 stamps\n"
		"device           eth1, PHC /dev/ptp3\n"
		"  line           none: timestamps stay software\n"
		"  departure      not known yet\n"
		"  problem        cannot read PHC: no luck\n"
		"device           eth2\n"
		"  problem        eth2 has no PHC\n"
		"device           eth3\n"
		"  problem        no receive timestamps\n");
	json_object_put(hardware.kntsd);
	hardware.kntsd = NULL;
}

static void a_line_too_old_is_told(void **state)
{
	struct hardware whole = hardware;

	hardware.phcs_count = 1;
	hardware.interleave.pairs = 0;
	phcs[0].line.age_ms = 5001;
	phcs[0].rx_correction_ns = 0;
	assert_false(phc_is_used(&phcs[0]));
	assert_printed(
		"interleaved      off\n"
		"receive stamps   hardware 120, software 3\n"
		"transmit stamps  asked 11, used 10\n"
		"device           eth0, PHC /dev/ptp2, 1000 Mbit/s\n"
		"  line           5.0 s old, for 5.0 s: too old to be used, PHC runs +50.012 ppm, error 34 ns\n"
		"  departure      812 ns late, added to T3; T3 is then 12 ns early on average, deviation 1.020 us, of 1234 stamps\n");
	phcs[0].line.age_ms = 300;
	phcs[0].rx_correction_ns = -25;
	hardware = whole;
}

static void json_has_what_both_know(void **state)
{
	struct json_object *object = json_object_new_object();

	hardware.kntsd = json_tokener_parse(kntsd_text);
	hardware_to_json(&hardware, object);
	assert_string_equal(
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
		"{\"interleave\":{\"pairs\":65536,\"memory-len\":1048576},"
		"\"stamps\":{\"stamp-hardware\":120,\"stamp-software\":3,"
		"\"transmit-asked\":11,\"transmit-used\":10},"
		"\"devices\":[{\"device\":\"eth0\",\"index\":2,"
		"\"line\":{\"phc-ns\":1795000000000000000,\"raw-ns\":5,"
		"\"rate-ppt\":-50012000,\"error-ns\":34,\"lifetime-ms\":5000,"
		"\"age-ms\":300},\"rx-correction-ns\":-25,\"tx-correction-ns\":0,"
		"\"link-speed-mbps\":1000,\"delay-max-ns\":1000000,"
		"\"departures\":1234,\"departure-delay-ns\":812,"
		"\"departure-error-ns\":12,\"departure-deviation-ns\":1020,"
		"\"section\":\"bond0\",\"rx-filter\":\"all\",\"samples\":64},"
		"{\"device\":\"eth1\",\"index\":3,\"rx-correction-ns\":0,"
		"\"tx-correction-ns\":0,\"link-speed-mbps\":0,\"delay-max-ns\":0,"
		"\"departures\":0,\"departure-delay-ns\":0,"
		"\"departure-error-ns\":0,\"departure-deviation-ns\":0,"
		"\"section\":\"eth1\",\"problem\":\"cannot read PHC: no luck\"},"
		"{\"device\":\"eth2\",\"section\":\"eth2\","
		"\"problem\":\"eth2 has no PHC\"},"
		"{\"device\":\"eth3\",\"limit\":\"no receive timestamps\"}]}");
	json_object_put(object);
	json_object_put(hardware.kntsd);
	hardware.kntsd = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_are_shown_with_what_is_wrong),
		cmocka_unit_test(a_line_too_old_is_told),
		cmocka_unit_test(json_has_what_both_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
