// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The key store: what is written is what is read, whatever is damaged is
 * refused, and nothing is lost in silence.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kntsd/fail.h"
#include "kntsd/keystore.h"
#include "unit.h"

static char folder[] = "/tmp/knts-keystore-XXXXXX";
static char path[64];

static void remove_all(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while ((entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

static size_t count_files(void)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void make_ring(struct keyring *ring, size_t count)
{
	memset(ring, 0, sizeof(*ring));
	while (count--)
		assert_int_equal(keyring_add(ring, 1700000000 + count), 0);
}

static void save(const struct keyring *ring)
{
	char error[FAIL_SIZE] = "";

	assert_int_equal(keystore_save(path, ring, error, sizeof(error)), 0);
	assert_string_equal(error, "");
}

static size_t slurp(uint8_t *buf, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(buf, 1, size, file);
	fclose(file);
	return len;
}

static void spill(const uint8_t *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, buf, len), len);
	close(fd);
}

/* Refused, with a sentence that names the file, and nothing comes out. */
static void expect_damaged(const char *contains)
{
	static const struct keyring none;
	char error[FAIL_SIZE] = "";
	struct keyring ring;

	make_ring(&ring, 1);
	assert_int_equal(keystore_load(path, &ring, error, sizeof(error)),
			 -EBADMSG);
	assert_non_null(strstr(error, path));
	assert_non_null(strstr(error, contains));
	assert_memory_equal(&ring, &none, sizeof(ring));
}

static void keystore_gives_back_what_it_got(void **state)
{
	struct keyring in, out;
	char error[FAIL_SIZE];
	struct stat st;
	size_t count;

	for (count = 1; count <= KNTS_KEYS_MAX; count++) {
		make_ring(&in, count);
		save(&in);
		assert_int_equal(keystore_load(path, &out, error,
					       sizeof(error)), 0);
		assert_memory_equal(&in, &out, sizeof(in));
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, KEYSTORE_MAX_LEN);
	assert_int_equal(count_files(), 1);
}

static void keystore_format_is_as_documented(void **state)
{
	static const uint8_t header[] = "KNTSKEYS\0\0\0\1\0\0\0\2";
	uint8_t buf[KEYSTORE_MAX_LEN];
	struct keyring ring;
	size_t len;

	make_ring(&ring, 2);
	ring.keys[1].id = 0x01020304;
	ring.keys[1].created_s = 0x0506070809;
	save(&ring);
	len = slurp(buf, sizeof(buf));
	assert_int_equal(len, 16 + 2 * KEYSTORE_RECORD_LEN + 32);
	assert_memory_equal(buf, header, 16);
	assert_memory_equal(buf + 16 + KEYSTORE_RECORD_LEN,
			    "\1\2\3\4\0\17\0\0\0\0\0\5\6\7\10\11", 16);
	assert_memory_equal(buf + 32, ring.keys[0].secret, 32);
}

static void keystore_leaves_out_what_only_the_kernel_knows(void **state)
{
	struct keyring ring, out;
	char error[FAIL_SIZE];

	make_ring(&ring, 2);
	ring.keys[0].kernel_only = true;
	save(&ring);
	assert_int_equal(keystore_load(path, &out, error, sizeof(error)), 0);
	assert_int_equal(out.count, 1);
	assert_int_equal(out.keys[0].id, ring.keys[1].id);
}

static void keystore_damage_at_every_bit_is_refused(void **state)
{
	uint8_t buf[KEYSTORE_MAX_LEN];
	struct keyring ring;
	size_t len, bit;

	make_ring(&ring, 3);
	save(&ring);
	len = slurp(buf, sizeof(buf));
	for (bit = 0; bit < 8 * len; bit++) {
		buf[bit / 8] ^= 1 << bit % 8;
		spill(buf, len);
		expect_damaged("");
		buf[bit / 8] ^= 1 << bit % 8;
	}
}

static void keystore_cut_at_every_length_is_refused(void **state)
{
	uint8_t buf[KEYSTORE_MAX_LEN + 1] = { 0 };
	struct keyring ring;
	size_t len, cut;

	make_ring(&ring, KNTS_KEYS_MAX);
	save(&ring);
	len = slurp(buf, sizeof(buf));
	for (cut = 0; cut < len; cut++) {
		spill(buf, cut);
		expect_damaged(cut < 16 ? "does not begin" : "octets");
	}
	spill(buf, len + 1);
	expect_damaged("octets");
}

static void keystore_damage_is_named(void **state)
{
	uint8_t buf[KEYSTORE_MAX_LEN];
	struct keyring ring;
	size_t len;

	make_ring(&ring, 2);
	save(&ring);
	len = slurp(buf, sizeof(buf));
	buf[11] = 2;
	spill(buf, len);
	expect_damaged("has version 2, not 1");
	buf[11] = 1;
	buf[15] = 17;
	spill(buf, len);
	expect_damaged("says that it has 17 keys, not 1 to 16");
	buf[15] = 2;
	buf[40] ^= 1;
	spill(buf, len);
	expect_damaged("its checksum is wrong");
}

/* What a correct checksum stands under must be right all the same. */
static void keystore_with_invalid_keys_is_refused(void **state)
{
	struct keyring ring;

	make_ring(&ring, 2);
	ring.keys[1].id = 0;
	save(&ring);
	expect_damaged("invalid key, number 2");
	ring.keys[1].id = ring.keys[0].id;
	save(&ring);
	expect_damaged("invalid key, number 2");
}

static void keystore_that_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0620, 0604, 0602, 0601, 0666 };
	struct keyring ring;
	size_t i;

	make_ring(&ring, 1);
	save(&ring);
	for (i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		expect_damaged("others may know the keys");
	}
	assert_int_equal(chmod(path, 0600), 0);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(path, 65534, 65534), 0);
	expect_damaged("belongs to uid 65534");
}

