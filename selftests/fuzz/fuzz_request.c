// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole way of a packet. No fuzzer forges an authenticator, so each input
 * goes in twice: as it is, and with a cookie and a seal that are right.
 */
#include "../unit/server.h"
#include "core/ef.h"
#include "fuzz.h"

const char fuzz_name[] = "request";

static const u16 aeads[] = { 31, 30, 15, 16, 17 };

/* The session whose cookies and nonces are of these lengths, if there is one. */
static bool pick_session(struct knts_session *session,
			 const struct knts_request *rq)
{
	size_t i;

	memset(session, 0x42, sizeof(*session));
	for (i = 0; i < sizeof(aeads) / sizeof(aeads[0]); i++) {
		session->aead = aeads[i];
		if (knts_cookie_len(aeads[i]) == rq->cookie_len &&
		    (!knts_aead_is_gcm(aeads[i]) ||
		     rq->nonce_len == KNTS_GCMSIV_NONCE_LEN))
			return true;
	}

	return false;
}

/* Return: whether it is an NTS request, which then is one of @session. */
static bool make_authentic(const struct server *s, uint8_t *pkt, size_t len,
			   struct knts_session *session)
{
	struct knts_aead_key c2s, *const expanded = &c2s;
	const uint8_t *raw = session->c2s;
	uint8_t text[KNTS_NTP_MAX_LEN];
	struct knts_request rq;
	struct knts_aead seal;
	size_t text_len;

	if (knts_request_parse(&rq, pkt, len) != KNTS_ANSWER_NTS ||
	    !pick_session(session, &rq) ||
	    !knts_request_suits(&rq, session->aead))
		return false;

	knts_cookie_seal(pkt + rq.cookie_off, 0, 1, s->key_ids[0], &s->keys[0],
			 s->nonces, session, NULL);
	knts_aead_expand(&expanded, &raw, 1, session->aead);
	text_len = rq.text_len - KNTS_AEAD_TAG_LEN;
	memcpy(text, pkt + rq.text_off + KNTS_AEAD_TAG_LEN, text_len);
	seal.id = session->aead;
	if (knts_aead_is_gcm(seal.id))
		knts_aead_seal_begin(&seal, &c2s, pkt + rq.nonce_off,
				     pkt + rq.text_off, text, text_len, NULL);
	else
		knts_siv_seal_begin(&seal.siv, &c2s.siv, pkt + rq.nonce_off,
				    rq.nonce_len, pkt + rq.text_off, text,
				    text_len, NULL);
	knts_aead_seal_ad(&seal, pkt, rq.auth_off, rq.auth_off);
	knts_aead_seal_finish(&seal);

	return true;
}

/* One authenticator, which ends the reply, and in it cookies that open. */
static void check_nts(const struct server *s, uint8_t *reply, size_t len,
		      const struct knts_session *session)
{
	size_t auth_off = KNTS_NTP_HEADER_LEN + knts_get_be16(reply + 50);
	struct knts_ef_walk walk = { .encrypted = true };
	uint8_t *auth = reply + auth_off, *sealed;
	const uint8_t *cookie;
	unsigned int cookies = 0;
	struct knts_session held;
	struct knts_aead_key s2c, *const expanded = &s2c;
	const uint8_t *raw = session->s2c;
	enum knts_ef_step step;
	struct knts_aead opening;
	size_t nonce_len, sealed_len;

	FUZZ_MUST(knts_get_be16(reply + 48) == KNTS_EF_UID);
	FUZZ_MUST(knts_get_be16(auth) == KNTS_EF_AUTH);
	FUZZ_MUST(auth_off + knts_get_be16(auth + 2) == len);
	nonce_len = knts_aead_nonce_len(session->aead);
	FUZZ_MUST(knts_get_be16(auth + 4) == nonce_len);
	sealed = auth + 8 + nonce_len;
	sealed_len = knts_get_be16(auth + 6);
	FUZZ_MUST(sealed + sealed_len <= reply + len);

	knts_aead_expand(&expanded, &raw, 1, session->aead);
	walk.buf = knts_aead_open_begin(&opening, &s2c, reply, auth_off,
					auth + 8, nonce_len, sealed,
					sealed_len);
	walk.end = sealed_len - KNTS_AEAD_TAG_LEN;
	FUZZ_MUST(knts_aead_open_finish(&opening));
	while ((step = knts_ef_next(&walk)) == KNTS_EF_FIELD) {
		FUZZ_MUST(walk.type == KNTS_EF_COOKIE);
		cookie = walk.buf + walk.off + KNTS_EF_HEADER_LEN;
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
