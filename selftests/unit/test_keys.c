// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The life of cookie keys, with a kernel that can be made to refuse; the guest
 * tests have the real one.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/cookie.h"
#include "kntsd/fail.h"
#include "kntsd/keys.h"
#include "kntsd/keystore.h"
#include "kntsd/log.h"
#include "unit.h"

static char folder[] = "/tmp/knts-keys-XXXXXX";
static char store[64];

/* What stands for the kernel: a ring with its secrets, and its refusals. */
static struct {
	struct knts_key keys[KNTS_KEYS_MAX];
	uint8_t secrets[KNTS_KEYS_MAX][KNTS_KEY_SECRET_LEN];
	size_t count;
	uint32_t active_id;
	size_t secrets_sent;
	bool refuses;
} kernel;

static struct event_base *base;
static struct keys *keys;
static struct config_keys config;
static char error[FAIL_SIZE];

const char *knts_error(const struct knts_conn *conn)
{
	return "the kernel was told to refuse";
}

int knts_ring_get(struct knts_conn *conn, struct knts_key **list, size_t *count)
{
	size_t i;

	*list = calloc(kernel.count + 1, sizeof(**list));
	*count = kernel.count;
	for (i = 0; i < kernel.count; i++) {
		(*list)[i] = kernel.keys[i];
		(*list)[i].secret = NULL;
	}
	return 0;
}

static const uint8_t *kernel_secret(uint32_t id)
{
	size_t i;

	for (i = 0; i < kernel.count; i++) {
		if (kernel.keys[i].id == id)
			return kernel.secrets[i];
	}
	return NULL;
}

int knts_ring_set(struct knts_conn *conn, const struct knts_key *list,
		  size_t count, uint32_t active_id)
{
	uint8_t secrets[KNTS_KEYS_MAX][KNTS_KEY_SECRET_LEN];
	size_t i;

	if (kernel.refuses)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		const uint8_t *secret = list[i].secret ?
					list[i].secret :
					kernel_secret(list[i].id);

		assert_int_equal(list[i].algorithm, 15);
		assert_non_null(secret);
		memcpy(secrets[i], secret, sizeof(secrets[i]));
		kernel.secrets_sent += list[i].secret != NULL;
	}
	if (count)
		memcpy(kernel.keys, list, count * sizeof(*list));
	memcpy(kernel.secrets, secrets, sizeof(secrets));
	kernel.count = count;
	kernel.active_id = active_id;
	return 0;
}

