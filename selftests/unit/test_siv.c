// SPDX-License-Identifier: GPL-2.0-or-later
/* SIV against published vectors, and against OpenSSL's. */
#include "core/siv.h"
#include "../client/siv.h"
#include "../vectors/siv.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

static const size_t key_lens[] = { 32, 48, 64 };

/* Of random lengths: what is sealed, how, and what must come of it. */
struct sample {
	struct knts_siv_key key;
	size_t key_len;
	u8 raw[64];
	u8 nonce[40];
	size_t nonce_len;
	u8 *ad;
	size_t ad_len;
	u8 *text;
	size_t text_len;
	u8 *expected;
};

static void sample_setup(struct sample *c, struct rng *rng, size_t ad_max_len,
			 size_t text_max_len)
{
	struct siv_input in;

	c->key_len = key_lens[rng_upto(rng, 2)];
	rng_fill(rng, c->raw, sizeof(c->raw));
	knts_siv_expand(&c->key, c->raw, c->key_len);
	c->nonce_len = 1 + rng_upto(rng, sizeof(c->nonce) - 1);
	rng_fill(rng, c->nonce, sizeof(c->nonce));

	c->ad_len = 1 + rng_upto(rng, ad_max_len - 1);
	c->ad = malloc(c->ad_len);
	c->text_len = rng_upto(rng, text_max_len);
	c->text = malloc(c->text_len + 1);
	c->expected = malloc(c->text_len + KNTS_SIV_TAG_LEN);
	assert_true(c->ad && c->text && c->expected);
	rng_fill(rng, c->ad, c->ad_len);
	rng_fill(rng, c->text, c->text_len);

	in = (struct siv_input){ .key = c->raw, .key_len = c->key_len };
	in.ad = c->ad;
	in.ad_len = c->ad_len;
	in.nonce = c->nonce;
	in.nonce_len = c->nonce_len;
	siv_seal(&in, c->text, c->text_len, c->expected);
}

static void sample_teardown(struct sample *c)
{
	free(c->ad);
	free(c->text);
	free(c->expected);
}

/* Return: tag and ciphertext; free it. */
static u8 *sample_seal(const struct sample *c, size_t ad_early_len)
{
	u8 *out = malloc(KNTS_SIV_TAG_LEN + c->text_len);
	struct knts_siv seal;
	u8 *ad, *text;
	size_t i;

	assert_non_null(out);
	/* In place, or from elsewhere. */
	text = out + KNTS_SIV_TAG_LEN;
	if (ad_early_len % 2)
		text = c->text;
	else
		memcpy(text, c->text, c->text_len);
	ad = unit_exact(c->ad, c->ad_len);
	/* Late octets are not there yet when the seal begins. */
	for (i = ad_early_len; i < c->ad_len && (i == ad_early_len || i % 16);
	     i++)
		ad[i] ^= 0xee;
	knts_siv_seal_begin(&seal, &c->key, c->nonce, c->nonce_len, out, text, c->text_len, NULL);
	knts_siv_seal_ad(&seal, ad, c->ad_len, ad_early_len);
	memcpy(ad, c->ad, c->ad_len);
	knts_siv_seal_finish(&seal);
	free(ad);

	return out;
}

static void cmac_of_rfc_4493_and_sp_800_38b(void **state)
{
	u8 text[64], raw[64], mac[16], out[16];
	struct knts_siv seal;
	struct knts_siv_key key;
	size_t key_len, i;

	reference_unhex(CMAC_VECTOR_TEXT, text, sizeof(text));
	for (i = 0; i < ARRAY_LEN(cmac_vectors); i++) {
		const struct cmac_vector *v = &cmac_vectors[i];

		/* S2V's key is the first half; its CMAC of the nonce shows. */
		key_len = reference_unhex(v->key, raw, sizeof(raw));
		memset(raw + key_len, 0, key_len);
		reference_unhex(v->mac, mac, sizeof(mac));
		knts_siv_expand(&key, raw, 2 * key_len);
		knts_siv_seal_begin(&seal, &key, text, v->text_len, out, text, 0, NULL);
		assert_memory_equal(seal.nonce_mac, mac, sizeof(mac));
		reference_cmac(raw, key_len, text, v->text_len, out);
		assert_memory_equal(out, mac, sizeof(mac));
	}
}

