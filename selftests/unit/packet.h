/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes NTP packets, good ones and every kind of bad ones. Knows nothing of
 * the core's parser; authenticators are sealed by OpenSSL.
 */
#ifndef KNTS_UNIT_PACKET_H
#define KNTS_UNIT_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define PACKET_ROOM_LEN 2048

struct packet {
	uint8_t buf[PACKET_ROOM_LEN];
	size_t len;
};

/**
 * struct packet_auth - how an authenticator field is made
 * @key: SIV key
 * @key_len: 32, 48 or 64
 * @nonce_len: length of the nonce, whose octets are 0xa0, 0xa1 ...
 * @text: plaintext
 * @text_len: its length
 * @extra_len: additional padding
 */
struct packet_auth {
	const uint8_t *key;
	size_t key_len;
	size_t nonce_len;
	const uint8_t *text;
	size_t text_len;
	size_t extra_len;
};

/* A header whose every octet after the first is its own. */
void packet_start(struct packet *p, unsigned int version, unsigned int mode);

/* Appends a field; @body NULL: zeros. Return: its offset. */
size_t packet_add(struct packet *p, uint16_t type, const void *body,
		  size_t body_len);

/* Appends octets without any form. */
void packet_add_raw(struct packet *p, const void *data, size_t len);

/* Appends an authenticator over all that is there. Return: its offset. */
size_t packet_add_auth(struct packet *p, const struct packet_auth *auth);

#endif
