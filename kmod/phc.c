// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hash.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/busy_poll.h>

#include <linux/knts.h>

#include "compat/extack.h"
#include "phc.h"

/**
 * struct knts_phc_map - finds the device that received a packet
 * @rcu: for its end
 * @bits: log2 of the number of @slots
 * @count: number of @phcs
 * @phcs: all devices
 * @slots: by the id of the NAPI instance that polled the packet, which it keeps
 *	when a bond, a VLAN or a bridge puts its own device there; open
 *	addressing, never full
 */
struct knts_phc_map {
	struct rcu_head rcu;
	unsigned int bits;
	unsigned int count;
	struct knts_phc *phcs[KNTS_PHCS_MAX];
	struct {
		unsigned int napi_id;
		struct knts_phc *phc;
	} slots[];
};

static struct knts_phc *find_napi(const struct knts_phc_map *map,
				  unsigned int napi_id)
{
	unsigned int mask = BIT(map->bits) - 1;
	unsigned int i;

	for (i = hash_32(napi_id, map->bits); map->slots[i].phc;
	     i = (i + 1) & mask)
		if (map->slots[i].napi_id == napi_id)
			return map->slots[i].phc;
	return NULL;
}

struct knts_phc *knts_phc_find(const struct knts_net *knet,
			       const struct sk_buff *skb)
{
	const struct knts_phc_map *map = rcu_dereference(knet->phc_map);
	struct knts_phc *phc;
	unsigned int i;

	if (!map)
		return NULL;

	phc = find_napi(map, skb_napi_id(skb));
	if (phc)
		return phc;
	for (i = 0; i < map->count; i++)
		if (map->phcs[i]->dev == skb->dev)
			return map->phcs[i];
	return NULL;
}

struct knts_phc *knts_phc_find_index(const struct knts_net *knet, int ifindex)
{
	const struct knts_phc_map *map = rcu_dereference(knet->phc_map);
	unsigned int i;

	for (i = 0; map && i < map->count; i++)
		if (map->phcs[i]->dev->ifindex == ifindex)
			return map->phcs[i];
	return NULL;
}

const struct knts_phc_setting *knts_phc_line(const struct knts_phc *phc,
					     const struct knts_now *now)
{
	const struct knts_phc_setting *setting;
	const struct knts_line *line;

	if (!phc)
		return NULL;

	setting = rcu_dereference(phc->setting);
	line = &setting->line;
	if (!setting->has_line || now->raw_ns - line->set_raw_ns >
				  (u64)line->lifetime_ms * NSEC_PER_MSEC)
		return NULL;
	return setting;
}

void knts_phc_learn(struct knts_phc *phc, int cpu, enum knts_phc_kind kind,
		    u32 delay_ns, u64 raw_ns)
{
	struct knts_phc_cpu *known = per_cpu_ptr(phc->cpus, cpu);

	raw_spin_lock(&known->lock);
	knts_departure_learn(&known->departures[kind], delay_ns, raw_ns);
	raw_spin_unlock(&known->lock);
}

/* Sums over all that know enough: of the errors' squares in @square. */
static unsigned int sum_up(const struct knts_phc *phc,
			   struct knts_phc_departures *sum, u64 *delay_ns,
			   u64 *error_ns, u64 *square)
{
	unsigned int count = 0;
	int cpu, kind;

	for_each_possible_cpu(cpu) {
		struct knts_phc_cpu *known = per_cpu_ptr(phc->cpus, cpu);

		for (kind = 0; kind < KNTS_PHC_KINDS; kind++) {
			const struct knts_departure *departure =
				&known->departures[kind];

			raw_spin_lock_irq(&known->lock);
			sum->samples += departure->samples;
			if (departure->samples >= KNTS_DEPARTURE_MIN) {
				count++;
				*delay_ns += departure->delay_ns;
				*error_ns += knts_departure_error_ns(departure);
				*square += departure->square;
			}
			raw_spin_unlock_irq(&known->lock);
		}
	}
	return count;
}

void knts_phc_read_departures(const struct knts_phc *phc,
			      struct knts_phc_departures *sum)
{
	u64 delay_ns = 0, error_ns = 0, square = 0;
	unsigned int count;
	u64 mean_square;

	*sum = (struct knts_phc_departures){ };
	count = sum_up(phc, sum, &delay_ns, &error_ns, &square);
	if (!count)
		return;

