/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of tests of the simulated NICs; each returns how many failed. */
#ifndef KNTS_SELFTESTS_HWSIM_SELF_H
#define KNTS_SELFTESTS_HWSIM_SELF_H

/** self_faults() - what can go wrong with timestamps */
int self_faults(void);

/** self_wire() - delays, line rate, queues */
int self_wire(void);

#endif
