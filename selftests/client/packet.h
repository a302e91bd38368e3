/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests, right or wrong on purpose, built field by field.
 */
#ifndef KNTS_SELFTESTS_CLIENT_PACKET_H
#define KNTS_SELFTESTS_CLIENT_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "aead.h"

#define PACKET_MAX_LEN 2048
#define PACKET_HEADER_LEN 48
#define PACKET_UID_LEN 32
#define PACKET_COOKIES_MAX 8
#define PACKET_COOKIE_MAX_LEN 256

enum packet_field_type {
	FIELD_UID = 0x0104,
	FIELD_COOKIE = 0x0204,
	FIELD_PLACEHOLDER = 0x0304,
	FIELD_AUTH = 0x0404,
	FIELD_UNKNOWN = 0x2342,
};

/**
 * struct nts_session - what a key exchange gave
 * @aead: AEAD id
 * @key_len: aead_key_len(@aead)
 * @c2s: client-to-server key
 * @s2c: server-to-client key
 */
struct nts_session {
	uint16_t aead;
	size_t key_len;
	uint8_t c2s[AEAD_KEY_MAX_LEN];
	uint8_t s2c[AEAD_KEY_MAX_LEN];
};

struct nts_cookie {
	size_t len;
	uint8_t data[PACKET_COOKIE_MAX_LEN];
};

/**
 * struct packet - a request in the making
 * @len: octets so far
 * @uid_off: offset of the last unique identifier's body, 0 if none
 * @uid_len: its length
 * @auth_off: offset of the authenticator field, 0 if none
 * @data: the octets
 */
struct packet {
	size_t len;
	size_t uid_off;
	size_t uid_len;
	size_t auth_off;
	uint8_t data[PACKET_MAX_LEN];
};

/**
 * struct packet_auth - shape of an authenticator; zeros are the usual one
 * @nonce_len: 0 for the AEAD's usual one
 * @text: plaintext: fields to be encrypted
 * @text_len: its length
 * @padding_len: additional padding at the end
 * @nonce_lie: added to the nonce length that the field states
 * @text_lie: added to the ciphertext length that the field states
 */
struct packet_auth {
	size_t nonce_len;
	const uint8_t *text;
	size_t text_len;
	size_t padding_len;
	int nonce_lie;
	int text_lie;
};

void packet_random(void *buf, size_t len);

/** packet_start() - an NTP header with a random transmit timestamp */
void packet_start(struct packet *p, unsigned int version, unsigned int mode);

/** packet_append() - raw octets; NULL for zeros */
void packet_append(struct packet *p, const void *octets, size_t len);

/**
 * packet_field() - an extension field, its body padded to a multiple of 4
 * @body: NULL for zeros
 *
 * Return: offset of its header.
 */
size_t packet_field(struct packet *p, uint16_t type, const void *body,
		    size_t body_len);

/** packet_field_lie() - change the length that the field at @off states */
void packet_field_lie(struct packet *p, size_t off, int lie);

/** packet_uid() - a random unique identifier of @len octets */
void packet_uid(struct packet *p, size_t len);

void packet_cookie(struct packet *p, const struct nts_cookie *cookie);

/** packet_placeholders() - @count of them, with bodies of @len octets */
void packet_placeholders(struct packet *p, size_t count, size_t len);

/** packet_auth() - seal all so far; @shape NULL for the usual one */
void packet_auth(struct packet *p, const struct nts_session *session,
		 const struct packet_auth *shape);

/** packet_request() - the NTS request that a good client sends */
void packet_request(struct packet *p, const struct nts_session *session,
		    const struct nts_cookie *cookie, size_t placeholders);

#endif
