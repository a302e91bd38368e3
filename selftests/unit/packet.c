// SPDX-License-Identifier: GPL-2.0-or-later
#include <assert.h>
#include <string.h>

#include "packet.h"
#include "reference.h"

static void put16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static size_t word(size_t len)
{
	return (len + 3) / 4 * 4;
}

void packet_start(struct packet *p, unsigned int version, unsigned int mode)
{
	uint8_t i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < 48; i++)
		p->buf[i] = (uint8_t)(0x11 + 3 * i);
	p->buf[0] = (uint8_t)(version << 3 | mode);
	p->len = 48;
}

void packet_add_raw(struct packet *p, const void *data, size_t len)
{
	assert(p->len + len <= sizeof(p->buf));
	if (data)
		memcpy(p->buf + p->len, data, len);
	else
		memset(p->buf + p->len, 0, len);
	p->len += len;
}

size_t packet_add(struct packet *p, uint16_t type, const void *body,
		  size_t body_len)
{
	size_t off = p->len;
	uint8_t header[4];

	put16(header, type);
	put16(header + 2, sizeof(header) + body_len);
	packet_add_raw(p, header, sizeof(header));
	packet_add_raw(p, body, body_len);

	return off;
}

size_t packet_add_auth(struct packet *p, const struct packet_auth *auth)
{
	size_t sealed_len = REFERENCE_TAG_LEN + auth->text_len;
	size_t body_len = 4 + word(auth->nonce_len) + word(sealed_len) +
			  auth->extra_len;
	struct reference_string strings[2];
	uint8_t nonce[64];
	size_t off, i;
	uint8_t *body;

	assert(auth->nonce_len <= sizeof(nonce));
	for (i = 0; i < auth->nonce_len; i++)
		nonce[i] = (uint8_t)(0xa0 + i);
	strings[0] = (struct reference_string){ p->buf, p->len };
	strings[1] = (struct reference_string){ nonce, auth->nonce_len };

	off = packet_add(p, 0x0404, NULL, body_len);
	body = p->buf + off + 4;
	put16(body, auth->nonce_len);
	put16(body + 2, sealed_len);
	memcpy(body + 4, nonce, auth->nonce_len);
	reference_siv_seal(auth->key, auth->key_len, strings, 2, auth->text,
			   auth->text_len, body + 4 + word(auth->nonce_len));

	return off;
}
