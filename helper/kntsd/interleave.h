/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's table of interleaved mode, made as large as the configuration
 * says.
 */
#ifndef KNTSD_INTERLEAVE_H
#define KNTSD_INTERLEAVE_H

#include "libknts/libknts.h"

/**
 * interleave_apply() - set the size if it is another one
 * @pairs: rounded up to a power of two by the kernel; 0 for no interleaved mode
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * What the table holds stays if its size does.
 *
 * Return: 0 or -errno.
 */
int interleave_apply(struct knts_conn *conn, uint32_t pairs, char *error,
		     size_t error_size);

#endif
