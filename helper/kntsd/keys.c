// SPDX-License-Identifier: GPL-2.0-or-later
#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "fail.h"
#include "keystore.h"
#include "log.h"

/* The wall clock may be stepped: look again at least so often. */
#define CHECK_INTERVAL_S 60
#define RETRY_INTERVAL_S 10

struct keys {
	struct knts_conn *conn;
	struct event *timer;
	char *storage_path;
	unsigned int rotation_interval_s;
	unsigned int stale_key_count;
	struct keyring ring;
	struct knts_siv_key seal_key;
	bool in_kernel;
	bool retry;
	char problem[FAIL_SIZE];
};

static uint64_t now_s(void)
{
	return time(NULL);
}

int64_t keys_next_rotation_s(const struct keys *keys)
{
	const struct keyring_key *active = keyring_active(&keys->ring);
	uint64_t now = now_s();
	uint64_t created;

	if (keys->retry)
		return RETRY_INTERVAL_S;
	if (!keys->rotation_interval_s || !active)
		return -1;
	/* A key from the future was made before the clock was set back. */
	created = active->created_s < now ? active->created_s : now;
	if (now - created >= keys->rotation_interval_s)
		return 0;
	return created + keys->rotation_interval_s - now;
}

static void schedule(struct keys *keys)
{
	int64_t next = keys_next_rotation_s(keys);
	struct timeval delay = { .tv_sec = CHECK_INTERVAL_S };

	if (next >= 0 && next < CHECK_INTERVAL_S)
		delay.tv_sec = next;
	evtimer_add(keys->timer, &delay);
}

static bool kernel_has(const struct knts_key *kernel, size_t count,
		       const struct keyring_key *key)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (kernel[i].id == key->id &&
		    kernel[i].created_s == key->created_s)
			return true;
	}
	return false;
}

/* A secret that the kernel has already is not sent a second time. */
static int push(struct keys *keys, const struct keyring *ring, char *error,
		size_t error_size)
{
	const struct keyring_key *active = keyring_active(ring);
	struct knts_key message[KNTS_KEYS_MAX] = { 0 };
	const struct keyring_key *key;
	struct knts_key *kernel;
	size_t kernel_count;
	size_t count = 0;
	size_t i;
	int err;

	err = knts_ring_get(keys->conn, &kernel, &kernel_count);
	if (err)
		return fail(err, error, error_size,
			    "cannot read the kernel's key ring: %s",
			    knts_error(keys->conn));
	for (i = 0; i < ring->count; i++) {
		bool known;

		key = &ring->keys[i];
		known = kernel_has(kernel, kernel_count, key);
		if (!known && key->kernel_only)
			continue;
		message[count].id = key->id;
		message[count].algorithm = KNTS_AEAD_AES_SIV_CMAC_256;
		message[count].created_s = key->created_s;
		message[count].secret = known ? NULL : key->secret;
		count++;
	}
	free(kernel);
	err = knts_ring_set(keys->conn, message, count, active->id);
	if (err)
		return fail(err, error, error_size,
			    "the kernel refuses the keys: %s",
			    knts_error(keys->conn));
	keys->ring = *ring;
	knts_siv_expand(&keys->seal_key, active->secret, sizeof(active->secret));
	keys->in_kernel = true;
	return 0;
}

static int save(const struct keys *keys, const struct keyring *ring,
		char *error, size_t error_size)
{
	if (!keys->storage_path)
		return 0;
	return keystore_save(keys->storage_path, ring, error, error_size);
}

/* Store, then kernel; if the kernel refuses the store goes back too. */
static int apply(struct keys *keys, const struct keyring *ring, char *error,
		 size_t error_size)
{
	char undo_error[FAIL_SIZE];
	int err;

	err = save(keys, ring, error, error_size);
	if (err)
		return err;
	err = push(keys, ring, error, error_size);
	if (err && keys->ring.count &&
	    save(keys, &keys->ring, undo_error, sizeof(undo_error)))
		log_error("key store keeps a key that is not in use: %s",
			  undo_error);
	return err;
}

