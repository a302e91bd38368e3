/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Network devices that timestamp packets by a clock of their own (PHC), and the
 * line that carries such a timestamp to CLOCK_MONOTONIC_RAW. The line comes from
 * userspace, for a lifetime. Steps and slews of CLOCK_REALTIME do not touch it:
 * what they are worth is known when a timestamp is used.
 */
#ifndef KNTS_PHC_H
#define KNTS_PHC_H

#include <linux/if.h>
#include <linux/math64.h>
#include <linux/netdevice.h>

#include "core/departure.h"
#include "clock.h"

struct netlink_ext_ack;

/* Their timestamps are fine to about 1 ns. */
#define KNTS_PHC_PRECISION (-30)
/* Rates are multiples of this, around 1. */
#define KNTS_LINE_SHIFT 48

/**
 * struct knts_line - how a device's timestamps are read; does not change
 * @phc_ns: a reading of the PHC
 * @raw_ns: CLOCK_MONOTONIC_RAW at that reading
 * @rate: CLOCK_MONOTONIC_RAW by PHC, 2^-KNTS_LINE_SHIFT
 * @rate_ppt: the same as it was set
 * @error_ns: bound of its error
 * @lifetime_ms: how long it may be used
 * @set_raw_ns: when it was set
 */
struct knts_line {
	u64 phc_ns;
	u64 raw_ns;
	u64 rate;
	s32 rate_ppt;
	u32 error_ns;
	u32 lifetime_ms;
	u64 set_raw_ns;
};

/**
 * struct knts_phc_setting - what userspace says of a device
 * @index: number of its PHC
 * @rx_correction_ns: added to receive timestamps
 * @tx_correction_ns: added to transmit timestamps
 * @link_speed_mbps: moves receive timestamps to the frame's end; 0: it does not
 * @delay_max_ns: how long after the hardware the software may stamp a packet
 * @has_line: @line may be used, while it lives
 * @line: from PHC to CLOCK_MONOTONIC_RAW
 * @rcu: for its end
 */
struct knts_phc_setting {
	u32 index;
	s32 rx_correction_ns;
	s32 tx_correction_ns;
	u32 link_speed_mbps;
	u32 delay_max_ns;
	bool has_line;
	struct knts_line line;
	struct rcu_head rcu;
};

/**
 * enum knts_phc_kind - replies that take alike from the clock's reading to the device
 * @KNTS_PHC_PLAIN4: nothing but the sending follows the reading
 * @KNTS_PHC_PLAIN6: the same by IPv6, whose way is longer
 * @KNTS_PHC_NTS4: what depends on the transmit timestamp is sealed first
 * @KNTS_PHC_NTS6: the same by IPv6
 * @KNTS_PHC_KINDS: number of kinds
 */
enum knts_phc_kind {
	KNTS_PHC_PLAIN4,
	KNTS_PHC_PLAIN6,
	KNTS_PHC_NTS4,
	KNTS_PHC_NTS6,
	KNTS_PHC_KINDS,
};

/**
 * struct knts_phc_cpu - what one CPU knows of its replies by a device
 * @lock: of @departures, which are learnt wherever the device reports
 * @departures: when they leave, by kind
 * @ask_raw_ns: when the next of a kind may be asked for its departure
 */
struct knts_phc_cpu {
	raw_spinlock_t lock;
	struct knts_departure departures[KNTS_PHC_KINDS];
	u64 ask_raw_ns[KNTS_PHC_KINDS];
};

/**
 * struct knts_phc - a network device that timestamps
 * @node: in knts_net.phcs
 * @device: its name, under knts_net.lock
 * @dev: the device, held
 * @tracker: for @dev
 * @setting: what userspace said last
 * @cpus: one for each CPU
 * @rcu: for its end
 */
struct knts_phc {
	struct list_head node;
	char device[IFNAMSIZ];
	struct net_device *dev;
	netdevice_tracker tracker;
	struct knts_phc_setting __rcu *setting;
	struct knts_phc_cpu __percpu *cpus;
	struct rcu_head rcu;
};

