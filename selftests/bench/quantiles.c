// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "quantiles.h"

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void quantiles_print(const char *label, const char *what, int64_t *values,
		     size_t count)
{
	static const unsigned int permille[] = { 0, 500, 990, 999, 1000 };
	size_t i, at;

	if (!count)
		return;
	qsort(values, count, sizeof(*values), compare);
	printf("%s\t%s\t%zu", label, what, count);
	for (i = 0; i < sizeof(permille) / sizeof(*permille); i++) {
		at = count * permille[i] / 1000;
		printf("\t%lld", (long long)values[at < count ? at : count - 1]);
	}
	putchar('\n');
}
