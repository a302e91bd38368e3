// SPDX-License-Identifier: GPL-2.0-or-later
/* A request's authenticator and placeholders: form first, then authenticity. */
#include "exchange.h"
#include "unit.h"

#define MIN(a, b) ((a) < (b) ? (a) : (b))

static const u16 aeads[] = { 15, 16, 17, 30, 31 };

/* Parses and verifies with the client's own key, as if its cookie had opened. */
static enum knts_verdict verify_with(const u8 *c2s, u16 aead,
				     const struct packet *p,
				     struct knts_request *rq)
{
	u8 *exact = unit_exact(p->data, p->len);
	enum knts_verdict verdict;
	struct knts_aead_key key, *const expanded = &key;
	struct knts_verification v;

	verdict = knts_request_parse(rq, exact, p->len);
	if (verdict == KNTS_ANSWER_NTS && !knts_request_suits(rq, aead))
		verdict = KNTS_DROP_AUTH_PADDING;
	if (verdict == KNTS_ANSWER_NTS) {
		knts_aead_expand(&expanded, &c2s, 1, aead);
		knts_request_verify_begin(&v, rq, &key);
		verdict = knts_request_verify_finish(&v);
	}
	free(exact);

	return verdict;
}

static enum knts_verdict verify(const struct exchange *x, const struct packet *p,
				struct knts_request *rq)
{
	return verify_with(x->session.c2s, x->session.aead, p, rq);
}

static void setup(struct exchange *x, u16 aead)
{
	struct server s;

	server_setup(&s);
	exchange_setup(x, &s, aead);
}

/* A request whose encrypted part is @text. */
static enum knts_verdict verify_text(const u8 *text, size_t text_len,
				     struct knts_request *rq)
{
	const struct packet_auth auth = { .text = text, .text_len = text_len };
	struct exchange x;
	struct packet p;

	setup(&x, 15);
	packet_start(&p, 4, 3);
	packet_uid(&p, PACKET_UID_LEN);
	packet_cookie(&p, &x.cookie);
	packet_auth(&p, &x.session, &auth);

	return verify(&x, &p, rq);
}

static void N32_lengths_that_lie(void **state)
{
	/* Field of 40: header 4, lengths 4, so 32 for nonce and ciphertext. */
	static const struct {
		u16 nonce_len, text_len;
		enum knts_verdict expected;
	} cases[] = {
		{ 16, 16, KNTS_ANSWER_NTS },
		{ 15, 16, KNTS_ANSWER_NTS },
		{ 13, 16, KNTS_ANSWER_NTS },
		{ 17, 16, KNTS_DROP_AUTH_LENGTH },
		{ 16, 15, KNTS_DROP_AUTH_LENGTH },
		{ 16, 17, KNTS_DROP_AUTH_LENGTH },
		{ 16, 0, KNTS_DROP_AUTH_LENGTH },
		{ 0, 16, KNTS_DROP_AUTH_LENGTH },
		{ 0, 32, KNTS_DROP_AUTH_LENGTH },
		{ 0, 0, KNTS_DROP_AUTH_LENGTH },
		{ 32, 0, KNTS_DROP_AUTH_LENGTH },
		{ 20, 16, KNTS_DROP_AUTH_LENGTH },
		{ 4, 16, KNTS_ANSWER_NTS },
		{ 4, 17, KNTS_DROP_AUTH_PADDING },
		{ 4, 28, KNTS_DROP_AUTH_PADDING },
		{ 4, 29, KNTS_DROP_AUTH_LENGTH },
		{ 12, 20, KNTS_DROP_AUTH_PADDING },
		{ 12, 21, KNTS_DROP_AUTH_LENGTH },
		{ 0xffff, 16, KNTS_DROP_AUTH_LENGTH },
		{ 16, 0xffff, KNTS_DROP_AUTH_LENGTH },
		{ 0xffff, 0xffff, KNTS_DROP_AUTH_LENGTH },
		{ 0xfffc, 0x0024, KNTS_DROP_AUTH_LENGTH },
		{ 0x8000, 0x8000, KNTS_DROP_AUTH_LENGTH },
		{ 0xfff0, 0x0020, KNTS_DROP_AUTH_LENGTH },
	};
	const struct exchange_shape shape = { 0 };
	enum knts_verdict verdict;
	struct knts_request rq;
	size_t i;
	struct exchange x;
	struct packet p;
	u8 *exact;

	setup(&x, 15);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		exchange_request(&x, &shape, &p);
		knts_put_be16(p.data + p.auth_off + 4, cases[i].nonce_len);
		knts_put_be16(p.data + p.auth_off + 6, cases[i].text_len);
		exact = unit_exact(p.data, p.len);
		verdict = knts_request_parse(&rq, exact, p.len);
		if (verdict == KNTS_ANSWER_NTS && !knts_request_suits(&rq, 15))
			verdict = KNTS_DROP_AUTH_PADDING;
		assert_int_equal(verdict, cases[i].expected);
		free(exact);
	}
}