	sum->delay_ns = div_u64(delay_ns, count);
	sum->error_ns = div_u64(error_ns, count);
	mean_square = (u64)sum->error_ns * sum->error_ns;
	square = div_u64(square, count);
	sum->deviation_ns = square > mean_square ?
			    int_sqrt64(square - mean_square) : 0;
}

static unsigned int count_napis(const struct net_device *dev)
{
	const struct napi_struct *napi;
	unsigned int count = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(napi, &dev->napi_list, dev_list)
		count++;
	rcu_read_unlock();
	return count;
}

/* At most @room of them: some may have come since they were counted. */
static unsigned int map_napis(struct knts_phc_map *map, struct knts_phc *phc,
			      unsigned int room)
{
	unsigned int mask = BIT(map->bits) - 1;
	const struct napi_struct *napi;
	unsigned int count = 0;
	unsigned int i;

	rcu_read_lock();
	list_for_each_entry_rcu(napi, &phc->dev->napi_list, dev_list) {
		unsigned int napi_id = READ_ONCE(napi->napi_id);

		if (count == room)
			break;
		if (napi_id < MIN_NAPI_ID || find_napi(map, napi_id))
			continue;
		i = hash_32(napi_id, map->bits);
		while (map->slots[i].phc)
			i = (i + 1) & mask;
		map->slots[i].napi_id = napi_id;
		map->slots[i].phc = phc;
		count++;
	}
	rcu_read_unlock();
	return count;
}

static struct knts_phc_map *map_locked(const struct knts_net *knet)
{
	return rcu_dereference_protected(knet->phc_map,
					 lockdep_is_held(&knet->lock));
}

/*
 * Make the map anew. Devices give their NAPI instances other ids when their
 * queues change, and tell nobody; so it is made with every line that is set.
 */
static int map_renew(struct knts_net *knet)
{
	struct knts_phc_map *map = NULL, *old = map_locked(knet);
	unsigned int room = 0;
	struct knts_phc *phc;
	unsigned int bits;

	list_for_each_entry(phc, &knet->phcs, node)
		room += count_napis(phc->dev);

	if (!list_empty(&knet->phcs)) {
		bits = order_base_2(2 * room + 2);
		map = kzalloc(struct_size(map, slots, BIT(bits)),
			      GFP_KERNEL_ACCOUNT);
		if (!map)
			return -ENOMEM;
		map->bits = bits;
	}
	list_for_each_entry(phc, &knet->phcs, node) {
		map->phcs[map->count++] = phc;
		room -= map_napis(map, phc, room);
	}

	rcu_assign_pointer(knet->phc_map, map);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

static void phc_free(struct rcu_head *rcu)
{
	struct knts_phc *phc = container_of(rcu, struct knts_phc, rcu);

	kfree(rcu_dereference_protected(phc->setting, true));
	free_percpu(phc->cpus);
	kfree(phc);
}

/* Packets may look at it for a grace period more, its device too. */
static void phc_put(struct knts_phc *phc)
{
	netdev_put(phc->dev, &phc->tracker);
	call_rcu(&phc->rcu, phc_free);
}

static struct knts_phc *phc_alloc(struct net_device *dev)
{
	struct knts_phc *phc;
	int cpu;

	phc = kzalloc(sizeof(*phc), GFP_KERNEL_ACCOUNT);
	if (!phc)
		return NULL;
	phc->cpus = alloc_percpu_gfp(struct knts_phc_cpu, GFP_KERNEL_ACCOUNT);
	if (!phc->cpus) {
		kfree(phc);
		return NULL;
	}

	for_each_possible_cpu(cpu)
		raw_spin_lock_init(&per_cpu_ptr(phc->cpus, cpu)->lock);
	phc->dev = dev;
	netdev_hold(dev, &phc->tracker, GFP_KERNEL);
	strscpy(phc->device, dev->name, sizeof(phc->device));
	return phc;
}

static struct knts_phc *find_name(struct knts_net *knet, const char *device)
{
	struct knts_phc *phc;

	list_for_each_entry(phc, &knet->phcs, node)
		if (!strcmp(phc->device, device))
			return phc;
	return NULL;
}

static unsigned int count_phcs(struct knts_net *knet)
{
	const struct knts_phc_map *map = map_locked(knet);

	return map ? map->count : 0;
}

static struct knts_phc *phc_add(struct knts_net *knet, const char *device,
				struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_name(knet->net, device);
	struct knts_phc *phc;

	if (!dev) {
		knts_compat_refuse(extack, NULL,
				   "there is no such device in this network namespace",
				   ": %s", device);
		return ERR_PTR(-ENODEV);
	}
	if (count_phcs(knet) == KNTS_PHCS_MAX) {
		knts_compat_refuse(extack, NULL,
				   "no more devices can have a PHC",
				   " than %u", KNTS_PHCS_MAX);
		return ERR_PTR(-ENOSPC);
	}

	phc = phc_alloc(dev);
	if (!phc)
		return ERR_PTR(-ENOMEM);
	list_add_tail(&phc->node, &knet->phcs);
	return phc;
}

/* What was learnt by a line that is void is void. */
static void forget_departures(struct knts_phc *phc)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct knts_phc_cpu *known = per_cpu_ptr(phc->cpus, cpu);

		raw_spin_lock_irq(&known->lock);
		memset(known->departures, 0, sizeof(known->departures));
		raw_spin_unlock_irq(&known->lock);
	}
}

