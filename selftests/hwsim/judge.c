// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge what a server said of its times by what truly happened: a table of the
 * errors, and a verdict on what causality and the line's error make certain.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge.h"

#define WRONG_SHOWN 10
/* Where any may be: by what replies can differ, and not what a fault can do. */
#define LATE_MAX_NS 100000
/* Of a thousand, on a busy machine. */
#define MISSED_MAX_PERMILLE 100
#define RX_FAULTS (HWSIM_RX_LOST | HWSIM_RX_WRONG | HWSIM_RX_STALE)

/**
 * struct judge - the rules and the results
 * @bound_ns: by which good hardware timestamps may be off
 * @latency_ns: by which software timestamps, and those of the clock, may be off
 * @skip: replies at the beginning that only teach
 * @frame_end: receive timestamps are of the frame's end
 * @software: any timestamp may be a software one
 * @step_ns: CLOCK_REALTIME may be stepped by it, or back
 * @basic_mean_ns: by which T3 of basic replies may be early on average, or 0
 * @late_permille: so many of a thousand basic replies may have T3 after their
 *	departure; if any may, the machine is a busy one, and some may be @missed
 * @least: replies that there must be
 * @queues: receive queues, all of which must have got a fair share of requests
 * @wrong: what breaks a rule
 * @late: basic replies that do
 * @missed: replies whose hardware timestamp came too late to be used
 * @receive: errors of T2
 * @receive_faulty: where the device's timestamp was wrong or absent
 * @transmit: errors of T3 in basic mode
 * @interleaved: errors of T3 in interleaved mode
 * @interleaved_faulty: where the device's timestamp was wrong, absent or late;
 *	these are the transmit timestamps of basic replies
 */
struct judge {
	int64_t bound_ns;
	int64_t latency_ns;
	size_t skip;
	bool frame_end;
	bool software;
	int64_t step_ns;
	double basic_mean_ns;
	size_t late_permille;
	size_t least;
	size_t queues;
	size_t wrong;
	size_t late;
	size_t missed;
	struct column receive;
	struct column receive_faulty;
	struct column transmit;
	struct column interleaved;
	struct column interleaved_faulty;
};

