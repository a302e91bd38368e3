// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole way of a packet. No fuzzer forges an authenticator, so each input
 * goes in twice: as it is, and with a cookie and a seal that are right.
 */
#include "../unit/server.h"
#include "core/ef.h"
#include "fuzz.h"

const char fuzz_name[] = "request";

static const u16 aeads[] = { 15, 16, 17 };

/* The session whose cookies are of that length, if there is one. */
static bool pick_session(struct knts_session *session, size_t cookie_len)
{
	size_t i;

	memset(session, 0x42, sizeof(*session));
	for (i = 0; i < sizeof(aeads) / sizeof(aeads[0]); i++) {
		session->aead = aeads[i];
		if (knts_cookie_len(aeads[i]) == cookie_len)
			return true;
	}

	return false;
}

/* Return: whether it is an NTS request, which then is one of @session. */
static bool make_authentic(const struct server *s, uint8_t *pkt, size_t len,
			   struct knts_session *session)
{
	struct knts_siv_seal seal;
	struct knts_siv_key c2s;
	struct knts_request rq;

	if (knts_request_parse(&rq, pkt, len) != KNTS_ANSWER_NTS ||
	    !pick_session(session, rq.cookie_len))
		return false;

	knts_cookie_seal(pkt + rq.cookie_off, s->key_ids[0], &s->keys[0],
			 s->nonces, session);
	knts_siv_expand(&c2s, session->c2s, knts_aead_key_len(session->aead));
	knts_siv_seal_begin(&seal, &c2s, pkt, rq.auth_off, 0,
			    pkt + rq.nonce_off, rq.nonce_len, pkt + rq.text_off,
			    rq.text_len - KNTS_SIV_TAG_LEN);
	knts_siv_seal_finish(&seal);

	return true;
}

/* One authenticator, which ends the reply, and in it cookies that open. */
static void check_nts(const struct server *s, uint8_t *reply, size_t len,
		      const struct knts_session *session)
{
	size_t auth_off = KNTS_NTP_HEADER_LEN + knts_get_be16(reply + 50);
	struct knts_ef_walk walk = { .buf = reply, .encrypted = true };
	uint8_t *auth = reply + auth_off, *cookie;
	unsigned int cookies = 0;
	struct knts_session held;
	struct knts_siv_key s2c;
	enum knts_ef_step step;

	FUZZ_MUST(knts_get_be16(reply + 48) == KNTS_EF_UID);
	FUZZ_MUST(knts_get_be16(auth) == KNTS_EF_AUTH);
	FUZZ_MUST(auth_off + knts_get_be16(auth + 2) == len);
	FUZZ_MUST(knts_get_be16(auth + 4) == KNTS_REPLY_NONCE_LEN);
	walk.next = auth_off + 24 + KNTS_SIV_TAG_LEN;
	walk.end = auth_off + 24 + knts_get_be16(auth + 6);
	FUZZ_MUST(walk.end <= len);

	knts_siv_expand(&s2c, session->s2c, knts_aead_key_len(session->aead));
	FUZZ_MUST(knts_siv_open(&s2c, reply, auth_off, auth + 8,
				KNTS_REPLY_NONCE_LEN, auth + 24,
				knts_get_be16(auth + 6)));
	while ((step = knts_ef_next(&walk)) == KNTS_EF_FIELD) {
		FUZZ_MUST(walk.type == KNTS_EF_COOKIE);
		cookie = reply + walk.off + KNTS_EF_HEADER_LEN;
		FUZZ_MUST(knts_cookie_open(&held, cookie,
					   walk.len - KNTS_EF_HEADER_LEN,
					   &s->keys[s->active]));
		FUZZ_MUST(held.aead == session->aead);
		cookies++;
	}
	FUZZ_MUST(step == KNTS_EF_END);
	FUZZ_MUST(cookies >= 1 && cookies <= KNTS_COOKIES_MAX);
}

static enum knts_verdict answer(const struct server *s, uint8_t *pkt,
				size_t len)
{
	enum knts_verdict verdict;
	size_t reply_len;
	u8 version = 0, transmit[8] = { 0 };

	if (len >= KNTS_NTP_HEADER_LEN) {
		version = pkt[KNTS_NTP_LVM] & 0x38;
		memcpy(transmit, pkt + KNTS_NTP_TRANSMIT, sizeof(transmit));
	}
	verdict = server_answer(s, pkt, len, &reply_len);
	FUZZ_MUST(reply_len <= len);
	if (!reply_len) {
		FUZZ_MUST(verdict >= KNTS_DROP_NTS_REQUIRED);
		return verdict;
	}

	FUZZ_MUST(verdict < KNTS_DROP_NTS_REQUIRED);
	FUZZ_MUST(verdict != KNTS_ANSWER_NTS || reply_len == len);
	FUZZ_MUST(reply_len >= KNTS_NTP_HEADER_LEN && reply_len % 4 == 0);
	FUZZ_MUST((pkt[KNTS_NTP_LVM] & 0x3f) ==
		  (version | KNTS_NTP_MODE_SERVER));
	FUZZ_MUST(!memcmp(pkt + KNTS_NTP_ORIGIN, transmit, sizeof(transmit)));

	return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct knts_session session;
	enum knts_verdict verdict;
	struct server s;
	uint8_t *pkt;

	server_setup(&s);
	pkt = fuzz_exact(data, len);
	answer(&s, pkt, len);
	free(pkt);

	pkt = fuzz_exact(data, len);
	if (make_authentic(&s, pkt, len, &session)) {
		verdict = answer(&s, pkt, len);
		FUZZ_MUST(verdict == KNTS_ANSWER_NTS ||
			  verdict == KNTS_DROP_PLAINTEXT);
		if (verdict == KNTS_ANSWER_NTS)
			check_nts(&s, pkt, len, &session);
	}
	free(pkt);

	return 0;
}
