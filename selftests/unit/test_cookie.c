// SPDX-License-Identifier: GPL-2.0-or-later
/* Cookies: what goes in comes out, and nothing else opens. */
#include "core/cookie.h"
#include "../client/siv.h"
#include "rng.h"
#include "unit.h"

static const u16 aeads[] = { 15, 16, 17, 30, 31 };
static const size_t cookie_lens[] = { 104, 136, 168, 72, 104 };

static bool is_ours(u16 aead)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++)
		if (aeads[i] == aead)
			return true;
	return false;
}

struct fixture {
	struct rng rng;
	u8 raw[KNTS_COOKIE_KEY_LEN];
	struct knts_siv_key key;
	u8 nonce[KNTS_COOKIE_NONCE_LEN];
	struct knts_session session;
};

static void setup(struct fixture *f, u16 aead)
{
	*f = (struct fixture){ .rng = RNG_INIT };
	rng_fill(&f->rng, f->raw, sizeof(f->raw));
	knts_siv_expand(&f->key, f->raw, sizeof(f->raw));
	rng_fill(&f->rng, f->nonce, sizeof(f->nonce));
	f->session.aead = aead;
	rng_fill(&f->rng, f->session.s2c, knts_aead_key_len(aead));
	rng_fill(&f->rng, f->session.c2s, knts_aead_key_len(aead));
}

/* Seals @plain as a cookie of whatever length, by OpenSSL. */
static void seal_raw(const struct fixture *f, u8 *cookie, const u8 *plain,
		     size_t plain_len)
{
	const struct siv_input in = {
		.key = f->raw,
		.key_len = sizeof(f->raw),
		.nonce = cookie,
		.nonce_len = 20,
	};

	knts_put_be32(cookie, 7);
	memcpy(cookie + 4, f->nonce, sizeof(f->nonce));
	siv_seal(&in, plain, plain_len, cookie + 20);
}

static bool opens(const struct fixture *f, const u8 *cookie, size_t len)
{
	static const struct knts_session zero;
	u8 *exact = unit_exact(cookie, len);
	struct knts_session session;
	bool good;

	memset(&session, 0xaa, sizeof(session));
	good = knts_cookie_open(&session, exact, len, &f->key);
	assert_memory_equal(exact, cookie, len);
	if (!good)
		assert_memory_equal(&session, &zero, sizeof(session));
	free(exact);

	return good;
}

static void N45_round_trip(void **state)
{
	u8 cookie[KNTS_COOKIE_MAX_LEN];
	struct knts_session session;
	struct fixture f;
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		setup(&f, aeads[i]);
		assert_int_equal(knts_cookie_len(aeads[i]), cookie_lens[i]);
		knts_cookie_seal(cookie, 0, 1, 0xfedcba98, &f.key, f.nonce,
				 &f.session, NULL);
		assert_int_equal(knts_cookie_key_id(cookie), 0xfedcba98);
		assert_true(knts_cookie_open(&session, cookie, cookie_lens[i],
					     &f.key));
		assert_int_equal(session.aead, aeads[i]);
		assert_memory_equal(session.s2c, f.session.s2c,
				    knts_aead_key_len(aeads[i]));
		assert_memory_equal(session.c2s, f.session.c2s,
				    knts_aead_key_len(aeads[i]));
	}
}

static void N45_key_id_nonce_then_siv_of_aead_and_keys(void **state)
{
	u8 ours[KNTS_COOKIE_MAX_LEN], theirs[KNTS_COOKIE_MAX_LEN], plain[132];
	struct fixture f;
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		size_t key_len = knts_aead_key_len(aeads[i]);

		setup(&f, aeads[i]);
		knts_put_be32(plain, (u32)aeads[i] << 16);
		memcpy(plain + 4, f.session.s2c, key_len);
		memcpy(plain + 4 + key_len, f.session.c2s, key_len);
		seal_raw(&f, theirs, plain, 4 + 2 * key_len);
		knts_cookie_seal(ours, 0, 1, 7, &f.key, f.nonce, &f.session,
				 NULL);
		assert_memory_equal(ours, theirs, cookie_lens[i]);
	}
}

static void N45_lengths_are_a_multiple_of_four(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++)
		assert_int_equal(knts_cookie_len(aeads[i]) % 4, 0);
	assert_int_equal(knts_cookie_len(17), KNTS_COOKIE_MAX_LEN);
}

