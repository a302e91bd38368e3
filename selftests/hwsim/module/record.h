/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What truly happened to a UDP packet, as the debugfs file "truth" gives it; for
 * the module and for the programs that read it.
 */
#ifndef KNTS_HWSIM_RECORD_H
#define KNTS_HWSIM_RECORD_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
#endif

#define HWSIM_PAYLOAD_LEN 48

/* What was done with the packet's two hardware timestamps. */
enum hwsim_flag {
	HWSIM_TX_ASKED = 1 << 0,
	HWSIM_TX_SKIPPED = 1 << 1,
	HWSIM_TX_LOST = 1 << 2,
	HWSIM_TX_LATE = 1 << 3,
	HWSIM_TX_REORDERED = 1 << 4,
	HWSIM_TX_DUPLICATED = 1 << 5,
	HWSIM_TX_WRONG = 1 << 6,
	HWSIM_RX_LOST = 1 << 8,
	HWSIM_RX_WRONG = 1 << 9,
	HWSIM_RX_STALE = 1 << 10,
};

/**
 * struct hwsim_record - one UDP packet
 * @number: counts from 1
 * @departure_real_ns: true departure, of the frame's start, in CLOCK_REALTIME
 * @departure_raw_ns: the same in CLOCK_MONOTONIC_RAW
 * @arrival_real_ns: true arrival, of the frame's start, at the other device
 * @arrival_raw_ns: the same in CLOCK_MONOTONIC_RAW
 * @tx_stamp_ns: hardware transmit timestamp as it is reported, by the sender's
 *	PHC; 0 if none was asked for, or none will come
 * @rx_stamp_ns: hardware receive timestamp, by the receiver's PHC; 0 if none
 * @reported_raw_ns: CLOCK_MONOTONIC_RAW when @tx_stamp_ns was reported; 0 if it
 *	is not yet
 * @serial_ns: from the frame's start to its end, at the line's rate
 * @flags: of enum hwsim_flag
 * @clock_set_seq: changes with each step of CLOCK_REALTIME
 * @source_port: in host order
 * @dest_port: in host order
 * @frame_len: without FCS
 * @payload_len: of the UDP packet; may be more than is in @payload
 * @sender: 0 or 1: the device that sent it
 * @tx_queue: its queue
 * @tx_cpu: the CPU that sent it
 * @rx_queue: the queue of the other device
 * @rx_cpu: the CPU that this queue interrupts
 * @reserved: 0
 * @payload: its beginning
 */
struct hwsim_record {
	u64 number;
	s64 departure_real_ns;
	s64 departure_raw_ns;
	s64 arrival_real_ns;
	s64 arrival_raw_ns;
	s64 tx_stamp_ns;
	s64 rx_stamp_ns;
	s64 reported_raw_ns;
	u32 serial_ns;
	u32 flags;
	u32 clock_set_seq;
	u16 source_port;
	u16 dest_port;
	u16 frame_len;
	u16 payload_len;
	u8 sender;
	u8 tx_queue;
	u8 tx_cpu;
	u8 rx_queue;
	u8 rx_cpu;
	u8 reserved[7];
	u8 payload[HWSIM_PAYLOAD_LEN];
};

#endif
