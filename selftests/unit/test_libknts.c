// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libknts: what it reads from messages about PHCs and interleaved mode, whole
 * or not. The guest tests have the kernel's own.
 */
#include <errno.h>

#include "libknts/conn.h"
#include "unit.h"

static struct nl_msg *msg;

static int setup(void **state)
{
	msg = nlmsg_alloc();
	return !msg || !nlmsg_put(msg, 0, 0, 0, 0, 0);
}

static int teardown(void **state)
{
	nlmsg_free(msg);
	return 0;
}

static void put_line(unsigned int without)
{
	struct nlattr *nest = nla_nest_start(msg, KNTS_A_PHC_LINE);

	assert_non_null(nest);
	if (without != KNTS_A_LINE_PHC_NS)
		nla_put_u64(msg, KNTS_A_LINE_PHC_NS, 1795000000000000000);
	if (without != KNTS_A_LINE_RAW_NS)
		nla_put_u64(msg, KNTS_A_LINE_RAW_NS, 123456789);
	if (without != KNTS_A_LINE_RATE_PPT)
		nla_put_s32(msg, KNTS_A_LINE_RATE_PPT, -50000000);
	if (without != KNTS_A_LINE_ERROR_NS)
		nla_put_u32(msg, KNTS_A_LINE_ERROR_NS, 34);
	if (without != KNTS_A_LINE_LIFETIME_MS)
		nla_put_u32(msg, KNTS_A_LINE_LIFETIME_MS, 5000);
	if (without != KNTS_A_LINE_AGE_MS)
		nla_put_u64(msg, KNTS_A_LINE_AGE_MS, 77);
	nla_nest_end(msg, nest);
}

static void put_phc(void)
{
	nla_put_string(msg, KNTS_A_PHC_DEVICE, "eth0");
	nla_put_u32(msg, KNTS_A_PHC_INDEX, 3);
	nla_put_s32(msg, KNTS_A_PHC_RX_CORRECTION_NS, -25);
	nla_put_s32(msg, KNTS_A_PHC_TX_CORRECTION_NS, 40);
	nla_put_u32(msg, KNTS_A_PHC_LINK_SPEED_MBPS, 1000);
	nla_put_u32(msg, KNTS_A_PHC_DELAY_MAX_NS, 1000000);
	nla_put_u64(msg, KNTS_A_PHC_DEPARTURES, 5000000000);
	nla_put_u32(msg, KNTS_A_PHC_DEPARTURE_DELAY_NS, 812);
	nla_put_u32(msg, KNTS_A_PHC_DEPARTURE_ERROR_NS, 12);
	nla_put_u32(msg, KNTS_A_PHC_DEPARTURE_DEVIATION_NS, 20);
}

/* From a block of its exact length, so that no octet beyond is read. */
static int parse(knts_parse_fn *read, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	int len = nlmsg_attrlen(hdr, 0);
	uint8_t *attrs = unit_exact(nlmsg_attrdata(hdr, 0), len);
	int err;

	err = read((struct nlattr *)attrs, len, arg);
	free(attrs);
	return err;
}

static void phc_is_read_as_sent(void **state)
{
	struct knts_phc phc = { 0 };

	put_phc();
	put_line(0);
	assert_int_equal(parse(knts_phc_parse, &phc), 0);
	assert_string_equal(phc.device, "eth0");
	assert_int_equal(phc.index, 3);
	assert_int_equal(phc.rx_correction_ns, -25);
	assert_int_equal(phc.tx_correction_ns, 40);
	assert_int_equal(phc.link_speed_mbps, 1000);
	assert_int_equal(phc.delay_max_ns, 1000000);
	assert_true(phc.departures == 5000000000);
	assert_int_equal(phc.departure_delay_ns, 812);
	assert_int_equal(phc.departure_error_ns, 12);
	assert_int_equal(phc.departure_deviation_ns, 20);
	assert_true(phc.has_line);
	assert_true(phc.line.phc_ns == 1795000000000000000);
	assert_true(phc.line.raw_ns == 123456789);
	assert_int_equal(phc.line.rate_ppt, -50000000);
	assert_int_equal(phc.line.error_ns, 34);
	assert_int_equal(phc.line.lifetime_ms, 5000);
	assert_int_equal(phc.line.age_ms, 77);
}