/* Every pair of lengths in a field of every length. */
static void N32_nothing_read_lies_outside(void **state)
{
	const struct exchange_shape shape = { 0 };
	size_t nonce_len, text_len, field_len;
	struct knts_request rq;
	struct exchange x;
	struct packet p;

	setup(&x, 15);
	exchange_request(&x, &shape, &p);
	for (field_len = 28; field_len <= 64; field_len += 4) {
		u8 *exact = calloc(1, p.auth_off + field_len);

		assert_non_null(exact);
		memcpy(exact, p.data, p.auth_off + 4);
		knts_put_be16(exact + p.auth_off + 2, (u16)field_len);
		for (nonce_len = 0; nonce_len < 70; nonce_len++)
			for (text_len = 0; text_len < 70; text_len++) {
				size_t used = 8 + (nonce_len + 3) / 4 * 4 +
					      (text_len + 3) / 4 * 4;
				enum knts_verdict verdict;

				knts_put_be16(exact + p.auth_off + 4,
					      (u16)nonce_len);
				knts_put_be16(exact + p.auth_off + 6,
					      (u16)text_len);
				verdict = knts_request_parse(
					&rq, exact, p.auth_off + field_len);
				if (!nonce_len || text_len < 16 ||
				    used > field_len)
					assert_int_equal(verdict,
							 KNTS_DROP_AUTH_LENGTH);
				else
					assert_int_not_equal(
						verdict, KNTS_DROP_AUTH_LENGTH);
			}
		free(exact);
	}
}

static void N34_short_nonce_needs_padding(void **state)
{
	struct exchange_shape shape = { 0 };
	size_t need_len, padded_len;
	struct knts_request rq;
	struct exchange x;
	struct packet p;

	setup(&x, 15);
	for (shape.nonce_len = 1; shape.nonce_len <= 40; shape.nonce_len++) {
		padded_len = (shape.nonce_len + 3) / 4 * 4;
		need_len = padded_len < 16 ? 16 - padded_len : 0;
		for (shape.padding_len = 0; shape.padding_len <= 24;
		     shape.padding_len += 4) {
			exchange_request(&x, &shape, &p);
			assert_int_equal(verify(&x, &p, &rq),
					 shape.padding_len < need_len ?
						 KNTS_DROP_AUTH_PADDING :
						 KNTS_ANSWER_NTS);
		}
	}
}

static void N31_placeholders_as_long_as_the_cookie_count(void **state)
{
	const struct nts_session session = { .aead = 15, .key_len = 32 };
	struct knts_request rq;
	struct packet p;
	u8 noise[108];
	size_t len;
	int after;

	memset(noise, 0x5a, sizeof(noise));
	for (after = 0; after < 2; after++)
		for (len = 12; len <= 108; len += 4) {
			packet_start(&p, 4, 3);
			packet_field(&p, FIELD_UID, NULL, 32);
			if (after)
				packet_field(&p, FIELD_COOKIE, NULL, 104);
			packet_field(&p, FIELD_PLACEHOLDER, noise, len);
			packet_field(&p, FIELD_PLACEHOLDER, NULL, 104);
			if (!after)
				packet_field(&p, FIELD_COOKIE, NULL, 104);
			packet_auth(&p, &session, NULL);
			assert_int_equal(knts_request_parse(&rq, p.data, p.len),
					 KNTS_ANSWER_NTS);
			assert_int_equal(rq.cookies, len == 104 ? 3 : 2);
		}
}

