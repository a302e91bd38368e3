/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interleaved mode's table of a network namespace (core/pairs.h), of a size that
 * userspace sets.
 */
#ifndef KNTS_INTERLEAVE_H
#define KNTS_INTERLEAVE_H

#include "core/pairs.h"
#include "knts.h"

/**
 * struct knts_interleave - the table
 * @pairs: its pairs
 * @count: how many, a power of two
 */
struct knts_interleave {
	struct knts_pairs pairs;
	u32 count;
};

/**
 * knts_interleave_pairs() - the table
 * @knet: namespace
 *
 * Context: RCU read-side section.
 * Return: the table, or NULL if interleaved mode is off.
 */
struct knts_pairs *knts_interleave_pairs(const struct knts_net *knet);

/**
 * knts_interleave_set() - put an empty table of another size there
 * @knet: namespace
 * @count: pairs; rounded up to a power of two; 0: interleaved mode is off. If
 *	that is the present size, the table stays as it is.
 *
 * Context: process, @knet->lock held; waits for a grace period.
 * Return: 0 or -ENOMEM: then the old one is still there.
 */
int knts_interleave_set(struct knts_net *knet, u32 count);

/**
 * knts_interleave_get() - how many pairs there is room for
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 * Return: pairs, 0 if interleaved mode is off.
 */
u32 knts_interleave_get(const struct knts_net *knet);

void knts_interleave_teardown(struct knts_net *knet);

#endif
