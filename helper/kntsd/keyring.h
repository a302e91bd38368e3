/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cookie keys, in memory: oldest first, the last one seals.
 */
#ifndef KNTSD_KEYRING_H
#define KNTSD_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/knts.h>

/**
 * struct keyring_key - a cookie key
 * @id: random, never 0, unique in its ring; cookies bear it
 * @created_s: when it was made, seconds since 1970
 * @secret: the key
 * @kernel_only: only the kernel knows the secret: it opens cookies, but can
 *	neither seal nor be stored
 */
struct keyring_key {
	uint32_t id;
	uint64_t created_s;
	uint8_t secret[KNTS_KEY_SECRET_LEN];
	bool kernel_only;
};

/**
 * struct keyring - all keys; secret: keyring_wipe() after use
 * @keys: oldest first
 * @count: how many
 */
struct keyring {
	struct keyring_key keys[KNTS_KEYS_MAX];
	size_t count;
};

/**
 * keyring_add() - make a new key, which seals from now on
 * @ring: may be empty; if it is full the oldest key goes
 * @now_s: seconds since 1970
 *
 * Return: 0, or -EIO if there is no randomness.
 */
int keyring_add(struct keyring *ring, uint64_t now_s);

/**
 * keyring_adopt() - take in a key that only the kernel knows, as an old one
 *
 * Does nothing if the ring is full or has that id.
 */
void keyring_adopt(struct keyring *ring, uint32_t id, uint64_t created_s);

/** keyring_trim() - remove the oldest keys until at most @keep are left */
void keyring_trim(struct keyring *ring, size_t keep);

/** keyring_remove() - remove a key; false if there is none of that id */
bool keyring_remove(struct keyring *ring, uint32_t id);

/** keyring_find() - the key of that id, or NULL */
const struct keyring_key *keyring_find(const struct keyring *ring, uint32_t id);

/** keyring_active() - the key that seals, or NULL if there is none */
const struct keyring_key *keyring_active(const struct keyring *ring);

/** keyring_wipe() - forget everything */
void keyring_wipe(struct keyring *ring);

#endif
