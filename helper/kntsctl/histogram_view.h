/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms for people and as JSON.
 */
#ifndef KNTSCTL_HISTOGRAM_VIEW_H
#define KNTSCTL_HISTOGRAM_VIEW_H

#include "kntsctl/kntsctl.h"

/** histogram_title() - what the histogram of this name is about, in few words */
const char *histogram_title(const char *name);

/** histograms_print() - each: its numbers, and a bar for each octave */
void histograms_print(FILE *out, const struct knts_histogram *histograms,
		      size_t count);

/** histograms_to_json() - Return: an array */
struct json_object *histograms_to_json(const struct knts_histogram *histograms,
				       size_t count);

#endif
