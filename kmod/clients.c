// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "clients.h"

#define WAYS 8
/* About 17 minutes, the longest time between requests that is usual. */
#define SILENCE_NS (1ULL << 40)
#define SILENCE_SHIFT 40
/* More would keep a client for hours after its last packet. */
#define WEIGHT_MAX 65535

/**
 * struct set - the clients of one CPU whose hash has the same low bits
 * @tag: a place's whole hash, 0 if nobody has it
 * @weight: what a place's client has left of its packets
 * @client: whose it is
 *
 * What is looked at to find a client is one cache line, and the client another.
 */
struct set {
	u32 tag[WAYS];
	u32 weight[WAYS];
	struct knts_client client[WAYS];
} ____cacheline_aligned;

/**
 * struct table - one CPU's
 * @seq: odd while it is written to
 * @evicted: clients that had to go
 * @sets: as many as knts_clients.mask says
 */
struct table {
	seqcount_t seq;
	u64 evicted;
	struct set *sets;
};

/**
 * struct knts_clients - all CPUs' tables
 * @key: of the hash, so that nobody can aim at a set
 * @mask: number of sets - 1
 * @tables: the CPUs' own
 */
struct knts_clients {
	u64 key[2];
	u32 mask;
	struct table __percpu *tables;
};

/*
 * Of one multiplication addresses in a row come out as numbers in a row, a step of
 * the key's apart: with one key in 100 half of 16 neighbours would meet in one set.
 * The second breaks that up. Addresses of one set, if somebody found some, would
 * cost him as much as others do, and drive out nobody but a few others of that set;
 * a stronger hash would cost every packet more than all the rest of this file.
 */
static u32 hash_of(const struct knts_clients *clients,
		   const struct in6_addr *address)
{
	u64 words[2];
	u64 mixed;

	memcpy(words, address, sizeof(words));
	words[0] ^= clients->key[0];
	words[1] ^= clients->key[1];
	mixed = mul_u64_u64_shr(words[0], words[1], 64) ^ words[0] * words[1];
	return hash_64(mixed ^ mixed >> 32, 32) ?: 1;
}

/* Return: the place of a client, or -1. */
static int find(const struct set *set, u32 tag, const struct in6_addr *address)
{
	int way;

	for (way = 0; way < WAYS; way++)
		if (set->tag[way] == tag &&
		    ipv6_addr_equal(&set->client[way].address, address))
			return way;
	return -1;
}

/* What silence has left of a client's weight. */
static u32 weight_now(const struct set *set, int way, u64 raw_ns)
{
	u64 silence_ns = raw_ns - set->client[way].last_raw_ns;

	return set->weight[way] >> min_t(u64, silence_ns >> SILENCE_SHIFT, 31);
}

/*
 * The client that has the least weight, and of several the one that came last:
 * a flood of strangers then drives out strangers.
 */
static int find_lightest(const struct set *set, u64 raw_ns, u32 *weight)
{
	int lightest = 0;
	int way;

	*weight = weight_now(set, 0, raw_ns);
	for (way = 1; way < WAYS; way++) {
		u32 other = weight_now(set, way, raw_ns);

		if (other > *weight ||
		    (other == *weight && set->client[way].last_raw_ns <
					 set->client[lightest].last_raw_ns))
			continue;
		lightest = way;
		*weight = other;
	}

	return lightest;
}

/* Return: a place that a stranger may have, or -1. */
static int make_room(struct table *table, struct set *set, u64 raw_ns)
{
	u32 weight;
	int way;

	for (way = 0; way < WAYS; way++)
		if (!set->tag[way])
			return way;

	way = find_lightest(set, raw_ns, &weight);
	if (weight > 1) {
		set->weight[way] -= set->weight[way] / weight;
		return -1;
	}
	table->evicted++;
	return way;
}

