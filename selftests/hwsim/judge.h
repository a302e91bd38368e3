/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replies held against the truth about them.
 */
#ifndef KNTS_SELFTESTS_HWSIM_JUDGE_H
#define KNTS_SELFTESTS_HWSIM_JUDGE_H

#include "sim.h"

/**
 * struct exchange - a reply that crossed, and what it is about
 * @reply: its record
 * @request: its request's
 * @earlier: in interleaved mode, the record of the reply whose departure its
 *	transmit timestamp is; else NULL
 * @origin: of its header, all in 32.32 seconds since 1900
 * @receive: the same
 * @transmit: the same
 */
struct exchange {
	const struct hwsim_record *reply;
	const struct hwsim_record *request;
	const struct hwsim_record *earlier;
	uint64_t origin;
	uint64_t receive;
	uint64_t transmit;
};

/**
 * exchanges_find() - match replies with requests, in the order of departure
 * @truth: all records
 * @count: how many
 * @found: set to how many exchanges there are
 *
 * A reply that fits no request, or in interleaved mode no earlier reply, is said
 * on stderr and counted in @strays.
 *
 * Return: an array for the caller to free().
 */
struct exchange *exchanges_find(const struct hwsim_record *truth, size_t count,
				size_t *found, size_t *strays);

/** exchange_ns() - 32.32 seconds since 1900 as nanoseconds since 1970 */
int64_t exchange_ns(uint64_t ntp);

/* struct column - errors of one kind */
struct column {
	const char *name;
	int64_t *errors_ns;
	size_t count;
	size_t size;
};

void column_add(struct column *column, int64_t error_ns);

/** column_print() - count, min, mean, 99th percentile, max, deviation */
void column_print(struct column *column);

/** column_mean_ns() - 0 if it is empty */
double column_mean_ns(const struct column *column);

#endif