int keys_rotate(struct keys *keys, char *error, size_t error_size)
{
	struct keyring next = keys->ring;
	int err;

	err = keyring_add(&next, now_s());
	if (err) {
		fail(err, error, error_size, "no randomness for a new key");
		goto out_wipe;
	}
	keyring_trim(&next, keys->stale_key_count + 1);
	err = apply(keys, &next, error, error_size);
out_wipe:
	keyring_wipe(&next);
	keys->retry = err != 0;
	if (err) {
		if (strcmp(keys->problem, error))
			log_error("rotation failed, the old keys go on: %s",
				  error);
		snprintf(keys->problem, sizeof(keys->problem), "%s", error);
	} else {
		keys->problem[0] = '\0';
		log_notice("new cookie key %08x",
			   keyring_active(&keys->ring)->id);
	}
	schedule(keys);
	return err;
}

int keys_remove(struct keys *keys, uint32_t id, char *error, size_t error_size)
{
	struct keyring next = keys->ring;
	int err;

	if (keyring_active(&next)->id == id)
		err = fail(-EBUSY, error, error_size,
			   "cookie key %08x seals: rotate first, then it can be removed",
			   id);
	else if (!keyring_remove(&next, id))
		err = fail(-ENOENT, error, error_size,
			   "there is no cookie key %08x: 'kntsctl keys' lists those that there are",
			   id);
	else
		err = apply(keys, &next, error, error_size);
	keyring_wipe(&next);
	if (!err)
		log_notice("cookie key %08x is removed", id);
	return err;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct keys *keys = arg;
	char error[FAIL_SIZE];

	if (keys->retry || keys_next_rotation_s(keys) == 0)
		keys_rotate(keys, error, sizeof(error));
	else
		schedule(keys);
}

static int load(struct keys *keys, struct keyring *ring, char *error,
		size_t error_size)
{
	char aside[4096];
	int err;

	if (!keys->storage_path) {
		log_notice("no key-storage-path: after a restart of kntsd clients need a new key exchange");
		return 0;
	}
	err = keystore_load(keys->storage_path, ring, error, error_size);
	if (err == -ENOENT)
		return 0;
	if (err != -EBADMSG)
		return err;
	log_warning("%s; it is set aside, and new keys are made", error);
	err = keystore_set_aside(keys->storage_path, aside, sizeof(aside));
	if (err)
		return fail(err, error, error_size,
			    "cannot set damaged key store %s aside: %s",
			    keys->storage_path, strerror(-err));
	log_notice("the damaged key store is now %s", aside);
	return 0;
}

/* What a kntsd before us left in the kernel goes on opening cookies. */
static int adopt(struct keys *keys, struct keyring *ring, char *error,
		 size_t error_size)
{
	struct knts_key *kernel;
	size_t count, i;
	int err;

	err = knts_ring_get(keys->conn, &kernel, &count);
	if (err)
		return fail(err, error, error_size,
			    "cannot read the kernel's key ring: %s",
			    knts_error(keys->conn));
	for (i = 0; i < count; i++)
		keyring_adopt(ring, kernel[i].id, kernel[i].created_s);
	free(kernel);
	return 0;
}

static int begin(struct keys *keys, char *error, size_t error_size)
{
	struct keyring ring = { .count = 0 };
	bool changed;
	int err;

	err = load(keys, &ring, error, error_size);
	if (err)
		goto out_wipe;
	changed = ring.count == 0 || ring.count > keys->stale_key_count + 1;
	err = adopt(keys, &ring, error, error_size);
	if (err)
		goto out_wipe;
	if (!ring.count || keyring_active(&ring)->kernel_only) {
		changed = true;
		err = keyring_add(&ring, now_s());
		if (err) {
			fail(err, error, error_size,
			     "no randomness for a first key");
			goto out_wipe;
		}
	}
	keyring_trim(&ring, keys->stale_key_count + 1);
	/* A full disk keeps nobody from serving the keys that it has. */
	if (changed)
		err = apply(keys, &ring, error, error_size);
	else
		err = push(keys, &ring, error, error_size);
	if (!err)
		log_info("%zu cookie keys, %08x seals", ring.count,
			 keyring_active(&ring)->id);
out_wipe:
	keyring_wipe(&ring);
	return err;
}

static int configure(struct keys *keys, const struct config_keys *config)
{
	char *path = NULL;

	if (config->storage_path) {
		path = strdup(config->storage_path);
		if (!path)
			return -ENOMEM;
	}
	free(keys->storage_path);
	keys->storage_path = path;
	keys->rotation_interval_s = config->rotation_interval_s;
	keys->stale_key_count = config->stale_key_count;
	return 0;
}

