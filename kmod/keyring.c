// SPDX-License-Identifier: GPL-2.0-only
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/u64_stats_sync.h>

#include "compat/extack.h"
#include "keyring.h"
#include "report.h"

struct knts_key_uses {
	struct u64_stats_sync sync;
	u64_stats_t opened;
	u64_stats_t sealed;
};

struct knts_key *knts_keyring_find(const struct knts_ring *ring, u32 id)
{
	unsigned int i;

	if (!ring)
		return NULL;
	for (i = 0; i < ring->count; i++)
		if (ring->ids[i] == id)
			return ring->keys[i];
	return NULL;
}

void knts_keyring_count(const struct knts_key *key, unsigned int opened,
			unsigned int sealed)
{
	struct knts_key_uses *uses = this_cpu_ptr(key->uses);

	u64_stats_update_begin(&uses->sync);
	u64_stats_add(&uses->opened, opened);
	u64_stats_add(&uses->sealed, sealed);
	u64_stats_update_end(&uses->sync);
}

void knts_keyring_read(const struct knts_key *key, u64 *opened, u64 *sealed)
{
	int cpu;

	*opened = 0;
	*sealed = 0;
	for_each_possible_cpu(cpu) {
		const struct knts_key_uses *uses = per_cpu_ptr(key->uses, cpu);
		u64 cpu_opened, cpu_sealed;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&uses->sync);
			cpu_opened = u64_stats_read(&uses->opened);
			cpu_sealed = u64_stats_read(&uses->sealed);
		} while (u64_stats_fetch_retry(&uses->sync, start));
		*opened += cpu_opened;
		*sealed += cpu_sealed;
	}
}

static void cookie_key_put(struct knts_key *key)
{
	free_percpu(key->uses);
	kfree_sensitive(key);
}

static struct knts_key *cookie_key_alloc(const struct knts_key_wanted *wanted)
{
	struct knts_key *key;
	int cpu;

	key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	if (!key)
		return NULL;
	key->uses = alloc_percpu_gfp(struct knts_key_uses, GFP_KERNEL_ACCOUNT);
	if (!key->uses) {
		kfree(key);
		return NULL;
	}

	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(key->uses, cpu)->sync);
	key->id = wanted->id;
	key->created_s = wanted->created_s;
	knts_siv_expand(&key->siv, wanted->secret, KNTS_KEY_SECRET_LEN);
	return key;
}

/* An id means one secret for ever: cookies name their key by it alone. */
static int check_same_secret(const struct knts_key *known,
			     const struct knts_key_wanted *wanted,
			     struct netlink_ext_ack *extack)
{
	struct knts_key *key = cookie_key_alloc(wanted);
	bool differ;

	if (!key)
		return -ENOMEM;
	differ = knts_differ(&key->siv, &known->siv, sizeof(key->siv));
	cookie_key_put(key);
	if (!differ)
		return 0;

	knts_compat_refuse(extack, wanted->attr,
			   "the key has another secret here; take a new key id",
			   ": %u", wanted->id);
	return -EEXIST;
}

/* Put one key into the new ring: the old ring's own, or one made of a secret. */
static int ring_add(struct knts_ring *ring, const struct knts_ring *old,
		    const struct knts_key_wanted *wanted,
		    struct netlink_ext_ack *extack)
{
	struct knts_key *key = knts_keyring_find(old, wanted->id);
	int err;

	if (knts_keyring_find(ring, wanted->id)) {
		knts_compat_refuse(extack, wanted->attr,
				   "a key id is there twice; each may be there once",
				   ": %u", wanted->id);
		return -EINVAL;
	}

	if (key && wanted->secret) {
		err = check_same_secret(key, wanted, extack);
		if (err)
			return err;
	} else if (!key && !wanted->secret) {
		knts_compat_refuse(extack, wanted->attr,
				   "a key that the ring lacks needs its secret",
				   ": %u", wanted->id);
		return -ENOKEY;
	} else if (!key) {
		key = cookie_key_alloc(wanted);
		if (!key)
			return -ENOMEM;
	}

	ring->ids[ring->count] = key->id;
	ring->keys[ring->count++] = key;
	return 0;
}

/* Free a ring, and of its keys those that @other has not. */
static void ring_put(struct knts_ring *ring, const struct knts_ring *other)
{
	unsigned int i;

	if (!ring)
		return;
	for (i = 0; i < ring->count; i++)
		if (!knts_keyring_find(other, ring->ids[i]))
			cookie_key_put(ring->keys[i]);
	kfree(ring);
}

static int ring_make(struct knts_ring **made, const struct knts_ring *old,
		     const struct knts_key_wanted *wanted, unsigned int count,
		     u32 active_id, struct netlink_ext_ack *extack)
{
	struct knts_ring *ring;
	unsigned int i;
	int err;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return -ENOMEM;

	for (i = 0; i < count; i++) {
		err = ring_add(ring, old, &wanted[i], extack);
		if (err)
			goto err_put_ring;
	}

	ring->active = knts_keyring_find(ring, active_id);
	if (!ring->active) {
		knts_compat_refuse(extack, NULL,
				   "the active id is none of the ring's keys",
				   ": %u", active_id);
		err = -EINVAL;
		goto err_put_ring;
	}

	*made = ring;
	return 0;

err_put_ring:
	ring_put(ring, old);
	return err;
}

static void tell_arrivals(struct knts_net *knet, const struct knts_ring *ring,
			  const struct knts_ring *old)
{
	unsigned int i;

	for (i = 0; i < ring->count; i++)
		if (!knts_keyring_find(old, ring->ids[i]))
			knts_report_key_ntf(knet, ring->keys[i], false,
					    KNTS_CMD_KEY_ADD_NTF);
	if (!old || ring->active != old->active)
		knts_report_key_ntf(knet, ring->active, true,
				    KNTS_CMD_KEY_ACTIVATE_NTF);
}

static void wipe_leavers(struct knts_net *knet, const struct knts_ring *old,
			 const struct knts_ring *ring)
{
	unsigned int i;

	for (i = 0; i < old->count; i++) {
		if (knts_keyring_find(ring, old->ids[i]))
			continue;
		knts_wipe(&old->keys[i]->siv, sizeof(old->keys[i]->siv));
		knts_report_key_ntf(knet, old->keys[i], false,
				    KNTS_CMD_KEY_DEL_NTF);
	}
}

int knts_keyring_set(struct knts_net *knet,
		     const struct knts_key_wanted *wanted, unsigned int count,
		     u32 active_id, struct netlink_ext_ack *extack)
{
	struct knts_ring *ring = NULL;
	struct knts_ring *old;
	int err;

	old = rcu_dereference_protected(knet->ring,
					lockdep_is_held(&knet->lock));
	if (count) {
		err = ring_make(&ring, old, wanted, count, active_id, extack);
		if (err)
			return err;
	}

	rcu_assign_pointer(knet->ring, ring);
	if (ring)
		tell_arrivals(knet, ring, old);
	if (!old)
		return 0;

	synchronize_rcu();
	wipe_leavers(knet, old, ring);
	ring_put(old, ring);
	return 0;
}

void knts_keyring_teardown(struct knts_net *knet)
{
	ring_put(rcu_dereference_protected(knet->ring, true), NULL);
}
