/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Samples of a PHC and CLOCK_MONOTONIC_RAW at the same moment, by the best way
 * that its driver and the kernel have.
 */
#ifndef KNTSD_PHC_READER_H
#define KNTSD_PHC_READER_H

#include "phc_line.h"

#define PHC_READINGS_MAX 25

/**
 * struct phc_reader - an open PHC
 * @fd: of /dev/ptpN, or -1
 * @way: how it is read; worse ways follow better ones
 */
struct phc_reader {
	int fd;
	unsigned int way;
};

/**
 * phc_reader_open() - open a PHC
 * @index: N of /dev/ptpN
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Return: 0 or -errno; @reader is closed then.
 */
int phc_reader_open(struct phc_reader *reader, int index, char *error,
		    size_t error_size);

/**
 * phc_reader_sample() - read both clocks
 * @readings: 1 to PHC_READINGS_MAX; the tightest counts
 * @sample: filled in
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Return: 0; -EAGAIN if the system clock was set meanwhile; or another -errno.
 */
int phc_reader_sample(struct phc_reader *reader, unsigned int readings,
		      struct phc_sample *sample, char *error,
		      size_t error_size);

/** phc_reader_way() - how the PHC is read, for people */
const char *phc_reader_way(const struct phc_reader *reader);

/** phc_reader_close() - it may be closed already */
void phc_reader_close(struct phc_reader *reader);

#endif
