// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counters for people and as JSON.
 */
#include <inttypes.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"
#include "kntsctl/stats.h"

/* What is printed together: counters whose names begin with one of two words. */
static const struct group {
	const char *title;
	const char *kinds[2];
	bool is_sum;
} groups[] = {
	{ "answers", { "answer" }, true },
	{ "kisses", { "kiss" }, true },
	{ "drops", { "drop" }, true },
	{ "timestamps", { "stamp", "transmit" }, false },
	{ "interleaved mode", { "interleaved", "pair" }, false },
	{ "cryptography", { "aes" }, false },
};

#define GROUPS_COUNT (sizeof(groups) / sizeof(*groups))

static bool is_in(const struct knts_counter *counter, const struct group *group)
{
	size_t i;

	for (i = 0; i < 2 && group->kinds[i]; i++)
		if (counter_is(counter, group->kinds[i]) ||
		    !strcmp(counter->name, group->kinds[i]))
			return true;
	return false;
}

static void print_number(FILE *out, const char *indent, const char *name,
			 uint64_t value, double per_s)
{
	char rate[FORMAT_SIZE];

	fprintf(out, "%s%-*s %12" PRIu64, indent, 22 - (int)strlen(indent),
		name, value);
	if (per_s >= 0)
		fprintf(out, " %9s", format_rate(per_s, rate));
}

static uint64_t sum_of(const struct counters *counters,
		       const struct group *group)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < counters->count; i++)
		if (is_in(&counters->list[i], group))
			sum += counters->list[i].value;
	return sum;
}

/* How fast all of the group grew; -1 without an earlier reading. */
static double rate_of(const struct counters *before,
		      const struct counters *after, const struct group *group)
{
	double rate = 0;
	size_t i;

	if (!before)
		return -1;
	for (i = 0; i < after->count; i++)
		if (is_in(&after->list[i], group))
			rate += counters_per_s(before, after,
					       after->list[i].name);
	return rate;
}

static void print_counter(FILE *out, const struct counters *before,
			  const struct counters *after,
			  const struct knts_counter *counter)
{
	double rate = before ? counters_per_s(before, after, counter->name) : -1;

	print_number(out, "  ", counter->name, counter->value, rate);
	fprintf(out, "  %s\n", counter_text(counter->name));
}

static void print_group(FILE *out, const struct counters *before,
			const struct counters *after, const struct group *group,
			bool all)
{
	uint64_t sum = sum_of(after, group);
	size_t i;

	if (group->is_sum) {
		print_number(out, "", group->title, sum,
			     rate_of(before, after, group));
		fputc('\n', out);
	} else if (sum || all) {
		fprintf(out, "%s\n", group->title);
	}
	for (i = 0; i < after->count; i++)
		if (is_in(&after->list[i], group) &&
		    (all || after->list[i].value))
			print_counter(out, before, after, &after->list[i]);
}

void stats_print(FILE *out, const struct counters *before,
		 const struct counters *after, bool all)
{
	size_t i;

	fprintf(out, "%-22s %12s%s\n", "", "count",
		before ? "     per s" : "");
	for (i = 0; i < GROUPS_COUNT; i++)
		print_group(out, before, after, &groups[i], all);
}

static void add_rate(struct json_object *object, const char *key, double rate)
{
	json_object_object_add(object, key, rate_to_json(rate));
}

static struct json_object *rates_to_json(const struct counters *before,
					 const struct counters *after)
{
	struct json_object *object = json_object_new_object();
	struct json_object *counters = json_object_new_object();
	const char *name;
	size_t i;

	for (i = 0; i < GROUPS_COUNT; i++)
		if (groups[i].is_sum)
			add_rate(object, groups[i].title,
				 rate_of(before, after, &groups[i]));
	for (i = 0; i < after->count; i++) {
		name = after->list[i].name;
		add_rate(counters, name, counters_per_s(before, after, name));
	}
	json_object_object_add(object, "counters", counters);
	return object;
}

struct json_object *stats_to_json(const struct counters *before,
				  const struct counters *after)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < GROUPS_COUNT; i++)
		if (groups[i].is_sum)
			json_object_object_add(
				object, groups[i].title,
				json_object_new_uint64(sum_of(after,
							      &groups[i])));
	json_object_object_add(object, "counters",
			       counters_to_json(after->list, after->count));
	if (!before)
		return object;
	add_rate(object, "interval-s", after->at_s - before->at_s);
	json_object_object_add(object, "per-s", rates_to_json(before, after));
	return object;
}
