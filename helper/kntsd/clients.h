/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's table of clients, made as large as the configuration says.
 */
#ifndef KNTSD_CLIENTS_H
#define KNTSD_CLIENTS_H

#include "libknts/libknts.h"

/**
 * clients_apply() - set the size if it is another one
 * @entries: on each CPU, rounded up to a power of two by the kernel; 0 for no
 *	table
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * What the table holds stays if its size does.
 *
 * Return: 0 or -errno.
 */
int clients_apply(struct knts_conn *conn, uint32_t entries, char *error,
		  size_t error_size);

#endif
