// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/errqueue.h>
#include <linux/net.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "compat/txflags.h"
#include "histogram.h"
#include "interleave.h"
#include "stats.h"
#include "trace.h"
#include "txstamp.h"

/* Replies of one CPU that may wait for their timestamp at a time. */
#define FLIGHTS 256
/* Departures are asked for so often, where interleaved mode needs none. */
#define ASK_INTERVAL_NS (10 * NSEC_PER_MSEC)
/* What departs later has waited in a queue, which is nothing to learn from. */
#define LEARN_MAX_NS (10 * NSEC_PER_MSEC)

/* States of a flight; any other is the id that its timestamp will bear. */
#define FLIGHT_FREE 0
#define FLIGHT_TAKEN 1
#define FLIGHT_ID(id) ((s64)((u64)(id) | 1ULL << 32))

/**
 * struct knts_flight - a reply that waits for its transmit timestamp
 * @state: FLIGHT_...; who has taken it owns the rest
 * @id: what the timestamp will bear
 * @ifindex: the device that it leaves by
 * @kind: of reply
 * @departure_ns: how long after @read_raw_ns it was expected to leave
 * @era: the clock's
 * @read_raw_ns: when the clock was read for its transmit timestamp
 * @receive: its receive timestamp if interleaved mode's table has it, else 0
 */
struct knts_flight {
	atomic64_t state;
	u32 id;
	int ifindex;
	enum knts_phc_kind kind;
	u32 departure_ns;
	u32 era;
	u64 read_raw_ns;
	u64 receive;
};

struct flights {
	u32 next;
	struct knts_flight flight[FLIGHTS];
};

/**
 * struct knts_txstamp - how transmit timestamps come back
 * @sock: the socket; never bound
 * @flights: the CPUs' own, all of whose replies have their CPU in the id
 * @cpu_bits: the id's low bits, for the CPU
 */
struct knts_txstamp {
	struct socket *sock;
	struct flights __percpu *flights;
	unsigned int cpu_bits;
};

bool knts_txstamp_is_due(struct knts_phc *phc, enum knts_phc_kind kind,
			 const struct knts_now *now)
{
	u64 *ask_raw_ns = &this_cpu_ptr(phc->cpus)->ask_raw_ns[kind];

	if ((s64)(now->raw_ns - *ask_raw_ns) < 0)
		return false;
	*ask_raw_ns = now->raw_ns + ASK_INTERVAL_NS;
	return true;
}

struct knts_flight *knts_txstamp_ask(struct knts_net *knet,
				     const struct knts_phc *phc,
				     enum knts_phc_kind kind, u32 departure_ns,
				     struct sk_buff *skb)
{
	const struct knts_txstamp *txstamp = rcu_dereference(knet->txstamp);
	struct flights *flights = this_cpu_ptr(txstamp->flights);
	u32 id = flights->next << txstamp->cpu_bits | smp_processor_id();
	struct knts_flight *flight = &flights->flight[flights->next % FLIGHTS];
	s64 state = atomic64_read(&flight->state);

	if (state == FLIGHT_TAKEN ||
	    atomic64_cmpxchg(&flight->state, state, FLIGHT_TAKEN) != state)
		return NULL;

	if (state != FLIGHT_FREE)
		knts_stats_count(knet, KNTS_STAT_TRANSMIT_LOST);
	knts_stats_count(knet, KNTS_STAT_TRANSMIT_ASKED);
	flights->next++;
	flight->id = id;
	flight->ifindex = phc->dev->ifindex;
	flight->kind = kind;
	flight->departure_ns = departure_ns;

	skb_shinfo(skb)->tx_flags |= KNTS_COMPAT_TX_HW_TSTAMP;
	skb_shinfo(skb)->tskey = id;
	skb_set_owner_w(skb, txstamp->sock->sk);
	return flight;
}

void knts_txstamp_launch(struct knts_flight *flight, const struct knts_now *now,
			 u64 receive)
{
	flight->era = now->era;
	flight->read_raw_ns = now->raw_ns;
	flight->receive = receive;
	atomic64_set_release(&flight->state, FLIGHT_ID(flight->id));
}

/* Which CPU made the reply of an id. */
static unsigned int cpu_of(const struct knts_txstamp *txstamp, u32 id)
{
	return id & (BIT(txstamp->cpu_bits) - 1);
}

/* Return: false if no such reply waits any more. */
static bool land(const struct knts_txstamp *txstamp, u32 id,
		 struct knts_flight *landed)
{
	unsigned int cpu = cpu_of(txstamp, id);
	struct knts_flight *flight;

	if (cpu >= nr_cpu_ids || !cpu_possible(cpu))
		return false;

	flight = &per_cpu_ptr(txstamp->flights, cpu)
			  ->flight[(id >> txstamp->cpu_bits) % FLIGHTS];
	if (atomic64_cmpxchg(&flight->state, FLIGHT_ID(id), FLIGHT_TAKEN) !=
	    FLIGHT_ID(id))
		return false;

	*landed = *flight;
	atomic64_set_release(&flight->state, FLIGHT_FREE);
	return true;
}