static void phc_without_line_is_read(void **state)
{
	struct knts_phc phc = { 0 };

	put_phc();
	assert_int_equal(parse(knts_phc_parse, &phc), 0);
	assert_false(phc.has_line);
}

static void phc_without_name_is_refused(void **state)
{
	struct knts_phc phc = { 0 };

	put_line(0);
	assert_int_equal(parse(knts_phc_parse, &phc), -EBADMSG);
}

static void each_part_of_a_line_is_needed(void **state)
{
	struct knts_phc phc;
	unsigned int i;

	for (i = KNTS_A_LINE_PHC_NS; i <= KNTS_A_LINE_AGE_MS; i++) {
		teardown(state);
		assert_int_equal(setup(state), 0);
		put_phc();
		put_line(i);
		memset(&phc, 0, sizeof(phc));
		assert_int_equal(parse(knts_phc_parse, &phc),
				 i == KNTS_A_LINE_AGE_MS ? 0 : -EBADMSG);
	}
}

static void attributes_of_a_wrong_length_are_refused(void **state)
{
	struct knts_phc phc = { 0 };

	put_phc();
	nla_put(msg, KNTS_A_PHC_DEPARTURES, 2, "ab");
	assert_int_equal(parse(knts_phc_parse, &phc), -EBADMSG);
}

static void interleaved_mode_is_read_as_sent(void **state)
{
	struct knts_interleave interleave = { 0 };

	nla_put_u32(msg, KNTS_A_INTERLEAVE_PAIRS, 65536);
	assert_int_equal(parse(knts_interleave_parse, &interleave), -EBADMSG);
	nla_put_u64(msg, KNTS_A_INTERLEAVE_MEMORY_LEN, 1 << 20);
	assert_int_equal(parse(knts_interleave_parse, &interleave), 0);
	assert_int_equal(interleave.pairs, 65536);
	assert_int_equal(interleave.memory_len, 1 << 20);
}

static void names_are_the_specifications(void **state)
{
	static const struct {
		int cmd;
		bool nested;
		int type;
		const char *name;
	} cases[] = {
		{ KNTS_CMD_PHC_SET, false, KNTS_A_PHC_DEVICE, "device" },
		{ KNTS_CMD_PHC_SET, false, KNTS_A_PHC_DELAY_MAX_NS, "delay-max-ns" },
		{ KNTS_CMD_PHC_SET, true, KNTS_A_LINE_LIFETIME_MS, "lifetime-ms" },
		{ KNTS_CMD_PHC_DEL, false, KNTS_A_PHC_DEVICE, "device" },
		{ KNTS_CMD_INTERLEAVE_SET, false, KNTS_A_INTERLEAVE_PAIRS, "pairs" },
		{ KNTS_CMD_INTERLEAVE_SET, false, 99, "unknown" },
	};
	size_t i;

	assert_string_equal(knts_names_operation(KNTS_CMD_PHC_SET), "phc-set");
	assert_string_equal(knts_names_operation(KNTS_CMD_INTERLEAVE_GET),
			    "interleave-get");
	for (i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(knts_names_attribute(cases[i].cmd,
							 cases[i].nested,
							 cases[i].type),
				    cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(phc_is_read_as_sent, setup,
						teardown),
		cmocka_unit_test_setup_teardown(phc_without_line_is_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(phc_without_name_is_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(each_part_of_a_line_is_needed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(attributes_of_a_wrong_length_are_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(interleaved_mode_is_read_as_sent,
						setup, teardown),
		cmocka_unit_test(names_are_the_specifications),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