/**
 * struct knts_phc_departures - what is known of a device's departures, summed up
 * @samples: departures learnt from
 * @delay_ns: what is added to transmit timestamps, mean over CPUs and kinds
 * @error_ns: by how much they are still early, mean
 * @deviation_ns: standard deviation of that
 */
struct knts_phc_departures {
	u64 samples;
	u32 delay_ns;
	u32 error_ns;
	u32 deviation_ns;
};

/**
 * knts_line_raw() - a device's timestamp in CLOCK_MONOTONIC_RAW
 * @line: the device's
 * @phc_ns: timestamp
 *
 * Return: nanoseconds; nonsense for a timestamp that is nonsense.
 */
static inline u64 knts_line_raw(const struct knts_line *line, u64 phc_ns)
{
	return line->raw_ns + mul_s64_u64_shr((s64)(phc_ns - line->phc_ns),
					      line->rate, KNTS_LINE_SHIFT);
}

/**
 * knts_phc_find() - the device that received a packet
 * @knet: namespace
 * @skb: the packet, wherever bonds, VLANs and bridges have brought it since
 *
 * Context: RCU read-side section.
 * Return: the device, or NULL if it is none that timestamps.
 */
struct knts_phc *knts_phc_find(const struct knts_net *knet,
			       const struct sk_buff *skb);

/**
 * knts_phc_find_index() - a device by its index
 * @knet: namespace
 * @ifindex: index of a network device
 *
 * Context: RCU read-side section.
 * Return: the device, or NULL if it is none that timestamps.
 */
struct knts_phc *knts_phc_find_index(const struct knts_net *knet, int ifindex);

/**
 * knts_phc_line() - a device's setting, if it has a line that may be used
 * @phc: the device, or NULL
 * @now: the present
 *
 * Context: RCU read-side section.
 * Return: the setting, or NULL.
 */
const struct knts_phc_setting *knts_phc_line(const struct knts_phc *phc,
					     const struct knts_now *now);

/**
 * knts_phc_departure_ns() - departure delay of this CPU's replies by a device
 * @phc: the device
 * @kind: of reply
 *
 * Context: softirqs disabled.
 * Return: nanoseconds; 0 if it is not known.
 */
static inline u32 knts_phc_departure_ns(const struct knts_phc *phc,
					enum knts_phc_kind kind)
{
	return READ_ONCE(this_cpu_ptr(phc->cpus)->departures[kind].delay_ns);
}

/**
 * knts_phc_learn() - learn from a reply's departure
 * @phc: the device that it left by
 * @cpu: the CPU that made it
 * @kind: of reply
 * @delay_ns: from the clock's reading to the departure
 * @raw_ns: the present, in CLOCK_MONOTONIC_RAW
 *
 * Context: interrupts disabled, RCU read-side section.
 */
void knts_phc_learn(struct knts_phc *phc, int cpu, enum knts_phc_kind kind,
		    u32 delay_ns, u64 raw_ns);

/**
 * knts_phc_read_departures() - sum up what is known of a device's departures
 * @phc: the device
 * @sum: filled in
 *
 * Context: process, knts_net.lock held.
 */
void knts_phc_read_departures(const struct knts_phc *phc,
			      struct knts_phc_departures *sum);

/**
 * knts_phc_set() - say how a device's timestamps are to be read
 * @knet: namespace
 * @device: its name
 * @like: all but @like->line.rate and .set_raw_ns, which are filled in
 * @extack: gets the sentence of a refusal
 *
 * Context: process, RTNL and @knet->lock held.
 * Return: 0 or -errno.
 */
int knts_phc_set(struct knts_net *knet, const char *device,
		 const struct knts_phc_setting *like,
		 struct netlink_ext_ack *extack);

/**
 * knts_phc_del() - forget a device
 * @knet: namespace
 * @device: its name
 *
 * Context: process, @knet->lock held.
 * Return: 0, or -ENOENT if it is not known.
 */
int knts_phc_del(struct knts_net *knet, const char *device);

int knts_phc_setup(struct knts_net *knet);
void knts_phc_teardown(struct knts_net *knet);

#endif
