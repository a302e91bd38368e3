// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "cookie.h"

#define KEY_ID_LEN 4
/* Key id and nonce: what stands in clear. */
#define CLEAR_LEN (KEY_ID_LEN + KNTS_COOKIE_NONCE_LEN)
/* AEAD id and the two octets of zero behind it. */
#define HEAD_LEN 4
/* Rounded up to whole words, which are wiped faster. */
#define PLAIN_MAX_LEN (HEAD_LEN + 2 * KNTS_AEAD_KEY_MAX_LEN + 4)
#define SEALED_MIN_LEN (KNTS_SIV_TAG_LEN + HEAD_LEN)
#define SEALED_MAX_LEN (KNTS_SIV_TAG_LEN + PLAIN_MAX_LEN)

void knts_cookie_seal(u8 *cookies, size_t stride_len, unsigned int count,
		      u32 key_id, const struct knts_siv_key *key,
		      const u8 *nonces, const struct knts_session *session,
		      struct knts_siv *along)
{
	size_t key_len = knts_aead_key_len(session->aead);
	struct knts_siv_copy copies[KNTS_COOKIES_MAX] __uninitialized;
	u8 plain[PLAIN_MAX_LEN] __uninitialized;
	unsigned int i;

	for (i = 0; i < count; i++, cookies += stride_len) {
		knts_put_be32(cookies, key_id);
		memcpy(cookies + KEY_ID_LEN, nonces + i * KNTS_COOKIE_NONCE_LEN,
		       KNTS_COOKIE_NONCE_LEN);
		copies[i].nonce = cookies;
		copies[i].sealed = cookies + CLEAR_LEN;
	}
	knts_put_be16(plain, session->aead);
	knts_put_be16(plain + 2, 0);
	knts_copy(plain + HEAD_LEN, session->s2c, key_len);
	knts_copy(plain + HEAD_LEN + key_len, session->c2s, key_len);

	knts_siv_seal_copies(key, copies, count, CLEAR_LEN, plain,
			     HEAD_LEN + 2 * key_len, along);
	knts_wipe(plain, sizeof(plain));
}

/* @plain is authentic: what is wrong here is from another version of ours. */
static bool read_session(struct knts_session *session, const u8 *plain,
			 size_t cookie_len)
{
	u16 aead = knts_get_be16(plain);
	size_t key_len = knts_aead_key_len(aead);

	if (!key_len || knts_get_be16(plain + 2) ||
	    cookie_len != knts_cookie_len(aead))
		return false;

	session->aead = aead;
	knts_copy(session->s2c, plain + HEAD_LEN, key_len);
	knts_copy(session->c2s, plain + HEAD_LEN + key_len, key_len);

	return true;
}

bool knts_cookie_open(struct knts_session *session, const u8 *cookie,
		      size_t len, const struct knts_siv_key *key)
{
	size_t sealed_len = len - CLEAR_LEN;
	u8 sealed[SEALED_MAX_LEN] __uninitialized;
	bool good = false;

	if (len >= CLEAR_LEN + SEALED_MIN_LEN && len <= KNTS_COOKIE_MAX_LEN) {
		knts_copy(sealed, cookie + CLEAR_LEN, sealed_len);
		good = knts_siv_open(key, NULL, 0, cookie, CLEAR_LEN, sealed,
				     sealed_len) &&
		       read_session(session, sealed + KNTS_SIV_TAG_LEN, len);
		knts_wipe(sealed, sizeof(sealed));
	}
	if (!good)
		knts_wipe(session, sizeof(*session));

	return good;
}
