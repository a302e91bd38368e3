// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "keystore.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "core/cookie.h"
#include "fail.h"

#define MAGIC "KNTSKEYS"
#define MAGIC_LEN 8
#define VERSION 1
#define HEADER_LEN 16

_Static_assert(KEYSTORE_MAX_LEN == HEADER_LEN + SHA256_DIGEST_LENGTH +
	       KNTS_KEYS_MAX * KEYSTORE_RECORD_LEN, "length of a full store");

static size_t encode(uint8_t *buf, const struct keyring *ring)
{
	uint8_t *p = buf + HEADER_LEN;
	uint32_t count = 0;
	size_t i;

	for (i = 0; i < ring->count; i++) {
		const struct keyring_key *key = &ring->keys[i];

		if (key->kernel_only)
			continue;
		knts_put_be32(p, key->id);
		knts_put_be16(p + 4, KNTS_AEAD_AES_SIV_CMAC_256);
		knts_put_be16(p + 6, 0);
		knts_put_be64(p + 8, key->created_s);
		memcpy(p + 16, key->secret, sizeof(key->secret));
		p += KEYSTORE_RECORD_LEN;
		count++;
	}
	memcpy(buf, MAGIC, MAGIC_LEN);
	knts_put_be32(buf + 8, VERSION);
	knts_put_be32(buf + 12, count);
	SHA256(buf, p - buf, p);
	return p + SHA256_DIGEST_LENGTH - buf;
}

static int decode_key(struct keyring *ring, const uint8_t *p)
{
	struct keyring_key *key = &ring->keys[ring->count];

	key->id = knts_get_be32(p);
	key->created_s = knts_get_be64(p + 8);
	key->kernel_only = false;
	memcpy(key->secret, p + 16, sizeof(key->secret));
	if (!key->id || keyring_find(ring, key->id) ||
	    knts_get_be16(p + 4) != KNTS_AEAD_AES_SIV_CMAC_256 ||
	    knts_get_be16(p + 6) != 0)
		return -EBADMSG;
	ring->count++;
	return 0;
}

static int decode(struct keyring *ring, const uint8_t *buf, size_t len,
		  const char *path, char *error, size_t error_size)
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	uint32_t count, i;

	if (len < HEADER_LEN || memcmp(buf, MAGIC, MAGIC_LEN))
		return fail(-EBADMSG, error, error_size,
			    "key store %s does not begin like one", path);
	if (knts_get_be32(buf + 8) != VERSION)
		return fail(-EBADMSG, error, error_size,
			    "key store %s has version %u, not %u", path,
			    knts_get_be32(buf + 8), VERSION);
	count = knts_get_be32(buf + 12);
	if (count < 1 || count > KNTS_KEYS_MAX)
		return fail(-EBADMSG, error, error_size,
			    "key store %s says that it has %u keys, not 1 to %u",
			    path, count, KNTS_KEYS_MAX);
	if (len != HEADER_LEN + count * KEYSTORE_RECORD_LEN + sizeof(sum))
		return fail(-EBADMSG, error, error_size,
			    "key store %s has %zu octets, not the %zu of %u keys",
			    path, len, HEADER_LEN + sizeof(sum) +
			    (size_t)count * KEYSTORE_RECORD_LEN, count);
	SHA256(buf, len - sizeof(sum), sum);
	if (CRYPTO_memcmp(sum, buf + len - sizeof(sum), sizeof(sum)))
		return fail(-EBADMSG, error, error_size,
			    "key store %s is damaged: its checksum is wrong",
			    path);
	for (i = 0; i < count; i++) {
		if (decode_key(ring, buf + HEADER_LEN + i * KEYSTORE_RECORD_LEN))
			return fail(-EBADMSG, error, error_size,
				    "key store %s has an invalid key, number %u",
				    path, i + 1);
	}
	return 0;
}

static int check_file(int fd, const char *path, char *error, size_t error_size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(-errno, error, error_size,
			    "cannot examine key store %s: %s", path,
			    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(-EBADMSG, error, error_size,
			    "key store %s is not a plain file", path);
	if (st.st_uid != geteuid())
		return fail(-EBADMSG, error, error_size,
			    "key store %s belongs to uid %u, not to kntsd's %u",
			    path, st.st_uid, geteuid());
	if (st.st_mode & 077)
		return fail(-EBADMSG, error, error_size,
			    "key store %s has mode %04o, not 0600: others may know the keys",
			    path, st.st_mode & 07777);
	return 0;
}

static ssize_t read_all(int fd, uint8_t *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		len += n;
	}
	return len;
}

int keystore_load(const char *path, struct keyring *ring, char *error,
		  size_t error_size)
{
	uint8_t buf[KEYSTORE_MAX_LEN + 1];
	ssize_t len;
	int err;
	int fd;

	keyring_wipe(ring);
	/* Not blocking, lest a FIFO of that name holds the start up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		err = errno == ELOOP ? -EBADMSG : -errno;
		return fail(err, error, error_size,
			    "cannot open key store %s: %s", path,
			    err == -EBADMSG ? "it is a symbolic link" :
			    strerror(-err));
	}
	err = check_file(fd, path, error, error_size);
	if (err)
		goto err_close;
	len = read_all(fd, buf, sizeof(buf));
	if (len < 0)
		err = fail(len, error, error_size,
			   "cannot read key store %s: %s", path, strerror(-len));
	else
		err = decode(ring, buf, len, path, error, error_size);
	if (err)
		keyring_wipe(ring);
	OPENSSL_cleanse(buf, sizeof(buf));
err_close:
	close(fd);
	return err;
}

static int write_all(int fd, const uint8_t *buf, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		buf += n;
		len -= n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int open_folder(const char *path)
{
	char copy[PATH_MAX];
	char *folder;
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	folder = dirname(copy);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && mkdir(folder, 0700) == 0)
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int replace(int folder, const char *name, const uint8_t *buf, size_t len)
{
	char temp[NAME_MAX + 1];
	int err;
	int fd;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.new", name) >= sizeof(temp))
		return -ENAMETOOLONG;
	if (unlinkat(folder, temp, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = write_all(fd, buf, len);
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && renameat(folder, temp, folder, name) < 0)
		err = -errno;
	if (err)
		unlinkat(folder, temp, 0);
	else if (fsync(folder) < 0)
		err = -errno;
	return err;
}

int keystore_save(const char *path, const struct keyring *ring, char *error,
		  size_t error_size)
{
	uint8_t buf[KEYSTORE_MAX_LEN];
	char copy[PATH_MAX];
	int folder;
	size_t len;
	int err;

	folder = open_folder(path);
	if (folder < 0)
		return fail(folder, error, error_size,
			    "cannot open the folder of key store %s: %s", path,
			    strerror(-folder));
	snprintf(copy, sizeof(copy), "%s", path);
	len = encode(buf, ring);
	err = replace(folder, basename(copy), buf, len);
	OPENSSL_cleanse(buf, sizeof(buf));
	close(folder);
	if (err)
		return fail(err, error, error_size,
			    "cannot write key store %s: %s", path,
			    strerror(-err));
	return 0;
}

int keystore_set_aside(const char *path, char *aside, size_t aside_size)
{
	char stamp[32];
	struct tm tm;
	time_t now;
	int i;

	now = time(NULL);
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(aside, aside_size, "%s.damaged-%s", path, stamp);
	for (i = 2; i < 100; i++) {
		if (!renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_NOREPLACE))
			return 0;
		if (errno != EEXIST)
			return -errno;
		snprintf(aside, aside_size, "%s.damaged-%s-%d", path, stamp, i);
	}
	return -EEXIST;
}
