/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the kernel and kntsd say, at one moment, and what is wrong with it.
 */
#ifndef KNTSCTL_SNAPSHOT_H
#define KNTSCTL_SNAPSHOT_H

#include "kntsctl/control.h"
#include "kntsctl/kntsctl.h"

/**
 * struct tally - the counters, added up by how a packet ended
 * @answers: requests answered
 * @kisses: requests answered by a kiss code
 * @drops: packets that got no reply
 */
struct tally {
	uint64_t answers;
	uint64_t kisses;
	uint64_t drops;
};

/**
 * struct snapshot - the state of knts
 * @now_s: seconds since 1970
 * @kernel_error: why the kernel does not tell, or ""
 * @servers: @servers_count of them
 * @clock_set: @clock is filled in
 * @clock: the clock state
 * @keys: @keys_count of them
 * @phcs: @phcs_count devices with a PHC
 * @counters: @counters_count of them
 * @answers_per_s: measured over a short while
 * @kntsd: its own status, or NULL
 * @kntsd_error: why there is none
 */
struct snapshot {
	int64_t now_s;
	char kernel_error[320];
	struct knts_server *servers;
	size_t servers_count;
	bool clock_set;
	struct knts_clock clock;
	struct knts_key *keys;
	size_t keys_count;
	struct knts_phc *phcs;
	size_t phcs_count;
	struct knts_counter *counters;
	size_t counters_count;
	double answers_per_s;
	struct json_object *kntsd;
	char kntsd_error[CONTROL_ERROR_SIZE];
};

/** snapshot_take() - ask the kernel and kntsd; takes half a second */
void snapshot_take(struct snapshot *snapshot, const char *control_path);

/** snapshot_free() - give back what it holds */
void snapshot_free(struct snapshot *snapshot);

/** tally_counters() - add the counters up */
struct tally tally_counters(const struct knts_counter *counters, size_t count);

/** counter_is() - the counter's name begins with @kind and a dash */
bool counter_is(const struct knts_counter *counter, const char *kind);

/**
 * problems_find() - what keeps clients from being served well
 *
 * Return: an array of sentences, each saying what to do.
 */
struct json_object *problems_find(const struct snapshot *snapshot);

/** is_serving() - a server is open, and replies say synchronised */
bool is_serving(const struct snapshot *snapshot);

/** screen_print() - the one screen; @colour: emphasise with escape sequences */
void screen_print(FILE *out, const struct snapshot *snapshot, bool colour);

#endif
