/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets sent from the client's device to the server's, with the timestamps that
 * sockets got for them, and with the truth.
 */
#ifndef KNTS_SELFTESTS_HWSIM_CROSSING_H
#define KNTS_SELFTESTS_HWSIM_CROSSING_H

#include "sim.h"

#define CROSSING_MAX 256
#define CROSSING_PORT 5000

/**
 * struct crossing - what became of packets 0, 1, 2 ...
 * @tx_fd: the sender's socket
 * @rx_fd: the receiver's socket
 * @brief: do not wait for more once each packet was received and reported
 * @by_kernel: transmit timestamps are to be the kernel's, not the hardware's
 * @count: packets sent
 * @rx_count: packets received
 * @rx_ns: their hardware receive timestamps, 0 where there is none
 * @tx_count: transmit timestamps reported
 * @tx_id: whose they are, in the order of the reports
 * @tx_ns: what they are
 * @truth: the truth about each, in the order of departure
 */
struct crossing {
	int tx_fd;
	int rx_fd;
	bool brief;
	bool by_kernel;
	size_t count;
	size_t rx_count;
	int64_t rx_ns[CROSSING_MAX];
	size_t tx_count;
	size_t tx_id[2 * CROSSING_MAX];
	int64_t tx_ns[2 * CROSSING_MAX];
	struct hwsim_record *truth;
};

/** crossing_open() - the sockets; all timestamps on */
void crossing_open(struct crossing *c);

/**
 * crossing_run() - send packets, and collect what comes of them
 * @count: of them
 * @gap_us: from one to the next
 * @patience_ms: how long to wait for reports after the last one
 */
void crossing_run(struct crossing *c, size_t count, unsigned int gap_us,
		  unsigned int patience_ms);

void crossing_close(struct crossing *c);

#endif