static void N40_any_bit_flipped_fails(void **state)
{
	u8 cookie[KNTS_COOKIE_MAX_LEN];
	struct fixture f;
	size_t i, bit;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		setup(&f, aeads[i]);
		knts_cookie_seal(cookie, 0, 1, 7, &f.key, f.nonce, &f.session,
				 NULL);
		assert_true(opens(&f, cookie, cookie_lens[i]));
		for (bit = 0; bit < 8 * cookie_lens[i]; bit++) {
			cookie[bit / 8] ^= 1 << bit % 8;
			assert_false(opens(&f, cookie, cookie_lens[i]));
			cookie[bit / 8] ^= 1 << bit % 8;
		}
	}
}

static void N40_any_other_length_fails(void **state)
{
	u8 cookie[KNTS_COOKIE_MAX_LEN + 300] = { 0 };
	struct fixture f;
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		setup(&f, aeads[i]);
		knts_cookie_seal(cookie, 0, 1, 7, &f.key, f.nonce, &f.session,
				 NULL);
		for (len = 0; len <= sizeof(cookie); len++)
			assert_int_equal(opens(&f, cookie, len),
					 len == cookie_lens[i]);
	}
}

static void N40_another_key_fails(void **state)
{
	u8 cookie[KNTS_COOKIE_MAX_LEN];
	struct fixture f;
	size_t bit;

	setup(&f, 15);
	knts_cookie_seal(cookie, 0, 1, 7, &f.key, f.nonce, &f.session, NULL);
	for (bit = 0; bit < 8 * sizeof(f.raw); bit++) {
		f.raw[bit / 8] ^= 1 << bit % 8;
		knts_siv_expand(&f.key, f.raw, sizeof(f.raw));
		assert_false(opens(&f, cookie, 104));
		f.raw[bit / 8] ^= 1 << bit % 8;
	}
}

/* Authentic, but not as this version makes them. */
static void N45_authentic_cookies_of_another_shape_fail(void **state)
{
	u8 cookie[KNTS_COOKIE_MAX_LEN], plain[132] = { 0 };
	struct fixture f;
	size_t i, len;

	setup(&f, 15);
	for (i = 0; i < ARRAY_LEN(aeads); i++)
		for (len = 4; len <= sizeof(plain); len += 4) {
			knts_put_be16(plain, aeads[i]);
			seal_raw(&f, cookie, plain, len);
			assert_int_equal(opens(&f, cookie, 36 + len),
					 36 + len == cookie_lens[i]);
		}

	knts_put_be16(plain, 15);
	knts_put_be16(plain + 2, 1);
	seal_raw(&f, cookie, plain, 68);
	assert_false(opens(&f, cookie, 104));

	for (i = 0; i < 0x10000; i++)
		if (!is_ours((u16)i))
			assert_int_equal(knts_aead_key_len((u16)i), 0);
	/* An AEAD that is not ours has no key length: 4 octets would be all. */
	knts_put_be32(plain, 1 << 16);
	for (len = 4; len <= sizeof(plain); len += 4) {
		seal_raw(&f, cookie, plain, len);
		assert_false(opens(&f, cookie, 36 + len));
	}
}

static void N46_cookies_of_two_keys_stand_side_by_side(void **state)
{
	u8 old[KNTS_COOKIE_MAX_LEN], new[KNTS_COOKIE_MAX_LEN];
	struct fixture f, g;

	setup(&f, 15);
	g = f;
	g.raw[0] ^= 1;
	knts_siv_expand(&g.key, g.raw, sizeof(g.raw));
	knts_cookie_seal(old, 0, 1, 1, &f.key, f.nonce, &f.session, NULL);
	knts_cookie_seal(new, 0, 1, 2, &g.key, f.nonce, &f.session, NULL);

	assert_int_equal(knts_cookie_key_id(old), 1);
	assert_int_equal(knts_cookie_key_id(new), 2);
	assert_true(opens(&f, old, 104));
	assert_true(opens(&g, new, 104));
	assert_false(opens(&g, old, 104));
	assert_false(opens(&f, new, 104));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(N45_round_trip),
		cmocka_unit_test(N45_key_id_nonce_then_siv_of_aead_and_keys),
		cmocka_unit_test(N45_lengths_are_a_multiple_of_four),
		cmocka_unit_test(N40_any_bit_flipped_fails),
		cmocka_unit_test(N40_any_other_length_fails),
		cmocka_unit_test(N40_another_key_fails),
		cmocka_unit_test(N45_authentic_cookies_of_another_shape_fail),
		cmocka_unit_test(N46_cookies_of_two_keys_stand_side_by_side),
	};

	return cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
