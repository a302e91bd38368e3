/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PHC's time as a line over CLOCK_MONOTONIC_RAW, from a window of samples of
 * both that moves on, gets shorter when rates change, and ends with a jump.
 */
#ifndef KNTSD_PHC_LINE_H
#define KNTSD_PHC_LINE_H

#include "libknts/libknts.h"
#include "phc_fit.h"

/**
 * struct phc_line - the window, and the line through it
 * @samples: oldest first
 * @count: of them
 * @min: no line with fewer
 * @max: the oldest go where there are more
 * @fitted: @fit is filled in
 * @fit: the line
 */
struct phc_line {
	struct phc_sample samples[PHC_SAMPLES_MAX];
	size_t count;
	size_t min;
	size_t max;
	bool fitted;
	struct phc_fit fit;
};

/** phc_line_reset() - begin a new window */
void phc_line_reset(struct phc_line *line);

/**
 * phc_line_resize() - set how long a window is
 * @min: PHC_SAMPLES_MIN to @max
 * @max: at most PHC_SAMPLES_MAX
 */
void phc_line_resize(struct phc_line *line, size_t min, size_t max);

/**
 * phc_line_contradicts() - is a sample further off than all errors explain?
 *
 * It is if a clock was set, or changed its rate, since the samples before.
 */
bool phc_line_contradicts(const struct phc_line *line,
			  const struct phc_sample *sample);

/**
 * phc_line_shorten() - give up old samples until one does not contradict
 *
 * Return: false if it contradicts the newest ones, too.
 */
bool phc_line_shorten(struct phc_line *line, const struct phc_sample *sample);

/** phc_line_miss_ns() - how far off the line a sample is; 0 if there is none */
double phc_line_miss_ns(const struct phc_line *line,
			const struct phc_sample *sample);

/**
 * phc_line_add() - a new sample
 *
 * The window is shortened when the samples have a shape that is neither a line's
 * nor that of a steady drift.
 */
void phc_line_add(struct phc_line *line, const struct phc_sample *sample);

/**
 * phc_line_get() - the line for the kernel
 * @lifetime_ms: from the newest sample; the bound of the error covers it
 * @knts_line: filled in
 *
 * Return: 0; -EAGAIN with too few samples; -ERANGE if the clocks' rates differ
 * by more than the kernel takes.
 */
int phc_line_get(const struct phc_line *line, uint32_t lifetime_ms,
		 struct knts_line *knts_line);

#endif
