// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>

#include "core/ef.h"
#include "kntsctl/query_packet.h"

#define VERSION 4
#define POLL 6
#define AUTH_HEADER_LEN 4
#define UID_OFF (KNTS_NTP_HEADER_LEN + KNTS_EF_HEADER_LEN)

/* Room for a field with a body of @body_len; returns where the body goes. */
static uint8_t *add_field(struct query_request *request, uint16_t type,
			  size_t body_len)
{
	uint8_t *field = request->data + request->len;
	size_t len = KNTS_EF_HEADER_LEN + knts_ef_pad(body_len);

	memset(field, 0, len);
	knts_ef_put_header(field, type, len);
	request->len += len;
	return field + KNTS_EF_HEADER_LEN;
}

static size_t auth_len(uint16_t aead)
{
	return KNTS_EF_HEADER_LEN + AUTH_HEADER_LEN +
	       knts_aead_nonce_len(aead) + KNTS_AEAD_TAG_LEN;
}

static void add_authenticator(struct query_request *request,
			      const struct knts_aead_key *c2s,
			      const uint8_t *nonce)
{
	size_t nonce_len = knts_aead_nonce_len(c2s->id);
	size_t ad_len = request->len;
	struct knts_aead aead;
	uint8_t none[1] = { 0 };
	uint8_t *body;

	body = add_field(request, KNTS_EF_AUTH,
			 auth_len(c2s->id) - KNTS_EF_HEADER_LEN);
	knts_put_be16(body, (uint16_t)nonce_len);
	knts_put_be16(body + 2, KNTS_AEAD_TAG_LEN);
	memcpy(body + AUTH_HEADER_LEN, nonce, nonce_len);
	knts_aead_seal_begin(&aead, c2s, body + AUTH_HEADER_LEN,
			     body + AUTH_HEADER_LEN + nonce_len, none, 0, NULL);
	knts_aead_seal_ad(&aead, request->data, ad_len, ad_len);
	knts_aead_seal_finish(&aead);
}

static void add_nts(struct query_request *request,
		    const struct query_question *question)
{
	const struct query_cookie *cookie = question->cookie;
	const struct knts_aead_key *c2s = &question->session->c2s;
	size_t field_len = KNTS_EF_HEADER_LEN + knts_ef_pad(cookie->len);
	size_t i;

	memcpy(add_field(request, KNTS_EF_UID, QUERY_UID_LEN),
	       question->random + 8, QUERY_UID_LEN);
	memcpy(add_field(request, KNTS_EF_COOKIE, cookie->len), cookie->data,
	       cookie->len);
	for (i = 0; i < question->placeholders; i++)
		if (request->len + field_len + auth_len(c2s->id) <=
		    QUERY_PACKET_MAX_LEN)
			add_field(request, KNTS_EF_PLACEHOLDER, cookie->len);
	add_authenticator(request, c2s, question->random + 8 + QUERY_UID_LEN);
}

void query_packet_request(struct query_request *request,
			  const struct query_question *question)
{
	uint8_t *data = request->data;

	memset(data, 0, KNTS_NTP_HEADER_LEN);
	request->len = KNTS_NTP_HEADER_LEN;
	data[KNTS_NTP_LVM] = VERSION << 3 | KNTS_NTP_MODE_CLIENT;
	data[KNTS_NTP_POLL] = POLL;
	knts_put_be64(data + KNTS_NTP_ORIGIN, question->origin);
	if (question->origin)
		knts_put_be64(data + KNTS_NTP_RECEIVE, question->receive);
	/* At random: only who saw the request can answer it (RFC 8915, 8). */
	memcpy(data + KNTS_NTP_TRANSMIT, question->random, 8);
	if (question->session)
		add_nts(request, question);
}

/* RFC 5905, 7.4. "INIT" says that there is no reference yet. */
static void read_kiss(struct query_reply *reply, const uint8_t *code)
{
	int i;

	if (reply->stratum || !memcmp(code, "INIT", 4))
		return;
	for (i = 0; i < 4; i++)
		if (!isupper(code[i]) && !(i == 3 && !code[i]))
			return;
	memcpy(reply->kiss, code, 4);
}

static bool read_header(struct query_reply *reply, const uint8_t *data,
			const struct query_request *request)
{
	const uint8_t *origin = data + KNTS_NTP_ORIGIN;

	if ((data[KNTS_NTP_LVM] & 0x3f) != (VERSION << 3 | KNTS_NTP_MODE_SERVER))
		return false;
	if (memcmp(origin, request->data + KNTS_NTP_TRANSMIT, 8)) {
		if (!knts_get_be64(request->data + KNTS_NTP_ORIGIN) ||
		    memcmp(origin, request->data + KNTS_NTP_RECEIVE, 8))
			return false;
		reply->interleaved = true;
	}
	reply->leap = data[KNTS_NTP_LVM] >> 6;
	reply->stratum = data[KNTS_NTP_STRATUM];
	reply->precision = (int8_t)data[KNTS_NTP_PRECISION];
	reply->root_delay = knts_get_be32(data + KNTS_NTP_ROOT_DELAY);
	reply->root_dispersion = knts_get_be32(data + KNTS_NTP_ROOT_DISPERSION);
	reply->reference_id = knts_get_be32(data + KNTS_NTP_REFERENCE_ID);
	reply->receive = knts_get_be64(data + KNTS_NTP_RECEIVE);
	reply->transmit = knts_get_be64(data + KNTS_NTP_TRANSMIT);
	read_kiss(reply, data + KNTS_NTP_REFERENCE_ID);
	return true;
}

