// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send packets whose hardware transmit timestamps are asked for, and wait for none
 * of them. Prints how many records of them there are, and the last one's number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "crossing.h"

int main(int argc, char **argv)
{
	size_t packets = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
	struct hwsim_record *truth;
	struct crossing x;
	size_t count, i;

	crossing_open(&x);
	for (i = 0; i < packets; i++)
		if (send(x.tx_fd, "", 1, 0) != 1)
			return 1;
	truth = sim_truth(&count);
	if (!truth || !count)
		return 1;
	printf("%zu records, the last is number %llu\n", count,
	       (unsigned long long)truth[count - 1].number);
	crossing_close(&x);
	return 0;
}