/* Return: a stranger's place from now on, or -1. */
static noinline int settle(struct table *table, struct set *set, u32 tag,
			   const struct in6_addr *address, u64 raw_ns)
{
	int way = make_room(table, set, raw_ns);

	if (way < 0)
		return way;

	set->tag[way] = tag;
	set->weight[way] = 0;
	set->client[way] = (struct knts_client){
		.address = *address,
		.since_raw_ns = raw_ns,
	};
	return way;
}

/* The list of verdicts has answers first, then kiss codes, then drops. */
static enum knts_clients_event event_of(enum knts_verdict verdict)
{
	if (verdict == KNTS_ANSWER_PLAIN)
		return KNTS_CLIENTS_PLAIN;
	if (verdict == KNTS_ANSWER_NTS)
		return KNTS_CLIENTS_NTS;
	return verdict < KNTS_DROP_NTS_REQUIRED ? KNTS_CLIENTS_KISS :
						  KNTS_CLIENTS_DROP;
}

void knts_clients_count(struct knts_clients *clients, bool is_ip6,
			const void *address, enum knts_verdict verdict,
			u64 raw_ns)
{
	struct in6_addr whose;
	struct table *table;
	struct set *set;
	u32 tag;
	int way;

	if (is_ip6)
		whose = *(const struct in6_addr *)address;
	else
		ipv6_addr_set_v4mapped(*(const __be32 *)address, &whose);
	tag = hash_of(clients, &whose);

	/* Where softirqs are threads another one may come. */
	preempt_disable();
	table = this_cpu_ptr(clients->tables);
	set = &table->sets[tag & clients->mask];
	write_seqcount_begin(&table->seq);
	way = find(set, tag, &whose);
	if (way < 0)
		way = settle(table, set, tag, &whose, raw_ns);
	if (way >= 0) {
		set->client[way].events[event_of(verdict)]++;
		set->client[way].last_raw_ns = raw_ns;
		set->weight[way] += set->weight[way] < WEIGHT_MAX;
	}
	write_seqcount_end(&table->seq);
	preempt_enable();
}

static struct knts_clients *table_locked(const struct knts_net *knet)
{
	return rcu_dereference_protected(knet->clients,
					 lockdep_is_held(&knet->lock));
}

/* Return: false if nobody has the place. */
static bool read_place(const struct knts_clients *clients,
		       const struct knts_clients_place *place, u32 *tag,
		       struct knts_client *client)
{
	const struct table *table = per_cpu_ptr(clients->tables, place->cpu);
	const struct set *set = &table->sets[place->set];
	unsigned int start;

	do {
		start = read_seqcount_begin(&table->seq);
		*tag = set->tag[place->way];
		*client = set->client[place->way];
	} while (read_seqcount_retry(&table->seq, start));
	return *tag;
}

/* The same client on another CPU. */
static bool read_other(const struct knts_clients *clients, u32 set, u32 cpu,
		       u32 tag, struct knts_client *client)
{
	const struct table *table = per_cpu_ptr(clients->tables, cpu);
	const struct in6_addr address = client->address;
	unsigned int start;
	int way;

	do {
		start = read_seqcount_begin(&table->seq);
		way = find(&table->sets[set], tag, &address);
		if (way >= 0)
			*client = table->sets[set].client[way];
	} while (read_seqcount_retry(&table->seq, start));
	return way >= 0;
}

static void add(struct knts_client *client, const struct knts_client *other)
{
	int i;

	for (i = 0; i < KNTS_CLIENTS_EVENT_COUNT; i++)
		client->events[i] += other->events[i];
	client->since_raw_ns = min(client->since_raw_ns, other->since_raw_ns);
	client->last_raw_ns = max(client->last_raw_ns, other->last_raw_ns);
}

/* Return: false if a CPU before has the client too, and so all of it. */
static bool sum_up(const struct knts_clients *clients,
		   const struct knts_clients_place *place, u32 tag,
		   struct knts_client *client)
{
	struct knts_client other;
	int cpu;

