/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES-GCM-SIV (RFC 8452) by libgcrypt: what the tests hold against the
 * project's own. OpenSSL has it from 3.2 on only.
 */
#ifndef KNTS_SELFTESTS_CLIENT_GCMSIV_H
#define KNTS_SELFTESTS_CLIENT_GCMSIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GCMSIV_TAG_LEN 16
#define GCMSIV_NONCE_LEN 12

/**
 * struct gcmsiv_input - what is authenticated beside the text, and the key
 * @key: 16 or 32 octets
 * @key_len: which
 * @ad: associated data
 * @ad_len: its length
 * @nonce: GCMSIV_NONCE_LEN octets
 */
struct gcmsiv_input {
	const uint8_t *key;
	size_t key_len;
	const uint8_t *ad;
	size_t ad_len;
	const uint8_t *nonce;
};

/** gcmsiv_seal() - @out gets @text_len octets of ciphertext, then the tag */
void gcmsiv_seal(const struct gcmsiv_input *in, const uint8_t *text,
		 size_t text_len, uint8_t *out);

/**
 * gcmsiv_open() - verify ciphertext and tag, @len octets of both
 * @text: gets @len - 16 octets
 *
 * Return: whether the tag is right.
 */
bool gcmsiv_open(const struct gcmsiv_input *in, const uint8_t *sealed,
		 size_t len, uint8_t *text);

#endif