int keys_start(struct keys **keys, struct event_base *base,
	       struct knts_conn *conn, const struct config_keys *config,
	       char *error, size_t error_size)
{
	struct keys *new;
	int err;

	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(-ENOMEM, error, error_size, "out of memory");
	new->conn = conn;
	new->timer = evtimer_new(base, on_timer, new);
	if (!new->timer || configure(new, config)) {
		err = fail(-ENOMEM, error, error_size, "out of memory");
		goto err_stop;
	}
	err = begin(new, error, error_size);
	if (err)
		goto err_stop;
	schedule(new);
	*keys = new;
	return 0;

err_stop:
	keys_stop(new, false);
	return err;
}

int keys_reload(struct keys *keys, const struct config_keys *config,
		char *error, size_t error_size)
{
	struct config_keys old = {
		.storage_path = keys->storage_path ?
				strdup(keys->storage_path) : NULL,
		.rotation_interval_s = keys->rotation_interval_s,
		.stale_key_count = keys->stale_key_count,
	};
	struct keyring ring = keys->ring;
	int err;

	err = configure(keys, config);
	if (err) {
		fail(err, error, error_size, "out of memory");
		goto out_free;
	}
	keyring_trim(&ring, keys->stale_key_count + 1);
	err = apply(keys, &ring, error, error_size);
	if (err)
		configure(keys, &old);
	schedule(keys);
out_free:
	keyring_wipe(&ring);
	free(old.storage_path);
	return err;
}

int keys_seal(const struct knts_session *session, uint8_t *cookies, void *arg)
{
	size_t len = knts_cookie_len(session->aead);
	const struct keyring_key *active;
	uint8_t nonces[KNTS_COOKIES_MAX * KNTS_COOKIE_NONCE_LEN];
	struct keys *keys = arg;

	if (!knts_aead_key_len(session->aead))
		return -EINVAL;
	if (!keys->in_kernel)
		return -ENOKEY;
	active = keyring_active(&keys->ring);
	if (RAND_bytes(nonces, sizeof(nonces)) != 1)
		return -EIO;
	knts_cookie_seal(cookies, len, KNTS_COOKIES_MAX, active->id,
			 &keys->seal_key, nonces, session, NULL);
	return 0;
}

void keys_verify(struct keys *keys)
{
	const struct keyring_key *active = keyring_active(&keys->ring);
	struct knts_key *kernel;
	bool was = keys->in_kernel;
	size_t count;

	if (knts_ring_get(keys->conn, &kernel, &count)) {
		keys->in_kernel = false;
	} else {
		keys->in_kernel = kernel_has(kernel, count, active);
		free(kernel);
	}
	if (was && !keys->in_kernel) {
		snprintf(keys->problem, sizeof(keys->problem),
			 "cookie key %08x is no longer in the kernel: somebody removed it; 'kntsctl keys rotate' puts keys back",
			 active->id);
		log_notice("%s", keys->problem);
	} else if (!was && keys->in_kernel) {
		keys->problem[0] = '\0';
		log_notice("cookie key %08x is in the kernel again", active->id);
	}
}

size_t keys_list(const struct keys *keys,
		 struct keys_entry entries[KNTS_KEYS_MAX])
{
	const struct keyring_key *key;
	size_t i;

	for (i = 0; i < keys->ring.count; i++) {
		key = &keys->ring.keys[i];
		entries[i] = (struct keys_entry){
			.id = key->id,
			.created_s = key->created_s,
			.active = key == keyring_active(&keys->ring),
			.stored = keys->storage_path && !key->kernel_only,
		};
	}
	return keys->ring.count;
}

const char *keys_problem(const struct keys *keys)
{
	return keys->problem[0] ? keys->problem : NULL;
}

void keys_stop(struct keys *keys, bool empty_kernel)
{
	if (!keys)
		return;
	if (empty_kernel && knts_ring_set(keys->conn, NULL, 0, 0))
		log_error("cannot remove the keys from the kernel: %s",
			  knts_error(keys->conn));
	if (keys->timer)
		event_free(keys->timer);
	free(keys->storage_path);
	OPENSSL_cleanse(keys, sizeof(*keys));
	free(keys);
}
