// SPDX-License-Identifier: GPL-2.0-only
/* Step CLOCK_REALTIME by whole seconds exactly, whatever it shows. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timex step = { .modes = ADJ_SETOFFSET | ADJ_NANO };

	if (argc != 2) {
		fputs("usage: step SECONDS\n", stderr);
		return 2;
	}
	step.time.tv_sec = strtol(argv[1], NULL, 10);
	if (clock_adjtime(CLOCK_REALTIME, &step) < 0) {
		perror("step");
		return 1;
	}
	return 0;
}
