/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keymaster's side of the KE workers: it listens, starts them, hands each
 * its sockets and certificates, answers their requests, restarts those that
 * die, and lets old ones finish when a new configuration replaces them.
 */
#ifndef KNTSD_WORKERS_H
#define KNTSD_WORKERS_H

#include <event2/event.h>
#include <json-c/json_types.h>

#include "config.h"
#include "core/cookie.h"

struct workers;

/**
 * typedef workers_seal_fn - make cookies for a client
 * @session: AEAD and keys of the client
 * @cookies: KNTS_COOKIES_MAX times knts_cookie_len(@session->aead) octets
 * @arg: as given to workers_start()
 *
 * Return: 0, or -errno if no key is in the kernel's ring: the client gets
 * Error 2 (R14).
 */
typedef int (*workers_seal_fn)(const struct knts_session *session,
			       uint8_t *cookies, void *arg);

/**
 * workers_start() - listen and start serving NTS-KE
 * @workers: set on success
 * @base: the keymaster's event loop
 * @config: read now, not kept
 * @seal: see above
 * @arg: for @seal
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Reads and checks certificates and keys. What is wrong but survivable is
 * logged as one warning each.
 *
 * Return: 0 or -errno; on failure nothing is left behind.
 */
int workers_start(struct workers **workers, struct event_base *base,
		  const struct config *config, workers_seal_fn seal, void *arg,
		  char *error, size_t error_size);

/**
 * workers_reload() - replace configuration and certificates
 *
 * New workers take over the listening; connections in progress are finished
 * by the old ones. On failure the old ones go on as before.
 */
int workers_reload(struct workers *workers, const struct config *config,
		   char *error, size_t error_size);

/** workers_check() - do all the checking of workers_start(), start nothing */
int workers_check(const struct config *config, char *error, size_t error_size);

/**
 * workers_status() - add "workers", "workers-wanted", "nts-ke", "renewals",
 * "ke-stats" and "ke-duration" to an object
 */
void workers_status(struct workers *workers, struct json_object *status);

/** workers_problems() - add to an array one sentence for each problem */
void workers_problems(struct workers *workers, struct json_object *problems);

/**
 * workers_finish() - accept no more, finish what is in progress
 * @finished: called when that is done, or has taken too long
 * @arg: for @finished
 *
 * Next comes workers_stop().
 */
void workers_finish(struct workers *workers, void (*finished)(void *arg),
		    void *arg);

/** workers_stop() - end all workers, close all sockets; NULL is allowed */
void workers_stop(struct workers *workers);

/**
 * worker_main() - a KE worker's whole life, after exec
 *
 * Return: exit code.
 */
int worker_main(void);

#endif
