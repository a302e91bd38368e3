/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel holds. What grows with each round of a test is a leak.
 */
#ifndef KNTS_SELFTESTS_GUEST_USAGE_H
#define KNTS_SELFTESTS_GUEST_USAGE_H

#include <stdbool.h>

/** usage_account() - from here on it is accounted, by a control group */
void usage_account(void);

/**
 * struct usage_rounds - what may not leak
 * @round: does once what is tested, with @arg
 * @warm_up: rounds before anything is measured
 * @count: rounds that are measured, at least 15
 * @all_percpu: watch per-CPU memory that nobody answers for, too; not for rounds that
 *	make namespaces: the kernel has per-CPU memory of its own for each, and the
 *	pages that it once needed stay with the allocator
 */
struct usage_rounds {
	void (*round)(void *arg);
	void *arg;
	unsigned int warm_up;
	unsigned int count;
	bool all_percpu;
};

/**
 * usage_rounds() - fail the test if there is a leak
 *
 * For each round it may have grown by less than 64 octets of accounted per-CPU
 * memory, 1024 of accounted slabs and, if wanted, 2048 of all per-CPU memory. What
 * grows by more is given two more sets of rounds: caches come to rest, a leak does
 * not.
 */
void usage_rounds(const struct usage_rounds *rounds);

/** usage_sockets() - UDP sockets of a network namespace, IPv4 and IPv6 */
unsigned int usage_sockets(const char *netns);

#endif
