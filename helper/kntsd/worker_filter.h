/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a KE worker may still ask of the kernel once it serves: work on the
 * descriptors that it has, memory, time. No file, no new socket, no program.
 */
#ifndef KNTSD_WORKER_FILTER_H
#define KNTSD_WORKER_FILTER_H

/**
 * worker_filter_load() - give up all other system calls, for good
 *
 * After everything that opens, connects or changes identity. A refused call
 * fails with EPERM; one that only an intruder makes ends the process.
 *
 * Return: 0 or -errno.
 */
int worker_filter_load(void);

#endif
