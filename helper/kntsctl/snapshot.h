/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the kernel and kntsd say, at one moment, and what is wrong with it.
 */
#ifndef KNTSCTL_SNAPSHOT_H
#define KNTSCTL_SNAPSHOT_H

#include "kntsctl/control.h"
#include "kntsctl/counters.h"

/**
 * struct snapshot - the state of knts
 * @now_s: seconds since 1970
 * @kernel_error: why the kernel does not tell, or ""
 * @servers: @servers_count of them
 * @clock_set: @clock is filled in
 * @clock: the clock state
 * @keys: @keys_count of them
 * @phcs: @phcs_count devices with a PHC
 * @counters: how packets ended
 * @rates: measured over a short while
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
	struct counters counters;
	struct rates rates;
	struct json_object *kntsd;
	char kntsd_error[CONTROL_ERROR_SIZE];
};

/** snapshot_take() - ask the kernel and kntsd; takes half a second */
void snapshot_take(struct snapshot *snapshot, const char *control_path);

/** snapshot_free() - give back what it holds */
void snapshot_free(struct snapshot *snapshot);

/**
 * problems_find() - what keeps clients from being served well
 *
 * Return: an array of sentences, each saying what to do.
 */
struct json_object *problems_find(const struct snapshot *snapshot);

/** is_serving() - a server is open, and replies say synchronised */
bool is_serving(const struct snapshot *snapshot);

/**
 * struct style - what the screen may do
 * @good: escape sequence before good news, or ""
 * @bad: before bad news
 * @plain: after either
 * @width: columns of the terminal; 0 leaves sentences in one line
 */
struct style {
	const char *good;
	const char *bad;
	const char *plain;
	int width;
};

/** screen_print() - the one screen, with what problems_find() found */
void screen_print(FILE *out, const struct snapshot *snapshot,
		  struct json_object *problems, const struct style *style);

#endif