__attribute__((format(printf, 3, 4)))
static void wrong(struct judge *j, const struct exchange *x, const char *format, ...)
{
	va_list args;

	if (j->wrong++ >= WRONG_SHOWN)
		return;
	va_start(args, format);
	fprintf(stderr, "reply %" PRIu64 ": ", x->reply->number);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

/*
 * Into which timescale a reply was put, if the clock was stepped between the
 * departures of request and reply: by how much its times are off that of the
 * request.
 */
static int64_t shift_ns(const struct judge *j, const struct exchange *x,
			int64_t error_ns)
{
	if (x->request->clock_set_seq == x->reply->clock_set_seq)
		return 0;
	if (error_ns > j->step_ns / 2)
		return j->step_ns;
	return error_ns < -j->step_ns / 2 ? -j->step_ns : 0;
}

static int64_t arrival_ns(const struct judge *j, const struct exchange *x)
{
	return x->request->arrival_real_ns +
	       (j->frame_end ? x->request->serial_ns : 0);
}

static bool has_rx_stamp(const struct judge *j, const struct exchange *x)
{
	return !j->software && x->request->rx_stamp_ns &&
	       !(x->request->flags & RX_FAULTS);
}

/* Had the server a good timestamp of the earlier reply when the request came? */
static bool has_tx_stamp(const struct judge *j, const struct exchange *x)
{
	return !j->software && x->earlier->reported_raw_ns &&
	       x->earlier->reported_raw_ns < x->request->arrival_raw_ns &&
	       !(x->earlier->flags & HWSIM_TX_WRONG);
}

/* Returns the shift between the request's timescale and the reply's. */
static int64_t judge_receive(struct judge *j, const struct exchange *x, bool shown)
{
	bool stamped = has_rx_stamp(j, x);
	int64_t error_ns = exchange_ns(x->receive) - arrival_ns(j, x);
	int64_t shift = shift_ns(j, x, error_ns);

	error_ns -= shift;
	/* It was distrusted, since the stack got the packet so much later. */
	if (stamped && error_ns > j->bound_ns && j->late_permille) {
		stamped = false;
		j->missed++;
	}
	if (shown)
		column_add(stamped ? &j->receive : &j->receive_faulty, error_ns);
	if (error_ns < -j->bound_ns)
		wrong(j, x, "T2 is %" PRId64 " ns before the arrival", -error_ns);
	else if (error_ns > (stamped ? j->bound_ns : j->latency_ns))
		wrong(j, x, "T2 is %" PRId64 " ns after the arrival", error_ns);
	return shift;
}

/* By how much the clock's transmit timestamps, with what is learnt, may be late. */
static int64_t transmit_late_ns(const struct judge *j)
{
	return j->late_permille ? LATE_MAX_NS : 0;
}

static void judge_transmit(struct judge *j, const struct exchange *x,
			   int64_t shift, struct column *column)
{
	int64_t receive_ns = exchange_ns(x->receive);
	int64_t transmit_ns = exchange_ns(x->transmit);
	int64_t departure_ns = x->reply->departure_real_ns;
	int64_t error_ns;

	if (transmit_ns - receive_ns < 0 ||
	    transmit_ns - receive_ns > j->latency_ns)
		wrong(j, x, "T3 - T2 is %" PRId64 " ns", transmit_ns - receive_ns);
	/* The departure in the request's timescale, then in that of T2. */
	if (x->request->clock_set_seq != x->reply->clock_set_seq)
		departure_ns = x->request->departure_real_ns + shift +
			       x->reply->departure_raw_ns -
			       x->request->departure_raw_ns;
	error_ns = transmit_ns - departure_ns;
	if (column)
		column_add(column, error_ns);
	j->late += error_ns > 0;
	if (error_ns > transmit_late_ns(j))
		wrong(j, x, "T3 is %" PRId64 " ns after the departure", error_ns);
	else if (error_ns < -j->latency_ns)
		wrong(j, x, "T3 is %" PRId64 " ns before the departure", -error_ns);
}

static void judge_interleaved(struct judge *j, const struct exchange *x,
			      struct column *column)
{
	int64_t error_ns = exchange_ns(x->transmit) -
			   x->earlier->departure_real_ns;
	bool stamped = has_tx_stamp(j, x);
	int64_t early_ns, late_ns;

	/* It was reported when others had taken the reply's place. */
	if (stamped && llabs(error_ns) > j->bound_ns && j->late_permille) {
		stamped = false;
		j->missed++;
	}
	early_ns = stamped ? j->bound_ns : j->latency_ns;
	late_ns = stamped ? j->bound_ns : transmit_late_ns(j);

	if (x->earlier->clock_set_seq != x->request->clock_set_seq &&
	    x->earlier->clock_set_seq != x->reply->clock_set_seq)
		wrong(j, x, "interleaved, of a reply from before a step");
	if (column)
		column_add(column, error_ns);
	if (error_ns > late_ns)
		wrong(j, x, "interleaved: %" PRId64 " ns after the departure",
		      error_ns);
	else if (error_ns < -early_ns)
		wrong(j, x, "interleaved: %" PRId64 " ns before the departure",
		      -error_ns);
}

static void judge_all(struct judge *j, const struct exchange *x, size_t count)
{
	struct column *interleaved;
	int64_t shift;
	bool shown;
	size_t i;

	for (i = 0; i < count; i++, x++) {
		shown = i >= j->skip;
		shift = judge_receive(j, x, shown);
		if (!x->earlier) {
			judge_transmit(j, x, shift, shown ? &j->transmit : NULL);
			continue;
		}
		interleaved = has_tx_stamp(j, x) ? &j->interleaved :
							 &j->interleaved_faulty;
		judge_interleaved(j, x, shown ? interleaved : NULL);
	}
}

static void print(struct judge *j)
{
	printf("%-28s %8s %10s %10s %10s %10s %10s\n", "error in ns", "count", "min",
	       "mean", "p99", "max", "deviation");
	column_print(&j->receive);
	column_print(&j->receive_faulty);
	column_print(&j->transmit);
	column_print(&j->interleaved);
	column_print(&j->interleaved_faulty);
}

static int usage(void)
{
	fputs("usage: judge [OPTION]... [TRUTH-FILE]\n"
	      "  --bound NS       by which good hardware timestamps may be off (100)\n"
	      "  --latency NS     by which others may be off (5000000000)\n"
	      "  --skip N         replies that are left out of the table (0)\n"
	      "  --software       they may all be software timestamps\n"
	      "  --frame-end      receive timestamps are of the frame's end\n"
	      "  --step NS        the clock may have been stepped so far (0)\n"
	      "  --basic-mean NS  T3 of basic replies may be so early on average (any)\n"
	      "  --late N         so many of a thousand may be late otherwise (0)\n"
	      "  --queues N       the server's receive queues, and all are used (any)\n"
	      "  --least N        replies that there must be (1)\n",
	      stderr);
	return 2;
}

static bool parse(struct judge *j, int argc, char **argv)
{
	static const struct option options[] = {
		{ "bound", required_argument, NULL, 'b' },
		{ "latency", required_argument, NULL, 'l' },
		{ "skip", required_argument, NULL, 's' },
		{ "frame-end", no_argument, NULL, 'e' },
		{ "software", no_argument, NULL, 'w' },
		{ "step", required_argument, NULL, 't' },
		{ "basic-mean", required_argument, NULL, 'm' },
		{ "late", required_argument, NULL, 'a' },
		{ "queues", required_argument, NULL, 'q' },
		{ "least", required_argument, NULL, 'n' },
		{ 0 },
	};
	long number;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		number = optarg ? strtol(optarg, NULL, 10) : 0;
		if (option == 'b')
			j->bound_ns = number;
		else if (option == 'l')
			j->latency_ns = number;
		else if (option == 's')
			j->skip = (size_t)number;
		else if (option == 'e')
			j->frame_end = true;
		else if (option == 'w')
			j->software = true;
		else if (option == 't')
			j->step_ns = number;
		else if (option == 'm')
			j->basic_mean_ns = (double)number;
		else if (option == 'a')
			j->late_permille = (size_t)number;
		else if (option == 'q')
			j->queues = (size_t)number;
		else if (option == 'n')
			j->least = (size_t)number;
		else
			return false;
	}
	return optind >= argc - 1;
}

