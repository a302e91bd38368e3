/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An NTS client of its own: writes requests, and reads replies as RFC 8915 says
 * with OpenSSL's SIV, sharing nothing with the core but the cookies it is
 * given.
 */
#ifndef KNTS_UNIT_CLIENT_H
#define KNTS_UNIT_CLIENT_H

#include "packet.h"
#include "server.h"

#define CLIENT_COOKIE_MAX_LEN 256

/**
 * struct client - an association
 * @session: AEAD and keys
 * @cookie: to send next
 * @cookie_len: its length
 */
struct client {
	struct knts_session session;
	u8 cookie[CLIENT_COOKIE_MAX_LEN];
	size_t cookie_len;
};

/**
 * struct client_options - what a request looks like; zeros: the usual one
 * @uid_len: length of the unique identifier, 0: 32
 * @placeholders: in clear
 * @hidden_placeholders: in the encrypted part
 * @early_placeholders: the clear ones stand before the cookie
 * @late_uid: the unique identifier stands last before the authenticator
 * @unknown_len: body of an unknown field before the authenticator, 0: none
 * @trailing_len: octets after the authenticator
 * @nonce_len: 0: 16
 * @extra_len: additional padding
 */
struct client_options {
	size_t uid_len;
	unsigned int placeholders;
	unsigned int hidden_placeholders;
	bool early_placeholders;
	bool late_uid;
	size_t unknown_len;
	size_t trailing_len;
	size_t nonce_len;
	size_t extra_len;
};

/**
 * struct client_reply - what was in an authentic NTS reply
 * @cookies: the new ones
 * @cookie_len: of each
 * @count: how many
 * @nonce: of the authenticator
 * @padding_len: additional padding
 */
struct client_reply {
	u8 cookies[16][CLIENT_COOKIE_MAX_LEN];
	size_t cookie_len[16];
	unsigned int count;
	u8 nonce[16];
	size_t padding_len;
};

/* Keys of its own, and a cookie from @s. */
void client_setup(struct client *c, const struct server *s, u16 aead);

/* Return: offset of the authenticator. */
size_t client_request(const struct client *c, const struct client_options *opt,
		      struct packet *p);

/**
 * client_read() - check a reply as a strict client would
 * @c: client
 * @rq: what it sent
 * @reply: what came back
 * @len: its length
 * @out: filled in
 *
 * Return: NULL if all is well, or what is wrong with it.
 */
const char *client_read(const struct client *c, const struct packet *rq,
			const u8 *reply, size_t len, struct client_reply *out);

#endif
