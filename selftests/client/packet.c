// SPDX-License-Identifier: GPL-2.0-or-later
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "packet.h"

#define POLL_OFF 2
#define TRANSMIT_OFF 40

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void put_be16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void packet_random(void *buf, size_t len)
{
	if (RAND_bytes(buf, (int)len) != 1)
		abort();
}

void packet_append(struct packet *p, const void *octets, size_t len)
{
	assert(p->len + len <= PACKET_MAX_LEN);
	if (octets)
		memcpy(p->data + p->len, octets, len);
	else
		memset(p->data + p->len, 0, len);
	p->len += len;
}

void packet_start(struct packet *p, unsigned int version, unsigned int mode)
{
	memset(p, 0, sizeof(*p));
	packet_append(p, NULL, PACKET_HEADER_LEN);
	p->data[0] = (uint8_t)(version << 3 | mode);
	p->data[POLL_OFF] = 6;
	packet_random(p->data + TRANSMIT_OFF, 8);
}

size_t packet_field(struct packet *p, uint16_t type, const void *body,
		    size_t body_len)
{
	size_t off = p->len;
	uint8_t header[4];

	put_be16(header, type);
	put_be16(header + 2, 4 + padded(body_len));
	packet_append(p, header, sizeof(header));
	packet_append(p, body, body_len);
	packet_append(p, NULL, padded(body_len) - body_len);
	return off;
}

void packet_field_lie(struct packet *p, size_t off, int lie)
{
	int len = p->data[off + 2] << 8 | p->data[off + 3];

	put_be16(p->data + off + 2, (size_t)(len + lie));
}

void packet_uid(struct packet *p, size_t len)
{
	uint8_t uid[256];

	assert(len <= sizeof(uid));
	packet_random(uid, len);
	p->uid_off = packet_field(p, FIELD_UID, uid, len) + 4;
	p->uid_len = padded(len);
}

void packet_cookie(struct packet *p, const struct nts_cookie *cookie)
{
	packet_field(p, FIELD_COOKIE, cookie->data, cookie->len);
}

void packet_placeholders(struct packet *p, size_t count, size_t len)
{
	while (count--)
		packet_field(p, FIELD_PLACEHOLDER, NULL, len);
}

void packet_auth(struct packet *p, const struct nts_session *session,
		 const struct packet_auth *shape)
{
	static const struct packet_auth usual;
	const struct packet_auth *s = shape ? shape : &usual;
	size_t nonce_len = s->nonce_len ? s->nonce_len :
					 aead_nonce_len(session->aead);
	size_t sealed_len = AEAD_TAG_LEN + s->text_len;
	uint8_t body[PACKET_MAX_LEN] = { 0 };
	struct aead_input in = {
		.aead = session->aead,
		.key = session->c2s,
		.ad = p->data,
		.ad_len = p->len,
		.nonce = body + 4,
		.nonce_len = nonce_len,
	};

	assert(4 + padded(nonce_len) + padded(sealed_len) + s->padding_len <=
	       sizeof(body));
	packet_random(body + 4, nonce_len);
	aead_seal(&in, s->text, s->text_len, body + 4 + padded(nonce_len));
	put_be16(body, nonce_len + (size_t)s->nonce_lie);
	put_be16(body + 2, sealed_len + (size_t)s->text_lie);
	p->auth_off = packet_field(p, FIELD_AUTH, body,
				   4 + padded(nonce_len) + padded(sealed_len) +
				   s->padding_len);
}

void packet_request(struct packet *p, const struct nts_session *session,
		    const struct nts_cookie *cookie, size_t placeholders)
{
	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, cookie);
	packet_placeholders(p, placeholders, cookie->len);
	packet_auth(p, session, NULL);
}
