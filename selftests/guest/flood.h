/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that pour in: one process each for plain NTP and NTS over IPv4 and
 * IPv6 sends as fast as it can and never waits, while the test does something
 * else. What comes back is checked.
 */
#ifndef KNTS_SELFTESTS_GUEST_FLOOD_H
#define KNTS_SELFTESTS_GUEST_FLOOD_H

#include <sys/types.h>

#include "rig.h"

#define FLOOD_SENDERS 4

/**
 * struct flood_counts - of one sender, or of all
 * @sent: requests that the stack took
 * @answers: that were right: every field, and for every eighth the seal too
 * @ntsn: kiss codes of that name
 * @wrong: replies that break a rule
 * @sentence: which rule the first of these broke
 */
struct flood_counts {
	uint64_t sent;
	uint64_t answers;
	uint64_t ntsn;
	uint64_t wrong;
	char sentence[128];
};

/**
 * struct flood - the senders
 * @netns: where they are; NULL for CLIENT_NS
 * @server4: IPv4 address that is asked, at port 123; NULL for SERVER4
 * @server6: the same of IPv6; NULL for SERVER6
 * @key: seals the cookies
 *
 * The rest is for flood.c.
 */
struct flood {
	const char *netns;
	const char *server4;
	const char *server6;
	struct rig_key key;
	struct flood_counts *counts;
	pid_t pids[FLOOD_SENDERS];
};

/** flood_start() - start the senders; @f's first four members are set */
void flood_start(struct flood *f);

/** flood_sum() - over all senders, so far */
struct flood_counts flood_sum(const struct flood *f);

/** flood_answered() - wait until each sender has got @more good answers more */
void flood_answered(const struct flood *f, uint64_t more);

/**
 * flood_stop() - end the senders
 *
 * Fails the test if one ended before, or got a reply that breaks a rule.
 */
struct flood_counts flood_stop(struct flood *f);

#endif
