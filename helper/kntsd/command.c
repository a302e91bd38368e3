// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of the control socket.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
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

static struct json_object *describe_keys(const struct keys *keys)
{
	struct json_object *array = json_object_new_array();
	struct keys_entry entries[KNTS_KEYS_MAX];
	struct json_object *object;
	size_t count, i;
	char id[9];

	count = keys_list(keys, entries);
	for (i = 0; i < count; i++) {
		object = json_object_new_object();
		snprintf(id, sizeof(id), "%08x", entries[i].id);
		add_string(object, "id", id);
		json_object_object_add(object, "created-s",
				       json_object_new_uint64(
					       entries[i].created_s));
		json_object_object_add(object, "active",
				       json_object_new_boolean(
					       entries[i].active));
		json_object_object_add(object, "stored",
				       json_object_new_boolean(
					       entries[i].stored));
		json_object_array_add(array, object);
	}
	return array;
}

static int64_t uptime_s(const struct daemon *daemon)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - daemon->started.tv_sec;
}

static void do_status(struct daemon *daemon, struct json_object *reply)
{
	struct json_object *problems = json_object_new_array();
	const char *clock = clock_problem(daemon->clock);
	char problem[FAIL_SIZE];

	json_object_object_add(reply, "pid", json_object_new_int(getpid()));
	add_string(reply, "version", KNTS_VERSION);
	json_object_object_add(reply, "uptime-s",
			       json_object_new_int64(uptime_s(daemon)));
	add_string(reply, "config", daemon->config->path);
	add_string(reply, "clock-source", clock_name(daemon->clock));
	if (clock)
		add_string(reply, "clock-problem", clock);
	add_string(reply, "key-store", daemon->config->keys.storage_path);
	json_object_object_add(reply, "keys", describe_keys(daemon->keys));
	json_object_object_add(reply, "client-table-size",
			       json_object_new_int64(
				       daemon->config->client_table_size));
	json_object_object_add(reply, "next-rotation-s", json_object_new_int64(
			       keys_next_rotation_s(daemon->keys)));
	if (daemon->workers) {
		workers_status(daemon->workers, reply);
		workers_problems(daemon->workers, problems);
	}
	activation_problem(daemon->config, problem, sizeof(problem));
	add_problem(problems, problem);
	add_problem(problems, clock);
	add_problem(problems, keys_problem(daemon->keys));
	add_problem(problems, servers_problem(daemon->servers));
	phc_status(daemon->phc, reply, problems);
	add_problem(problems, daemon->reload_problem);
	json_object_object_add(reply, "problems", problems);
}

static int do_remove(struct daemon *daemon, const char *id, char *error,
		     size_t error_size)
{
	size_t len = strspn(id, "0123456789abcdefABCDEF");

	if (!len || len > 8 || id[len])
		return fail(-EINVAL, error, error_size,
			    "'%.32s' is no key's id: it must be up to 8 hexadecimal digits, such as 1a2b3c4d",
			    id);
	return keys_remove(daemon->keys, (uint32_t)strtoul(id, NULL, 16),
			   error, error_size);
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
	else if (!strcmp(command, "reload") && daemon->ending)
		err = fail(-EBUSY, error, sizeof(error), "kntsd is ending");
	else if (!strcmp(command, "reload"))
		err = daemon_reload(daemon, error, sizeof(error));
	else if (!strncmp(command, "remove ", 7))
		err = do_remove(daemon, command + 7, error, sizeof(error));
	else
		err = fail(-EINVAL, error, sizeof(error),
			   "unknown command '%.32s'; known are status, rotate, remove ID, reload",
			   command);
	if (err) {
		json_object_object_add(reply, "ok",
				       json_object_new_boolean(false));
		add_string(reply, "error", error);
	}
	return reply;
}
