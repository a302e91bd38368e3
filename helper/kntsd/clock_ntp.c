// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any NTP daemon on this machine, asked as a client asks (RFC 5905, mode 3):
 * what it would tell others of its clock is what the kernel tells them.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock_source.h"
#include "core/ntp.h"
#include "fail.h"

#define VERSION 4
/* It disciplines this machine's clock, so that they can't be far apart. */
#define OFFSET_MAX_S 1.0

static void close_socket(int fd)
{
	close(fd);
}

static int open_socket(const struct config_clock *config, char *error,
		       size_t error_size)
{
	const struct sockaddr *sa = (const struct sockaddr *)&config->server;
	socklen_t len = sa->sa_family == AF_INET ? sizeof(struct sockaddr_in) :
						   sizeof(struct sockaddr_in6);
	int err;
	int fd;

	fd = socket(sa->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(-errno, error, error_size, "no socket: %s",
			    strerror(errno));
	if (connect(fd, sa, len) < 0) {
		err = fail(-errno, error, error_size,
			   "cannot reach the NTP daemon: %s", strerror(errno));
		close(fd);
		return err;
	}
	return fd;
}

/* The transmit timestamp is random: only who saw the request can answer it. */
static size_t ask(const struct clock_question *question, uint8_t *packet)
{
	memset(packet, 0, KNTS_NTP_HEADER_LEN);
	packet[KNTS_NTP_LVM] = VERSION << 3 | KNTS_NTP_MODE_CLIENT;
	knts_put_be64(packet + KNTS_NTP_TRANSMIT, question->nonce);
	return KNTS_NTP_HEADER_LEN;
}

/* By how much its timestamps lie outside our own around them. */
static double offset_s(const struct clock_question *question,
		       const uint8_t *packet)
{
	int64_t early = question->sent -
			knts_get_be64(packet + KNTS_NTP_RECEIVE);
	int64_t late = knts_get_be64(packet + KNTS_NTP_TRANSMIT) -
		       question->received;
	int64_t offset = early > late ? early : late;

	return offset > 0 ? offset / 4294967296.0 : 0;
}

static int parse(const struct clock_question *question, const uint8_t *packet,
		 size_t len, struct clock_reading *reading, char *error,
		 size_t error_size)
{
	double offset;

	if (len < KNTS_NTP_HEADER_LEN ||
	    (packet[KNTS_NTP_LVM] & 7) != KNTS_NTP_MODE_SERVER ||
	    knts_get_be64(packet + KNTS_NTP_ORIGIN) != question->nonce)
		return -EAGAIN;
	*reading = (struct clock_reading){
		.leap = packet[KNTS_NTP_LVM] >> 6,
		.stratum = packet[KNTS_NTP_STRATUM],
		.root_delay_s =
			knts_get_be32(packet + KNTS_NTP_ROOT_DELAY) / 65536.0,
		.root_dispersion_s =
			knts_get_be32(packet + KNTS_NTP_ROOT_DISPERSION) /
			65536.0,
		.reference_id = knts_get_be32(packet + KNTS_NTP_REFERENCE_ID),
		.reference_time = knts_get_be64(packet + KNTS_NTP_REFERENCE),
	};
	if (reading->leap == KNTS_NTP_LEAP_UNSYNC)
		return 0;
	if (!reading->stratum)
		return fail(-EPROTO, error, error_size,
			    "the NTP daemon answers with the kiss code %.4s",
			    (const char *)packet + KNTS_NTP_REFERENCE_ID);
	offset = offset_s(question, packet);
	if (offset > OFFSET_MAX_S)
		return fail(-EPROTO, error, error_size,
			    "the NTP daemon's time is %.3f s off this machine's clock: it does not discipline it",
			    offset);
	reading->root_dispersion_s += offset;
	return 0;
}

const struct clock_source clock_ntp = {
	.name = "ntp",
	.open = open_socket,
	.close = close_socket,
	.ask = ask,
	.parse = parse,
};
