// SPDX-License-Identifier: GPL-2.0-or-later
/* AES-GCM-SIV against published vectors, and against libgcrypt's. */
#include "core/gcmsiv.h"
#include "../client/gcmsiv.h"
#include "../vectors/gcmsiv.h"
#include "reference.h"
#include "rng.h"
#include "unit.h"

#define TAG_LEN KNTS_GCMSIV_TAG_LEN
#define NONCE_LEN KNTS_GCMSIV_NONCE_LEN

/* What is sealed, how, and what must come of it. */
struct sample {
	struct knts_gcmsiv_key key;
	size_t key_len;
	u8 raw[32];
	u8 nonce[NONCE_LEN];
	u8 *ad;
	size_t ad_len;
	u8 *text;
	size_t text_len;
	u8 *expected;
};

static void expand(struct knts_gcmsiv_key *key, const u8 *raw, size_t raw_len)
{
	knts_gcmsiv_expand(&key, &raw, 1, raw_len);
}

static u8 *random_octets(struct rng *rng, size_t len)
{
	u8 *octets = malloc(len ? len : 1);

	assert_non_null(octets);
	rng_fill(rng, octets, len);

	return octets;
}

static void sample_setup(struct sample *c, struct rng *rng, size_t ad_len,
			 size_t text_len)
{
	struct gcmsiv_input in;

	c->key_len = 16 + 16 * rng_upto(rng, 1);
	rng_fill(rng, c->raw, sizeof(c->raw));
	rng_fill(rng, c->nonce, sizeof(c->nonce));
	expand(&c->key, c->raw, c->key_len);
	c->ad = random_octets(rng, ad_len);
	c->ad_len = ad_len;
	c->text = random_octets(rng, text_len);
	c->text_len = text_len;
	c->expected = malloc(text_len + TAG_LEN);
	assert_non_null(c->expected);

	in = (struct gcmsiv_input){
		.key = c->raw, .key_len = c->key_len,
		.ad = c->ad, .ad_len = ad_len,
		.nonce = c->nonce,
	};
	gcmsiv_seal(&in, c->text, text_len, c->expected);
}

static void sample_teardown(struct sample *c)
{
	knts_gcmsiv_wipe(&c->key);
	free(c->ad);
	free(c->text);
	free(c->expected);
}

static void assert_seals(const struct sample *c, size_t ad_early_len,
			 bool in_place)
{
	u8 *ad = unit_exact(c->ad, c->ad_len);
	u8 *out = malloc(c->text_len + TAG_LEN);
	size_t late_end = ad_early_len - ad_early_len % 16 + 16;
	struct knts_gcmsiv seal;

	assert_non_null(out);
	if (late_end > c->ad_len)
		late_end = c->ad_len;
	/* Late octets are not there yet when the seal begins. */
	memset(ad + ad_early_len, 0xee, late_end - ad_early_len);
	if (in_place)
		memcpy(out, c->text, c->text_len);
	knts_gcmsiv_seal_begin(&seal, &c->key, c->nonce, out,
			       in_place ? out : c->text, c->text_len);
	knts_gcmsiv_seal_ad(&seal, ad, c->ad_len, ad_early_len);
	memcpy(ad, c->ad, c->ad_len);
	knts_gcmsiv_seal_finish(&seal);
	assert_memory_equal(out, c->expected, c->text_len + TAG_LEN);
	free(out);
	free(ad);
}

static bool opens(const struct sample *c)
{
	u8 *buf = unit_exact(c->expected, c->text_len + TAG_LEN);
	bool good = knts_gcmsiv_open(&c->key, c->ad, c->ad_len, c->nonce, buf,
				     c->text_len + TAG_LEN);
	size_t i;

	for (i = 0; i < c->text_len; i++)
		assert_int_equal(buf[i], good ? c->text[i] : 0);
	free(buf);

	return good;
}

static void vectors_of_rfc_8452(void **state)
{
	u8 raw[32], ad[64], text[64], expected[80];
	struct sample c;
	size_t i;

	for (i = 0; i < ARRAY_LEN(gcmsiv_vectors); i++) {
		const struct gcmsiv_vector *v = &gcmsiv_vectors[i];

		c = (struct sample){ .ad = ad, .text = text };
		c.key_len = reference_unhex(v->key, raw, sizeof(raw));
		expand(&c.key, raw, c.key_len);
		assert_int_equal(reference_unhex(v->nonce, c.nonce, NONCE_LEN),
				 NONCE_LEN);
		c.ad_len = reference_unhex(v->ad, ad, sizeof(ad));
		c.text_len = reference_unhex(v->text, text, sizeof(text));
		c.expected = expected;
		assert_int_equal(reference_unhex(v->sealed, expected,
						 sizeof(expected)),
				 c.text_len + TAG_LEN);
		assert_seals(&c, c.ad_len, false);
		assert_seals(&c, c.ad_len / 2, true);
		assert_true(opens(&c));
	}
}

static void seals_and_opens_as_libgcrypt_at_every_length(void **state)
{
	struct rng rng = RNG_INIT;
	size_t ad_len, text_len;
	struct sample c;

	for (ad_len = 0; ad_len <= 300; ad_len++) {
		for (text_len = 0; text_len <= 300; text_len++) {
			sample_setup(&c, &rng, ad_len, text_len);
			assert_seals(&c, rng_upto(&rng, ad_len), text_len & 1);
			assert_true(opens(&c));
			sample_teardown(&c);
		}
	}
}

