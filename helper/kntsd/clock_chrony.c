// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * chronyd's own opinion of its clock: the report "tracking" of its command
 * protocol, version 6, over its Unix socket. All integers are big-endian.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock_source.h"
#include "core/ntp.h"
#include "fail.h"

#define PROTOCOL_VERSION 6
#define TYPE_REQUEST 1
#define TYPE_REPLY 2
#define COMMAND_TRACKING 33
#define REPLY_TRACKING 5
#define STATUS_SUCCESS 0
/* A request is as long as its reply, so that it amplifies nothing. */
#define TRACKING_LEN 104

enum request_offset {
	REQUEST_VERSION = 0,
	REQUEST_TYPE = 1,
	REQUEST_COMMAND = 4,
	REQUEST_SEQUENCE = 8,
};

enum reply_offset {
	REPLY_VERSION = 0,
	REPLY_TYPE = 1,
	REPLY_COMMAND = 4,
	REPLY_REPLY = 6,
	REPLY_STATUS = 8,
	REPLY_SEQUENCE = 16,
	REPLY_HEADER_LEN = 28,
	REPLY_REFERENCE_ID = 28,
	REPLY_STRATUM = 52,
	REPLY_LEAP = 54,
	REPLY_REFERENCE_S_HIGH = 56,
	REPLY_REFERENCE_S_LOW = 60,
	REPLY_REFERENCE_NS = 64,
	REPLY_CORRECTION = 68,
	REPLY_RESIDUAL_PPM = 84,
	REPLY_SKEW_PPM = 88,
	REPLY_ROOT_DELAY = 92,
	REPLY_ROOT_DISPERSION = 96,
};

static socklen_t unix_address(struct sockaddr_un *sun, const char *path)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	snprintf(sun->sun_path, sizeof(sun->sun_path), "%s", path);
	return sizeof(*sun);
}

static int folder_len_of(const char *server)
{
	const char *slash = strrchr(server, '/');

	return slash ? (int)(slash - server + 1) : 0;
}

/* Nobody has it: who had was killed. */
static bool is_left_behind(const char *path)
{
	struct sockaddr_un sun;
	socklen_t len = unix_address(&sun, path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool refused;

	if (fd < 0)
		return false;
	refused = connect(fd, (struct sockaddr *)&sun, len) < 0 &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused;
}

static void remove_left_behind(const char *server)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	int folder_len = folder_len_of(server);
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "%.*s", folder_len, server);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (!fnmatch("kntsd.[0-9]*.[0-9]*.sock", entry->d_name, 0) &&
		    (size_t)snprintf(path, sizeof(path), "%.*s%s", folder_len,
				     server, entry->d_name) < sizeof(path) &&
		    is_left_behind(path))
			unlink(path);
	if (folder)
		closedir(folder);
}

/* chronyd answers to a path only; its folder is the one that it surely sees. */
static int own_path(char *path, size_t size, const char *server)
{
	static atomic_uint number;
	unsigned int mine = atomic_fetch_add(&number, 1);

	if (!mine)
		remove_left_behind(server);
	if ((size_t)snprintf(path, size, "%.*skntsd.%d.%u.sock",
			     folder_len_of(server), server, getpid(),
			     mine) >= size)
		return -ENAMETOOLONG;
	return 0;
}

static void close_socket(int fd)
{
	struct sockaddr_un sun;
	socklen_t len = sizeof(sun);

	if (!getsockname(fd, (struct sockaddr *)&sun, &len) &&
	    len > sizeof(sa_family_t) && sun.sun_path[0])
		unlink(sun.sun_path);
	close(fd);
}

static int open_socket(const struct config_clock *config, char *error,
		       size_t error_size)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct sockaddr_un sun;
	socklen_t len;
	int err;
	int fd;

	err = own_path(path, sizeof(path), config->socket);
	if (err)
		return fail(err, error, error_size,
			    "path of chronyd's socket %s is too long",
			    config->socket);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(-errno, error, error_size, "no socket: %s",
			    strerror(errno));
	len = unix_address(&sun, path);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&sun, len) < 0) {
		err = fail(-errno, error, error_size,
			   "cannot make socket %s: %s", path, strerror(errno));
		goto err_close;
	}
	/* chronyd has dropped root and must be able to write to it. */
	if (chmod(path, 0666) < 0) {
		err = fail(-errno, error, error_size,
			   "cannot open socket %s to chronyd: %s", path,
			   strerror(errno));
		goto err_close;
	}
	len = unix_address(&sun, config->socket);
	if (connect(fd, (struct sockaddr *)&sun, len) < 0) {
		err = fail(-errno, error, error_size,
			   "cannot reach chronyd at %s: %s", config->socket,
			   strerror(errno));
		goto err_close;
	}
	return fd;

