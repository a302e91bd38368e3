/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data that only softirq touches.
 *
 * From 6.11 on there is local_lock_nested_bh(): nothing but a lockdep check on
 * most kernels, a lock on those PREEMPT_RT kernels where disabling softirqs no
 * longer excludes another softirq on the same CPU. Earlier it always does.
 * Goes with 6.10.
 */
#ifndef KNTS_COMPAT_LOCAL_LOCK_H
#define KNTS_COMPAT_LOCAL_LOCK_H

#include <linux/local_lock.h>

#ifdef local_lock_nested_bh
#define knts_compat_lock_bh(lock) local_lock_nested_bh(lock)
#define knts_compat_unlock_bh(lock) local_unlock_nested_bh(lock)
#else
#define knts_compat_lock_bh(lock) lockdep_assert(in_softirq())
#define knts_compat_unlock_bh(lock) do { } while (0)
#endif

#endif
