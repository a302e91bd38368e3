/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fuzz target has, be it driven by libFuzzer or by replay.c.
 */
#ifndef KNTS_FUZZ_FUZZ_H
#define KNTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Stops both fuzzer and sanitizers where an invariant does not hold. */
#define FUZZ_MUST(condition) \
	do { \
		if (!(condition)) \
			__builtin_trap(); \
	} while (0)

/* Name of the folder in selftests/fuzz/corpus. */
extern const char fuzz_name[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A copy in a block of exactly @len octets. Free it. */
static inline uint8_t *fuzz_exact(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	FUZZ_MUST(copy);
	if (len)
		memcpy(copy, data, len);

	return copy;
}

#endif
