// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl stats: how packets ended.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"
#include "kntsctl/snapshot.h"

/* What counters are called that are added up, and what the sum is called. */
static const struct kind {
	const char *prefix;
	const char *sum;
} kinds[] = {
	{ "answer", "answers" },
	{ "kiss", "kisses" },
	{ "drop", "drops" },
};

#define KINDS_COUNT (sizeof(kinds) / sizeof(*kinds))

static bool all;

static uint64_t sum_of(const struct tally *tally, const char *sum)
{
	if (!strcmp(sum, "answers"))
		return tally->answers;
	if (!strcmp(sum, "kisses"))
		return tally->kisses;
	return tally->drops;
}

static bool is_summed(const struct knts_counter *counter)
{
	size_t i;

	for (i = 0; i < KINDS_COUNT; i++)
		if (counter_is(counter, kinds[i].prefix))
			return true;
	return false;
}

static void print_counter(const struct knts_counter *counter)
{
	printf("  %-20s %12" PRIu64 "  %s\n", counter->name, counter->value,
	       counter_text(counter->name));
}

static void print_stats(const struct knts_counter *counters, size_t count)
{
	struct tally tally = tally_counters(counters, count);
	size_t i, j;

	for (i = 0; i < KINDS_COUNT; i++) {
		printf("%-22s %12" PRIu64 "\n", kinds[i].sum,
		       sum_of(&tally, kinds[i].sum));
		for (j = 0; j < count; j++)
			if (counter_is(&counters[j], kinds[i].prefix) &&
			    (all || counters[j].value))
				print_counter(&counters[j]);
	}
	for (j = 0; j < count; j++)
		if (!is_summed(&counters[j]) && (all || counters[j].value))
			print_counter(&counters[j]);
}

static struct json_object *to_json(const struct knts_counter *counters,
				   size_t count)
{
	struct tally tally = tally_counters(counters, count);
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < KINDS_COUNT; i++)
		json_object_object_add(
			object, kinds[i].sum,
			json_object_new_uint64(sum_of(&tally, kinds[i].sum)));
	json_object_object_add(object, "counters",
			       counters_to_json(counters, count));
	return object;
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct knts_counter *counters;
	int status = EXIT_DONE;
	size_t count;

	if (!conn)
		return EXIT_FAILED;
	if (knts_stats_get(conn, &counters, &count)) {
		status = fail("%s", knts_error(conn));
		goto out_close;
	}
	if (common.json)
		print_json(to_json(counters, count));
	else
		print_stats(counters, count);
	free(counters);
out_close:
	knts_close(conn);
	return status;
}

static const struct option_row options[] = {
	{ .name = "all", .flag = &all, .help = "Also counters that are zero." },
	JSON_ROW("One object: answers, kisses, drops (the sums), counters (an"
		 " object with every counter by name)."),
	{ 0 },
};

const struct command command_stats = {
	.name = "stats",
	.summary = "How packets ended: the counters and their sums",
	.options = options,
	.run = run,
};
