/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kntsctl top shows, line by line, wherever the lines go.
 */
#ifndef KNTSCTL_TOP_VIEW_H
#define KNTSCTL_TOP_VIEW_H

#include <time.h>

#include "kntsctl/reading.h"

/**
 * struct top_frame - two readings and what is to be told of them
 * @now: when the second was made
 * @serving: servers are open, and replies say synchronised
 * @clock_set: @clock is filled in
 * @clock: the clock state
 * @before: the first reading
 * @after: the second one
 * @rows: the clients, sorted
 */
struct top_frame {
	time_t now;
	bool serving;
	bool clock_set;
	struct knts_clock clock;
	struct reading before;
	struct reading after;
	struct client_rows rows;
};

enum top_line {
	TOP_GOOD,	/* the headline: it serves */
	TOP_BAD,	/* the headline: it does not */
	TOP_TEXT,
	TOP_TABLE,	/* above a table's columns */
};

/** top_put_fn - take a line; without a line's end */
typedef void top_put_fn(enum top_line kind, const char *text, void *arg);

/**
 * top_view() - show a frame
 * @clients: as many of them at most
 * @put: gets the lines
 * @arg: for it
 */
void top_view(const struct top_frame *frame, size_t clients, top_put_fn *put,
	      void *arg);

/** TOP_LINES_ABOVE - lines that top_view() puts before the first client */
#define TOP_LINES_ABOVE 12

struct json_object *top_to_json(const struct top_frame *frame, size_t clients);

#endif
