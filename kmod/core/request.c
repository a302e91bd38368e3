// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "request.h"
#include "ef.h"

/* Lengths of nonce and ciphertext, at the head of an authenticator's body. */
#define AUTH_LENGTHS_LEN 4
/* The least N_REQ (RFC 8915, 5.6); the cookie tells which it is. */
#define AUTH_NONCE_ROOM_MIN_LEN KNTS_GCMSIV_NONCE_LEN

/**
 * struct fields - what the extension fields add up to
 * @cookie_field_len: length of the cookie's whole field, 0 if there is none
 * @auth_len: length of the authenticator field, 0 if there is none
 * @placeholder: there is one at least, of whatever length
 */
struct fields {
	size_t cookie_field_len;
	size_t auth_len;
	bool placeholder;
};

static enum knts_verdict check_header(const u8 *pkt, size_t len)
{
	u8 version;

	if (len < KNTS_NTP_HEADER_LEN)
		return KNTS_DROP_SHORT;
	if (len > KNTS_NTP_MAX_LEN)
		return KNTS_DROP_LONG;

	version = pkt[KNTS_NTP_LVM] >> 3 & 7;
	if (version < 1 || version > 4)
		return KNTS_DROP_VERSION;
	if ((pkt[KNTS_NTP_LVM] & 7) != KNTS_NTP_MODE_CLIENT)
		return KNTS_DROP_MODE;
	if (len % 4)
		return KNTS_DROP_LENGTH;
	/* Before version 4 there were no fields, so this can only be a MAC. */
	if (version < 4 && len > KNTS_NTP_HEADER_LEN)
		return KNTS_DROP_MAC;

	return KNTS_ANSWER_PLAIN;
}

static enum knts_verdict take_field(struct knts_request *rq, struct fields *f,
				    const struct knts_ef_walk *walk)
{
	switch (walk->type) {
	case KNTS_EF_UID:
		if (rq->uid_off)
			return KNTS_DROP_UID_TWICE;
		if (walk->len < KNTS_EF_HEADER_LEN + KNTS_EF_UID_MIN_BODY_LEN)
			return KNTS_DROP_UID_SHORT;
		rq->uid_off = (u16)walk->off;
		rq->uid_len = (u16)walk->len;
		break;
	case KNTS_EF_COOKIE:
		if (f->cookie_field_len)
			return KNTS_DROP_COOKIE_TWICE;
		f->cookie_field_len = walk->len;
		rq->cookie_off = (u16)(walk->off + KNTS_EF_HEADER_LEN);
		rq->cookie_len = (u16)(walk->len - KNTS_EF_HEADER_LEN);
		break;
	case KNTS_EF_PLACEHOLDER:
		f->placeholder = true;
		break;
	case KNTS_EF_AUTH:
		rq->auth_off = (u16)walk->off;
		f->auth_len = walk->len;
		break;
	}

	return KNTS_ANSWER_PLAIN;
}

/* Up to the end or the first authenticator: nothing behind that one counts. */
static enum knts_verdict take_fields(struct knts_request *rq, struct fields *f)
{
	struct knts_ef_walk walk = {
		.buf = rq->pkt,
		.end = rq->len,
		.next = KNTS_NTP_HEADER_LEN,
	};
	enum knts_ef_step step = KNTS_EF_FIELD;
	enum knts_verdict verdict;

	while (!f->auth_len && (step = knts_ef_next(&walk)) == KNTS_EF_FIELD) {
		verdict = take_field(rq, f, &walk);
		if (verdict != KNTS_ANSWER_PLAIN)
			return verdict;
	}
	if (step == KNTS_EF_MAC)
		return KNTS_DROP_MAC;
	if (step == KNTS_EF_BAD)
		return KNTS_DROP_FIELD;

	return KNTS_ANSWER_PLAIN;
}

/* RFC 8915, 5.6. @len is that of the field, so at least 16. */
static enum knts_verdict take_auth(struct knts_request *rq, size_t len)
{
	size_t body_off = rq->auth_off + KNTS_EF_HEADER_LEN;
	size_t nonce_len = knts_get_be16(rq->pkt + body_off);
	size_t text_len = knts_get_be16(rq->pkt + body_off + 2);
	size_t nonce_room_len = knts_ef_pad(nonce_len);
	size_t used_len = KNTS_EF_HEADER_LEN + AUTH_LENGTHS_LEN +
			  nonce_room_len + knts_ef_pad(text_len);