static void seals_as_libgcrypt_wherever_cut(void **state)
{
	static const size_t text_lens[] = { 0, 1, 16, 72, 104, 576, 832 };
	struct rng rng = RNG_INIT;
	size_t early_len, ad_len, i;
	struct sample c;

	for (i = 0; i < ARRAY_LEN(text_lens); i++) {
		for (ad_len = 1; ad_len <= 140; ad_len += 1 + i) {
			sample_setup(&c, &rng, ad_len, text_lens[i]);
			for (early_len = 0; early_len <= ad_len; early_len++)
				assert_seals(&c, early_len, early_len & 1);
			sample_teardown(&c);
		}
	}
}

static void seals_without_associated_data(void **state)
{
	struct rng rng = RNG_INIT;
	struct knts_gcmsiv seal;
	struct sample c;
	u8 out[40 + TAG_LEN];

	sample_setup(&c, &rng, 0, 40);
	knts_gcmsiv_seal_begin(&seal, &c.key, c.nonce, out, c.text,
			       c.text_len);
	knts_gcmsiv_seal_ad(&seal, NULL, 0, 0);
	knts_gcmsiv_seal_finish(&seal);
	assert_memory_equal(out, c.expected, sizeof(out));
	assert_true(knts_gcmsiv_open(&c.key, NULL, 0, c.nonce, out,
				     sizeof(out)));
	sample_teardown(&c);
}

static void several_keys_are_made_at_a_time(void **state)
{
	struct rng rng = RNG_INIT;
	u8 raw[2][32];
	const u8 *raws[] = { raw[0], raw[1] };
	size_t len, i;

	rng_fill(&rng, raw, sizeof(raw));
	for (len = 16; len <= 32; len += 16) {
		struct knts_gcmsiv_key keys[2] = { 0 }, alone[2] = { 0 };
		struct knts_gcmsiv_key *both[] = { &keys[0], &keys[1] };

		knts_gcmsiv_expand(both, raws, 2, len);
		for (i = 0; i < 2; i++) {
			expand(&alone[i], raw[i], len);
			assert_memory_equal(&keys[i], &alone[i],
					    sizeof(keys[i]));
		}
		assert_memory_not_equal(&keys[0], &keys[1], sizeof(keys[0]));
	}
}

/* What was sealed, with one bit of @part changed. */
static bool opens_changed(const struct sample *c, u8 *part, size_t bit)
{
	bool good;

	part[bit / 8] ^= 1 << bit % 8;
	good = opens(c);
	part[bit / 8] ^= 1 << bit % 8;

	return good;
}

static void any_bit_flipped_fails_and_leaves_zeros(void **state)
{
	struct rng rng = RNG_INIT;
	struct sample c;
	size_t bit;
	int i;

	for (i = 0; i < 16; i++) {
		sample_setup(&c, &rng, rng_upto(&rng, 90), rng_upto(&rng, 90));
		for (bit = 0; bit < 8 * (c.text_len + TAG_LEN); bit++)
			assert_false(opens_changed(&c, c.expected, bit));
		for (bit = 0; bit < 8 * c.ad_len; bit++)
			assert_false(opens_changed(&c, c.ad, bit));
		for (bit = 0; bit < 8 * NONCE_LEN; bit++)
			assert_false(opens_changed(&c, c.nonce, bit));
		assert_true(opens(&c));
		sample_teardown(&c);
	}
}

static void padding_taken_for_data_fails(void **state)
{
	struct rng rng = RNG_INIT;
	struct sample c;

	sample_setup(&c, &rng, 20, 48);
	assert_true(opens(&c));
	/* These are its padding too: only the lengths tell the two apart. */
	c.ad = realloc(c.ad, 32);
	assert_non_null(c.ad);
	memset(c.ad + 20, 0, 12);
	c.ad_len = 32;
	assert_false(opens(&c));
	sample_teardown(&c);
}

static void what_is_finished_is_wiped(void **state)
{
	static const struct knts_gcmsiv_key no_key;
	static const struct knts_aes_key no_cipher;
	static const u8 zero[16];
	struct rng rng = RNG_INIT;
	struct knts_gcmsiv seal = { 0 };
	struct sample c = { 0 };
	u8 out[72 + TAG_LEN];

	sample_setup(&c, &rng, 84, 72);
	knts_gcmsiv_seal_begin(&seal, &c.key, c.nonce, out, c.text,
			       c.text_len);
	knts_gcmsiv_seal_ad(&seal, c.ad, c.ad_len, 40);
	knts_gcmsiv_seal_finish(&seal);
	assert_memory_equal(&seal.cipher, &no_cipher, sizeof(no_cipher));
	assert_memory_equal(seal.h, zero, sizeof(seal.h));
	assert_memory_equal(seal.hash, zero, sizeof(seal.hash));
	assert_memory_equal(seal.power, zero, sizeof(seal.power));
	sample_teardown(&c);
	assert_memory_equal(&c.key, &no_key, sizeof(no_key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_of_rfc_8452),
		cmocka_unit_test(seals_and_opens_as_libgcrypt_at_every_length),
		cmocka_unit_test(seals_as_libgcrypt_wherever_cut),
		cmocka_unit_test(seals_without_associated_data),
		cmocka_unit_test(several_keys_are_made_at_a_time),
		cmocka_unit_test(any_bit_flipped_fails_and_leaves_zeros),
		cmocka_unit_test(padding_taken_for_data_fails),
		cmocka_unit_test(what_is_finished_is_wiped),
	};

	return cmocka_run_group_tests_name("gcmsiv", tests, NULL, NULL);
}
