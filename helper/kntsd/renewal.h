/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates while they are served: new files are taken up, bad ones are
 * refused, and people are warned before the end.
 */
#ifndef KNTSD_RENEWAL_H
#define KNTSD_RENEWAL_H

#include <event2/event.h>
#include <json-c/json_types.h>

#include "ke_setup.h"

struct renewal;

/**
 * typedef renewal_fn - a section has new files, and they are good
 * @section: index in the setup
 * @certs: the new ones, from now on the callee's
 * @arg: as given to renewal_start()
 */
typedef void (*renewal_fn)(size_t section, struct certs *certs, void *arg);

/**
 * renewal_start() - begin with no certificate
 *
 * Return: NULL if there is no memory.
 */
struct renewal *renewal_start(struct event_base *base, renewal_fn take,
			      void *arg);

/**
 * renewal_follow() - see to the certificates of a setup
 * @setup: until the next call, or renewal_stop(); the one before may be freed
 *	after this one
 *
 * Files are looked at when something in their folders changes, and every minute.
 * Those that do not fit each other, or are otherwise bad, are given a moment:
 * somebody may be in the midst of writing them. What is bad after that is
 * logged once and told by renewal_problems() until it has changed.
 *
 * Warnings are logged 30, 7 and 1 days before the end, and at the end: each
 * once for a certificate, however the clock is stepped.
 */
void renewal_follow(struct renewal *renewal, const struct ke_setup *setup);

/** renewal_problems() - add to an array one sentence for each problem */
void renewal_problems(const struct renewal *renewal,
		      struct json_object *problems);

/** renewal_status() - how many new files were taken and refused */
struct json_object *renewal_status(const struct renewal *renewal);

/** renewal_stop() - end; NULL is allowed */
void renewal_stop(struct renewal *renewal);

#endif