err_close:
	close_socket(fd);
	return err;
}

static size_t ask(const struct clock_question *question, uint8_t *packet)
{
	memset(packet, 0, TRACKING_LEN);
	packet[REQUEST_VERSION] = PROTOCOL_VERSION;
	packet[REQUEST_TYPE] = TYPE_REQUEST;
	knts_put_be16(packet + REQUEST_COMMAND, COMMAND_TRACKING);
	knts_put_be32(packet + REQUEST_SEQUENCE, (uint32_t)question->nonce);
	return TRACKING_LEN;
}

/*
 * chronyd's float: 7 bits of exponent, 25 bits of coefficient, both signed:
 * coefficient times 2 to the (exponent - 25).
 */
static double get_float(const uint8_t *p)
{
	uint32_t bits = knts_get_be32(p);
	int32_t coefficient = bits & 0x1ffffff;
	int exponent = bits >> 25;

	if (exponent >= 1 << 6)
		exponent -= 1 << 7;
	if (coefficient >= 1 << 24)
		coefficient -= 1 << 25;
	return ldexp(coefficient, exponent - 25);
}

static uint64_t get_time(const uint8_t *packet)
{
	uint64_t s = (uint64_t)knts_get_be32(packet + REPLY_REFERENCE_S_HIGH)
		     << 32 | knts_get_be32(packet + REPLY_REFERENCE_S_LOW);
	uint32_t ns = knts_get_be32(packet + REPLY_REFERENCE_NS);

	/* Seconds alone may not fit in 64 bits of nanoseconds: add them late. */
	return knts_ntp_from_ns(ns % 1000000000) + (s << 32);
}

static int parse(const struct clock_question *question, const uint8_t *packet,
		 size_t len, struct clock_reading *reading, char *error,
		 size_t error_size)
{
	uint16_t status;

	if (len < REPLY_HEADER_LEN || packet[REPLY_TYPE] != TYPE_REPLY ||
	    knts_get_be16(packet + REPLY_COMMAND) != COMMAND_TRACKING ||
	    knts_get_be32(packet + REPLY_SEQUENCE) != (uint32_t)question->nonce)
		return -EAGAIN;
	if (packet[REPLY_VERSION] != PROTOCOL_VERSION)
		return fail(-EPROTO, error, error_size,
			    "chronyd speaks version %u of its protocol, not %u",
			    packet[REPLY_VERSION], PROTOCOL_VERSION);
	status = knts_get_be16(packet + REPLY_STATUS);
	if (status != STATUS_SUCCESS)
		return fail(-EPROTO, error, error_size,
			    "chronyd refuses the request 'tracking' with status %u",
			    status);
	if (knts_get_be16(packet + REPLY_REPLY) != REPLY_TRACKING ||
	    len < TRACKING_LEN)
		return fail(-EPROTO, error, error_size,
			    "chronyd's reply of %zu octets is no tracking report of %u",
			    len, TRACKING_LEN);
	*reading = (struct clock_reading){
		.leap = knts_get_be16(packet + REPLY_LEAP) & 3,
		.stratum = knts_get_be16(packet + REPLY_STRATUM) & 0xff,
		.root_delay_s = get_float(packet + REPLY_ROOT_DELAY),
		/* What chronyd still has to slew is not in anybody's T3. */
		.root_dispersion_s = get_float(packet + REPLY_ROOT_DISPERSION) +
				     fabs(get_float(packet + REPLY_CORRECTION)),
		.reference_id = knts_get_be32(packet + REPLY_REFERENCE_ID),
		.reference_time = get_time(packet),
		.dispersion_rate =
			(fabs(get_float(packet + REPLY_RESIDUAL_PPM)) +
			 fabs(get_float(packet + REPLY_SKEW_PPM))) / 1e6,
	};
	return 0;
}

const struct clock_source clock_chrony = {
	.name = "chronyd",
	.open = open_socket,
	.close = close_socket,
	.ask = ask,
	.parse = parse,
};
