/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of packets, each with the one answer that the rules give it.
 */
#ifndef KNTS_SELFTESTS_GUEST_PACKETS_H
#define KNTS_SELFTESTS_GUEST_PACKETS_H

#include "ask.h"

struct row;

/* Build the row's packet; the asker has session and key. */
typedef void (*row_build)(struct packet *p, const struct asker *a,
			  const struct row *row);

/**
 * struct row - one packet
 * @name: with the rule's
 * @build: makes it
 * @arg: for @build: a length, a count, an offset
 * @lie: for @build: what is added to a stated length
 * @verdict: what it gets
 * @cookies: that come back with KNTS_ANSWER_NTS
 */
struct row {
	const char *name;
	row_build build;
	int arg;
	int lie;
	enum knts_verdict verdict;
	size_t cookies;
};

/* struct sweep - a test that sends many packets of one kind */
struct sweep {
	const char *name;
	void (*run)(const struct asker *a);
};

extern const struct row form_rows[];
extern const size_t form_row_count;
extern const struct row auth_rows[];
extern const size_t auth_row_count;
extern const struct sweep sweeps[];
extern const size_t sweep_count;

#endif