	if (!nonce_len || text_len < KNTS_AEAD_TAG_LEN || used_len > len)
		return KNTS_DROP_AUTH_LENGTH;
	rq->nonce_room_len = (u16)(nonce_room_len + len - used_len);
	if (rq->nonce_room_len < AUTH_NONCE_ROOM_MIN_LEN)
		return KNTS_DROP_AUTH_PADDING;

	rq->nonce_off = (u16)(body_off + AUTH_LENGTHS_LEN);
	rq->nonce_len = (u16)nonce_len;
	rq->text_off = (u16)(rq->nonce_off + nonce_room_len);
	rq->text_len = (u16)text_len;

	return KNTS_ANSWER_NTS;
}

/*
 * Each placeholder as long as the cookie asks for one more (RFC 8915, 5.5).
 * Return: whether @walk went from field to field up to @stop.
 */
static bool count_placeholders(struct knts_request *rq,
			       struct knts_ef_walk *walk, size_t stop)
{
	size_t len = rq->cookie_len + KNTS_EF_HEADER_LEN;

	while (walk->next < stop) {
		if (knts_ef_next(walk) != KNTS_EF_FIELD)
			return false;
		if (walk->type == KNTS_EF_PLACEHOLDER && walk->len == len &&
		    rq->cookies < KNTS_COOKIES_MAX)
			rq->cookies++;
	}

	return true;
}

enum knts_verdict knts_request_parse(struct knts_request *rq, u8 *pkt,
				     size_t len)
{
	struct knts_ef_walk walk = {
		.buf = pkt,
		.end = len,
		.next = KNTS_NTP_HEADER_LEN,
	};
	struct fields f = { 0 };
	enum knts_verdict verdict;

	memset(rq, 0, sizeof(*rq));
	verdict = check_header(pkt, len);
	if (verdict != KNTS_ANSWER_PLAIN)
		return verdict;

	rq->pkt = pkt;
	rq->len = (u16)len;
	rq->version = pkt[KNTS_NTP_LVM] >> 3 & 7;
	rq->poll = (s8)pkt[KNTS_NTP_POLL];
	rq->origin = knts_get_be64(pkt + KNTS_NTP_ORIGIN);
	rq->asks_interleaved = rq->origin &&
			       memcmp(pkt + KNTS_NTP_RECEIVE,
				      pkt + KNTS_NTP_TRANSMIT, 8);

	verdict = take_fields(rq, &f);
	if (verdict != KNTS_ANSWER_PLAIN)
		return verdict;
	if (!f.cookie_field_len && !f.placeholder && !f.auth_len)
		return KNTS_ANSWER_PLAIN;
	if (!rq->uid_off)
		return KNTS_DROP_NO_UID;
	if (!f.cookie_field_len)
		return KNTS_DROP_NO_COOKIE;
	if (!f.auth_len)
		return KNTS_DROP_NO_AUTH;

	verdict = take_auth(rq, f.auth_len);
	if (verdict != KNTS_ANSWER_NTS)
		return verdict;

	rq->nts = true;
	rq->cookies = 1;
	/* A second walk, since a cookie may follow its placeholders. */
	count_placeholders(rq, &walk, rq->auth_off);

	return KNTS_ANSWER_NTS;
}

void knts_request_verify_begin(struct knts_verification *v,
			       struct knts_request *rq,
			       const struct knts_aead_key *c2s)
{
	struct knts_ef_walk walk = { .encrypted = true };
	u8 *text;

	text = knts_aead_open_begin(&v->aead, c2s, rq->pkt, rq->auth_off,
				    rq->pkt + rq->nonce_off, rq->nonce_len,
				    rq->pkt + rq->text_off, rq->text_len);

	/* Whatever these octets are: what they say counts if authentic only. */
	walk.buf = text;
	walk.end = rq->text_len - KNTS_AEAD_TAG_LEN;
	v->readable = count_placeholders(rq, &walk, walk.end);
}

enum knts_verdict knts_request_verify_finish(struct knts_verification *v)
{
	if (!knts_aead_open_finish(&v->aead))
		return KNTS_KISS_NTSN_AUTH;
	return v->readable ? KNTS_ANSWER_NTS : KNTS_DROP_PLAINTEXT;
}
