/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine's vector instructions under names that are the same for all: vec_...
 * Each machine's header has all of them.
 */
#ifndef KNTS_AES_VEC_H
#define KNTS_AES_VEC_H

#if defined(__x86_64__)
#include "x86.h"
#elif defined(__aarch64__)
#include "arm64.h"
#endif

#endif
