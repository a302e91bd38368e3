// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet's form: each rule at one around its bound. */
#include "exchange.h"
#include "unit.h"

static const struct nts_session session = { .aead = 15, .key_len = 32 };

static enum knts_verdict parse_into(const struct packet *p,
				    struct knts_request *rq)
{
	u8 *exact = unit_exact(p->data, p->len);
	enum knts_verdict verdict;

	verdict = knts_request_parse(rq, exact, p->len);
	assert_memory_equal(exact, p->data, p->len);
	free(exact);

	return verdict;
}

static enum knts_verdict parse(const struct packet *p)
{
	struct knts_request rq;

	return parse_into(p, &rq);
}

/* What a client usually sends, with a cookie of 104 octets. */
static void nts_packet(struct packet *p)
{
	packet_start(p, 4, 3);
	packet_field(p, FIELD_UID, NULL, 32);
	packet_field(p, FIELD_COOKIE, NULL, 104);
	packet_auth(p, &session, NULL);
}

static void P1_versions_1_to_4_are_answered(void **state)
{
	struct knts_request rq;
	struct packet p;
	unsigned int version;

	for (version = 0; version < 8; version++) {
		packet_start(&p, version, 3);
		if (version < 1 || version > 4) {
			assert_int_equal(parse(&p), KNTS_DROP_VERSION);
			continue;
		}
		assert_int_equal(parse_into(&p, &rq), KNTS_ANSWER_PLAIN);
		assert_int_equal(rq.version, version);
	}
}

static void P2_only_clients_are_answered(void **state)
{
	struct packet p;
	unsigned int mode;

	for (mode = 0; mode < 8; mode++) {
		packet_start(&p, 4, mode);
		assert_int_equal(parse(&p), mode == 3 ? KNTS_ANSWER_PLAIN : KNTS_DROP_MODE);
	}
}

static void N44_no_nts_in_other_modes(void **state)
{
	struct packet p;
	unsigned int mode;

	for (mode = 0; mode < 8; mode++) {
		nts_packet(&p);
		p.data[0] = (u8)(4 << 3 | mode);
		assert_int_equal(parse(&p), mode == 3 ? KNTS_ANSWER_NTS : KNTS_DROP_MODE);
	}
}

static void lengths_from_a_header_to_the_longest(void **state)
{
	struct packet p;
	size_t len;

	packet_start(&p, 4, 3);
	for (len = 0; len < 48; len++) {
		p.len = len;
		assert_int_equal(parse(&p), KNTS_DROP_SHORT);
	}
	packet_start(&p, 4, 3);
	packet_field(&p, FIELD_UNKNOWN, NULL, 1536 - 48 - 4);
	assert_int_equal(parse(&p), KNTS_ANSWER_PLAIN);
	for (len = 1537; len <= sizeof(p.data); len++) {
		p.len = len;
		assert_int_equal(parse(&p), KNTS_DROP_LONG);
	}
}

static void the_first_fault_gives_the_verdict(void **state)
{
	struct packet p;

	packet_start(&p, 0, 0);
	p.len = 47;
	assert_int_equal(parse(&p), KNTS_DROP_SHORT);
	p.len = 1537;
	assert_int_equal(parse(&p), KNTS_DROP_LONG);
	p.len = 49;
	assert_int_equal(parse(&p), KNTS_DROP_VERSION);
	packet_start(&p, 3, 0);
	p.len = 49;
	assert_int_equal(parse(&p), KNTS_DROP_MODE);
	packet_start(&p, 3, 3);
	p.len = 49;
	assert_int_equal(parse(&p), KNTS_DROP_LENGTH);
	p.len = 52;
	assert_int_equal(parse(&p), KNTS_DROP_MAC);
}