/* A field under 28 octets may stand last before the authenticator. */
static void N31_short_placeholders_count_wherever_they_stand(void **state)
{
	const struct nts_session session = { .aead = 15, .key_len = 32 };
	struct nts_cookie cookie = { .len = 0 };
	struct knts_request rq;
	struct packet p;

	for (cookie.len = 12; cookie.len <= 32; cookie.len += 4) {
		packet_request(&p, &session, &cookie, 3);
		assert_int_equal(knts_request_parse(&rq, p.data, p.len),
				 KNTS_ANSWER_NTS);
		assert_int_equal(rq.cookies, 4);
	}
}

static void N31_encrypted_placeholders_count_too(void **state)
{
	struct exchange_shape shape = { 0 };
	struct knts_request rq;
	struct exchange x;
	struct packet p;
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		setup(&x, aeads[i]);
		for (shape.hidden_placeholders = 0; shape.hidden_placeholders < 6;
		     shape.hidden_placeholders++) {
			exchange_request(&x, &shape, &p);
			assert_int_equal(verify(&x, &p, &rq), KNTS_ANSWER_NTS);
			assert_int_equal(rq.cookies,
					 1 + shape.hidden_placeholders);
		}
	}
}

static void N31_encrypted_placeholders_of_another_length_do_not(void **state)
{
	struct knts_request rq;
	struct packet text;
	size_t len;

	for (len = 0; len <= 112; len += 4) {
		text.len = 0;
		packet_field(&text, FIELD_PLACEHOLDER, NULL, len);
		assert_int_equal(verify_text(text.data, text.len, &rq),
				 KNTS_ANSWER_NTS);
		assert_int_equal(rq.cookies, len == 104 ? 2 : 1);
	}
}

static void N37_eight_cookies_at_most(void **state)
{
	struct exchange_shape shape = { 0 };
	struct knts_request rq;
	struct exchange x;
	struct packet p;
	unsigned int n;

	setup(&x, 15);
	/* 11 of 108 octets are what fits a packet. */
	for (shape.placeholders = 0; shape.placeholders <= 11; shape.placeholders++)
		for (n = 0; n <= 11 - shape.placeholders; n++) {
			shape.hidden_placeholders = n;
			exchange_request(&x, &shape, &p);
			assert_int_equal(verify(&x, &p, &rq), KNTS_ANSWER_NTS);
			assert_int_equal(rq.cookies,
					 MIN(1 + n + shape.placeholders, 8));
		}
}

static void N37_a_swarm_of_short_placeholders_counts_eight(void **state)
{
	const struct nts_session session = { .aead = 15, .key_len = 32 };
	struct knts_request rq;
	struct packet p;

	packet_start(&p, 4, 3);
	packet_field(&p, FIELD_UID, NULL, 32);
	packet_field(&p, FIELD_COOKIE, NULL, 12);
	while (p.len + 16 + 40 <= 1536)
		packet_field(&p, FIELD_PLACEHOLDER, NULL, 12);
	packet_auth(&p, &session, NULL);
	assert_int_equal(knts_request_parse(&rq, p.data, p.len),
			 KNTS_ANSWER_NTS);
	assert_int_equal(rq.cookies, 8);
}

static void N33_encrypted_fields_of_four_octets_are_well(void **state)
{
	static const u8 text[] = { 0x7a, 0x7a, 0, 4, 0x7b, 0x7b, 0, 8, 1, 2,
				   3, 4, 0, 0, 0, 4 };
	struct knts_request rq;

	assert_int_equal(verify_text(text, sizeof(text), &rq), KNTS_ANSWER_NTS);
	assert_int_equal(rq.cookies, 1);
}

static void N33_encrypted_fields_of_wrong_length(void **state)
{
	u8 text[32] = { 0x7a, 0x7a, 0, 28, [28] = 0x7a, 0x7a, 0, 4 };
	struct knts_request rq;
	size_t len;

	assert_int_equal(verify_text(text, sizeof(text), &rq), KNTS_ANSWER_NTS);
	for (len = 1; len < sizeof(text); len++)
		assert_int_equal(verify_text(text, len, &rq),
				 len == 28 ? KNTS_ANSWER_NTS : KNTS_DROP_PLAINTEXT);
	for (len = 0; len <= 33; len++) {
		bool good = len == 28 || len == 32;

		text[3] = (u8)len;
		/* What a shorter first field leaves is no field. */
		memset(text + 4, 0xff, 24);
		assert_int_equal(verify_text(text, sizeof(text), &rq),
				 good ? KNTS_ANSWER_NTS : KNTS_DROP_PLAINTEXT);
	}
}

