// SPDX-License-Identifier: GPL-2.0-only
#include <linux/net_tstamp.h>

#include "compat.h"
#include "hwsim.h"

#define NTP_PORT 123
#define PENDING_MAX 1024
/* How long a timestamp that others are to overtake waits for one. */
#define OVERTAKEN_NS NSEC_PER_SEC

/* In a sent packet's skb->cb while its transmit timestamp is pending: the record's. */
struct pending {
	s64 due_raw_ns;
	s64 stamp_ns;
	u64 number;
	u32 flags;
};

static struct pending *pending_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct pending) > sizeof(skb->cb));
	return (struct pending *)skb->cb;
}

static bool strikes(const struct hwsim *sim, enum hwsim_knob every, u64 number)
{
	s64 value = hwsim_knob(sim, every);
	u64 rest;

	if (!value)
		return false;
	div64_u64_rem(number, value, &rest);
	return !rest;
}

static bool is_ntp(const struct hwsim_record *record)
{
	return record->source_port == NTP_PORT || record->dest_port == NTP_PORT;
}

/* Put the receive timestamp that the device makes, if any, into the skb. */
void hwsim_stamps_receive(struct hwsim *sim, struct sk_buff *skb,
			  struct hwsim_record *record)
{
	struct hwsim_stamps *stamps = &sim->stamps;
	int filter = READ_ONCE(sim->rx_filter);
	s64 stamp_ns, last_ns;
	u64 number;

	if (filter != HWTSTAMP_FILTER_ALL &&
	    (filter != HWTSTAMP_FILTER_NTP_ALL || !is_ntp(record)))
		return;

	stamp_ns = hwsim_phc_at(sim, record->arrival_raw_ns);
	spin_lock_bh(&stamps->lock);
	number = ++stamps->made;
	last_ns = stamps->last_rx_ns;
	if (record->dest_port)
		stamps->last_rx_ns = stamp_ns;
	spin_unlock_bh(&stamps->lock);

	if (strikes(sim, HWSIM_RX_LOST_EVERY, number)) {
		record->flags |= HWSIM_RX_LOST;
		return;
	}
	if (strikes(sim, HWSIM_RX_WRONG_EVERY, number) && last_ns) {
		record->flags |= HWSIM_RX_WRONG;
		stamp_ns = last_ns;
	} else if (strikes(sim, HWSIM_RX_STALE_EVERY, number)) {
		record->flags |= HWSIM_RX_STALE;
		stamp_ns -= hwsim_knob(sim, HWSIM_RX_STALE_NS);
	}

	record->rx_stamp_ns = stamp_ns;
	skb_hwtstamps(skb)->hwtstamp = ns_to_ktime(stamp_ns);
}

/* What goes wrong with a transmit timestamp that was asked for. */
static u32 transmit_faults(const struct hwsim *sim, u64 number)
{
	u32 flags = 0;

	if (strikes(sim, HWSIM_TX_LOST_EVERY, number))
		return HWSIM_TX_LOST;
	if (strikes(sim, HWSIM_TX_LATE_EVERY, number))
		flags |= HWSIM_TX_LATE;
	else if (strikes(sim, HWSIM_TX_REORDER_EVERY, number))
		flags |= HWSIM_TX_REORDERED;
	if (strikes(sim, HWSIM_TX_DUPLICATE_EVERY, number))
		flags |= HWSIM_TX_DUPLICATED;
	if (strikes(sim, HWSIM_TX_WRONG_EVERY, number))
		flags |= HWSIM_TX_WRONG;
	return flags;
}

/*
 * Decide what becomes of a transmit timestamp, before the packet leaves. Returns
 * whether the device will work on it, and hwsim_stamps_sent() is to follow.
 */
bool hwsim_stamps_transmit(struct hwsim *sim, struct sk_buff *skb,
			   struct hwsim_record *record)
{
	struct hwsim_stamps *stamps = &sim->stamps;
	u32 in_flight = skb_queue_len_lockless(&stamps->pending);
	s64 stamp_ns, last_ns;
	u64 number;

	if (!(skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP) ||
	    READ_ONCE(sim->tx_type) != HWTSTAMP_TX_ON)
		return false;

	record->flags |= HWSIM_TX_ASKED;
	if (in_flight >= PENDING_MAX ||
	    (in_flight && hwsim_knob(sim, HWSIM_TX_ONE_IN_FLIGHT))) {
		record->flags |= HWSIM_TX_SKIPPED;
		return false;
	}

	stamp_ns = hwsim_phc_at(sim, record->departure_raw_ns);
	spin_lock_bh(&stamps->lock);
	number = ++stamps->asked;
	last_ns = stamps->last_tx_ns;
	stamps->last_tx_ns = stamp_ns;
	spin_unlock_bh(&stamps->lock);

	skb_shinfo(skb)->tx_flags |= SKBTX_IN_PROGRESS;
	record->flags |= transmit_faults(sim, number);
	if (record->flags & HWSIM_TX_WRONG)
		stamp_ns = last_ns;
	if (!(record->flags & HWSIM_TX_LOST))
		record->tx_stamp_ns = stamp_ns;
	return true;
}

