/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The NTP header (RFC 5905, 7.3), its time formats, and how long a packet may
 * be. Timestamps are 64-bit NTP timestamps, 32.32, in host order.
 */
#ifndef KNTS_CORE_NTP_H
#define KNTS_CORE_NTP_H

#include "port.h"

#define KNTS_NTP_HEADER_LEN 48
/* A request of AEAD 17 for 8 cookies has 1500 octets; some room for more. */
#define KNTS_NTP_MAX_LEN 1536

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
#define KNTS_NTP_KISS_DENY 0x44454e59
#define KNTS_NTP_KISS_NTSN 0x4e54534e

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
 * @reference: the clock's last update, 0 if there was none
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
	u64 sec = knts_div_u64(real_ns, 1000000000);
	u32 nsec = (u32)(real_ns - sec * 1000000000);

	return (sec + KNTS_NTP_UNIX_EPOCH_S) << 32 |
	       knts_div_u64((u64)nsec << 32, 1000000000);
}

/**
 * knts_ntp_blur() - fill a timestamp's bits below the precision at random
 * @ts: NTP timestamp
 * @precision: log2 of seconds; its bits below 2^@precision are replaced, but
 *	never whole seconds
 * @random: 32 random bits at least
 *
 * RFC 5905, 6: what a clock cannot tell is noise, not zeros.
 *
 * Return: the timestamp, changed by less than 2^@precision seconds.
 */
u64 knts_ntp_blur(u64 ts, s8 precision, u64 random);

/**
 * knts_ntp_dispersion() - root dispersion of a clock left to itself
 * @base: root dispersion at its last update, 16.16 seconds
 * @rate_ppb: how fast it grows, nanoseconds a second
 * @age_ms: milliseconds since that update
 *
 * Return: 16.16 seconds, rounded up; 0xffffffff if it is more than that.
 */
u32 knts_ntp_dispersion(u32 base, u32 rate_ppb, u64 age_ms);

#endif
