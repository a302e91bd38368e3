/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of AES-SIV by OpenSSL, for what ../client/siv.h does not show: it has
 * the whole of it.
 */
#ifndef KNTS_UNIT_REFERENCE_H
#define KNTS_UNIT_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

struct reference_string {
	const void *data;
	size_t len;
};

/* Return: how many octets @hex stands for. */
size_t reference_unhex(const char *hex, uint8_t *out, size_t room_len);

void reference_cmac(const uint8_t *key, size_t key_len, const uint8_t *in,
		    size_t len, uint8_t *mac);

/* AES-CTR over @buf in place. */
void reference_ctr(const uint8_t *key, size_t key_len, const uint8_t *iv,
		   uint8_t *buf, size_t len);

/*
 * S2V as RFC 5297, 2.4 spells it, on OpenSSL's CMAC under the first half of
 * @key, for any number of strings before the text: the tag.
 */
void reference_s2v(const uint8_t *key, size_t key_len,
		   const struct reference_string *ads, size_t ad_count,
		   const uint8_t *text, size_t len, uint8_t *tag);

#endif