static void P13_before_version_4_all_else_is_a_mac(void **state)
{
	struct packet p;
	unsigned int version;
	size_t len;

	for (version = 1; version < 4; version++) {
		for (len = 4; len <= 72; len += 4) {
			packet_start(&p, version, 3);
			packet_append(&p, NULL, len);
			assert_int_equal(parse(&p), KNTS_DROP_MAC);
		}
		nts_packet(&p);
		p.data[0] = (u8)(version << 3 | 3);
		assert_int_equal(parse(&p), KNTS_DROP_MAC);
	}
}

static void P12_a_short_rest_is_a_mac_or_wrong(void **state)
{
	struct packet p;
	size_t len;

	for (len = 1; len < 28; len++) {
		enum knts_verdict expected = KNTS_DROP_FIELD;

		if (len % 4)
			expected = KNTS_DROP_LENGTH;
		else if (len == 4 || len == 20 || len == 24)
			expected = KNTS_DROP_MAC;

		packet_start(&p, 4, 3);
		packet_append(&p, NULL, len);
		assert_int_equal(parse(&p), expected);

		packet_start(&p, 4, 3);
		packet_field(&p, FIELD_UID, NULL, 32);
		packet_append(&p, NULL, len);
		assert_int_equal(parse(&p), expected);
	}
}

static void P12_field_lengths_that_lie(void **state)
{
	struct packet p;
	u16 len;

	for (len = 0; len <= 40; len++) {
		enum knts_verdict expected = KNTS_DROP_FIELD;

		/* 28 in all: 16 leave a rest of 12, 24 a crypto-NAK. */
		if (len == 28)
			expected = KNTS_ANSWER_PLAIN;
		else if (len == 24)
			expected = KNTS_DROP_MAC;
		packet_start(&p, 4, 3);
		packet_field(&p, FIELD_UNKNOWN, NULL, 24);
		knts_put_be16(p.data + 50, len);
		assert_int_equal(parse(&p), expected);
	}
}

static void N29_unique_identifier_alone_is_no_nts(void **state)
{
	struct knts_request rq;
	struct packet p;
	size_t len;

	for (len = 24; len <= 1024; len += 4) {
		packet_start(&p, 4, 3);
		packet_field(&p, FIELD_UNKNOWN, NULL, 28);
		packet_field(&p, FIELD_UID, NULL, len);
		if (len < 32) {
			assert_int_equal(parse(&p), KNTS_DROP_UID_SHORT);
			continue;
		}
		assert_int_equal(parse_into(&p, &rq), KNTS_ANSWER_PLAIN);
		assert_false(rq.nts);
		assert_int_equal(rq.uid_off, 80);
		assert_int_equal(rq.uid_len, len + 4);
	}
}

static void N29_two_unique_identifiers(void **state)
{
	struct packet p;

	packet_start(&p, 4, 3);
	packet_field(&p, FIELD_UID, NULL, 32);
	packet_field(&p, FIELD_UID, NULL, 32);
	assert_int_equal(parse(&p), KNTS_DROP_UID_TWICE);
	packet_field(&p, FIELD_COOKIE, NULL, 104);
	packet_auth(&p, &session, NULL);
	assert_int_equal(parse(&p), KNTS_DROP_UID_TWICE);
}

static void N30_uid_cookie_and_authenticator_are_nts(void **state)
{
	struct knts_request rq;
	struct packet p;

	nts_packet(&p);
	assert_int_equal(parse_into(&p, &rq), KNTS_ANSWER_NTS);
	assert_true(rq.nts);
	assert_int_equal(rq.len, 232);
	assert_int_equal(rq.version, 4);
	assert_int_equal((u8)rq.poll, p.data[2]);
	assert_int_equal(rq.uid_off, 48);
	assert_int_equal(rq.uid_len, 36);
	assert_int_equal(rq.cookie_off, 88);
	assert_int_equal(rq.cookie_len, 104);
	assert_int_equal(rq.auth_off, 192);
	assert_int_equal(rq.nonce_off, 200);
	assert_int_equal(rq.nonce_len, 16);
	assert_int_equal(rq.text_off, 216);
	assert_int_equal(rq.text_len, 16);
	assert_int_equal(rq.cookies, 1);
}

