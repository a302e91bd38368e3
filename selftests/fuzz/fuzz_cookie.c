// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cookies: first as they come, which never open, then with what they would
 * hold sealed by the right key, so that the way behind the tag is fuzzed too.
 */
#include "core/cookie.h"
#include "fuzz.h"

#define CLEAR_LEN 20

const char fuzz_name[] = "cookie";

/* Return: whether it opened; then sealing it again gives the same octets. */
static bool open_and_seal(const struct knts_siv_key *key, const uint8_t *cookie,
			  size_t len)
{
	struct knts_session session;
	u8 again[KNTS_COOKIE_MAX_LEN];

	if (!knts_cookie_open(&session, cookie, len, key))
		return false;
	FUZZ_MUST(knts_aead_key_len(session.aead));
	FUZZ_MUST(knts_cookie_len(session.aead) == len);
	knts_cookie_seal(again, 0, 1, knts_cookie_key_id(cookie), key,
			 cookie + 4, &session, NULL);
	FUZZ_MUST(!memcmp(again, cookie, len));

	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const u8 raw[KNTS_COOKIE_KEY_LEN] = { 1, 2, 3, 4 };
	uint8_t *cookie, *sealed;
	struct knts_siv seal;
	struct knts_siv_key key;

	knts_siv_expand(&key, raw, sizeof(raw));
	cookie = fuzz_exact(data, len);
	FUZZ_MUST(!open_and_seal(&key, cookie, len));

	if (len >= CLEAR_LEN + KNTS_SIV_TAG_LEN) {
		sealed = cookie + CLEAR_LEN;
		knts_siv_seal_begin(&seal, &key, cookie, CLEAR_LEN, sealed,
				    sealed + KNTS_SIV_TAG_LEN,
				    len - CLEAR_LEN - KNTS_SIV_TAG_LEN, NULL);
		knts_siv_seal_finish(&seal);
		open_and_seal(&key, cookie, len);
	}
	free(cookie);

	return 0;
}
