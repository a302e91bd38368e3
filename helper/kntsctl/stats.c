// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl stats: how packets ended, how often, and how long it took.
 */
#include "kntsctl/histogram.h"
#include "kntsctl/histogram_view.h"
#include "kntsctl/stats.h"

/* Long enough for a rate, short enough for a person. */
#define INTERVAL_S 0.5

static bool all;
static bool histogram;
static double interval_s = -1;

static int print_counters(const struct counters *before,
			  const struct counters *after)
{
	if (common.json)
		return print_json(stats_to_json(before, after));
	stats_print(stdout, before, after, all);
	return EXIT_DONE;
}

static int show_counters(struct knts_conn *conn, double window_s)
{
	struct counters before, after = { 0 };
	int status = EXIT_DONE;

	if (counters_take(conn, &before))
		return fail("%s", knts_error(conn));
	if (!window_s)
		status = print_counters(NULL, &before);
	else if (wait_s(window_s))
		status = EXIT_FAILED;
	else if (counters_take(conn, &after))
		status = fail("%s", knts_error(conn));
	else
		status = print_counters(&before, &after);
	counters_free(&before);
	counters_free(&after);
	return status;
}

static int print_histograms(const struct knts_histogram *histograms,
			    size_t count)
{
	if (common.json)
		return print_json(histograms_to_json(histograms, count));
	histograms_print(stdout, histograms, count);
	return EXIT_DONE;
}

/* Since the beginning, or over a window. */
static int show_histograms(struct knts_conn *conn, double window_s)
{
	struct knts_histogram *before = NULL, *after = NULL, *old;
	size_t before_count = 0, after_count = 0, i;
	int status;

	if (window_s > 0 &&
	    knts_histogram_list(conn, &before, &before_count))
		return fail("%s", knts_error(conn));
	if (window_s > 0 && wait_s(window_s)) {
		status = EXIT_FAILED;
		goto out_free;
	}
	if (knts_histogram_list(conn, &after, &after_count)) {
		status = fail("%s", knts_error(conn));
		goto out_free;
	}
	for (i = 0; i < after_count; i++) {
		old = histogram_find(before, before_count, after[i].name);
		if (old)
			histogram_subtract(&after[i], old);
	}
	status = print_histograms(after, after_count);
	knts_histogram_free(after, after_count);
out_free:
	knts_histogram_free(before, before_count);
	return status;
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn;
	int status;

	if (histogram && all)
		return usage_error("stats --histogram has no use for --all");
	conn = kernel_open();
	if (!conn)
		return EXIT_FAILED;
	if (histogram)
		status = show_histograms(conn, interval_s);
	else
		status = show_counters(conn, interval_s < 0 ? INTERVAL_S :
							      interval_s);
	knts_close(conn);
	return status;
}

static const struct option_row options[] = {
	{ .name = "all", .flag = &all, .help = "Also counters that are zero." },
	{ .name = "histogram", .flag = &histogram,
	  .help = "Service time and transmit error instead: how they are"
		  " distributed since the first server was opened." },
	{ .name = "interval", .value = "S", .kind = OPTION_SECONDS,
	  .seconds = &interval_s, .max = 86400,
	  .help = "Over so many seconds rates are measured, 0.5 if it is left"
		  " out; 0 leaves them out and answers at once. With"
		  " --histogram only what happens in that time is counted." },
	JSON_ROW("One object: answers, kisses, drops (the sums), counters (an"
		 " object with every counter by name), interval-s, per-s (the"
		 " same again as rates). With --histogram an array: name,"
		 " count, sum-ns, mean-ns, p50-ns, p90-ns, p99-ns, p99.9-ns,"
		 " buckets (from-ns, below-ns, count)."),
	{ 0 },
};

const struct command command_stats = {
	.name = "stats",
	.summary = "How packets ended, how many a second, and how long it took",
	.options = options,
	.run = run,
};