static void N30_two_cookies(void **state)
{
	struct packet p;

	packet_start(&p, 4, 3);
	packet_field(&p, FIELD_UID, NULL, 32);
	packet_field(&p, FIELD_COOKIE, NULL, 104);
	packet_field(&p, FIELD_COOKIE, NULL, 104);
	packet_auth(&p, &session, NULL);
	assert_int_equal(parse(&p), KNTS_DROP_COOKIE_TWICE);
}

/* Every set of the four fields: bit 0 UID, 1 cookie, 2 placeholder, 3 auth. */
static void N41_each_field_needs_its_companions(void **state)
{
	static const enum knts_verdict expected[16] = {
		KNTS_ANSWER_PLAIN,
		KNTS_ANSWER_PLAIN,
		KNTS_DROP_NO_UID,
		KNTS_DROP_NO_AUTH,
		KNTS_DROP_NO_UID,
		KNTS_DROP_NO_COOKIE,
		KNTS_DROP_NO_UID,
		KNTS_DROP_NO_AUTH,
		KNTS_DROP_NO_UID,
		KNTS_DROP_NO_COOKIE,
		KNTS_DROP_NO_UID,
		KNTS_ANSWER_NTS,
		KNTS_DROP_NO_UID,
		KNTS_DROP_NO_COOKIE,
		KNTS_DROP_NO_UID,
		KNTS_ANSWER_NTS,
	};
	struct packet p;
	unsigned int set;

	for (set = 0; set < 16; set++) {
		packet_start(&p, 4, 3);
		if (set & 1)
			packet_field(&p, FIELD_UID, NULL, 32);
		if (set & 2)
			packet_field(&p, FIELD_COOKIE, NULL, 104);
		if (set & 4)
			packet_field(&p, FIELD_PLACEHOLDER, NULL, 104);
		if (set & 8)
			packet_auth(&p, &session, NULL);
		assert_int_equal(parse(&p), expected[set]);
	}
}

static void N28_only_the_assigned_types_count(void **state)
{
	static const struct {
		size_t off;
		enum knts_verdict expected;
	} fields[] = {
		{ 48, KNTS_DROP_NO_UID },
		{ 84, KNTS_DROP_NO_COOKIE },
		{ 192, KNTS_DROP_NO_AUTH },
	};
	struct packet p;
	size_t i;
	int bit;

	for (i = 0; i < ARRAY_LEN(fields); i++)
		for (bit = 0; bit < 16; bit++) {
			u16 type;

			nts_packet(&p);
			type = knts_get_be16(p.data + fields[i].off);
			type ^= 1 << bit;
			/* One bit from one to the other: see N30 and N41. */
			if (type == FIELD_UID || type == FIELD_COOKIE || type == FIELD_AUTH)
				continue;
			knts_put_be16(p.data + fields[i].off, type);
			assert_int_equal(parse(&p), fields[i].expected);
		}
}

static void N35_nothing_behind_the_authenticator_counts(void **state)
{
	static const u8 noise[] = { 0x01, 0x04, 0xff, 0xff, 0x02, 0x04, 0, 1 };
	static const u16 types[] = { FIELD_UID, FIELD_COOKIE, FIELD_PLACEHOLDER,
				     FIELD_AUTH, FIELD_UNKNOWN };
	struct knts_request rq;
	struct packet p;
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		nts_packet(&p);
		packet_field(&p, types[i], NULL, 104);
		packet_append(&p, noise, i % 3 * 4);
		assert_int_equal(parse_into(&p, &rq), KNTS_ANSWER_NTS);
		assert_int_equal(rq.cookies, 1);
		assert_int_equal(rq.len, p.len);
		assert_int_equal(rq.cookie_off, 88);
		assert_int_equal(rq.auth_off, 192);
	}
	/* Not even what is missing before. */
	packet_start(&p, 4, 3);
	packet_field(&p, FIELD_COOKIE, NULL, 104);
	packet_auth(&p, &session, NULL);
	packet_field(&p, FIELD_UID, NULL, 32);
	assert_int_equal(parse(&p), KNTS_DROP_NO_UID);
}

