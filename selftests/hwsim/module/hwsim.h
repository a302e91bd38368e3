/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pair of simulated NICs, each with a PHC, wired to each other. What the wire
 * and the clocks do is known, and recorded as the truth.
 *
 * Every moment is CLOCK_MONOTONIC_RAW first: a PHC is a function of it, and so
 * is CLOCK_REALTIME between two steps.
 */
#ifndef KNTS_HWSIM_H
#define KNTS_HWSIM_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/skbuff.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "record.h"

/*
 * What a test may dial, each a debugfs file of the device's directory: name,
 * value at first, least and greatest. Those "every" strike each packet whose
 * number is a multiple; 0 turns them off.
 */
#define HWSIM_KNOBS(K) \
	K(TX_DELAY_NS, "tx_delay_ns", 0, 0, 1000000) \
	K(WIRE_DELAY_NS, "wire_delay_ns", 1000, 0, 10000000) \
	K(LINK_MBPS, "link_mbps", 1000, 0, 400000) \
	K(TX_REPORT_NS, "tx_report_ns", 20000, 0, 1000000000) \
	K(TX_ONE_IN_FLIGHT, "tx_one_in_flight", 0, 0, 1) \
	K(TX_LOST_EVERY, "tx_lost_every", 0, 0, 1000000) \
	K(TX_LOST_HOLD_NS, "tx_lost_hold_ns", 0, 0, 60000000000LL) \
	K(TX_LATE_EVERY, "tx_late_every", 0, 0, 1000000) \
	K(TX_LATE_NS, "tx_late_ns", 1000000, 0, 60000000000LL) \
	K(TX_REORDER_EVERY, "tx_reorder_every", 0, 0, 1000000) \
	K(TX_DUPLICATE_EVERY, "tx_duplicate_every", 0, 0, 1000000) \
	K(TX_WRONG_EVERY, "tx_wrong_every", 0, 0, 1000000) \
	K(RX_LOST_EVERY, "rx_lost_every", 0, 0, 1000000) \
	K(RX_WRONG_EVERY, "rx_wrong_every", 0, 0, 1000000) \
	K(RX_STALE_EVERY, "rx_stale_every", 0, 0, 1000000) \
	K(RX_STALE_NS, "rx_stale_ns", 1000000, -60000000000LL, 60000000000LL) \
	K(RX_FILTERS, "rx_filters", HWSIM_FILTERS_ALL, 1, HWSIM_FILTERS_ALL) \
	K(PHC_FREQ_PPB, "phc_freq_ppb", 0, -500000, 500000) \
	K(PHC_DRIFT_PPB_S, "phc_drift_ppb_s", 0, -10000, 10000) \
	K(PHC_STEP_NS, "phc_step_ns", 0, -3600000000000LL, 3600000000000LL) \
	K(PHC_READS, "phc_reads", 0, 0, 2) \
	K(PHC_READ_NS, "phc_read_ns", 0, 0, 100000)

/* Bits 1 << HWTSTAMP_FILTER_...: NONE, ALL, PTP_V2_EVENT, NTP_ALL. */
#define HWSIM_FILTERS_ALL 0x9003

enum hwsim_knob {
#define HWSIM_KNOB_SYMBOL(symbol, name, initial, least, most) HWSIM_##symbol,
	HWSIM_KNOBS(HWSIM_KNOB_SYMBOL)
#undef HWSIM_KNOB_SYMBOL
	HWSIM_KNOB_COUNT
};

/* What HWSIM_PHC_READS chooses: the best way in which the PHC can be read. */
enum hwsim_phc_reads {
	HWSIM_READS_PRECISE,
	HWSIM_READS_EXTENDED,
	HWSIM_READS_BASIC,
};

/**
 * struct hwsim_queue - a receive queue
 * @sim: its device
 * @napi: takes the frames out
 * @frames: on the wire, or arrived
 * @csd: interrupts @cpu
 * @timer: fires when the first frame arrives
 * @cpu: the one that it interrupts
 */
struct hwsim_queue {
	struct hwsim *sim;
	struct napi_struct napi;
	struct sk_buff_head frames;
	call_single_data_t csd;
	struct hrtimer timer;
	unsigned int cpu;
};

