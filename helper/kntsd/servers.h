/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's servers, made equal to the configuration.
 */
#ifndef KNTSD_SERVERS_H
#define KNTSD_SERVERS_H

#include "libknts/libknts.h"

struct servers;

/**
 * servers_alloc() - begin with none
 * @conn: the kernel; used until servers_put()
 *
 * Return: NULL if there is no memory.
 */
struct servers *servers_alloc(struct knts_conn *conn);

/**
 * servers_apply() - open, change and close servers until they are as wanted
 * @servers: knows which of the kernel's servers are ours
 * @wanted: the configuration's; one that the kernel has already becomes ours
 * @count: how many
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Servers that others opened stay. On failure everything is put back.
 *
 * Return: 0 or -errno.
 */
int servers_apply(struct servers *servers, const struct knts_server *wanted,
		  size_t count, char *error, size_t error_size);

/** servers_verify() - read the kernel's servers after they may have changed */
void servers_verify(struct servers *servers);

/** servers_problem() - one sentence, or NULL if all of ours are open */
const char *servers_problem(const struct servers *servers);

/** servers_close() - close all of ours */
void servers_close(struct servers *servers);

/** servers_put() - free, close nothing; NULL is allowed */
void servers_put(struct servers *servers);

#endif