static void cmac_subkeys_of_rfc_4493(void **state)
{
	struct knts_siv_key key;
	u8 raw[32] = { 0 }, subkey[16];

	reference_unhex(CMAC_VECTOR_KEY_128, raw, sizeof(raw));
	knts_siv_expand(&key, raw, sizeof(raw));
	reference_unhex(CMAC_VECTOR_SUBKEY_1, subkey, sizeof(subkey));
	assert_memory_equal(key.subkey1, subkey, sizeof(subkey));
	reference_unhex(CMAC_VECTOR_SUBKEY_2, subkey, sizeof(subkey));
	assert_memory_equal(key.subkey2, subkey, sizeof(subkey));
}

static void rfc_5297_a1_seals_and_opens(void **state)
{
	u8 raw[32], ad[24], text[14], sealed[30], buf[30];
	struct knts_siv seal;
	struct knts_siv_key key;

	reference_unhex(SIV_VECTOR_A1_KEY, raw, sizeof(raw));
	reference_unhex(SIV_VECTOR_A1_AD, ad, sizeof(ad));
	reference_unhex(SIV_VECTOR_A1_TEXT, text, sizeof(text));
	reference_unhex(SIV_VECTOR_A1_SEALED, sealed, sizeof(sealed));

	knts_siv_expand(&key, raw, sizeof(raw));
	knts_siv_seal_begin(&seal, &key, ad, sizeof(ad), buf, text, sizeof(text), NULL);
	knts_siv_seal_finish(&seal);
	assert_memory_equal(buf, sealed, sizeof(sealed));

	assert_true(knts_siv_open(&key, NULL, 0, ad, sizeof(ad), buf,
				  sizeof(buf)));
	assert_memory_equal(buf + KNTS_SIV_TAG_LEN, text, sizeof(text));
}

/*
 * A.2 has one string more than NTS ever has, so it cannot be asked of ours; it
 * proves the S2V that ours is then compared with.
 */
static void rfc_5297_a2_proves_the_reference(void **state)
{
	u8 raw[32], ad1[40], ad2[10], nonce[16], text[47], sealed[63], tag[16];
	const struct reference_string strings[] = {
		{ ad1, sizeof(ad1) },
		{ ad2, sizeof(ad2) },
		{ nonce, sizeof(nonce) },
	};

	reference_unhex(SIV_VECTOR_A2_KEY, raw, sizeof(raw));
	reference_unhex(SIV_VECTOR_A2_AD1, ad1, sizeof(ad1));
	reference_unhex(SIV_VECTOR_A2_AD2, ad2, sizeof(ad2));
	reference_unhex(SIV_VECTOR_A2_NONCE, nonce, sizeof(nonce));
	reference_unhex(SIV_VECTOR_A2_TEXT, text, sizeof(text));
	reference_unhex(SIV_VECTOR_A2_SEALED, sealed, sizeof(sealed));

	reference_s2v(raw, sizeof(raw), strings, 3, text, sizeof(text), tag);
	assert_memory_equal(tag, sealed, sizeof(tag));
	tag[8] &= 0x7f;
	tag[12] &= 0x7f;
	reference_ctr(raw + 16, 16, tag, text, sizeof(text));
	assert_memory_equal(text, sealed + 16, sizeof(text));
}

static void seals_as_openssl_does(void **state)
{
	struct reference_string strings[2];
	struct rng rng = RNG_INIT;
	struct sample c;
	u8 tag[16], *out;
	int i;

	for (i = 0; i < 6000; i++) {
		sample_setup(&c, &rng, i % 2 ? 100 : 1452, i % 3 ? 70 : 1300);
		out = sample_seal(&c, rng_upto(&rng, c.ad_len));
		assert_memory_equal(out, c.expected,
				    KNTS_SIV_TAG_LEN + c.text_len);
		strings[0] = (struct reference_string){ c.ad, c.ad_len };
		strings[1] = (struct reference_string){ c.nonce, c.nonce_len };
		reference_s2v(c.raw, c.key_len, strings, 2, c.text, c.text_len,
			      tag);
		assert_memory_equal(out, tag, sizeof(tag));
		free(out);
		sample_teardown(&c);
	}
}

static void opens_what_openssl_sealed(void **state)
{
	struct rng rng = RNG_INIT;
	struct sample c;
	int i;

	for (i = 0; i < 3000; i++) {
		sample_setup(&c, &rng, 200, i % 3 ? 70 : 1300);
		assert_true(knts_siv_open(&c.key, c.ad, c.ad_len, c.nonce,
					  c.nonce_len, c.expected,
					  KNTS_SIV_TAG_LEN + c.text_len));
		assert_memory_equal(c.expected + KNTS_SIV_TAG_LEN, c.text,
				    c.text_len);
		sample_teardown(&c);
	}
}

