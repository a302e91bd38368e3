/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The AES seam: what the core asks of a block cipher. Backends: kmod/aes/ in
 * the kernel, helper/libknts/aes.c in userspace. A backend runs in constant
 * time as far as its platform lets it, and what is independent side by side if
 * it gains by that.
 */
#ifndef KNTS_CORE_AES_H
#define KNTS_CORE_AES_H

#include "port.h"

#define KNTS_AES_BLOCK_LEN 16

/**
 * struct knts_aes_key - an expanded AES encryption key
 * @opaque: the backend's own; secret. Wipe it with knts_aes_wipe().
 *
 * Holds no pointer, so it can be copied.
 */
struct knts_aes_key {
	u64 opaque[96];
} __aligned(16);

/**
 * knts_aes_expand() - make keys ready
 * @keys: @count of them, filled in
 * @raw: as many keys
 * @count: how many
 * @raw_len: length of each in octets: 16, 24 or 32
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
		     unsigned int count, size_t raw_len);

/**
 * knts_aes_wipe() - forget a key
 * @key: from knts_aes_expand(), or all zero
 */
void knts_aes_wipe(struct knts_aes_key *key);

/**
 * knts_aes_encrypt() - encrypt blocks, each by itself
 * @key: expanded key
 * @out: @blocks times 16 octets, may be @in
 * @in: @blocks times 16 octets
 * @blocks: how many; may be 0
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
		      size_t blocks);

/**
 * knts_aes_cbcmac() - run a CBC-MAC chain over whole blocks
 * @key: expanded key
 * @mac: 16 octets of chaining state, in and out
 * @in: @blocks times 16 octets
 * @blocks: how many; may be 0
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks);

/**
 * knts_aes_ctr() - XOR with a CTR key stream
 * @key: expanded key
 * @iv: first counter block, 16 octets, a big-endian counter over all of it
 * @out: @len octets, may be @in
 * @in: @len octets
 * @len: any length, the last block may be partial
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		  const u8 *in, size_t len);

/**
 * knts_aes_ctr32() - XOR with a CTR key stream, as AES-GCM-SIV counts
 * @key: expanded key
 * @iv: first counter block: a little-endian counter in its first 4 octets,
 *	which wraps round within them (RFC 8452, 4)
 * @out: @len octets, may be @in
 * @in: @len octets
 * @len: any length, the last block may be partial
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		    const u8 *in, size_t len);

#endif
