// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of the control socket.
 */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "daemon.h"
#include "fail.h"

static void add_string(struct json_object *object, const char *name,
		       const char *value)
{
	json_object_object_add(object, name, value ?
			       json_object_new_string(value) : NULL);
}

static void add_problem(struct json_object *problems, const char *sentence)
{
	if (sentence && sentence[0])
		json_object_array_add(problems,
				      json_object_new_string(sentence));
}

static void do_status(struct daemon *daemon, struct json_object *reply)
{
	struct json_object *problems = json_object_new_array();
	const char *clock = clock_problem(daemon->clock);

	json_object_object_add(reply, "pid", json_object_new_int(getpid()));
	add_string(reply, "version", KNTS_VERSION);
	add_string(reply, "config", daemon->config->path);
	add_string(reply, "clock-source", clock_name(daemon->clock));
	if (clock)
		add_string(reply, "clock-problem", clock);
	add_string(reply, "key-store", daemon->config->keys.storage_path);
	json_object_object_add(reply, "next-rotation-s", json_object_new_int64(
			       keys_next_rotation_s(daemon->keys)));
	if (daemon->workers) {
		workers_status(daemon->workers, reply);
		workers_problems(daemon->workers, problems);
	}
	add_problem(problems, clock);
	add_problem(problems, keys_problem(daemon->keys));
	add_problem(problems, servers_problem(daemon->servers));
	phc_status(daemon->phc, reply, problems);
	add_problem(problems, daemon->reload_problem);
	json_object_object_add(reply, "problems", problems);
}

struct json_object *daemon_command(const char *command, void *arg)
{
	struct json_object *reply = json_object_new_object();
	struct daemon *daemon = arg;
	char error[FAIL_SIZE];
	int err = 0;

	/* First in the object, for people who read it. */
	json_object_object_add(reply, "ok", json_object_new_boolean(true));
	if (!strcmp(command, "status"))
		do_status(daemon, reply);
	else if (!strcmp(command, "rotate"))
		err = keys_rotate(daemon->keys, error, sizeof(error));
	else if (!strcmp(command, "reload"))
		err = daemon_reload(daemon, error, sizeof(error));
	else
		err = fail(-1, error, sizeof(error),
			   "unknown command '%.32s'; known are status, rotate, reload",
			   command);
	if (err) {
		json_object_object_add(reply, "ok",
				       json_object_new_boolean(false));
		add_string(reply, "error", error);
	}
	return reply;
}
