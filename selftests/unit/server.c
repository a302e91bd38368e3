// SPDX-License-Identifier: GPL-2.0-or-later
#include "server.h"

const struct knts_siv_key *server_key(const struct server *s, u32 id)
{
	unsigned int i;

	for (i = 0; i < SERVER_KEYS; i++)
		if (s->key_ids[i] == id)
			return &s->keys[i];

	return NULL;
}

void server_setup(struct server *s)
{
	u8 raw[KNTS_COOKIE_KEY_LEN];
	unsigned int i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < SERVER_KEYS; i++) {
		memset(raw, (int)(0x31 + i), sizeof(raw));
		knts_siv_expand(&s->keys[i], raw, sizeof(raw));
		s->key_ids[i] = 0x1001 + i;
	}
	s->hdr = (struct knts_ntp_header){
		.leap = 1,
		.stratum = 2,
		.precision = -25,
		.root_delay = 0x00000123,
		.root_dispersion = 0x00000456,
		.reference_id = 0xc0000201,
		.reference = 0xeeeeeee012345678,
	};
	s->receive = 0xeeeeeeee11111111;
	s->transmit = 0xeeeeeeee22222222;
	for (i = 0; i < sizeof(s->nonces); i++)
		s->nonces[i] = (u8)(i + 1);
}

/**
 * struct times - a reply's timestamps
 * @pair: its place in the table, or NULL
 * @receive: receive timestamp
 * @earlier: transmit timestamp of the reply that the request refers to
 */
struct times {
	struct knts_pair *pair;
	u64 receive;
	u64 earlier;
};

static void interleave(const struct server *s, struct knts_request *rq,
		       struct times *times)
{
	bool evicted;

	if (!s->pairs || !rq->origin)
		return;
	if (rq->asks_interleaved)
		rq->interleaved = knts_pairs_take(s->pairs, rq->origin, 0,
						  &times->earlier);
	times->pair = knts_pairs_claim(s->pairs, &times->receive, 0, &evicted);
}

static void stamp(const struct server *s, struct knts_reply *rp,
		  const struct times *times)
{
	knts_reply_stamp(rp, rp->interleaved ? times->earlier : s->transmit);
	if (times->pair)
		knts_pair_save(times->pair, times->receive, s->transmit, 0);
}

static enum knts_verdict answer_nts(const struct server *s,
				    struct knts_request *rq,
				    struct knts_reply *rp, struct times *times)
{
	u8 text[KNTS_REPLY_TEXT_MAX_LEN];
	const u8 *cookie = rq->pkt + rq->cookie_off;
	const struct knts_siv_key *cookie_key;
	struct knts_aead_key c2s, s2c;
	struct knts_aead_key *const expanded[] = { &c2s, &s2c };
	struct knts_session session;
	const u8 *const raw[] = { session.c2s, session.s2c };
	struct knts_verification v;
	enum knts_verdict verdict;
	struct knts_reply_keys keys = {
		.session = &session,
		.s2c = &s2c,
		.cookie_key = &s->keys[s->active],
		.cookie_key_id = s->key_ids[s->active],
		.nonces = s->nonces,
	};

	cookie_key = server_key(s, knts_cookie_key_id(cookie));
	if (!cookie_key)
		return KNTS_KISS_NTSN_KEY;
	if (!knts_cookie_open(&session, cookie, rq->cookie_len, cookie_key))
		return KNTS_KISS_NTSN_COOKIE;
	if (!knts_request_suits(rq, session.aead))
		return KNTS_DROP_AUTH_PADDING;

	knts_aead_expand(expanded, raw, 2, session.aead);
	knts_request_verify_begin(&v, rq, &c2s);
	knts_reply_cookies(rp, rq, &keys, text,
			   knts_aead_open_along(&v.aead));
	verdict = knts_request_verify_finish(&v);
	if (verdict != KNTS_ANSWER_NTS)
		return verdict;

	interleave(s, rq, times);
	knts_reply_nts(rp, rq, &s->hdr, times->receive, &keys);
	stamp(s, rp, times);

	return KNTS_ANSWER_NTS;
}

enum knts_verdict server_answer(const struct server *s, u8 *pkt, size_t len,
				size_t *reply_len)
{
	struct times times = { .receive = s->receive };
	enum knts_verdict verdict;
	struct knts_request rq;
	struct knts_reply rp;

	*reply_len = 0;
	verdict = knts_request_parse(&rq, pkt, len);
	if (verdict == KNTS_ANSWER_NTS)
		verdict = answer_nts(s, &rq, &rp, &times);

	switch (verdict) {
	case KNTS_ANSWER_NTS:
		break;
	case KNTS_ANSWER_PLAIN:
		interleave(s, &rq, &times);
		knts_reply_plain(&rp, &rq, &s->hdr, times.receive);
		stamp(s, &rp, &times);
		break;
	case KNTS_KISS_NTSN_KEY:
	case KNTS_KISS_NTSN_COOKIE:
	case KNTS_KISS_NTSN_AUTH:
		knts_reply_kiss(&rp, &rq, KNTS_NTP_KISS_NTSN, s->hdr.precision,
				s->receive);
		stamp(s, &rp, &times);
		break;
	default:
		return verdict;
	}
	*reply_len = rp.len;

	return verdict;
}
