/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What workers count, one list: index and name in "ke-stats". Every accepted
 * connection ends in exactly one of those from TLS_FAILED on.
 */
#ifndef KNTSD_KE_STATS_H
#define KNTSD_KE_STATS_H

#include <stdint.h>

#define KE_STATS(stat) \
	stat(ACCEPTED, "accepted") \
	stat(HANDSHAKES, "handshakes") \
	stat(PAUSED, "paused") \
	stat(NO_DESCRIPTORS, "no-descriptors") \
	stat(TLS_FAILED, "tls-failed") \
	stat(NO_ALPN, "no-alpn") \
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

/** struct ke_stats - the counters, by enum ke_stat */
struct ke_stats {
	uint64_t counters[KE_STAT_COUNT];
};

/** ke_stats_add() - add up */
void ke_stats_add(struct ke_stats *total, const struct ke_stats *stats);

#endif
