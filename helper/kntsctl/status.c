// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl status: is everything all right, and if not, what is to be done.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/object.h"
#include "kntsctl/snapshot.h"
#include "kntsctl/wrap.h"

/* What it ends with, beside what every command does. */
enum {
	EXIT_NOT_SERVING = 3,
	EXIT_PROBLEMS = 4,
};

static struct json_object *rates_to_json(const struct rates *rates)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "plain", rate_to_json(rates->plain));
	json_object_object_add(object, "nts", rate_to_json(rates->nts));
	json_object_object_add(object, "kisses", rate_to_json(rates->kisses));
	json_object_object_add(object, "drops", rate_to_json(rates->drops));
	return object;
}

static void add_count(struct json_object *object, const char *key,
		      uint64_t count)
{
	json_object_object_add(object, key, json_object_new_uint64(count));
}

static void add_kernel(struct json_object *object,
		       const struct snapshot *snapshot)
{
	struct tally tally = counters_tally(&snapshot->counters);
	const struct rates *rates = &snapshot->rates;

	json_object_object_add(object, "servers",
			       servers_to_json(snapshot->servers,
					       snapshot->servers_count));
	if (snapshot->clock_set)
		json_object_object_add(object, "clock",
				       clock_to_json(&snapshot->clock));
	json_object_object_add(object, "keys",
			       keys_to_json(snapshot->keys,
					    snapshot->keys_count));
	json_object_object_add(object, "devices",
			       phcs_to_json(snapshot->phcs,
					    snapshot->phcs_count));
	add_count(object, "answers", tally.plain + tally.nts);
	add_count(object, "kisses", tally.kisses);
	add_count(object, "drops", tally.drops);
	json_object_object_add(object, "answers-per-s",
			       rate_to_json(rates->plain + rates->nts));
	json_object_object_add(object, "per-s", rates_to_json(rates));
}

static struct json_object *to_json(const struct snapshot *snapshot,
				   struct json_object *problems)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "serving",
			       json_object_new_boolean(is_serving(snapshot)));
	if (!snapshot->kernel_error[0])
		add_kernel(object, snapshot);
	if (snapshot->kntsd)
		json_object_object_add(object, "kntsd",
				       json_object_get(snapshot->kntsd));
	json_object_object_add(object, "problems", json_object_get(problems));
	return object;
}

static void print_screen(const struct snapshot *snapshot,
			 struct json_object *problems)
{
	bool colour = wants_colour();
	const struct style style = {
		.good = colour ? "\033[32m" : "",
		.bad = colour ? "\033[31m" : "",
		.plain = colour ? "\033[0m" : "",
		.width = wrap_width(),
	};

	screen_print(stdout, snapshot, problems, &style);
}

static int verdict(const struct snapshot *snapshot, size_t problems)
{
	if (snapshot->kernel_error[0])
		return EXIT_FAILED;
	if (!is_serving(snapshot))
		return EXIT_NOT_SERVING;
	return problems ? EXIT_PROBLEMS : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct json_object *problems;
	struct snapshot snapshot;
	int status;

	snapshot_take(&snapshot, common.control);
	problems = problems_find(&snapshot);
	if (common.json)
		print_json(to_json(&snapshot, problems));
	else
		print_screen(&snapshot, problems);
	status = verdict(&snapshot, json_object_array_length(problems));
	json_object_put(problems);
	snapshot_free(&snapshot);
	return status;
}

static const struct option_row options[] = {
	JSON_ROW("One object: serving, servers, clock, keys, devices (as the"
		 " commands of these names print them, devices as 'clock' does"
		 " without what kntsd knows), answers, kisses, drops (so far),"
		 " answers-per-s, per-s (plain, nts, kisses, drops, measured"
		 " over half a second), kntsd (its own status), problems"
		 " (sentences). What cannot be told is absent."),
	COLOUR_ROW,
	CONTROL_ROW,
	{ 0 },
};

const struct command command_status = {
	.name = "status",
	.summary = "Everything on one screen, each problem with what to do",
	.help = "It ends with 0 if knts serves and nothing is wrong, 4 if it"
		" serves but there is a problem, 3 if it does not serve, 1 if"
		" the kernel does not tell.",
	.options = options,
	.run = run,
};
