/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel holds. What grows with each round of a test is a leak.
 */
#ifndef KNTS_SELFTESTS_GUEST_USAGE_H
#define KNTS_SELFTESTS_GUEST_USAGE_H

#include <stdint.h>

/**
 * struct usage - at one moment, in octets
 * @percpu: per-CPU memory, in steps of a page for each CPU
 * @accounted_percpu: the part of it that this process and its children have to
 *	answer for, exactly
 * @accounted_slab: slab memory that they have to answer for; what the CPUs hold
 *	back makes it uncertain by about a page for each
 */
struct usage {
	uint64_t percpu;
	uint64_t accounted_percpu;
	uint64_t accounted_slab;
};

/** usage_account() - from here on it is accounted, by a control group */
void usage_account(void);

/** usage_read() - when it has come to rest */
void usage_read(struct usage *usage);

/**
 * usage_bounded() - fail the test if there is a leak of what is accounted
 * @before: when @rounds began, after some to warm up
 * @rounds: how many there were since, at least 15
 *
 * For each round it may have grown by less than 64 octets of per-CPU memory and
 * 1024 of slab memory. Waits for what the kernel frees later.
 */
void usage_bounded(const struct usage *before, unsigned int rounds);

/**
 * usage_bounded_all() - the same, and what nobody answers for
 *
 * For each round all per-CPU memory may have grown by less than 2048 octets.
 * Not for rounds that make namespaces: the kernel has per-CPU memory of its own
 * for each, and the pages that it once needed stay with the allocator.
 */
void usage_bounded_all(const struct usage *before, unsigned int rounds);

/** usage_sockets() - UDP sockets of a network namespace, IPv4 and IPv6 */
unsigned int usage_sockets(const char *netns);

#endif
