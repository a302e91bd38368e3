// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl: values as text for people. */
#include <linux/knts.h>

#include "kntsctl/format.h"
#include "unit.h"

static void age_is_told_in_its_two_largest_units(void **state)
{
	static const struct {
		uint64_t age_s;
		const char *text;
	} cases[] = {
		{ 0, "0 s" },
		{ 59, "59 s" },
		{ 60, "1 min" },
		{ 725, "12 min 5 s" },
		{ 3599, "59 min 59 s" },
		{ 3600, "1 h" },
		{ 3659, "1 h" },
		{ 3660, "1 h 1 min" },
		{ 86399, "23 h 59 min" },
		{ 86400, "1 d" },
		{ 86400 * 3 + 3600 * 4 + 1, "3 d 4 h" },
		{ UINT64_MAX, "213503982334601 d 7 h" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(format_age(cases[i].age_s, text),
				    cases[i].text);
}

static void short_format_keeps_three_digits(void **state)
{
	static const struct {
		uint32_t span;
		const char *text;
	} cases[] = {
		{ 0, "0 us" },
		{ 1, "15 us" },
		{ 65, "992 us" },
		{ 66, "1.007 ms" },
		{ 32768, "500.000 ms" },
		{ 65536, "1.000 s" },
		{ UINT32_MAX, "65536.000 s" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(format_short(cases[i].span, text),
				    cases[i].text);
}

static void nanoseconds_keep_their_digits(void **state)
{
	static const struct {
		uint64_t span_ns;
		const char *text;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.000 us" },
		{ 1234, "1.234 us" },
		{ 999999, "999.999 us" },
		{ 1000000, "1.000 ms" },
		{ 2500000, "2.500 ms" },
		{ 1000000000, "1.000 s" },
		{ UINT32_MAX, "4.295 s" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(format_ns(cases[i].span_ns, text),
				    cases[i].text);
}

static void octets_are_told_in_the_largest_unit_that_fits(void **state)
{
	static const struct {
		uint64_t len;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1025, "1025 B" },
		{ 1048576 - 1024, "1023 KiB" },
		{ 1048576, "1 MiB" },
		{ 1048576 + 1024, "1025 KiB" },
		{ 268435456, "256 MiB" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(format_len(cases[i].len, text),
				    cases[i].text);
}

static void source_is_a_name_at_stratum_1_and_an_address_above(void **state)
{
	static const struct {
		uint32_t reference_id;
		uint8_t stratum;
		const char *text;
	} cases[] = {
		{ 0x47505300, 1, "GPS" },
		{ 0x50505300, 1, "PPS" },
		{ 0x44434661, 1, "DCFa" },
		{ 0x00000000, 1, "00000000" },
		{ 0x47005053, 1, "47005053" },
		{ 0x47502053, 1, "47502053" },
		{ 0x475053ff, 1, "475053FF" },
		{ 0x47505300, 2, "71.80.83.0" },
		{ 0xc0000209, 2, "192.0.2.9" },
		{ 0x7f7f0101, 15, "127.127.1.1" },
	};
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(format_source(cases[i].reference_id,
						  cases[i].stratum, text),
				    cases[i].text);
}

static void date_is_in_utc(void **state)
{
	char text[FORMAT_SIZE];

	assert_string_equal(format_date(0, text), "1970-01-01");
	assert_string_equal(format_date(2085978495, text), "2036-02-07");
	assert_string_equal(format_date(1798761599, text), "2026-12-31");
	assert_string_equal(format_date(INT64_MAX, text),
			    "9223372036854775807");
}

static void signed_ns_has_its_unit(void **state)
{
	char text[FORMAT_SIZE];

	assert_string_equal(format_signed_ns(0, text), "0 ns");
	assert_string_equal(format_signed_ns(-0.4, text), "0 ns");
	assert_string_equal(format_signed_ns(-1, text), "-1 ns");
	assert_string_equal(format_signed_ns(999.4, text), "999 ns");
	assert_string_equal(format_signed_ns(999.6, text), "1.000 us");
	assert_string_equal(format_signed_ns(-1234, text), "-1.234 us");
	assert_string_equal(format_signed_ns(2500000, text), "2.500 ms");
	assert_string_equal(format_signed_ns(3e9, text), "3.000 s");
}

static void rate_has_more_digits_the_lower_it_is(void **state)
{
	char text[FORMAT_SIZE];

	assert_string_equal(format_rate(0, text), "0");
	assert_string_equal(format_rate(1 / 64.0, text), "0.016");
	assert_string_equal(format_rate(0.9996, text), "1.00");
	assert_string_equal(format_rate(3.14159, text), "3.14");
	assert_string_equal(format_rate(9.996, text), "10.0");
	assert_string_equal(format_rate(314.159, text), "314.2");
	assert_string_equal(format_rate(999.96, text), "1000");
	assert_string_equal(format_rate(1234567, text), "1234567");
}

static void require_nts_has_its_name(void **state)
{
	assert_string_equal(require_nts_text(KNTS_REQUIRE_NTS_FALSE), "false");
	assert_string_equal(require_nts_text(KNTS_REQUIRE_NTS_IGNORE), "ignore");
	assert_string_equal(require_nts_text(KNTS_REQUIRE_NTS_DENY), "deny");
	assert_string_equal(require_nts_text(3), "unknown");
}

static void counter_has_its_text(void **state)
{
	assert_string_equal(counter_text("answer-nts"), "answered with NTS");
	assert_string_equal(counter_text("drop-dead"),
			    "came while the server was being closed");
	assert_string_equal(counter_text("of-a-newer-kernel"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(age_is_told_in_its_two_largest_units),
		cmocka_unit_test(short_format_keeps_three_digits),
		cmocka_unit_test(nanoseconds_keep_their_digits),
		cmocka_unit_test(octets_are_told_in_the_largest_unit_that_fits),
		cmocka_unit_test(source_is_a_name_at_stratum_1_and_an_address_above),
		cmocka_unit_test(date_is_in_utc),
		cmocka_unit_test(signed_ns_has_its_unit),
		cmocka_unit_test(rate_has_more_digits_the_lower_it_is),
		cmocka_unit_test(require_nts_has_its_name),
		cmocka_unit_test(counter_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