/* Fields of the plaintext, which is authentic. */
static enum query_reply_kind read_cookies(struct query_reply *reply,
					  const uint8_t *text, size_t len)
{
	struct knts_ef_walk walk = {
		.buf = text,
		.end = len,
		.encrypted = true,
	};
	struct query_cookie *cookie;
	enum knts_ef_step step;

	while ((step = knts_ef_next(&walk)) == KNTS_EF_FIELD) {
		if (walk.type != KNTS_EF_COOKIE)
			continue;
		if (walk.len - KNTS_EF_HEADER_LEN > QUERY_COOKIE_MAX_LEN ||
		    reply->cookies_count == QUERY_COOKIES_MAX)
			return QUERY_REPLY_BAD;
		cookie = &reply->cookies[reply->cookies_count++];
		cookie->len = walk.len - KNTS_EF_HEADER_LEN;
		memcpy(cookie->data, text + walk.off + KNTS_EF_HEADER_LEN,
		       cookie->len);
	}
	return step == KNTS_EF_END ? QUERY_REPLY_GOOD : QUERY_REPLY_BAD;
}

static enum query_reply_kind open_authenticator(struct query_reply *reply,
						uint8_t *data, size_t off,
						size_t len,
						const struct knts_aead_key *s2c)
{
	uint8_t *body = data + off + KNTS_EF_HEADER_LEN;
	size_t nonce_len, sealed_len, room;
	struct knts_aead aead;
	uint8_t *text;

	if (len < KNTS_EF_HEADER_LEN + AUTH_HEADER_LEN)
		return QUERY_REPLY_BAD;
	room = len - KNTS_EF_HEADER_LEN - AUTH_HEADER_LEN;
	nonce_len = knts_get_be16(body);
	sealed_len = knts_get_be16(body + 2);
	if (!nonce_len || sealed_len < KNTS_AEAD_TAG_LEN ||
	    knts_ef_pad(nonce_len) + knts_ef_pad(sealed_len) > room)
		return QUERY_REPLY_BAD;
	body += AUTH_HEADER_LEN;
	text = knts_aead_open_begin(&aead, s2c, data, off, body, nonce_len,
				    body + knts_ef_pad(nonce_len), sealed_len);
	if (!knts_aead_open_finish(&aead))
		return QUERY_REPLY_FORGED;
	reply->authentic = true;
	return read_cookies(reply, text, sealed_len - KNTS_AEAD_TAG_LEN);
}

/* The first unique identifier decides, and the first authenticator ends it. */
static enum query_reply_kind read_fields(struct query_reply *reply,
					 uint8_t *data, size_t len,
					 const struct query_request *request,
					 const struct query_session *session)
{
	struct knts_ef_walk walk = {
		.buf = data,
		.end = len,
		.next = KNTS_NTP_HEADER_LEN,
	};
	bool ours = false;

	while (knts_ef_next(&walk) == KNTS_EF_FIELD) {
		if (walk.type == KNTS_EF_UID && !ours) {
			if (walk.len != KNTS_EF_HEADER_LEN + QUERY_UID_LEN ||
			    memcmp(data + walk.off + KNTS_EF_HEADER_LEN,
				   request->data + UID_OFF, QUERY_UID_LEN))
				return QUERY_REPLY_STRAY;
			ours = true;
		} else if (walk.type == KNTS_EF_AUTH) {
			return ours ? open_authenticator(reply, data, walk.off,
							 walk.len,
							 &session->s2c) :
				      QUERY_REPLY_STRAY;
		}
	}
	return QUERY_REPLY_BARE;
}

enum query_reply_kind query_packet_read(struct query_reply *reply,
					uint8_t *data, size_t len,
					const struct query_request *request,
					const struct query_session *session)
{
	enum query_reply_kind kind = QUERY_REPLY_GOOD;

	memset(reply, 0, sizeof(*reply));
	if (len < KNTS_NTP_HEADER_LEN || !read_header(reply, data, request))
		return QUERY_REPLY_STRAY;
	if (session)
		kind = read_fields(reply, data, len, request, session);
	if (reply->kiss[0] && (kind == QUERY_REPLY_GOOD ||
			       kind == QUERY_REPLY_BARE))
		return QUERY_REPLY_KISS;
	return kind;
}
