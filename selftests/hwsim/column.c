// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge.h"

void column_add(struct column *column, int64_t error_ns)
{
	if (column->count == column->size) {
		column->size = column->size ? 2 * column->size : 1024;
		column->errors_ns = realloc(column->errors_ns,
					    column->size *
						    sizeof(*column->errors_ns));
		if (!column->errors_ns)
			abort();
	}
	column->errors_ns[column->count++] = error_ns;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int compare_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (llabs(*x) > llabs(*y)) - (llabs(*x) < llabs(*y));
}

double column_mean_ns(const struct column *column)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < column->count; i++)
		sum += (double)column->errors_ns[i];
	return column->count ? sum / (double)column->count : 0;
}

void column_print(struct column *column)
{
	double mean = column_mean_ns(column), squares = 0;
	int64_t *e = column->errors_ns;
	size_t n = column->count, i;
	int64_t p99;

	if (!n) {
		printf("%-28s %8d\n", column->name, 0);
		return;
	}
	for (i = 0; i < n; i++)
		squares += ((double)e[i] - mean) * ((double)e[i] - mean);
	qsort(e, n, sizeof(*e), compare_size);
	p99 = llabs(e[n * 99 / 100]);
	qsort(e, n, sizeof(*e), compare);
	printf("%-28s %8zu %10" PRId64 " %10.1f %10" PRId64 " %10" PRId64 " %10.1f\n",
	       column->name, n, e[0], mean, p99, e[n - 1],
	       sqrt(squares / (double)n));
}