static void N43_unknown_fields_are_passed_over(void **state)
{
	struct knts_request rq;
	struct packet p;
	size_t len;

	for (len = 12; len < 1000; len += 4) {
		packet_start(&p, 4, 3);
		packet_field(&p, FIELD_UNKNOWN, NULL, len);
		packet_field(&p, FIELD_UID, NULL, 32);
		packet_field(&p, FIELD_COOKIE, NULL, 104);
		packet_field(&p, FIELD_UNKNOWN, NULL, 12);
		packet_auth(&p, &session, NULL);
		assert_int_equal(parse_into(&p, &rq), KNTS_ANSWER_NTS);
		assert_int_equal(rq.auth_off, 192 + len + 4 + 16);
	}
}

/* What a packet cut at @len is, whose fields end at @ends. */
static enum knts_verdict cut_verdict(const size_t *ends, size_t len)
{
	static const enum knts_verdict whole[] = {
		KNTS_ANSWER_PLAIN,
		KNTS_ANSWER_PLAIN,
		KNTS_ANSWER_PLAIN,
		KNTS_DROP_NO_AUTH,
		KNTS_DROP_NO_AUTH,
		KNTS_ANSWER_NTS,
	};
	size_t i = ARRAY_LEN(whole) - 1, rest_len;

	if (len < 48)
		return KNTS_DROP_SHORT;
	if (len % 4)
		return KNTS_DROP_LENGTH;
	while (ends[i] > len)
		i--;
	rest_len = len - ends[i];
	if (!rest_len || i == ARRAY_LEN(whole) - 1)
		return whole[i];
	if (rest_len == 4 || rest_len == 20 || rest_len == 24)
		return KNTS_DROP_MAC;

	return KNTS_DROP_FIELD;
}

static void N41_cut_at_every_length(void **state)
{
	size_t ends[6], full_len;
	struct packet p;

	packet_start(&p, 4, 3);
	ends[0] = p.len;
	packet_field(&p, FIELD_UID, NULL, 32);
	ends[1] = p.len;
	packet_field(&p, FIELD_UNKNOWN, NULL, 28);
	ends[2] = p.len;
	packet_field(&p, FIELD_COOKIE, NULL, 104);
	ends[3] = p.len;
	packet_field(&p, FIELD_PLACEHOLDER, NULL, 104);
	ends[4] = p.len;
	packet_auth(&p, &session, NULL);
	ends[5] = p.len;
	packet_field(&p, FIELD_UNKNOWN, NULL, 28);

	full_len = p.len;
	for (p.len = 0; p.len <= full_len; p.len++)
		assert_int_equal(parse(&p), cut_verdict(ends, p.len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(P1_versions_1_to_4_are_answered),
		cmocka_unit_test(P2_only_clients_are_answered),
		cmocka_unit_test(N44_no_nts_in_other_modes),
		cmocka_unit_test(lengths_from_a_header_to_the_longest),
		cmocka_unit_test(the_first_fault_gives_the_verdict),
		cmocka_unit_test(P13_before_version_4_all_else_is_a_mac),
		cmocka_unit_test(P12_a_short_rest_is_a_mac_or_wrong),
		cmocka_unit_test(P12_field_lengths_that_lie),
		cmocka_unit_test(N29_unique_identifier_alone_is_no_nts),
		cmocka_unit_test(N29_two_unique_identifiers),
		cmocka_unit_test(N30_uid_cookie_and_authenticator_are_nts),
		cmocka_unit_test(N30_two_cookies),
		cmocka_unit_test(N41_each_field_needs_its_companions),
		cmocka_unit_test(N28_only_the_assigned_types_count),
		cmocka_unit_test(N35_nothing_behind_the_authenticator_counts),
		cmocka_unit_test(N43_unknown_fields_are_passed_over),
		cmocka_unit_test(N41_cut_at_every_length),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