static void remove_all(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while ((entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name,
			 entry->d_type == DT_DIR && entry->d_name[0] != '.' ?
			 AT_REMOVEDIR : 0);
	closedir(dir);
}

static void load(struct keyring *ring)
{
	assert_int_equal(keystore_load(store, ring, error, sizeof(error)), 0);
}

static void start(void)
{
	assert_int_equal(keys_start(&keys, base, NULL, &config, error,
				    sizeof(error)), 0);
}

static void crash(void)
{
	keys_stop(keys, false);
	keys = NULL;
}

static void rotate(void)
{
	assert_int_equal(keys_rotate(keys, error, sizeof(error)), 0);
	assert_null(keys_problem(keys));
}

/* A store whose newest key is so old. */
static void make_store(uint64_t age_s)
{
	struct keyring ring = { .count = 0 };

	assert_int_equal(keyring_add(&ring, time(NULL) - age_s - 10), 0);
	assert_int_equal(keyring_add(&ring, time(NULL) - age_s), 0);
	assert_int_equal(keystore_save(store, &ring, error, sizeof(error)), 0);
}

/* What stands in the way of a store's temporary file. */
static void block_store(bool block)
{
	char temp[80];

	snprintf(temp, sizeof(temp), "%s.new", store);
	assert_int_equal(block ? mkdir(temp, 0700) : rmdir(temp), 0);
}

static void keys_first_start_makes_one(void **state)
{
	struct keyring ring;

	start();
	load(&ring);
	assert_int_equal(ring.count, 1);
	assert_int_equal(kernel.count, 1);
	assert_int_equal(kernel.active_id, ring.keys[0].id);
	assert_memory_equal(kernel.secrets[0], ring.keys[0].secret, 32);
	assert_true(ring.keys[0].created_s + 2 > (uint64_t)time(NULL));
}

static void keys_are_unique_and_random(void **state)
{
	struct keyring ring = { .count = 0 };
	size_t i, j, round;

	for (round = 0; round < 100; round++)
		assert_int_equal(keyring_add(&ring, round), 0);
	assert_int_equal(ring.count, KNTS_KEYS_MAX);
	assert_int_equal(keyring_active(&ring)->created_s, 99);
	for (i = 0; i < ring.count; i++) {
		assert_int_not_equal(ring.keys[i].id, 0);
		for (j = 0; j < i; j++) {
			assert_int_not_equal(ring.keys[i].id, ring.keys[j].id);
			assert_memory_not_equal(ring.keys[i].secret,
						ring.keys[j].secret, 32);
		}
	}
}

static void N46_rotation_keeps_so_many_old_keys(void **state)
{
	struct keyring before, after;
	size_t i;

	config.stale_key_count = 3;
	start();
	for (i = 0; i < 10; i++) {
		load(&before);
		rotate();
		load(&after);
		assert_int_equal(after.count, before.count < 4 ?
				 before.count + 1 : 4);
		assert_int_equal(kernel.count, after.count);
		assert_int_equal(kernel.active_id,
				 after.keys[after.count - 1].id);
		assert_null(keyring_find(&before, kernel.active_id));
	}
	/* Each secret went to the kernel once. */
	assert_int_equal(kernel.secrets_sent, 11);
}

static void N46_no_old_keys_if_none_are_wanted(void **state)
{
	config.stale_key_count = 0;
	start();
	rotate();
	assert_int_equal(kernel.count, 1);
}

static void keys_come_back_after_a_crash(void **state)
{
	struct keyring before, after;

	start();
	rotate();
	load(&before);
	crash();
	kernel.secrets_sent = 0;
	start();
	load(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(kernel.active_id, before.keys[1].id);
	assert_int_equal(kernel.secrets_sent, 0);
}

static void keys_come_back_after_a_reboot(void **state)
{
	struct keyring before;

	start();
	rotate();
	load(&before);
	crash();
	memset(&kernel, 0, sizeof(kernel));
	start();
	assert_int_equal(kernel.count, 2);
	assert_int_equal(kernel.active_id, before.keys[1].id);
	assert_memory_equal(kernel_secret(before.keys[0].id),
			    before.keys[0].secret, 32);
}

static void keys_full_disk_keeps_nobody_from_starting(void **state)
{
	make_store(1);
	block_store(true);
	start();
	assert_int_equal(kernel.count, 2);
	block_store(false);
}

static void keys_removed_one_is_gone_from_store_and_kernel(void **state)
{
	struct keyring before, after;

	start();
	rotate();
	rotate();
	load(&before);
	assert_int_equal(keys_remove(keys, before.keys[1].id, error,
				     sizeof(error)), 0);
	load(&after);
	assert_int_equal(after.count, 2);
	assert_null(keyring_find(&after, before.keys[1].id));
	assert_int_equal(kernel.count, 2);
	assert_null(kernel_secret(before.keys[1].id));
	assert_non_null(kernel_secret(before.keys[0].id));
	assert_int_equal(kernel.active_id, before.keys[2].id);
	assert_int_equal(keys_remove(keys, before.keys[1].id, error,
				     sizeof(error)), -ENOENT);
	assert_non_null(strstr(error, "there is no cookie key"));
}

static void keys_active_one_is_not_removed(void **state)
{
	struct keyring before, after;

	start();
	rotate();
	load(&before);
	assert_int_equal(keys_remove(keys, before.keys[1].id, error,
				     sizeof(error)), -EBUSY);
	assert_non_null(strstr(error, "seals: rotate first"));
	load(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(kernel.count, 2);
}

static void keys_refused_removal_changes_nothing(void **state)
{
	struct keyring before, after;

	start();
	rotate();
	load(&before);
	kernel.refuses = true;
	assert_true(keys_remove(keys, before.keys[0].id, error,
				sizeof(error)) < 0);
	assert_string_equal(error, "the kernel refuses the keys: the kernel was told to refuse");
	kernel.refuses = false;
	block_store(true);
	assert_true(keys_remove(keys, before.keys[0].id, error,
				sizeof(error)) < 0);
	assert_non_null(strstr(error, "cannot write key store"));
	block_store(false);
	load(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(kernel.count, 2);
	assert_int_equal(keys_remove(keys, before.keys[0].id, error,
				     sizeof(error)), 0);
}

/* What only the kernel knows is listed as such, and can go as well. */
static void keys_without_a_secret_are_listed_and_removed(void **state)
{
	struct keys_entry entries[KNTS_KEYS_MAX];
	uint32_t old;

	start();
	old = kernel.active_id;
	crash();
	unlink(store);
	start();
	assert_int_equal(keys_list(keys, entries), 2);
	assert_int_equal(entries[0].id, old);
	assert_false(entries[0].stored);
	assert_false(entries[0].active);
	assert_true(entries[1].stored);
	assert_true(entries[1].active);
	assert_int_equal(keys_remove(keys, old, error, sizeof(error)), 0);
	assert_int_equal(kernel.count, 1);
	assert_int_equal(keys_list(keys, entries), 1);
}

static void keys_failed_store_leaves_the_old_ones(void **state)
{
	struct keyring before, after;
	uint32_t active;

	start();
	load(&before);
	active = kernel.active_id;
	block_store(true);
	assert_true(keys_rotate(keys, error, sizeof(error)) < 0);
	assert_non_null(strstr(error, "cannot write key store"));
	assert_string_equal(keys_problem(keys), error);
	block_store(false);
	load(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(kernel.count, 1);
	assert_int_equal(kernel.active_id, active);
	/* It is tried again by itself, and then all is well. */
	assert_in_range(keys_next_rotation_s(keys), 1, 60);
	rotate();
	assert_int_equal(kernel.count, 2);
}

static void keys_refused_by_the_kernel_leave_the_store(void **state)
{
	struct keyring before, after;

	start();
	load(&before);
	kernel.refuses = true;
	assert_true(keys_rotate(keys, error, sizeof(error)) < 0);
	assert_string_equal(error, "the kernel refuses the keys: the kernel was told to refuse");
	load(&after);
	assert_memory_equal(&before, &after, sizeof(before));
	kernel.refuses = false;
	rotate();
}

static void keys_damaged_store_is_set_aside(void **state)
{
	struct dirent *entry;
	size_t damaged = 0;
	uint32_t old;
	DIR *dir;

	start();
	old = kernel.active_id;
	crash();
	assert_int_equal(truncate(store, 50), 0);
	start();
	dir = opendir(folder);
	while ((entry = readdir(dir)))
		damaged += strstr(entry->d_name, ".damaged-") != NULL;
	closedir(dir);
	assert_int_equal(damaged, 1);
	assert_int_not_equal(kernel.active_id, old);
	/* What the kernel still knows goes on opening cookies. */
	assert_int_equal(kernel.count, 2);
	assert_non_null(kernel_secret(old));
}

static void keys_rotate_when_their_time_was_while_off(void **state)
{
	make_store(5000);
	config.rotation_interval_s = 3600;
	start();
	assert_int_equal(keys_next_rotation_s(keys), 0);
	event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(kernel.count, 3);
	assert_in_range(keys_next_rotation_s(keys), 3598, 3600);
}

static void keys_rotate_on_schedule(void **state)
{
	make_store(1000);
	config.rotation_interval_s = 3600;
	start();
	assert_in_range(keys_next_rotation_s(keys), 2598, 2600);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(kernel.count, 2);
}

/* The clock was set back: the next rotation is one interval away at most. */
static void keys_from_the_future_do_not_last_for_ever(void **state)
{
	make_store(-1000000);
	config.rotation_interval_s = 3600;
	start();
	assert_in_range(keys_next_rotation_s(keys), 3598, 3600);
}

static void keys_never_rotate_by_themselves_with_interval_0(void **state)
{
	make_store(100000);
	config.rotation_interval_s = 0;
	start();
	assert_int_equal(keys_next_rotation_s(keys), -1);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(kernel.count, 2);
}

static void keys_reload_trims_and_can_be_refused(void **state)
{
	struct config_keys fewer = config;
	struct keyring ring;

	start();
	rotate();
	rotate();
	fewer.stale_key_count = 1;
	kernel.refuses = true;
	assert_true(keys_reload(keys, &fewer, error, sizeof(error)) < 0);
	load(&ring);
	assert_int_equal(ring.count, 3);
	kernel.refuses = false;
	rotate();
	assert_int_equal(kernel.count, 4);
	assert_int_equal(keys_reload(keys, &fewer, error, sizeof(error)), 0);
	load(&ring);
	assert_int_equal(ring.count, 2);
	assert_int_equal(kernel.count, 2);
	assert_int_equal(kernel.active_id, ring.keys[1].id);
}

static void keys_without_store_live_in_the_kernel(void **state)
{
	uint32_t old;

	config.storage_path = NULL;
	start();
	old = kernel.active_id;
	crash();
	assert_int_equal(access(store, F_OK), -1);
	start();
	assert_int_equal(kernel.count, 2);
	assert_non_null(kernel_secret(old));
	assert_int_not_equal(kernel.active_id, old);
}

static void R14_no_cookie_without_our_key_in_the_kernel(void **state)
{
	uint8_t cookies[KNTS_COOKIES_MAX * KNTS_COOKIE_MAX_LEN];
	struct knts_session session = { .aead = 15 };

	start();
	assert_int_equal(keys_seal(&session, cookies, keys), 0);
	kernel.count = 0;
	keys_verify(keys);
	assert_non_null(strstr(keys_problem(keys), "no longer in the kernel"));
	assert_int_equal(keys_seal(&session, cookies, keys), -ENOKEY);
	rotate();
	assert_int_equal(keys_seal(&session, cookies, keys), 0);
	session.aead = 29;
	assert_int_equal(keys_seal(&session, cookies, keys), -EINVAL);
}

static void N38_cookies_open_with_the_kernels_key(void **state)
{
	static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };
	uint8_t cookies[KNTS_COOKIES_MAX * KNTS_COOKIE_MAX_LEN];
	struct knts_session in = { 0 }, out;
	struct knts_siv_key key;
	size_t i, j, len;

	start();
	rotate();
	knts_siv_expand(&key, kernel_secret(kernel.active_id), 32);
	for (i = 0; i < ARRAY_LEN(aeads); i++) {
		in.aead = aeads[i];
		memset(in.s2c, 0x5a, knts_aead_key_len(in.aead));
		memset(in.c2s, 0xa5, knts_aead_key_len(in.aead));
		len = knts_cookie_len(in.aead);
		assert_int_equal(keys_seal(&in, cookies, keys), 0);
		for (j = 0; j < KNTS_COOKIES_MAX; j++) {
			assert_int_equal(knts_cookie_key_id(cookies + j * len),
					 kernel.active_id);
			assert_true(knts_cookie_open(&out, cookies + j * len,
						     len, &key));
			assert_memory_equal(out.s2c, in.s2c,
					    knts_aead_key_len(in.aead));
			/* Nonces differ, and so do the cookies. */
			if (j)
				assert_memory_not_equal(cookies + j * len,
							cookies, len);
		}
	}
}

static void keys_normal_end_empties_the_kernel(void **state)
{
	struct keyring ring;

	start();
	keys_stop(keys, true);
	keys = NULL;
	assert_int_equal(kernel.count, 0);
	load(&ring);
	assert_int_equal(ring.count, 1);
}

static int setup(void **state)
{
	remove_all();
	memset(&kernel, 0, sizeof(kernel));
	base = event_base_new();
	config = (struct config_keys){
		.storage_path = store,
		.rotation_interval_s = 86400,
		.stale_key_count = 7,
	};
	return 0;
}

static int teardown(void **state)
{
	keys_stop(keys, false);
	keys = NULL;
	event_base_free(base);
	return 0;
}

#define KEYS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(keys_first_start_makes_one),
		KEYS_TEST(keys_are_unique_and_random),
		KEYS_TEST(N46_rotation_keeps_so_many_old_keys),
		KEYS_TEST(N46_no_old_keys_if_none_are_wanted),
		KEYS_TEST(keys_come_back_after_a_crash),
		KEYS_TEST(keys_come_back_after_a_reboot),
		KEYS_TEST(keys_full_disk_keeps_nobody_from_starting),
		KEYS_TEST(keys_removed_one_is_gone_from_store_and_kernel),
		KEYS_TEST(keys_active_one_is_not_removed),
		KEYS_TEST(keys_refused_removal_changes_nothing),
		KEYS_TEST(keys_without_a_secret_are_listed_and_removed),
		KEYS_TEST(keys_failed_store_leaves_the_old_ones),
		KEYS_TEST(keys_refused_by_the_kernel_leave_the_store),
		KEYS_TEST(keys_damaged_store_is_set_aside),
		KEYS_TEST(keys_rotate_when_their_time_was_while_off),
		KEYS_TEST(keys_rotate_on_schedule),
		KEYS_TEST(keys_from_the_future_do_not_last_for_ever),
		KEYS_TEST(keys_never_rotate_by_themselves_with_interval_0),
		KEYS_TEST(keys_reload_trims_and_can_be_refused),
		KEYS_TEST(keys_without_store_live_in_the_kernel),
		KEYS_TEST(R14_no_cookie_without_our_key_in_the_kernel),
		KEYS_TEST(N38_cookies_open_with_the_kernels_key),
		KEYS_TEST(keys_normal_end_empties_the_kernel),
	};
	int failed;

	log_open("keys");
	assert_non_null(mkdtemp(folder));
	snprintf(store, sizeof(store), "%s/keys", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_all();
	rmdir(folder);
	return failed;
}
