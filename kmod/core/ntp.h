/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The NTP header (RFC 5905, 7.3), its time formats, and how long a packet may
 * be. Timestamps are 64-bit NTP timestamps, 32.32, in host order.
 */
#ifndef KNTS_CORE_NTP_H
#define KNTS_CORE_NTP_H

#include "port.h"

#define KNTS_NTP_HEADER_LEN 48
/* What fits a frame of 1500 octets over IPv6. */
#define KNTS_NTP_MAX_LEN 1452

enum knts_ntp_offset {
	KNTS_NTP_LVM = 0,
	KNTS_NTP_STRATUM = 1,
	KNTS_NTP_POLL = 2,
	KNTS_NTP_PRECISION = 3,
	KNTS_NTP_ROOT_DELAY = 4,
	KNTS_NTP_ROOT_DISPERSION = 8,
	KNTS_NTP_REFERENCE_ID = 12,
	KNTS_NTP_REFERENCE = 16,
	KNTS_NTP_ORIGIN = 24,
	KNTS_NTP_RECEIVE = 32,
	KNTS_NTP_TRANSMIT = 40,
};

#define KNTS_NTP_MODE_CLIENT 3
#define KNTS_NTP_MODE_SERVER 4
#define KNTS_NTP_LEAP_UNSYNC 3

/* Kiss codes, as they stand in the reference id (RFC 5905, 7.4). */
#define KNTS_KISS_DENY 0x44454e59
#define KNTS_KISS_NTSN 0x4e54534e

/* Seconds from 1900-01-01 to 1970-01-01. */
#define KNTS_NTP_UNIX_EPOCH_S 2208988800ULL

/**
 * struct knts_ntp_header - the fields of a reply that the clock decides
 * @leap: leap indicator, 0 to 3
 * @stratum: as on the wire: 0 when unsynchronised
 * @precision: log2 of seconds
 * @root_delay: 16.16 seconds, rounded up
 * @root_dispersion: 16.16 seconds, rounded up, as of now
 * @reference_id: as a big-endian number
 * @reference: the clock's last update
 */
struct knts_ntp_header {
	u8 leap;
	u8 stratum;
	s8 precision;
	u32 root_delay;
	u32 root_dispersion;
	u32 reference_id;
	u64 reference;
};

/**
 * knts_ntp_from_ns() - NTP timestamp of a CLOCK_REALTIME reading
 * @real_ns: nanoseconds since 1970
 *
 * The era is dropped, as on the wire: 2036-02-07T06:28:16Z is 0.
 *
 * Return: 32.32 seconds, rounded down.
 */
static inline u64 knts_ntp_from_ns(u64 real_ns)
{
	u64 sec = real_ns / 1000000000;
	u32 nsec = (u32)(real_ns - sec * 1000000000);

	/* 18446744073 is 2^64 / 10^9, rounded down. */
	return (sec + KNTS_NTP_UNIX_EPOCH_S) << 32 |
	       (nsec * 18446744073ULL + 0xffffffff) >> 32;
}

#endif
