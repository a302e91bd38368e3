/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU time and wall time, for what measures servers.
 */
#ifndef KNTS_SELFTESTS_BENCH_CPU_H
#define KNTS_SELFTESTS_BENCH_CPU_H

#include <stdint.h>
#include <sys/types.h>

/** cpu_now_ns() - CLOCK_MONOTONIC */
uint64_t cpu_now_ns(void);

/**
 * cpu_tree_ns() - utime and stime of a process and all that descend from it
 * @root: process id
 *
 * In steps of the kernel's USER_HZ, usually 10 ms.
 *
 * Return: nanoseconds; 0 if there is no such process.
 */
uint64_t cpu_tree_ns(pid_t root);

#endif