static void keystore_that_is_no_file_is_refused(void **state)
{
	assert_int_equal(symlink("/etc/passwd", path), 0);
	expect_damaged("symbolic link");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_damaged("not a plain file");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_damaged("not a plain file");
	rmdir(path);
}

static void keystore_that_is_not_there_is_no_damage(void **state)
{
	char error[FAIL_SIZE];
	struct keyring ring;

	assert_int_equal(keystore_load(path, &ring, error, sizeof(error)),
			 -ENOENT);
	assert_non_null(strstr(error, path));
}

static void keystore_set_aside_keeps_each_one(void **state)
{
	char first[128], second[128];
	uint8_t a = 'a', b = 'b';

	spill(&a, 1);
	assert_int_equal(keystore_set_aside(path, first, sizeof(first)), 0);
	assert_int_equal(access(path, F_OK), -1);
	spill(&b, 1);
	assert_int_equal(keystore_set_aside(path, second, sizeof(second)), 0);
	assert_string_not_equal(first, second);
	assert_int_equal(strncmp(first, path, strlen(path)), 0);
	assert_non_null(strstr(first, ".damaged-2"));
	assert_int_equal(access(first, F_OK), 0);
	assert_int_equal(access(second, F_OK), 0);
}

static void keystore_that_cannot_be_written_stays(void **state)
{
	uint8_t before[KEYSTORE_MAX_LEN], after[KEYSTORE_MAX_LEN];
	char error[FAIL_SIZE] = "";
	struct keyring ring;
	char temp[80];
	size_t len;

	make_ring(&ring, 2);
	save(&ring);
	len = slurp(before, sizeof(before));
	/* A folder that is not empty where the temporary file should be. */
	snprintf(temp, sizeof(temp), "%s.new", path);
	assert_int_equal(mkdir(temp, 0700), 0);
	make_ring(&ring, 3);
	assert_true(keystore_save(path, &ring, error, sizeof(error)) < 0);
	assert_non_null(strstr(error, path));
	assert_int_equal(slurp(after, sizeof(after)), len);
	assert_memory_equal(before, after, len);
	rmdir(temp);
	assert_true(keystore_save("/nonexistent/folder/keys", &ring, error,
				  sizeof(error)) < 0);
	assert_non_null(strstr(error, "/nonexistent/folder/keys"));
}

static void keystore_replaces_what_a_crash_left(void **state)
{
	struct keyring ring, out;
	char error[FAIL_SIZE];
	char temp[80];

	snprintf(temp, sizeof(temp), "%s.new", path);
	close(open(temp, O_WRONLY | O_CREAT, 0644));
	make_ring(&ring, 1);
	save(&ring);
	assert_int_equal(keystore_load(path, &out, error, sizeof(error)), 0);
	assert_int_equal(access(temp, F_OK), -1);
}

static int setup(void **state)
{
	remove_all();
	return 0;
}

#define STORE_TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(keystore_gives_back_what_it_got),
		STORE_TEST(keystore_format_is_as_documented),
		STORE_TEST(keystore_leaves_out_what_only_the_kernel_knows),
		STORE_TEST(keystore_damage_at_every_bit_is_refused),
		STORE_TEST(keystore_cut_at_every_length_is_refused),
		STORE_TEST(keystore_damage_is_named),
		STORE_TEST(keystore_with_invalid_keys_is_refused),
		STORE_TEST(keystore_that_others_can_read_is_refused),
		STORE_TEST(keystore_that_is_no_file_is_refused),
		STORE_TEST(keystore_that_is_not_there_is_no_damage),
		STORE_TEST(keystore_set_aside_keeps_each_one),
		STORE_TEST(keystore_that_cannot_be_written_stays),
		STORE_TEST(keystore_replaces_what_a_crash_left),
	};
	int failed;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/keys", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_all();
	rmdir(folder);
	return failed;
}