static void N30_a_cookie_or_identifier_counts_in_clear_only(void **state)
{
	struct knts_request rq;
	struct packet text = { .len = 0 };

	packet_field(&text, FIELD_UID, NULL, 32);
	packet_field(&text, FIELD_COOKIE, NULL, 104);
	assert_int_equal(verify_text(text.data, text.len, &rq), KNTS_ANSWER_NTS);
	assert_int_equal(rq.cookies, 1);
	assert_int_equal(rq.uid_off, 48);
	assert_int_equal(rq.cookie_off, 88);
}

static void N40_the_wrong_key_is_not_authentic(void **state)
{
	const struct exchange_shape shape = { .hidden_placeholders = 1 };
	struct knts_request rq;
	struct exchange x;
	struct packet p;
	size_t i, bit;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		size_t key_len = knts_aead_key_len(aeads[i]);

		setup(&x, aeads[i]);
		exchange_request(&x, &shape, &p);
		for (bit = 0; bit < 8 * key_len; bit += 7) {
			x.session.c2s[bit / 8] ^= 1 << bit % 8;
			assert_int_equal(verify(&x, &p, &rq),
					 KNTS_KISS_NTSN_AUTH);
			x.session.c2s[bit / 8] ^= 1 << bit % 8;
		}
		/* Nor is the other direction's. */
		assert_int_equal(verify_with(x.session.s2c, aeads[i], &p, &rq),
				 KNTS_KISS_NTSN_AUTH);
	}
}

static void N33_every_bit_to_the_end_of_the_ciphertext_is_guarded(void **state)
{
	const struct exchange_shape shape = {
		.placeholders = 1,
		.hidden_placeholders = 1,
		.unknown_len = 28,
		.trailing_len = 32,
	};
	struct knts_request rq, good;
	enum knts_verdict verdict;
	size_t bit;
	struct exchange x;
	struct packet p;

	setup(&x, 15);
	exchange_request(&x, &shape, &p);
	verify(&x, &p, &good);
	for (bit = 0; bit < 8 * p.len; bit++) {
		p.data[bit / 8] ^= 1 << bit % 8;
		verdict = verify(&x, &p, &rq);
		if (bit >= 8 * (p.len - 32)) {
			assert_int_equal(verdict, KNTS_ANSWER_NTS);
		} else if (verdict == KNTS_ANSWER_NTS) {
			/*
			 * Only the field's own length is not guarded, and it
			 * may take in some of what follows, as padding.
			 */
			assert_int_equal(bit / 16, (p.auth_off + 2) / 2);
			assert_int_equal(rq.cookies, good.cookies);
			assert_int_equal(rq.text_len, good.text_len);
		}
		assert_int_not_equal(verdict, KNTS_ANSWER_PLAIN);
		p.data[bit / 8] ^= 1 << bit % 8;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(N32_lengths_that_lie),
		cmocka_unit_test(N32_nothing_read_lies_outside),
		cmocka_unit_test(N34_short_nonce_needs_padding),
		cmocka_unit_test(N31_placeholders_as_long_as_the_cookie_count),
		cmocka_unit_test(
			N31_short_placeholders_count_wherever_they_stand),
		cmocka_unit_test(N31_encrypted_placeholders_count_too),
		cmocka_unit_test(
			N31_encrypted_placeholders_of_another_length_do_not),
		cmocka_unit_test(N37_eight_cookies_at_most),
		cmocka_unit_test(
			N37_a_swarm_of_short_placeholders_counts_eight),
		cmocka_unit_test(N33_encrypted_fields_of_four_octets_are_well),
		cmocka_unit_test(N33_encrypted_fields_of_wrong_length),
		cmocka_unit_test(
			N30_a_cookie_or_identifier_counts_in_clear_only),
		cmocka_unit_test(N40_the_wrong_key_is_not_authentic),
		cmocka_unit_test(
			N33_every_bit_to_the_end_of_the_ciphertext_is_guarded),
	};

	return cmocka_run_group_tests_name("authenticator", tests, NULL, NULL);
}
