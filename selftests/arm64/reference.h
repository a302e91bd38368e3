/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AES as FIPS 197 spells it, octet by octet: what the machine's instructions are
 * held against where there is no library of that machine. Slow, and not in
 * constant time.
 */
#ifndef KNTS_ARM64_REFERENCE_H
#define KNTS_ARM64_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* Encrypt one block in place; @key_len is 16, 24 or 32. */
void reference_encrypt(const uint8_t *key, size_t key_len, uint8_t *block);

/* CBC-MAC from zero. */
void reference_cbcmac(const uint8_t *key, size_t key_len, const uint8_t *in,
		      size_t blocks, uint8_t *mac);

/*
 * CTR over @buf in place: a big-endian counter over all of @iv, or a
 * little-endian one over its first 4 octets.
 */
void reference_ctr(const uint8_t *key, size_t key_len, const uint8_t *iv,
		   int is_32, uint8_t *buf, size_t len);

#endif
