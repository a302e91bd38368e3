/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock's state, from a source into the kernel, once per interval.
 *
 * While a source gives nothing, nothing is pushed: the dispersion grows in the
 * kernel, and past the lifetime its replies say unsynchronised.
 */
#ifndef KNTSD_CLOCK_H
#define KNTSD_CLOCK_H

#include <event2/event.h>

#include "clock_source.h"

struct clock;

/**
 * clock_start() - begin feeding
 * @clock: set on success
 * @base: event loop
 * @conn: the kernel; used until clock_stop()
 * @config: must live until clock_stop() or clock_reload()
 * @gone: called when the kernel's module is no longer there
 * @arg: for @gone
 *
 * The source is first asked at once. That it doesn't answer is a problem that
 * is logged, not a failure.
 *
 * Return: 0 or -ENOMEM.
 */
int clock_start(struct clock **clock, struct event_base *base,
		struct knts_conn *conn, const struct config_clock *config,
		void (*gone)(void *arg), void *arg);

/** clock_reload() - change source and settings, ask at once */
void clock_reload(struct clock *clock, const struct config_clock *config);

/** clock_name() - the source's name */
const char *clock_name(const struct clock *clock);

/** clock_problem() - one sentence, or NULL if the source answers */
const char *clock_problem(const struct clock *clock);

/** clock_stop() - end feeding; the kernel keeps what it has; NULL is allowed */
void clock_stop(struct clock *clock);

/**
 * clock_state() - a reading in the kernel's units
 * @state: filled in
 * @reading: from a source
 * @config: lifetime, and the least rate at which the dispersion grows
 * @precision: log2 of seconds
 *
 * Delay and dispersion are rounded up (P9).
 */
void clock_state(struct knts_clock *state, const struct clock_reading *reading,
		 const struct config_clock *config, int precision);

/**
 * clock_precision() - how fine CLOCK_REALTIME is when read, measured (P5)
 *
 * Return: log2 of seconds, rounded up, -32 to 0.
 */
int clock_precision(void);

#endif
