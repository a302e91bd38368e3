// SPDX-License-Identifier: GPL-2.0-only
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "interleave.h"

struct knts_pairs *knts_interleave_pairs(const struct knts_net *knet)
{
	struct knts_interleave *table = rcu_dereference(knet->interleave);

	return table ? &table->pairs : NULL;
}

/* Two buckets at least: a shift by 64 is none. */
static u32 round_count(u32 count)
{
	return max(roundup_pow_of_two(count), 2UL * KNTS_PAIRS_WAYS);
}

static struct knts_interleave *table_alloc(u32 count)
{
	struct knts_interleave *table;

	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->pairs.pairs = kvcalloc(count, sizeof(*table->pairs.pairs),
				      GFP_KERNEL_ACCOUNT);
	if (!table->pairs.pairs) {
		kfree(table);
		return NULL;
	}

	table->count = count;
	table->pairs.shift = 64 - ilog2(count / KNTS_PAIRS_WAYS);
	return table;
}

static void table_put(struct knts_interleave *table)
{
	if (!table)
		return;
	kvfree(table->pairs.pairs);
	kfree(table);
}

static struct knts_interleave *table_locked(const struct knts_net *knet)
{
	return rcu_dereference_protected(knet->interleave,
					 lockdep_is_held(&knet->lock));
}

int knts_interleave_set(struct knts_net *knet, u32 count)
{
	struct knts_interleave *table = NULL, *old = table_locked(knet);

	if (count) {
		count = round_count(count);
		if (old && old->count == count)
			return 0;
		table = table_alloc(count);
		if (!table)
			return -ENOMEM;
	}

	rcu_assign_pointer(knet->interleave, table);
	synchronize_rcu();
	table_put(old);
	return 0;
}

u32 knts_interleave_get(const struct knts_net *knet)
{
	const struct knts_interleave *table = table_locked(knet);

	return table ? table->count : 0;
}

void knts_interleave_teardown(struct knts_net *knet)
{
	table_put(rcu_dereference_protected(knet->interleave, true));
}
