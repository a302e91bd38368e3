// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"
#include "reference.h"

void client_setup(struct client *c, const struct server *s, u16 aead)
{
	memset(c, 0, sizeof(*c));
	c->session.aead = aead;
	memset(c->session.s2c, 0x51, knts_aead_key_len(aead));
	memset(c->session.c2s, 0x52, knts_aead_key_len(aead));
	c->cookie_len = server_cookie(s, &c->session, c->cookie);
}

static void add_uid(struct packet *p, size_t len)
{
	u8 uid[1024];
	size_t i;

	assert(len <= sizeof(uid));
	for (i = 0; i < len; i++)
		uid[i] = (u8)(0xc0 ^ 7 * i);
	packet_add(p, 0x0104, uid, len);
}

static void add_placeholders(struct packet *p, const struct client *c,
			     unsigned int count)
{
	while (count--)
		packet_add(p, 0x0304, NULL, c->cookie_len);
}

size_t client_request(const struct client *c, const struct client_options *opt,
		      struct packet *p)
{
	struct packet hidden = { .len = 0 };
	struct packet_auth auth = {
		.key = c->session.c2s,
		.key_len = knts_aead_key_len(c->session.aead),
		.nonce_len = opt->nonce_len ? opt->nonce_len : 16,
		.text = hidden.buf,
		.extra_len = opt->extra_len,
	};
	size_t uid_len = opt->uid_len ? opt->uid_len : 32;
	size_t auth_off;

	packet_start(p, 4, 3);
	if (!opt->late_uid)
		add_uid(p, uid_len);
	if (opt->early_placeholders)
		add_placeholders(p, c, opt->placeholders);
	packet_add(p, 0x0204, c->cookie, c->cookie_len);
	if (!opt->early_placeholders)
		add_placeholders(p, c, opt->placeholders);
	if (opt->unknown_len)
		packet_add(p, 0x7a7a, NULL, opt->unknown_len);
	if (opt->late_uid)
		add_uid(p, uid_len);

	add_placeholders(&hidden, c, opt->hidden_placeholders);
	auth.text_len = hidden.len;
	auth_off = packet_add_auth(p, &auth);
	packet_add_raw(p, NULL, opt->trailing_len);

	return auth_off;
}

/* Return: offset of the first field of a type in a good request. */
static size_t find(const struct packet *rq, u16 type)
{
	size_t off = 48;

	while (knts_get_be16(rq->buf + off) != type)
		off += knts_get_be16(rq->buf + off + 2);

	return off;
}

static const char *read_cookies(const u8 *text, size_t len,
				struct client_reply *out)
{
	size_t off = 0, field_len;

	while (off < len) {
		if (len - off < 4)
			return "an encrypted field without a header";
		field_len = knts_get_be16(text + off + 2);
		if (field_len < 4 || field_len % 4 || field_len > len - off)
			return "an encrypted field of a wrong length";
		if (knts_get_be16(text + off) != 0x0204)
			return "an encrypted field that is no cookie";
		if (out->count == 16)
			return "too many cookies";
		out->cookie_len[out->count] = field_len - 4;
		memcpy(out->cookies[out->count++], text + off + 4,
		       field_len - 4);
		off += field_len;
	}

	return NULL;
}

/* @len is that of the authenticator, from @auth_off to the end. */
static const char *read_auth(const struct client *c, const u8 *reply,
			     size_t auth_off, size_t len,
			     struct client_reply *out)
{
	const u8 *auth = reply + auth_off;
	struct reference_string strings[2];
	size_t nonce_len, sealed_len, i;
	u8 text[PACKET_ROOM_LEN];

	if (len < 40 || knts_get_be16(auth) != 0x0404)
		return "no authenticator behind the unique identifier";
	if (knts_get_be16(auth + 2) != len)
		return "the authenticator does not end the packet";
	nonce_len = knts_get_be16(auth + 4);
	sealed_len = knts_get_be16(auth + 6);
	if (nonce_len != 16)
		return "a nonce that is not 16 octets long";
	if (sealed_len < 16 || sealed_len % 4 || 24 + sealed_len > len)
		return "a ciphertext of a wrong length";
	for (i = 24 + sealed_len; i < len; i++)
		if (auth[i])
			return "padding that is not zero";
	out->padding_len = len - 24 - sealed_len;
	memcpy(out->nonce, auth + 8, 16);

	strings[0] = (struct reference_string){ reply, auth_off };
	strings[1] = (struct reference_string){ auth + 8, 16 };
	if (!reference_siv_open(c->session.s2c,
				knts_aead_key_len(c->session.aead), strings, 2,
				auth + 24, sealed_len, text))
		return "not authentic";

	return read_cookies(text, sealed_len - 16, out);
}

const char *client_read(const struct client *c, const struct packet *rq,
			const u8 *reply, size_t len, struct client_reply *out)
{
	size_t uid_off = find(rq, 0x0104);
	size_t uid_len = knts_get_be16(rq->buf + uid_off + 2);

	memset(out, 0, sizeof(*out));
	if (len != rq->len)
		return "not as long as its request";
	if (reply[0] % 8 != 4 || reply[0] / 8 % 8 != rq->buf[0] / 8 % 8)
		return "not a server's, or of another version";
	if (memcmp(reply + 24, rq->buf + 40, 8) != 0)
		return "origin is not what was sent";
	if (memcmp(reply + 48, rq->buf + uid_off, uid_len) != 0)
		return "another unique identifier";

	return read_auth(c, reply, 48 + uid_len, len - 48 - uid_len, out);
}
