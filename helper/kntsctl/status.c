// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl status: is everything all right, and if not, what is to be done.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/object.h"
#include "kntsctl/snapshot.h"

static void add_kernel(struct json_object *object,
		       const struct snapshot *snapshot)
{
	struct tally tally = tally_counters(snapshot->counters,
					    snapshot->counters_count);

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
	json_object_object_add(object, "answers",
			       json_object_new_uint64(tally.answers));
	json_object_object_add(object, "answers-per-s",
			       json_object_new_double(snapshot->answers_per_s));
	json_object_object_add(object, "kisses",
			       json_object_new_uint64(tally.kisses));
	json_object_object_add(object, "drops",
			       json_object_new_uint64(tally.drops));
}

static struct json_object *to_json(const struct snapshot *snapshot)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "serving",
			       json_object_new_boolean(is_serving(snapshot)));
	if (!snapshot->kernel_error[0])
		add_kernel(object, snapshot);
	if (snapshot->kntsd)
		json_object_object_add(object, "kntsd",
				       json_object_get(snapshot->kntsd));
	json_object_object_add(object, "problems", problems_find(snapshot));
	return object;
}

static int run(int argc, char **argv)
{
	struct snapshot snapshot;
	bool told;

	snapshot_take(&snapshot, common.control);
	told = !snapshot.kernel_error[0];
	if (common.json)
		print_json(to_json(&snapshot));
	else
		screen_print(stdout, &snapshot, wants_colour());
	snapshot_free(&snapshot);
	return told ? EXIT_DONE : EXIT_FAILED;
}

static const struct option_row options[] = {
	JSON_ROW("One object: serving, servers, clock, keys, devices (as the"
		 " commands of these names print them, devices as 'clock' does"
		 " without what kntsd knows), answers, answers-per-s, kisses,"
		 " drops, kntsd (its own status), problems (sentences). What"
		 " cannot be told is absent."),
	COLOUR_ROW,
	CONTROL_ROW,
	{ 0 },
};

const struct command command_status = {
	.name = "status",
	.summary = "Everything on one screen, each problem with what to do",
	.help = "It fails if the kernel does not tell; a problem is no failure.",
	.options = options,
	.run = run,
};
