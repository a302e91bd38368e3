/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-SIV-CMAC (RFC 5297) by OpenSSL: what the tests hold against the project's
 * own.
 */
#ifndef KNTS_SELFTESTS_CLIENT_SIV_H
#define KNTS_SELFTESTS_CLIENT_SIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIV_TAG_LEN 16
#define SIV_KEY_MAX_LEN 64

/**
 * struct siv_input - what goes into the vector, and the key
 * @key: 32, 48 or 64 octets
 * @key_len: which
 * @ad: associated data; NULL leaves it out of the vector
 * @ad_len: its length
 * @nonce: nonce; NULL leaves it out of the vector
 * @nonce_len: its length
 */
struct siv_input {
	const uint8_t *key;
	size_t key_len;
	const uint8_t *ad;
	size_t ad_len;
	const uint8_t *nonce;
	size_t nonce_len;
};

/** siv_key_len() - octets of an AEAD's key: 32, 48 or 64; 0 if unknown */
size_t siv_key_len(uint16_t aead);

/** siv_seal() - @out gets the tag, then @text_len octets of ciphertext */
void siv_seal(const struct siv_input *in, const uint8_t *text, size_t text_len,
	      uint8_t *out);

/**
 * siv_open() - verify tag and ciphertext, @len octets of both
 * @text: gets @len - 16 octets
 *
 * Return: whether the tag is right.
 */
bool siv_open(const struct siv_input *in, const uint8_t *sealed, size_t len,
	      uint8_t *text);

#endif