/* Has each of the queues at least half of what it would have by equal shares? */
static bool judge_queues(const struct judge *j, const struct exchange *x,
			 size_t found)
{
	size_t requests[256] = { 0 };
	bool fair = true;
	size_t i;

	for (i = 0; i < found; i++)
		requests[x[i].request->rx_queue]++;
	for (i = 0; i < j->queues; i++) {
		printf("queue %zu: %zu requests\n", i, requests[i]);
		fair = fair && requests[i] * j->queues * 2 >= found;
	}
	return fair;
}

/* Returns whether all is as it should be, and says what is not. */
static bool judge(struct judge *j, const struct hwsim_record *truth, size_t count)
{
	struct exchange *exchanges;
	size_t found, strays;
	bool early, late, fair;

	exchanges = exchanges_find(truth, count, &found, &strays);
	judge_all(j, exchanges, found);
	print(j);
	fair = judge_queues(j, exchanges, found);
	free(exchanges);
	early = j->basic_mean_ns > 0 &&
		-column_mean_ns(&j->transmit) > j->basic_mean_ns;
	late = j->late * 1000 > j->late_permille * found ||
	       j->missed * 1000 > MISSED_MAX_PERMILLE * found;
	if (j->late)
		printf("T3 of %zu replies is after their departure\n", j->late);
	if (j->missed)
		printf("%zu hardware timestamps came too late to be used\n", j->missed);
	if (j->wrong || strays)
		printf("of %zu replies, %zu break a rule, and %zu more answer nothing\n",
		       found, j->wrong, strays);
	if (found < j->least)
		printf("%zu replies instead of %zu\n", found, j->least);
	if (early)
		printf("T3 of basic replies is too early on average\n");
	return !j->wrong && !strays && found >= j->least && !early &&
	       !late && fair;
}

int main(int argc, char **argv)
{
	struct judge j = {
		.bound_ns = 100,
		.latency_ns = 5000000000,
		.least = 1,
		.receive = { .name = "T2" },
		.receive_faulty = { .name = "T2, stamp faulty or none" },
		.transmit = { .name = "T3, basic" },
		.interleaved = { .name = "T3, interleaved" },
		.interleaved_faulty = { .name = "T3, stamp faulty or none" },
	};
	struct hwsim_record *truth;
	bool good;
	size_t count;

	if (!parse(&j, argc, argv))
		return usage();
	truth = argv[optind] ? sim_truth_load(argv[optind], &count) :
			       sim_truth(&count);
	if (!truth) {
		perror("judge: the truth");
		return 1;
	}
	good = judge(&j, truth, count);
	free(truth);
	return !good;
}
