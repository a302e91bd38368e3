/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counters for people and as JSON.
 */
#ifndef KNTSCTL_STATS_H
#define KNTSCTL_STATS_H

#include "kntsctl/counters.h"

/**
 * stats_print() - counters by what they are about, with sums
 * @before: an earlier reading, for rates; NULL for none
 * @after: the reading that is printed
 * @all: also counters that are zero
 */
void stats_print(FILE *out, const struct counters *before,
		 const struct counters *after, bool all);

/** stats_to_json() - the same, and all counters */
struct json_object *stats_to_json(const struct counters *before,
				  const struct counters *after);

#endif
