// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>

#include "reply.h"

#define ORIGIN_OFF 24
#define RECEIVE_OFF 32
#define TRANSMIT_OFF 40
#define MIN_FIELD_LEN 16

struct field {
	uint16_t type;
	const uint8_t *body;
	size_t len;
};

static uint64_t get_be(const uint8_t *p, size_t len)
{
	uint64_t value = 0;

	while (len--)
		value = value << 8 | *p++;
	return value;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* The next field of @data; returns false if there is no whole one. */
static bool next_field(const uint8_t **data, size_t *left, size_t min_len,
		       struct field *f)
{
	size_t len;

	if (*left < 4)
		return false;
	f->type = (uint16_t)get_be(*data, 2);
	len = get_be(*data + 2, 2);
	if (len < min_len || len % 4 || len > *left)
		return false;
	f->body = *data + 4;
	f->len = len - 4;
	*data += len;
	*left -= len;
	return true;
}

static void read_header(struct reply *r, const uint8_t *data)
{
	int i;

	r->leap = data[0] >> 6;
	r->version = data[0] >> 3 & 7;
	r->mode = data[0] & 7;
	r->stratum = data[1];
	r->poll = (int8_t)data[2];
	r->precision = (int8_t)data[3];
	r->root_delay = (uint32_t)get_be(data + 4, 4);
	r->root_dispersion = (uint32_t)get_be(data + 8, 4);
	r->reference_id = (uint32_t)get_be(data + 12, 4);
	r->reference = get_be(data + 16, 8);
	r->origin = get_be(data + ORIGIN_OFF, 8);
	r->receive = get_be(data + RECEIVE_OFF, 8);
	r->transmit = get_be(data + TRANSMIT_OFF, 8);
	/* "INIT" is no kiss code: it says that there is no reference yet. */
	if (r->stratum || !isupper(data[12]) || !memcmp(data + 12, "INIT", 4))
		return;
	for (i = 0; i < 4; i++)
		r->kiss[i] = (char)data[12 + i];
}

int64_t reply_precision(const struct reply *r)
{
	if (r->precision < -32)
		return 0;
	return r->precision > 30 ? INT64_MAX :
				   (int64_t)1 << (32 + r->precision);
}

/* I6, I7: to a request with an origin, the receive timestamp may come back. */
static bool is_interleaved(const uint8_t *data, const uint8_t *asked)
{
	return get_be(asked + ORIGIN_OFF, 8) &&
	       memcmp(asked + RECEIVE_OFF, asked + TRANSMIT_OFF, 8) &&
	       !memcmp(data + ORIGIN_OFF, asked + RECEIVE_OFF, 8);
}

static const char *check_header(struct reply *r, const uint8_t *data,
				const struct packet *request)
{
	const uint8_t *asked = request->data;

	if (r->mode != 4)
		return "P2: the mode is not 4";
	if (r->version != (asked[0] >> 3 & 7))
		return "P1: the version is not the request's";
	if (r->poll != (int8_t)asked[2])
		return "P4: the poll exponent is not the request's";
	r->interleaved = is_interleaved(data, asked);
	if (!r->interleaved && memcmp(data + ORIGIN_OFF, asked + TRANSMIT_OFF, 8))
		return "P3: the origin is not the request's transmit timestamp";
	if (r->kiss[0] && r->leap != 3)
		return "P11: a kiss code without leap 3";
	if (!r->receive || !r->transmit)
		return "P10: a timestamp is zero";
	if (!r->interleaved &&
	    (int64_t)(r->transmit - r->receive) < -reply_precision(r))
		return "P10: the transmit timestamp is before the receive timestamp";
	return NULL;
}

static const char *read_cookies(struct reply *r, const uint8_t *text,
				size_t len)
{
	struct nts_cookie *cookie;
	struct field f;

	while (len) {
		if (!next_field(&text, &len, 4, &f))
			return "N33: an encrypted field is not whole";
		if (f.type != FIELD_COOKIE)
			return "N36: something else than a cookie is encrypted";
		if (r->cookie_count == PACKET_COOKIES_MAX)
			return "N37: more than eight cookies";
		if (f.len > PACKET_COOKIE_MAX_LEN)
			return "N36: a cookie is too long";
		cookie = &r->cookies[r->cookie_count++];
		cookie->len = f.len;
		memcpy(cookie->data, f.body, f.len);
	}
	return NULL;
}

static const char *open_auth(struct reply *r, const uint8_t *data,
			     const struct field *f,
			     const struct nts_session *session)
{
	struct aead_input in = { .aead = session->aead, .key = session->s2c };
	uint8_t text[PACKET_MAX_LEN];
	size_t sealed_len;

	if (f->len < 4)
		return "N32: the authenticator has no lengths";
	in.ad = data;
	in.ad_len = (size_t)(f->body - 4 - data);
	in.nonce = f->body + 4;
	in.nonce_len = get_be(f->body, 2);
	sealed_len = get_be(f->body + 2, 2);
	if (in.nonce_len < aead_nonce_len(session->aead))
		return "N42: the nonce is shorter than the AEAD's";
	if (sealed_len < AEAD_TAG_LEN ||
	    4 + padded(in.nonce_len) + padded(sealed_len) > f->len)
		return "N32: the authenticator's lengths are wrong";
	if (!aead_open(&in, f->body + 4 + padded(in.nonce_len), sealed_len, text))
		return "N36: the reply is not authentic under S2C";
	return read_cookies(r, text, sealed_len - AEAD_TAG_LEN);
}

static const char *check_uid(const struct field *f,
			     const struct packet *request)
{
	if (!request->uid_off)
		return "N29: a unique identifier that the request had not";
	if (f->len != request->uid_len ||
	    memcmp(f->body, request->data + request->uid_off, f->len))
		return "N29: the unique identifier is not the request's";
	return NULL;
}

static const char *check_fields(struct reply *r, const uint8_t *data, size_t len,
				const struct packet *request,
				const struct nts_session *session)
{
	const uint8_t *at = data + PACKET_HEADER_LEN;
	size_t left = len - PACKET_HEADER_LEN;
	const char *wrong = NULL;
	size_t uids = 0;
	struct field f;

	while (left && !wrong) {
		if (!next_field(&at, &left, MIN_FIELD_LEN, &f))
			return "P12: a field is not whole";
		if (r->nts)
			return "N36: a field behind the authenticator";
		if (f.type == FIELD_UID) {
			uids++;
			wrong = check_uid(&f, request);
		} else if (f.type == FIELD_AUTH) {
			r->nts = true;
			if (session)
				wrong = open_auth(r, data, &f, session);
		} else {
			return "N36: a field that is neither unique identifier nor authenticator";
		}
	}
	if (!wrong && uids != (request->uid_off ? 1 : 0))
		wrong = "N29: not exactly one unique identifier";
	return wrong;
}

const char *reply_check(struct reply *r, const uint8_t *data, size_t len,
			const struct packet *request,
			const struct nts_session *session)
{
	const char *wrong;

	memset(r, 0, sizeof(*r));
	if (len < PACKET_HEADER_LEN)
		return "shorter than an NTP header";
	if (len > request->len)
		return "N39: longer than its request";
	read_header(r, data);
	wrong = check_header(r, data, request);
	if (!wrong)
		wrong = check_fields(r, data, len, request, session);
	if (!wrong && r->nts && len != request->len)
		wrong = "N39: not as long as its request";
	if (!wrong && r->nts && r->kiss[0])
		wrong = "N40: a kiss code with an authenticator";
	return wrong;
}
