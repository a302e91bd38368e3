/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-SIV by OpenSSL, against which ours is checked: it shares no line with it.
 */
#ifndef KNTS_UNIT_REFERENCE_H
#define KNTS_UNIT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REFERENCE_TAG_LEN 16

struct reference_string {
	const void *data;
	size_t len;
};

/* Returns how many octets @hex stands for. */
size_t reference_unhex(const char *hex, uint8_t *out, size_t room_len);

void reference_cmac(const uint8_t *key, size_t key_len, const uint8_t *in,
		    size_t len, uint8_t *mac);

/* AES-CTR over @buf in place. */
void reference_ctr(const uint8_t *key, size_t key_len, const uint8_t *iv,
		   uint8_t *buf, size_t len);

/* S2V as RFC 5297, 2.4 spells it, on OpenSSL's CMAC: the tag. */
void reference_s2v(const uint8_t *key, size_t key_len,
		   const struct reference_string *ads, size_t ad_count,
		   const uint8_t *text, size_t len, uint8_t *tag);

/* Writes tag and ciphertext to @out, 16 + @len octets. */
void reference_siv_seal(const uint8_t *key, size_t key_len,
			const struct reference_string *ads, size_t ad_count,
			const uint8_t *text, size_t len, uint8_t *out);

/* @sealed is tag and ciphertext; writes @sealed_len - 16 octets to @text. */
bool reference_siv_open(const uint8_t *key, size_t key_len,
			const struct reference_string *ads, size_t ad_count,
			const uint8_t *sealed, size_t sealed_len,
			uint8_t *text);

#endif
