/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ring of cookie keys for people and as JSON.
 */
#ifndef KNTSCTL_KEYS_H
#define KNTSCTL_KEYS_H

#include "kntsctl/kntsctl.h"

/**
 * struct key_ring - the ring at one moment
 * @at_s: in seconds of CLOCK_MONOTONIC
 * @keys: @count of them
 */
struct key_ring {
	double at_s;
	struct knts_key *keys;
	size_t count;
};

/**
 * key_ring_print() - a line for each key
 * @before: an earlier reading, for rates; NULL for none
 * @now_s: seconds since 1970
 */
void key_ring_print(FILE *out, const struct key_ring *before,
		    const struct key_ring *after, uint64_t now_s);

struct json_object *key_ring_to_json(const struct key_ring *before,
				     const struct key_ring *after);

#endif
