/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of the cookie keys: from the store at start, into the kernel, new
 * ones on schedule and on request.
 *
 * A change goes to the store first and to the kernel second, in one message.
 * If either refuses, both keep what they had, and the change is tried again.
 */
#ifndef KNTSD_KEYS_H
#define KNTSD_KEYS_H

#include <event2/event.h>

#include "config.h"
#include "core/cookie.h"
#include "keyring.h"

struct keys;

/**
 * keys_start() - load or make keys and put them into the kernel
 * @keys: set on success
 * @base: event loop, for the schedule
 * @conn: the kernel; used until keys_stop()
 * @config: read now, not kept
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * A damaged store is set aside with a warning, and new keys are made. Keys that
 * the kernel still has from a kntsd before this one stay there as old keys.
 *
 * Return: 0 or -errno.
 */
int keys_start(struct keys **keys, struct event_base *base,
	       struct knts_conn *conn, const struct config_keys *config,
	       char *error, size_t error_size);

/**
 * keys_reload() - take over a new configuration
 *
 * On failure everything is as before.
 */
int keys_reload(struct keys *keys, const struct config_keys *config,
		char *error, size_t error_size);

/**
 * keys_rotate() - make a new key now, which seals from now on
 *
 * On failure the old keys go on serving, and it is tried again by itself.
 */
int keys_rotate(struct keys *keys, char *error, size_t error_size);

/**
 * keys_remove() - remove an old key now, from the store and from the kernel
 *
 * Clients whose cookies are sealed by it need a new key exchange.
 *
 * Return: 0; -EBUSY if it is the one that seals, -ENOENT if there is none of
 * that id, with a sentence; another -errno, and it is where it was.
 */
int keys_remove(struct keys *keys, uint32_t id, char *error,
		size_t error_size);

/**
 * keys_seal() - make cookies; a workers_seal_fn, @arg is the struct keys
 *
 * Return: 0; -ENOKEY if our active key is not in the kernel's ring; -EINVAL if
 * the AEAD is not one of ours; -EIO if there is no randomness.
 */
int keys_seal(const struct knts_session *session, uint8_t *cookies, void *arg);

/** keys_verify() - read the kernel's ring after it may have been changed */
void keys_verify(struct keys *keys);

/**
 * struct keys_entry - a key of the ring, without its secret
 * @stored: it comes back after a reboot
 */
struct keys_entry {
	uint32_t id;
	uint64_t created_s;
	bool active;
	bool stored;
};

/** keys_list() - the ring, oldest first; Return: how many */
size_t keys_list(const struct keys *keys,
		 struct keys_entry entries[KNTS_KEYS_MAX]);

/** keys_problem() - one sentence, or NULL if all is well */
const char *keys_problem(const struct keys *keys);

/** keys_next_rotation_s() - seconds from now, or -1 for never by itself */
int64_t keys_next_rotation_s(const struct keys *keys);

/**
 * keys_stop() - end; NULL is allowed
 * @keys: wiped and freed
 * @empty_kernel: also remove them from the kernel
 */
void keys_stop(struct keys *keys, bool empty_kernel);

#endif