/* 10^12 is 2^12 * 244140625. In two steps, since 2^31 * 2^36 is too much. */
static u64 line_rate(s32 rate_ppt)
{
	s64 rate = div_s64((s64)rate_ppt << 31, 244140625) << 5;

	return (1ULL << KNTS_LINE_SHIFT) + rate;
}

int knts_phc_set(struct knts_net *knet, const char *device,
		 const struct knts_phc_setting *like,
		 struct netlink_ext_ack *extack)
{
	struct knts_phc *phc = find_name(knet, device);
	struct knts_phc_setting *setting, *old;
	bool is_new = !phc;
	int err;

	if (is_new)
		phc = phc_add(knet, device, extack);
	if (IS_ERR(phc))
		return PTR_ERR(phc);

	setting = kmemdup(like, sizeof(*like), GFP_KERNEL_ACCOUNT);
	if (!setting) {
		err = -ENOMEM;
		goto err_del_phc;
	}
	setting->line.rate = line_rate(like->line.rate_ppt);
	setting->line.set_raw_ns = ktime_get_raw_ns();

	old = rcu_dereference_protected(phc->setting,
					lockdep_is_held(&knet->lock));
	rcu_assign_pointer(phc->setting, setting);
	if (old)
		kfree_rcu(old, rcu);
	if (!setting->has_line)
		forget_departures(phc);

	err = map_renew(knet);
	if (!err || !is_new)
		return err;

err_del_phc:
	if (is_new) {
		list_del(&phc->node);
		phc_put(phc);
	}
	return err;
}

/* A map that cannot be made anew for want of memory goes: it names the device. */
static void forget(struct knts_net *knet, struct knts_phc *phc)
{
	struct knts_phc_map *map;

	list_del(&phc->node);
	if (map_renew(knet)) {
		map = map_locked(knet);
		RCU_INIT_POINTER(knet->phc_map, NULL);
		kfree_rcu(map, rcu);
	}
	phc_put(phc);
}

int knts_phc_del(struct knts_net *knet, const char *device)
{
	struct knts_phc *phc = find_name(knet, device);

	if (!phc)
		return -ENOENT;

	forget(knet, phc);
	return 0;
}

static int device_event(struct notifier_block *block, unsigned long event,
			void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct knts_net *knet = container_of(block, struct knts_net,
					     phc_devices);
	struct knts_phc *phc, *next;

	if (event != NETDEV_UNREGISTER && event != NETDEV_CHANGENAME)
		return NOTIFY_DONE;

	mutex_lock(&knet->lock);
	list_for_each_entry_safe(phc, next, &knet->phcs, node) {
		if (phc->dev != dev)
			continue;
		if (event == NETDEV_UNREGISTER)
			forget(knet, phc);
		else
			strscpy(phc->device, dev->name, sizeof(phc->device));
	}
	mutex_unlock(&knet->lock);
	return NOTIFY_DONE;
}

int knts_phc_setup(struct knts_net *knet)
{
	INIT_LIST_HEAD(&knet->phcs);
	knet->phc_devices.notifier_call = device_event;
	return register_netdevice_notifier_net(knet->net, &knet->phc_devices);
}

/* No packet looks here any more. */
void knts_phc_teardown(struct knts_net *knet)
{
	struct knts_phc *phc, *next;

	mutex_lock(&knet->lock);
	list_for_each_entry_safe(phc, next, &knet->phcs, node)
		forget(knet, phc);
	mutex_unlock(&knet->lock);
	unregister_netdevice_notifier_net(knet->net, &knet->phc_devices);
}
