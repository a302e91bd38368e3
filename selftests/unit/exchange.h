/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client that has been through a key exchange with the server of server.h. */
#ifndef KNTS_UNIT_EXCHANGE_H
#define KNTS_UNIT_EXCHANGE_H

#include "../client/reply.h"
#include "server.h"

struct exchange {
	struct nts_session session;
	struct nts_cookie cookie;
};

/**
 * struct exchange_shape - what a request looks like; zeros: the usual one
 * @uid_len: length of the unique identifier, 0: 32
 * @placeholders: in clear
 * @hidden_placeholders: in the encrypted part
 * @early_placeholders: the clear ones stand before the cookie
 * @late_uid: the unique identifier stands last before the authenticator
 * @unknown_len: body of an unknown field before the authenticator, 0: none
 * @trailing_len: octets behind the authenticator
 * @nonce_len: 0: the AEAD's usual one
 * @padding_len: additional padding
 */
struct exchange_shape {
	size_t uid_len;
	unsigned int placeholders;
	unsigned int hidden_placeholders;
	bool early_placeholders;
	bool late_uid;
	size_t unknown_len;
	size_t trailing_len;
	size_t nonce_len;
	size_t padding_len;
};

/**
 * struct exchange_answer - what a request is answered with
 * @verdict: the server's
 * @data: reply
 * @len: its length, 0 if there is none
 * @reply: what it says, by a client that trusts nobody
 */
struct exchange_answer {
	enum knts_verdict verdict;
	u8 data[PACKET_MAX_LEN];
	size_t len;
	struct reply reply;
};

/* struct meeting - both of them, one request and its answer */
struct meeting {
	struct server s;
	struct exchange x;
	struct packet p;
	struct exchange_answer a;
};

/* Keys for @aead, and a cookie under the server's active key. */
void exchange_setup(struct exchange *x, const struct server *s, u16 aead);

void exchange_request(const struct exchange *x,
		      const struct exchange_shape *shape, struct packet *p);

/* Fails the test if there is a reply that a client would find fault with. */
void exchange_ask(struct exchange_answer *a, const struct server *s,
		  const struct exchange *x, const struct packet *p);

/* Fails the test if the reply is not an authentic NTS reply. */
void exchange_ask_for_nts(struct exchange_answer *a, const struct server *s,
			  const struct exchange *x, const struct packet *p);

/* A server, a client for @aead, and its request; @shape NULL for no request. */
void meeting_begin(struct meeting *m, u16 aead,
		   const struct exchange_shape *shape);

/* Fails the test if the request does not get an authentic NTS reply. */
void meeting_ask(struct meeting *m);

/* Fails the test if the reply is not NTSN, for the reason expected. */
void exchange_refused(const struct server *s, const struct exchange *x,
		      const struct packet *p, enum knts_verdict expected);

#endif