static void two_halves_make_the_same_seal_wherever_cut(void **state)
{
	struct rng rng = RNG_INIT;
	struct sample c;
	size_t early_len;
	u8 *out;
	int i;

	for (i = 0; i < 24; i++) {
		sample_setup(&c, &rng, 120, 60);
		for (early_len = 0; early_len <= c.ad_len; early_len++) {
			out = sample_seal(&c, early_len);
			assert_memory_equal(out, c.expected,
					    KNTS_SIV_TAG_LEN + c.text_len);
			free(out);
		}
		sample_teardown(&c);
	}
}

static void the_finish_reads_only_late_blocks(void **state)
{
	u8 ad[84] = { 0 }, raw[32] = { 3 }, nonce[16] = { 4 }, out[16 + 108];
	struct knts_siv seal;
	struct knts_siv_key key;

	memset(out, 0, sizeof(out));
	knts_siv_expand(&key, raw, sizeof(raw));
	/* NTP header and unique identifier; late from the transmit timestamp. */
	knts_siv_seal_begin(&seal, &key, nonce, sizeof(nonce), out, out + 16, 108, NULL);
	knts_siv_seal_ad(&seal, ad, sizeof(ad), 40);
	assert_int_equal(seal.ad_done_len, 32);
}

static void an_empty_string_is_not_an_absent_one(void **state)
{
	u8 raw[32] = { 5 }, nonce[16] = { 6 }, with[16], without[16], tag[16];
	const struct reference_string strings[] = {
		{ "", 0 },
		{ nonce, sizeof(nonce) },
	};
	struct knts_siv seal;
	struct knts_siv_key key;

	knts_siv_expand(&key, raw, sizeof(raw));
	knts_siv_seal_begin(&seal, &key, nonce, sizeof(nonce), with, with, 0, NULL);
	knts_siv_seal_ad(&seal, nonce, 0, 0);
	knts_siv_seal_finish(&seal);
	reference_s2v(raw, sizeof(raw), strings, 2, NULL, 0, tag);
	assert_memory_equal(with, tag, sizeof(tag));

	knts_siv_seal_begin(&seal, &key, nonce, sizeof(nonce), without, without, 0, NULL);
	knts_siv_seal_finish(&seal);
	reference_s2v(raw, sizeof(raw), strings + 1, 1, NULL, 0, tag);
	assert_memory_equal(without, tag, sizeof(tag));
}

/* What was sealed, with the given octet of one part changed. */
static bool opens_changed(const struct sample *c, u8 *part, size_t at)
{
	size_t len = KNTS_SIV_TAG_LEN + c->text_len;
	static const u8 zero[64];
	u8 *buf;
	bool good;

	part[at / 8] ^= 1 << at % 8;
	buf = unit_exact(c->expected, len);
	good = knts_siv_open(&c->key, c->ad, c->ad_len, c->nonce, c->nonce_len,
			     buf, len);
	if (!good)
		assert_memory_equal(buf + KNTS_SIV_TAG_LEN, zero, c->text_len);
	free(buf);
	part[at / 8] ^= 1 << at % 8;

	return good;
}

static void any_bit_flipped_fails_and_leaves_zeros(void **state)
{
	struct rng rng = RNG_INIT;
	struct sample c;
	size_t bit;
	int i;

	for (i = 0; i < 12; i++) {
		sample_setup(&c, &rng, 60, 60);
		for (bit = 0; bit < 8 * (16 + c.text_len); bit++)
			assert_false(opens_changed(&c, c.expected, bit));
		for (bit = 0; bit < 8 * c.ad_len; bit++)
			assert_false(opens_changed(&c, c.ad, bit));
		for (bit = 0; bit < 8 * c.nonce_len; bit++)
			assert_false(opens_changed(&c, c.nonce, bit));
		sample_teardown(&c);
	}
}

