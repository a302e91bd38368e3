/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulated NICs, for tests: what they are dialled to, their PHCs, and the
 * truth. The scripts put device 0 into namespace "server" and device 1 into
 * "client".
 */
#ifndef KNTS_SELFTESTS_HWSIM_SIM_H
#define KNTS_SELFTESTS_HWSIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/record.h"

#define SIM_SERVER 0
#define SIM_CLIENT 1

/** sim_dial() - set a knob of a device; false with errno if it is refused */
bool sim_dial(unsigned int device, const char *knob, int64_t value);

/** sim_truth_clear() - forget all packets so far */
bool sim_truth_clear(void);

/** sim_truth() - all packets that crossed, for the caller to free() */
struct hwsim_record *sim_truth(size_t *count);

/** sim_truth_load() - the same from a copy of the file */
struct hwsim_record *sim_truth_load(const char *path, size_t *count);

/**
 * sim_stamping() - switch a device's hardware timestamps
 * @fd: a socket in its namespace
 * @tx_type: HWTSTAMP_TX_...
 * @rx_filter: HWTSTAMP_FILTER_...
 *
 * Return: 0 or -errno.
 */
int sim_stamping(int fd, unsigned int device, int tx_type, int rx_filter);

/** sim_phc_open() - its PHC, -1 if there is none */
int sim_phc_open(unsigned int device);

/** sim_phc_read() - a precise reading, with CLOCK_MONOTONIC_RAW */
bool sim_phc_read(int fd, int64_t *phc_ns, int64_t *raw_ns);

#endif
