/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The POLYVAL seam: what AES-GCM-SIV asks of a carry-less multiplication.
 * Backends: kmod/aes/ in the kernel, helper/libknts/polyval.c in userspace. All
 * run in constant time.
 */
#ifndef KNTS_CORE_POLYVAL_H
#define KNTS_CORE_POLYVAL_H

#include "port.h"

#define KNTS_POLYVAL_BLOCK_LEN 16

/**
 * knts_polyval() - hash blocks
 * @acc: what the blocks before came to, 16 octets, all zero at first; gets what
 *	these come to. Secret.
 * @h: the hash's key, 16 octets; may be @acc
 * @in: @blocks times 16 octets
 * @blocks: how many; may be 0
 *
 * For each block X, @acc becomes dot(@acc + X, @h): RFC 8452, 3.
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks);

/**
 * knts_polyval_portable() - knts_polyval() on any machine
 * @acc: as there
 * @h: as there
 * @in: as there
 * @blocks: as there
 *
 * By integer multiplications, so where those take a time that depends on their
 * operands, this does.
 *
 * Context: any, softirq included; does not sleep.
 */
void knts_polyval_portable(u8 *acc, const u8 *h, const u8 *in, size_t blocks);

#endif
