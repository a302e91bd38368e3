// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a server took for requests that crossed the simulated NICs: by its own
 * timestamps, and by the truth.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hwsim/judge.h"
#include "quantiles.h"

/* Of the exchanges that follow the first @skip. */
struct service {
	size_t skip;
	size_t count;
	int64_t *values;
};

static void print_by(struct service *s, const char *label, const char *what,
		     const struct exchange *exchanges,
		     int64_t (*measure)(const struct exchange *x))
{
	size_t i;

	for (i = 0; i < s->count; i++)
		s->values[i] = measure(&exchanges[s->skip + i]);
	quantiles_print(label, what, s->values, s->count);
}

static int64_t by_timestamps(const struct exchange *x)
{
	return exchange_ns(x->transmit) - exchange_ns(x->receive);
}

/* The device interrupts when a frame begins to arrive, however long it is. */
static int64_t by_truth(const struct exchange *x)
{
	return x->reply->departure_raw_ns - x->request->arrival_raw_ns;
}

/* From the moment in the reply to its hand-over to the device. */
static int64_t after_transmit(const struct exchange *x)
{
	return x->reply->departure_real_ns - exchange_ns(x->transmit);
}

int main(int argc, char **argv)
{
	struct hwsim_record *truth;
	struct exchange *exchanges;
	struct service s = { 0 };
	size_t records, strays;

	if (argc != 3) {
		fputs("usage: service LABEL SKIP\n"
		      "Of all exchanges in basic mode that crossed the simulated NICs, but for the first\n"
		      "SKIP: T3 - T2, arrival to departure, T3 to departure, in nanoseconds.\n",
		      stderr);
		return 2;
	}
	truth = sim_truth(&records);
	if (!truth) {
		perror("service: the truth");
		return 1;
	}
	exchanges = exchanges_find(truth, records, &s.count, &strays);
	s.skip = strtoul(argv[2], NULL, 10);
	s.count -= s.skip < s.count ? s.skip : s.count;
	s.values = calloc(s.count + 1, sizeof(*s.values));
	if (!s.values || !s.count) {
		fputs("service: no exchanges\n", stderr);
		return 1;
	}
	print_by(&s, argv[1], "T3 - T2", exchanges, by_timestamps);
	print_by(&s, argv[1], "arrival to departure", exchanges, by_truth);
	print_by(&s, argv[1], "T3 to departure", exchanges, after_transmit);
	free(s.values);
	free(exchanges);
	free(truth);
	return 0;
}
