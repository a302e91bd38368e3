/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vector registers of arm64.
 *
 * From 6.19 on who takes them brings room for what they hold, if a softirq takes
 * them from another section, and for a section that is scheduled out. Here none
 * is, so each CPU has one such room. Kbuild looks whether kernel_neon_begin()
 * takes it. Goes when 6.18 is no longer served.
 */
#ifndef KNTS_COMPAT_NEON_H
#define KNTS_COMPAT_NEON_H

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <asm/neon.h>

#ifdef KNTS_COMPAT_NEON_STATE
static DEFINE_PER_CPU(struct user_fpsimd_state, knts_compat_neon_state);
#define KNTS_COMPAT_NEON_ROOM this_cpu_ptr(&knts_compat_neon_state)
#else
#define KNTS_COMPAT_NEON_ROOM
#endif

static inline void knts_compat_neon_begin(void)
{
	preempt_disable();
	kernel_neon_begin(KNTS_COMPAT_NEON_ROOM);
}

static inline void knts_compat_neon_end(void)
{
	kernel_neon_end(KNTS_COMPAT_NEON_ROOM);
	preempt_enable();
}

#endif
