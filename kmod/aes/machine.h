/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does this machine have instructions for AES and carry-less multiplication, and
 * how are its vector registers taken in the kernel?
 */
#ifndef KNTS_AES_MACHINE_H
#define KNTS_AES_MACHINE_H

#if defined(CONFIG_X86_64)

#include <asm/cpufeature.h>
#include <asm/fpu/api.h>

#define KNTS_MACHINE_NATIVE 1
#define knts_machine_is_able() \
	(boot_cpu_has(X86_FEATURE_AES) && boot_cpu_has(X86_FEATURE_SSSE3) && \
	 boot_cpu_has(X86_FEATURE_PCLMULQDQ))
#define knts_machine_usable() irq_fpu_usable()
#define knts_machine_begin() kernel_fpu_begin()
#define knts_machine_end() kernel_fpu_end()

#elif defined(CONFIG_ARM64) && !defined(CONFIG_CPU_BIG_ENDIAN)

#include <asm/cpufeature.h>
#include <asm/simd.h>

#include "compat/neon.h"

#define KNTS_MACHINE_NATIVE 1
#define knts_machine_is_able() \
	(cpu_have_named_feature(AES) && cpu_have_named_feature(PMULL))
#define knts_machine_usable() may_use_simd()
#define knts_machine_begin() knts_compat_neon_begin()
#define knts_machine_end() knts_compat_neon_end()

#else

/* native.c is not built then, and all calls of it are left out. */
#define KNTS_MACHINE_NATIVE 0
#define knts_machine_is_able() false
#define knts_machine_usable() false
#define knts_machine_begin() do { } while (0)
#define knts_machine_end() do { } while (0)

#endif

#endif
