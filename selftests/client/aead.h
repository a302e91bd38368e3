/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AEADs of NTS by their ids, as an authenticator field has them: where the
 * tag stands, and how long the nonce is.
 */
#ifndef KNTS_SELFTESTS_CLIENT_AEAD_H
#define KNTS_SELFTESTS_CLIENT_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AEAD_TAG_LEN 16
#define AEAD_KEY_MAX_LEN 64

/**
 * struct aead_input - what is authenticated beside the text, and the key
 * @aead: AEAD id: 15, 16, 17, 30 or 31
 * @key: aead_key_len() octets
 * @ad: associated data
 * @ad_len: its length
 * @nonce: nonce
 * @nonce_len: its length
 */
struct aead_input {
	uint16_t aead;
	const uint8_t *key;
	const uint8_t *ad;
	size_t ad_len;
	const uint8_t *nonce;
	size_t nonce_len;
};

/** aead_key_len() - octets of a key, 0 if the AEAD is unknown */
size_t aead_key_len(uint16_t aead);

/** aead_nonce_len() - octets of a usual nonce: 16, or 12 for AES-GCM-SIV */
size_t aead_nonce_len(uint16_t aead);

/** aead_tag_off() - where the tag stands in what seals @text_len octets */
size_t aead_tag_off(uint16_t aead, size_t text_len);

/**
 * aead_seal() - @out gets @text_len + AEAD_TAG_LEN octets
 *
 * AES-GCM-SIV takes nonces of 12 octets only; of any other it takes as many as
 * there are, and zeros, so that what comes out is no seal.
 */
void aead_seal(const struct aead_input *in, const uint8_t *text,
	       size_t text_len, uint8_t *out);

/**
 * aead_open() - verify what aead_seal() made, @len octets
 * @text: gets @len - AEAD_TAG_LEN octets
 *
 * Return: whether it is authentic, and its nonce of the right length.
 */
bool aead_open(const struct aead_input *in, const uint8_t *sealed, size_t len,
	       uint8_t *text);

#endif