	for_each_possible_cpu(cpu) {
		other.address = client->address;
		if (cpu == place->cpu ||
		    !read_other(clients, place->set, cpu, tag, &other))
			continue;
		if (cpu < place->cpu)
			return false;
		add(client, &other);
	}

	return true;
}

static void advance(struct knts_clients_place *place)
{
	if (++place->way < WAYS)
		return;
	place->way = 0;
	place->cpu = cpumask_next(place->cpu, cpu_possible_mask);
	if (place->cpu < nr_cpu_ids)
		return;
	place->cpu = cpumask_first(cpu_possible_mask);
	place->set++;
	cond_resched();
}

bool knts_clients_next(const struct knts_net *knet,
		       struct knts_clients_place *place,
		       struct knts_client *client)
{
	const struct knts_clients *clients = table_locked(knet);
	struct knts_clients_place here;
	u32 tag;

	while (clients && place->set <= clients->mask) {
		here = *place;
		advance(place);
		if (cpu_possible(here.cpu) &&
		    read_place(clients, &here, &tag, client) &&
		    sum_up(clients, &here, tag, client))
			return true;
	}

	return false;
}

static void clients_put(struct knts_clients *clients)
{
	int cpu;

	if (!clients)
		return;
	for_each_possible_cpu(cpu)
		kvfree(per_cpu_ptr(clients->tables, cpu)->sets);
	free_percpu(clients->tables);
	kfree_sensitive(clients);
}

static struct knts_clients *clients_alloc(u32 sets)
{
	struct knts_clients *clients;
	int cpu;

	clients = kzalloc(sizeof(*clients), GFP_KERNEL_ACCOUNT);
	if (!clients)
		return NULL;
	clients->mask = sets - 1;
	get_random_bytes(clients->key, sizeof(clients->key));
	clients->tables = alloc_percpu_gfp(struct table, GFP_KERNEL_ACCOUNT);
	if (!clients->tables) {
		kfree_sensitive(clients);
		return NULL;
	}

	for_each_possible_cpu(cpu) {
		struct table *table = per_cpu_ptr(clients->tables, cpu);

		seqcount_init(&table->seq);
		table->sets = kvzalloc_node(array_size(sets, sizeof(*table->sets)),
					    GFP_KERNEL_ACCOUNT, cpu_to_node(cpu));
		if (!table->sets) {
			clients_put(clients);
			return NULL;
		}
	}

	return clients;
}

int knts_clients_set(struct knts_net *knet, u32 entries)
{
	struct knts_clients *clients = NULL, *old = table_locked(knet);
	u32 sets;

	if (entries) {
		sets = roundup_pow_of_two(DIV_ROUND_UP(entries, WAYS));
		if (old && old->mask == sets - 1)
			return 0;
		clients = clients_alloc(sets);
		if (!clients)
			return -ENOMEM;
	}

	rcu_assign_pointer(knet->clients, clients);
	/* A dump that is under way begins anew; 0 would tell it nothing. */
	if (!++knet->clients_seq)
		knet->clients_seq = 1;
	synchronize_rcu();
	clients_put(old);
	return 0;
}

void knts_clients_get(const struct knts_net *knet,
		      struct knts_clients_state *state)
{
	const struct knts_clients *clients = table_locked(knet);
	int cpu;

	memset(state, 0, sizeof(*state));
	if (!clients)
		return;

	state->entries = (clients->mask + 1) * WAYS;
	for_each_possible_cpu(cpu) {
		const struct table *table = per_cpu_ptr(clients->tables, cpu);
		unsigned int start;
		u64 evicted;

		do {
			start = read_seqcount_begin(&table->seq);
			evicted = table->evicted;
		} while (read_seqcount_retry(&table->seq, start));
		state->evicted += evicted;
		state->memory_len += (clients->mask + 1) * sizeof(struct set);
	}
}

void knts_clients_teardown(struct knts_net *knet)
{
	clients_put(rcu_dereference_protected(knet->clients, true));
}
