// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyring.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

static void remove_at(struct keyring *ring, size_t at)
{
	ring->count--;
	memmove(&ring->keys[at], &ring->keys[at + 1],
		(ring->count - at) * sizeof(ring->keys[0]));
	OPENSSL_cleanse(&ring->keys[ring->count], sizeof(ring->keys[0]));
}

int keyring_add(struct keyring *ring, uint64_t now_s)
{
	struct keyring_key key = { .created_s = now_s };

	do {
		if (RAND_bytes((unsigned char *)&key.id, sizeof(key.id)) != 1)
			return -EIO;
	} while (!key.id || keyring_find(ring, key.id));
	if (RAND_priv_bytes(key.secret, sizeof(key.secret)) != 1)
		return -EIO;
	keyring_trim(ring, KNTS_KEYS_MAX - 1);
	ring->keys[ring->count++] = key;
	OPENSSL_cleanse(&key, sizeof(key));
	return 0;
}

void keyring_adopt(struct keyring *ring, uint32_t id, uint64_t created_s)
{
	size_t at = 0;

	if (ring->count == KNTS_KEYS_MAX || keyring_find(ring, id))
		return;
	while (at < ring->count && ring->keys[at].created_s < created_s)
		at++;
	memmove(&ring->keys[at + 1], &ring->keys[at],
		(ring->count - at) * sizeof(ring->keys[0]));
	memset(&ring->keys[at], 0, sizeof(ring->keys[at]));
	ring->keys[at].id = id;
	ring->keys[at].created_s = created_s;
	ring->keys[at].kernel_only = true;
	ring->count++;
}

void keyring_trim(struct keyring *ring, size_t keep)
{
	while (ring->count > keep)
		remove_at(ring, 0);
}

bool keyring_remove(struct keyring *ring, uint32_t id)
{
	const struct keyring_key *key = keyring_find(ring, id);

	if (!key)
		return false;
	remove_at(ring, (size_t)(key - ring->keys));
	return true;
}

const struct keyring_key *keyring_find(const struct keyring *ring, uint32_t id)
{
	size_t i;

	for (i = 0; i < ring->count; i++) {
		if (ring->keys[i].id == id)
			return &ring->keys[i];
	}
	return NULL;
}

const struct keyring_key *keyring_active(const struct keyring *ring)
{
	return ring->count ? &ring->keys[ring->count - 1] : NULL;
}

void keyring_wipe(struct keyring *ring)
{
	OPENSSL_cleanse(ring, sizeof(*ring));
}
