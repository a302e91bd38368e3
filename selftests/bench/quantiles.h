/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of the benchmark's tables: what was measured many times.
 */
#ifndef KNTS_SELFTESTS_BENCH_QUANTILES_H
#define KNTS_SELFTESTS_BENCH_QUANTILES_H

#include <stddef.h>
#include <stdint.h>

/**
 * quantiles_print() - label, what, count, min, p50, p99, p99.9, max; tabs between
 * @label: may have tabs itself
 * @what: was measured
 * @values: are sorted by it
 * @count: of them; 0 prints nothing
 */
void quantiles_print(const char *label, const char *what, int64_t *values,
		     size_t count);

#endif
