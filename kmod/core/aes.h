/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The AES seam: what the core asks of a block cipher. Backends: kmod/aes/ in
 * the kernel, helper/libknts/aes.c in userspace. A backend runs in constant
 * time as far as its platform lets it.
 */
#ifndef KNTS_CORE_AES_H
#define KNTS_CORE_AES_H

#include "port.h"

#define KNTS_AES_BLOCK_LEN 16

/**
 * struct knts_aes_key - an expanded AES encryption key
 * @opaque: the backend's own; secret. Wipe the whole struct with knts_wipe().
 *
 * Holds no pointer, so it can be copied.
 */
struct knts_aes_key {
	u64 opaque[62];
} __aligned(16);

/**
 * knts_aes_expand() - make a key ready
 * @key: filled in
 * @raw: the key
 * @raw_len: its length in octets: 16, 24 or 32
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_expand(struct knts_aes_key *key, const u8 *raw, size_t raw_len);

/**
 * knts_aes_encrypt() - encrypt one block
 * @key: expanded key
 * @out: 16 octets, may be @in
 * @in: 16 octets
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in);

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
 * knts_aes_ctr() - XOR a CTR key stream into a buffer
 * @key: expanded key
 * @iv: first counter block, 16 octets, a big-endian counter over all of it
 * @buf: @len octets, changed in place
 * @len: any length, the last block may be partial
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *buf,
		  size_t len);

#endif