/* Put a reply's departure to use. */
static enum knts_stat use(struct knts_net *knet, const struct knts_txstamp *txstamp,
			  const struct knts_flight *flight, u64 phc_ns,
			  u32 random)
{
	const struct knts_phc_setting *setting;
	struct knts_pairs *pairs;
	struct knts_phc *phc;
	struct knts_now now;
	s64 delay_ns, error_ns;
	u64 raw_ns, transmit;

	knts_clock_now(&now);
	phc = knts_phc_find_index(knet, flight->ifindex);
	setting = knts_phc_line(phc, &now);
	if (!setting)
		return KNTS_STAT_TRANSMIT_NO_LINE;

	/* Between the reading and the report, whatever the clocks did. */
	raw_ns = knts_line_raw(&setting->line, phc_ns);
	error_ns = setting->line.error_ns;
	delay_ns = raw_ns - flight->read_raw_ns;
	if (delay_ns < -error_ns || (s64)(raw_ns - now.raw_ns) > error_ns)
		return KNTS_STAT_TRANSMIT_DISTRUSTED;

	delay_ns += setting->tx_correction_ns;
	raw_ns += setting->tx_correction_ns;
	knts_histogram_put(knet, KNTS_HISTOGRAM_TRANSMIT_ERROR,
			   delay_ns - flight->departure_ns);
	trace_knts_departure(phc, flight->kind, delay_ns,
			     delay_ns - flight->departure_ns);
	if (delay_ns < LEARN_MAX_NS)
		knts_phc_learn(phc, cpu_of(txstamp, flight->id), flight->kind,
			       max_t(s64, delay_ns, 0), now.raw_ns);

	pairs = knts_interleave_pairs(knet);
	if (flight->receive && pairs && flight->era == now.era) {
		transmit = knts_ntp_from_ns(now.real_ns - (now.raw_ns - raw_ns));
		transmit = knts_ntp_blur(transmit, KNTS_PHC_PRECISION, random);
		knts_pairs_correct(pairs, flight->receive, now.era, transmit);
	}
	return KNTS_STAT_TRANSMIT_USED;
}

static bool is_transmit_stamp(struct sk_buff *skb)
{
	const struct sock_extended_err *err = &SKB_EXT_ERR(skb)->ee;

	return err->ee_origin == SO_EE_ORIGIN_TIMESTAMPING &&
	       err->ee_info == SCM_TSTAMP_SND && skb_hwtstamps(skb)->hwtstamp;
}

static void take_report(struct knts_net *knet, struct sk_buff *skb, u32 random)
{
	const struct knts_txstamp *txstamp = rcu_dereference(knet->txstamp);
	enum knts_stat stat = KNTS_STAT_TRANSMIT_LATE;
	struct knts_flight flight;

	if (!txstamp || !is_transmit_stamp(skb))
		return;

	if (land(txstamp, SKB_EXT_ERR(skb)->ee.ee_data, &flight))
		stat = use(knet, txstamp, &flight,
			   ktime_to_ns(skb_hwtstamps(skb)->hwtstamp), random);
	knts_stats_count(knet, stat);
}

/*
 * Drivers report from their interrupt, from softirq, or from a work item. Not
 * sock_dequeue_err_skb(): it would call this again for what is still queued.
 */
static void report(struct sock *sk)
{
	struct knts_net *knet = knts_main_net(sock_net(sk));
	unsigned long flags;
	struct sk_buff *skb;
	u32 random;

	while ((skb = skb_dequeue(&sk->sk_error_queue))) {
		/* Takes a lock that may sleep where interrupts are threads. */
		random = get_random_u32();
		local_irq_save(flags);
		rcu_read_lock();
		take_report(knet, skb, random);
		rcu_read_unlock();
		local_irq_restore(flags);
		dev_consume_skb_any(skb);
	}
}

static int socket_open(struct knts_net *knet, struct socket **sock)
{
	int err;

	/* One for both families, as a socket of [::] is; or without IPv6. */
	err = sock_create_kern(knet->net, AF_INET6, SOCK_DGRAM, IPPROTO_UDP,
			       sock);
	if (err)
		err = sock_create_kern(knet->net, AF_INET, SOCK_DGRAM,
				       IPPROTO_UDP, sock);
	if (err)
		return err;

	/* The id alone comes back, not the reply. */
	(*sock)->sk->sk_tsflags = SOF_TIMESTAMPING_OPT_ID |
				  SOF_TIMESTAMPING_OPT_TSONLY;
	(*sock)->sk->sk_error_report = report;
	return 0;
}

int knts_txstamp_setup(struct knts_net *knet)
{
	struct knts_txstamp *txstamp;
	int err;

	if (rcu_access_pointer(knet->txstamp))
		return 0;

	txstamp = kzalloc(sizeof(*txstamp), GFP_KERNEL_ACCOUNT);
	if (!txstamp)
		return -ENOMEM;
	txstamp->cpu_bits = order_base_2(nr_cpu_ids);
	txstamp->flights = alloc_percpu_gfp(struct flights, GFP_KERNEL_ACCOUNT);
	if (!txstamp->flights) {
		err = -ENOMEM;
		goto err_free_txstamp;
	}
	err = socket_open(knet, &txstamp->sock);
	if (err)
		goto err_free_flights;

	rcu_assign_pointer(knet->txstamp, txstamp);
	return 0;

err_free_flights:
	free_percpu(txstamp->flights);
err_free_txstamp:
	kfree(txstamp);
	return err;
}

void knts_txstamp_teardown(struct knts_net *knet)
{
	struct knts_txstamp *txstamp =
		rcu_dereference_protected(knet->txstamp, true);

	if (!txstamp)
		return;

	/* A driver that holds a reply may call report() yet. */
	while (sk_wmem_alloc_get(txstamp->sock->sk))
		msleep(20);
	sock_release(txstamp->sock);
	free_percpu(txstamp->flights);
	kfree(txstamp);
}
