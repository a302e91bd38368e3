/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What workers count, one list: index and name in "ke-stats". Every accepted
 * connection ends in exactly one of those from TLS_VERSION on.
 */
#ifndef KNTSD_KE_STATS_H
#define KNTSD_KE_STATS_H

#include <stdint.h>

#define KE_STATS(stat) \
	stat(ACCEPTED, "accepted") \
	stat(HANDSHAKES, "handshakes") \
	stat(UNKNOWN_NAME, "unknown-name") \
	stat(PAUSED, "paused") \
	stat(NO_DESCRIPTORS, "no-descriptors") \
	stat(TLS_VERSION, "tls-version") \
	stat(TLS_NO_CIPHER, "tls-no-cipher") \
	stat(TLS_NOT_TLS, "tls-not-tls") \
	stat(TLS_UNKNOWN_CA, "tls-unknown-ca") \
	stat(TLS_EXPIRED, "tls-expired") \
	stat(TLS_BAD_CERTIFICATE, "tls-bad-certificate") \
	stat(TLS_FAILED, "tls-failed") \
	stat(NO_ALPN, "no-alpn") \
	stat(HANDSHAKE_ABANDONED, "handshake-abandoned") \
	stat(HANDSHAKE_TIMEOUT, "handshake-timeout") \
	stat(ABANDONED, "abandoned") \
	stat(ANSWERED, "answered") \
	stat(NOTHING_AGREED, "nothing-agreed") \
	stat(UNRECOGNISED, "error-unrecognised") \
	stat(BAD_REQUEST, "error-bad-request") \
	stat(REQUEST_TIMEOUT, "error-request-timeout") \
	stat(INTERNAL, "error-internal")

#define KE_STATS_ENUM(id, name) KE_STAT_##id,
enum ke_stat {
	KE_STATS(KE_STATS_ENUM)
	KE_STAT_COUNT,
};
#undef KE_STATS_ENUM

/* Powers of two from 2^-12 s, a quarter of a millisecond, to 2^4 s. */
#define KE_DURATIONS 17
#define KE_DURATION_MIN_LOG2 (-12)

/**
 * struct ke_stats - the counters, and how long answers took
 * @counters: by enum ke_stat
 * @durations: from accept to an answer with cookies written: how many took up
 *	to 2^(KE_DURATION_MIN_LOG2 + index) s, and more than the one before; the
 *	last are those that took longer than all
 * @durations_ns: their sum
 */
struct ke_stats {
	uint64_t counters[KE_STAT_COUNT];
	uint64_t durations[KE_DURATIONS + 1];
	uint64_t durations_ns;
};

/** ke_stats_duration() - count an answer that took so long */
void ke_stats_duration(struct ke_stats *stats, uint64_t ns);

/** ke_stats_add() - add up */
void ke_stats_add(struct ke_stats *total, const struct ke_stats *stats);

#endif