/* As a cookie's: without associated data, under nonces of 17 to 32 octets. */
static void copies_are_seals_by_themselves(void **state)
{
	u8 nonces[KNTS_SIV_COPIES_MAX][32], sealed[KNTS_SIV_COPIES_MAX][16 + 90];
	struct knts_siv_copy copies[KNTS_SIV_COPIES_MAX];
	struct rng rng = RNG_INIT;
	struct knts_siv seal;
	unsigned int count, i;
	struct sample c;
	u8 one[16 + 90];
	int round;

	for (i = 0; i < KNTS_SIV_COPIES_MAX; i++)
		copies[i] = (struct knts_siv_copy){ nonces[i], sealed[i] };
	for (round = 0; round < 3000; round++) {
		sample_setup(&c, &rng, 30, 90);
		c.nonce_len = 17 + rng_upto(&rng, 15);
		rng_fill(&rng, nonces, sizeof(nonces));
		count = 1 + (unsigned int)rng_upto(&rng, KNTS_SIV_COPIES_MAX - 1);
		knts_siv_seal_copies(&c.key, copies, count, c.nonce_len, c.text,
				     c.text_len, NULL);
		for (i = 0; i < count; i++) {
			knts_siv_seal_begin(&seal, &c.key, nonces[i],
					    c.nonce_len, one, c.text,
					    c.text_len, NULL);
			knts_siv_seal_finish(&seal);
			assert_memory_equal(one, sealed[i],
					    KNTS_SIV_TAG_LEN + c.text_len);
		}
		sample_teardown(&c);
	}
}

/* What is done meanwhile is right, and so is the verification. */
static void a_verification_goes_along(void **state)
{
	struct knts_siv opening, seal, other;
	u8 sealed[16 + 90], expected[16 + 90], nonce[20];
	struct knts_siv_copy copy = { nonce, sealed };
	struct rng rng = RNG_INIT;
	struct sample c, d;
	int round;

	for (round = 0; round < 6000; round++) {
		sample_setup(&c, &rng, 300, 30);
		sample_setup(&d, &rng, 300, 90);
		rng_fill(&rng, nonce, sizeof(nonce));
		if (round % 4 == 0)
			c.ad[rng_upto(&rng, c.ad_len - 1)] ^= 1;

		knts_siv_open_begin(&opening, &c.key, c.ad, c.ad_len, c.nonce,
				    c.nonce_len, c.expected,
				    KNTS_SIV_TAG_LEN + c.text_len);
		if (round % 3)
			knts_siv_seal_copies(&d.key, &copy, 1, sizeof(nonce),
					     d.text, d.text_len, &opening);
		knts_siv_seal_begin(&seal, &d.key, d.nonce, d.nonce_len,
				    expected, d.text, d.text_len, &opening);
		assert_int_equal(knts_siv_open_finish(&opening), round % 4 != 0);
		knts_siv_seal_ad(&seal, d.ad, d.ad_len, 0);
		knts_siv_seal_finish(&seal);
		assert_memory_equal(expected, d.expected,
				    KNTS_SIV_TAG_LEN + d.text_len);
		if (round % 3) {
			knts_siv_seal_begin(&other, &d.key, nonce,
					    sizeof(nonce), expected, d.text,
					    d.text_len, NULL);
			knts_siv_seal_finish(&other);
			assert_memory_equal(sealed, expected,
					    KNTS_SIV_TAG_LEN + d.text_len);
		}
		sample_teardown(&c);
		sample_teardown(&d);
	}
}

static void a_finished_seal_is_wiped(void **state)
{
	static const u8 zero[16];
	struct rng rng = RNG_INIT;
	struct knts_siv seal;
	struct sample c;
	u8 out[16 + 60];

	sample_setup(&c, &rng, 60, 60);
	memcpy(out + 16, c.text, c.text_len);
	knts_siv_seal_begin(&seal, &c.key, c.nonce, c.nonce_len, out, c.text,
			    c.text_len, NULL);
	knts_siv_seal_ad(&seal, c.ad, c.ad_len, 0);
	knts_siv_seal_finish(&seal);
	assert_memory_equal(seal.ad_mac, zero, 16);
	assert_memory_equal(seal.nonce_mac, zero, 16);
	assert_memory_equal(seal.text_mac, zero, 16);
	sample_teardown(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cmac_of_rfc_4493_and_sp_800_38b),
		cmocka_unit_test(cmac_subkeys_of_rfc_4493),
		cmocka_unit_test(rfc_5297_a1_seals_and_opens),
		cmocka_unit_test(rfc_5297_a2_proves_the_reference),
		cmocka_unit_test(seals_as_openssl_does),
		cmocka_unit_test(opens_what_openssl_sealed),
		cmocka_unit_test(two_halves_make_the_same_seal_wherever_cut),
		cmocka_unit_test(the_finish_reads_only_late_blocks),
		cmocka_unit_test(an_empty_string_is_not_an_absent_one),
		cmocka_unit_test(any_bit_flipped_fails_and_leaves_zeros),
		cmocka_unit_test(copies_are_seals_by_themselves),
		cmocka_unit_test(a_verification_goes_along),
		cmocka_unit_test(a_finished_seal_is_wiped),
	};

	return cmocka_run_group_tests_name("siv", tests, NULL, NULL);
}
