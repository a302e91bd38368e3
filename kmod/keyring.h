/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cookie keys. A ring is made whole, published by RCU, and does not change
 * until another takes its place; its keys pass on to the next ring that names
 * them, with their use counts.
 */
#ifndef KNTS_KEYRING_H
#define KNTS_KEYRING_H

#include <linux/knts.h>

#include "core/siv.h"
#include "knts.h"

struct knts_key_uses;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct knts_key - a cookie key
 * @siv: the key, expanded; secret
 * @id: as cookies bear it
 * @created_s: when it was made, seconds since 1970
 * @uses: per-CPU counts
 */
struct knts_key {
	struct knts_siv_key siv;
	u32 id;
	u64 created_s;
	struct knts_key_uses __percpu *uses;
};

/**
 * struct knts_ring - the keys of a network namespace
 * @count: how many, at least 1
 * @active: the one that seals
 * @ids: their ids
 * @keys: the keys
 */
struct knts_ring {
	unsigned int count;
	struct knts_key *active;
	u32 ids[KNTS_KEYS_MAX];
	struct knts_key *keys[KNTS_KEYS_MAX];
};

/**
 * struct knts_key_wanted - a key as the control path names it
 * @id: its id
 * @secret: KNTS_KEY_SECRET_LEN octets, or NULL if the ring has it already
 * @created_s: with @secret: when it was made
 * @attr: what a refusal points at
 */
struct knts_key_wanted {
	u32 id;
	const u8 *secret;
	u64 created_s;
	const struct nlattr *attr;
};

/**
 * knts_keyring_find() - look a key up
 * @ring: ring, or NULL
 * @id: its id
 *
 * Context: RCU read-side section, or @knet->lock held.
 * Return: the key or NULL.
 */
struct knts_key *knts_keyring_find(const struct knts_ring *ring, u32 id);

/**
 * knts_keyring_count() - count a key's use
 * @key: the key
 * @opened: cookies opened with it
 * @sealed: cookies sealed with it
 *
 * Context: softirqs disabled.
 */
void knts_keyring_count(const struct knts_key *key, unsigned int opened,
			unsigned int sealed);

/**
 * knts_keyring_read() - a key's use counts, over all CPUs
 * @key: the key
 * @opened: cookies opened with it
 * @sealed: cookies sealed with it
 */
void knts_keyring_read(const struct knts_key *key, u64 *opened, u64 *sealed);

/**
 * knts_keyring_set() - replace the ring
 * @knet: namespace
 * @wanted: the keys of the new ring
 * @count: 0 to KNTS_KEYS_MAX; 0 leaves no ring
 * @active_id: the key that seals; not looked at if @count is 0
 * @extack: gets the sentence of a refusal
 *
 * Keys that are not wanted any more are out of use and wiped on return.
 *
 * Context: process, @knet->lock held; waits for a grace period.
 * Return: 0 or -errno, and then nothing has changed.
 */
int knts_keyring_set(struct knts_net *knet,
		     const struct knts_key_wanted *wanted, unsigned int count,
		     u32 active_id, struct netlink_ext_ack *extack);

void knts_keyring_teardown(struct knts_net *knet);

#endif
