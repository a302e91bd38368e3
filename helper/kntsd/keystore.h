/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key store: the ring on disk, so that cookies outlive a reboot.
 *
 * Big-endian, no padding: "KNTSKEYS", version (4), count (4), then for each
 * key, oldest first: id (4), AEAD id (2), zero (2), created (8), secret (32);
 * then the SHA-256 of all that. The sum finds damage, not malice: who can write
 * the file can read the keys.
 */
#ifndef KNTSD_KEYSTORE_H
#define KNTSD_KEYSTORE_H

#include "keyring.h"

#define KEYSTORE_RECORD_LEN (4 + 2 + 2 + 8 + KNTS_KEY_SECRET_LEN)
#define KEYSTORE_MAX_LEN (16 + KNTS_KEYS_MAX * KEYSTORE_RECORD_LEN + 32)

/**
 * keystore_load() - read a store
 * @path: file, which must be ours alone: a plain file, our uid, mode 0600
 * @ring: set on success, empty on failure
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Return: 0; -ENOENT if there is none; -EBADMSG if it is not to be trusted, and
 * keystore_set_aside() is the next step; or another -errno of reading it.
 */
int keystore_load(const char *path, struct keyring *ring, char *error,
		  size_t error_size);

/**
 * keystore_save() - replace a store in one step
 * @path: file; its folder is made if only that one is missing
 * @ring: without the keys that only the kernel knows
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * On failure the old store is still there. On success the new one is on disk.
 *
 * Return: 0 or -errno.
 */
int keystore_save(const char *path, const struct keyring *ring, char *error,
		  size_t error_size);

/**
 * keystore_set_aside() - rename a damaged store to PATH.damaged-TIME
 * @path: file
 * @aside: the new name
 * @aside_size: room for it
 *
 * An earlier one of that name stays as it is: the next free name is taken.
 *
 * Return: 0 or -errno.
 */
int keystore_set_aside(const char *path, char *aside, size_t aside_size);

#endif
