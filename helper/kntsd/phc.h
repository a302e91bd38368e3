/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware timestamps: the configured network devices, wherever they are, come
 * and go, and each one's PHC line in the kernel.
 */
#ifndef KNTSD_PHC_H
#define KNTSD_PHC_H

#include <event2/event.h>
#include <json-c/json_types.h>

#include "config.h"

struct phc;

/**
 * phc_start() - begin
 * @phc: set on success
 * @base: event loop
 * @conn: the kernel; used until phc_stop()
 * @config: must live until phc_stop() or phc_reload()
 * @gone: called when the kernel's module is no longer there
 * @arg: for @gone
 *
 * A device without PHC is a problem that is logged, not a failure.
 *
 * Return: 0 or -ENOMEM.
 */
int phc_start(struct phc **phc, struct event_base *base,
	      struct knts_conn *conn, const struct config *config,
	      void (*gone)(void *arg), void *arg);

/** phc_reload() - change devices and settings; lines that can stay do */
void phc_reload(struct phc *phc, const struct config *config);

/** phc_status() - add what there is to tell, and sentences to @problems */
void phc_status(const struct phc *phc, struct json_object *reply,
		struct json_object *problems);

/** phc_stop() - end; @forget: the kernel, too; NULL is allowed */
void phc_stop(struct phc *phc, bool forget);

/* For phc_track.c. */

/** phc_base() - the event loop */
struct event_base *phc_base(const struct phc *phc);

/** phc_conn() - the kernel */
struct knts_conn *phc_conn(const struct phc *phc);

/** phc_gone() - the kernel's module is no longer there */
void phc_gone(struct phc *phc);

/** phc_look_again() - soon look whether a device has changed */
void phc_look_again(struct phc *phc);

#endif
