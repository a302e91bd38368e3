/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between kernels 6.1 and 7.x; Kbuild looks into their headers. */
#ifndef KNTS_HWSIM_COMPAT_H
#define KNTS_HWSIM_COMPAT_H

#include <linux/ethtool.h>
#include <linux/hrtimer.h>

/* 6.11 took the structure of get_ts_info out of the user's interface. */
#ifdef HWSIM_HAS_KERNEL_TS_INFO
#define hwsim_compat_ts_info kernel_ethtool_ts_info
#else
#define hwsim_compat_ts_info ethtool_ts_info
#endif

/* 6.15 took hrtimer_init() away, which 6.13 made two steps of one. */
static inline void
hwsim_compat_hrtimer_setup(struct hrtimer *timer,
			   enum hrtimer_restart (*function)(struct hrtimer *),
			   enum hrtimer_mode mode)
{
#ifdef HWSIM_HAS_HRTIMER_SETUP
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, mode);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, mode);
	timer->function = function;
#endif
}

#endif