/**
 * struct hwsim_phc - the clock: how it follows CLOCK_MONOTONIC_RAW
 * @lock: for all of it
 * @info: its operations
 * @ptp: as it is registered
 * @raw_ns: since this moment
 * @phc_ns: it showed this then
 * @fraction: and so many 2^-16 ns
 * @rate: how much faster it ran then, in 2^-48; by itself
 * @adjustment: the same; by its user
 * @drift: by how much @rate grows a second
 */
struct hwsim_phc {
	spinlock_t lock;
	struct ptp_clock_info info;
	struct ptp_clock *ptp;
	s64 raw_ns;
	s64 phc_ns;
	s64 fraction;
	s64 rate;
	s64 adjustment;
	s64 drift;
};

/**
 * struct hwsim_stamps - timestamps that the device makes
 * @lock: for all but the work
 * @pending: sent packets whose transmit timestamp is not yet reported
 * @timer: fires when the next is due
 * @work: reports them
 * @asked: transmit timestamps asked for so far
 * @made: receive timestamps made so far
 * @last_tx_ns: the one before
 * @last_rx_ns: that of the UDP packet before
 */
struct hwsim_stamps {
	spinlock_t lock;
	struct sk_buff_head pending;
	struct hrtimer timer;
	struct work_struct work;
	u64 asked;
	u64 made;
	s64 last_tx_ns;
	s64 last_rx_ns;
};

/**
 * struct hwsim - one device
 * @dev: its network device
 * @peer: at the other end
 * @index: 0 or 1
 * @tx_type: as SIOCSHWTSTAMP set it
 * @rx_filter: as SIOCSHWTSTAMP set it
 * @queues: its receive queues
 * @queue_count: how many
 * @wire_lock: for @wire_free_raw_ns
 * @wire_free_raw_ns: when its last frame will have left
 * @phc: its clock
 * @stamps: its timestamps
 * @knobs: what a test has dialled
 * @folder: debugfs
 */
struct hwsim {
	struct net_device *dev;
	struct hwsim *peer;
	unsigned int index;
	int tx_type;
	int rx_filter;
	struct hwsim_queue *queues;
	unsigned int queue_count;
	spinlock_t wire_lock;
	s64 wire_free_raw_ns;
	struct hwsim_phc phc;
	struct hwsim_stamps stamps;
	s64 knobs[HWSIM_KNOB_COUNT];
	struct dentry *folder;
};

static inline s64 hwsim_knob(const struct hwsim *sim, enum hwsim_knob knob)
{
	return READ_ONCE(sim->knobs[knob]);
}

/* netdev.c: the network device */
struct net_device *hwsim_netdev_alloc(unsigned int index, unsigned int queues);
int hwsim_netdev_register(struct hwsim *sim);
void hwsim_netdev_unregister(struct hwsim *sim);

/* receive.c: frames reach the other side */
int hwsim_receive_setup(struct hwsim *sim, unsigned int queues);
void hwsim_receive_teardown(struct hwsim *sim);
void hwsim_receive_open(struct hwsim *sim);
void hwsim_receive_stop(struct hwsim *sim);
struct hwsim_queue *hwsim_receive_queue(struct hwsim *sim, struct sk_buff *skb);
void hwsim_receive_frame(struct hwsim_queue *queue, struct sk_buff *skb,
			 s64 arrival_raw_ns);

/* stamps.c: hardware timestamps, right and wrong */
void hwsim_stamps_setup(struct hwsim *sim);
void hwsim_stamps_stop(struct hwsim *sim);
void hwsim_stamps_receive(struct hwsim *sim, struct sk_buff *skb,
			  struct hwsim_record *record);
bool hwsim_stamps_transmit(struct hwsim *sim, struct sk_buff *skb,
			   struct hwsim_record *record);
void hwsim_stamps_sent(struct hwsim *sim, struct sk_buff *skb,
		       const struct hwsim_record *record);

/* phc.c: the clock */
int hwsim_phc_register(struct hwsim *sim);
void hwsim_phc_unregister(struct hwsim *sim);
s64 hwsim_phc_at(struct hwsim *sim, s64 raw_ns);
void hwsim_phc_dialled(struct hwsim *sim, enum hwsim_knob knob);

/* knobs.c: what a test may dial */
void hwsim_knobs_setup(struct hwsim *sim, struct dentry *root);

/* truth.c: what truly happened */
int hwsim_truth_init(struct dentry *root, unsigned int records);
void hwsim_truth_exit(void);
void hwsim_truth_write(struct hwsim_record *record);
void hwsim_truth_reported(u64 number);

#endif