/* Report what is pending, if anything is to be, and let go of the packet. */
static void report(struct sk_buff *skb)
{
	const struct pending pending = *pending_of(skb);
	struct skb_shared_hwtstamps stamps = {
		.hwtstamp = ns_to_ktime(pending.stamp_ns),
	};

	if (!(pending.flags & HWSIM_TX_LOST)) {
		skb_tstamp_tx(skb, &stamps);
		hwsim_truth_reported(pending.number);
	}
	if (pending.flags & HWSIM_TX_DUPLICATED)
		skb_tstamp_tx(skb, &stamps);
	dev_consume_skb_any(skb);
}

/* Take what is due; one to be overtaken follows the first that was sent after it. */
static s64 take_due(struct hwsim_stamps *stamps, struct sk_buff_head *due)
{
	s64 now_ns = ktime_get_raw_ns();
	struct sk_buff *skb, *next;
	s64 next_ns = S64_MAX;
	u64 newest = 0;

	skb_queue_walk_safe(&stamps->pending, skb, next) {
		if (pending_of(skb)->due_raw_ns > now_ns)
			continue;
		__skb_unlink(skb, &stamps->pending);
		__skb_queue_tail(due, skb);
		newest = max_t(u64, newest, pending_of(skb)->number);
	}
	skb_queue_walk_safe(&stamps->pending, skb, next) {
		if (pending_of(skb)->flags & HWSIM_TX_REORDERED &&
		    pending_of(skb)->number < newest) {
			__skb_unlink(skb, &stamps->pending);
			__skb_queue_tail(due, skb);
			continue;
		}
		next_ns = min(next_ns, pending_of(skb)->due_raw_ns - now_ns);
	}

	return next_ns;
}

static void report_due(struct work_struct *work)
{
	struct hwsim_stamps *stamps = container_of(work, struct hwsim_stamps,
						   work);
	struct sk_buff_head due;
	struct sk_buff *skb;
	s64 next_ns;

	__skb_queue_head_init(&due);
	spin_lock_bh(&stamps->lock);
	next_ns = take_due(stamps, &due);
	if (next_ns != S64_MAX)
		hrtimer_start(&stamps->timer, ns_to_ktime(next_ns),
			      HRTIMER_MODE_REL);
	spin_unlock_bh(&stamps->lock);

	while ((skb = __skb_dequeue(&due)))
		report(skb);
}

static enum hrtimer_restart timer_fires(struct hrtimer *timer)
{
	struct hwsim_stamps *stamps = container_of(timer, struct hwsim_stamps,
						   timer);

	queue_work(system_highpri_wq, &stamps->work);
	return HRTIMER_NORESTART;
}

static s64 report_delay_ns(const struct hwsim *sim, u32 flags)
{
	if (flags & HWSIM_TX_LOST)
		return hwsim_knob(sim, HWSIM_TX_LOST_HOLD_NS);
	if (flags & HWSIM_TX_LATE)
		return hwsim_knob(sim, HWSIM_TX_LATE_NS);
	if (flags & HWSIM_TX_REORDERED)
		return OVERTAKEN_NS;
	return hwsim_knob(sim, HWSIM_TX_REPORT_NS);
}

/* Takes the skb, which has left. */
void hwsim_stamps_sent(struct hwsim *sim, struct sk_buff *skb,
		       const struct hwsim_record *record)
{
	struct hwsim_stamps *stamps = &sim->stamps;
	s64 delay_ns = report_delay_ns(sim, record->flags);

	*pending_of(skb) = (struct pending){
		.due_raw_ns = (s64)ktime_get_raw_ns() + delay_ns,
		.stamp_ns = record->tx_stamp_ns,
		.number = record->number,
		.flags = record->flags,
	};
	if (!delay_ns) {
		report(skb);
		return;
	}

	spin_lock_bh(&stamps->lock);
	__skb_queue_tail(&stamps->pending, skb);
	if (!hrtimer_active(&stamps->timer) ||
	    ktime_to_ns(hrtimer_get_remaining(&stamps->timer)) > delay_ns)
		hrtimer_start(&stamps->timer, ns_to_ktime(delay_ns),
			      HRTIMER_MODE_REL);
	spin_unlock_bh(&stamps->lock);
}

void hwsim_stamps_setup(struct hwsim *sim)
{
	struct hwsim_stamps *stamps = &sim->stamps;

	spin_lock_init(&stamps->lock);
	__skb_queue_head_init(&stamps->pending);
	INIT_WORK(&stamps->work, report_due);
	hwsim_compat_hrtimer_setup(&stamps->timer, timer_fires,
				   HRTIMER_MODE_REL);
}

/* The device sends no more; what is pending will never be reported. */
void hwsim_stamps_stop(struct hwsim *sim)
{
	struct hwsim_stamps *stamps = &sim->stamps;

	spin_lock_bh(&stamps->lock);
	__skb_queue_purge(&stamps->pending);
	spin_unlock_bh(&stamps->lock);
	hrtimer_cancel(&stamps->timer);
	cancel_work_sync(&stamps->work);
}
