/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CLOCK_REALTIME and CLOCK_MONOTONIC_RAW at one instant.
 *
 * 7.2 has ktime_get_snapshot_id() for a clock of choice, and other names for what
 * it fills in. No macro tells: Kbuild looks into the header. Goes with 7.1.
 */
#ifndef KNTS_COMPAT_SNAPSHOT_H
#define KNTS_COMPAT_SNAPSHOT_H

#include <linux/timekeeping.h>

static inline void knts_compat_snapshot(struct system_time_snapshot *snapshot,
					u64 *real_ns, u64 *raw_ns)
{
#ifdef KNTS_COMPAT_SNAPSHOT_ID
	ktime_get_snapshot_id(CLOCK_REALTIME, snapshot);
	*real_ns = ktime_to_ns(snapshot->systime);
	*raw_ns = ktime_to_ns(snapshot->monoraw);
#else
	ktime_get_snapshot(snapshot);
	*real_ns = ktime_to_ns(snapshot->real);
	*raw_ns = ktime_to_ns(snapshot->raw);
#endif
}

#endif
