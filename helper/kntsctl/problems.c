// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What keeps clients from being served well: one sentence each, with what to
 * do about it.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"
#include "kntsctl/snapshot.h"

#define PROBLEM_SIZE 512

static void add(struct json_object *problems, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct json_object *problems, const char *format, ...)
{
	struct json_object *other;
	char text[PROBLEM_SIZE];
	va_list args;
	size_t i;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	/* kntsd tells its clock's problem twice: by itself and in its list. */
	for (i = 0; i < json_object_array_length(problems); i++) {
		other = json_object_array_get_idx(problems, i);
		if (!strcmp(json_object_get_string(other), text))
			return;
	}
	json_object_array_add(problems, json_object_new_string(text));
}

static void find_servers(const struct snapshot *snapshot,
			 struct json_object *problems)
{
	if (!snapshot->servers_count)
		add(problems, "no server is open, so nothing is answered: name one"
			      " in kntsd.conf (ntp-server) or run 'kntsctl server"
			      " start [::]:123'");
}

static void find_clock(const struct snapshot *snapshot,
		       struct json_object *problems)
{
	const struct knts_clock *clock = &snapshot->clock;
	char age[FORMAT_SIZE], lifetime[FORMAT_SIZE];

	if (!snapshot->clock_set) {
		add(problems, "the kernel was never told the clock's state, so"
			      " clients stay away: start kntsd with a clock source"
			      " (clock in kntsd.conf)");
		return;
	}
	if (clock->synchronised)
		return;
	if (clock->age_ms > clock->lifetime_ms)
		add(problems, "the clock's state is %s old and was good for %s, so"
			      " clients stay away: see whether kntsd runs and its"
			      " clock source answers",
		    format_age(clock->age_ms / 1000, age),
		    format_age(clock->lifetime_ms / 1000, lifetime));
	else
		add(problems, "the clock is unsynchronised, so clients stay away:"
			      " see what the clock source says (chronyc tracking)");
}

static void find_keys(const struct snapshot *snapshot,
		      struct json_object *problems)
{
	if (!snapshot->keys_count)
		add(problems, "the key ring is empty, so no NTS request is"
			      " answered: start kntsd, which makes the keys");
}

static bool all_serve_own_port(const struct snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->servers_count; i++)
		if (!snapshot->servers[i].serve_own_port)
			return false;
	return true;
}

static void find_drops(const struct snapshot *snapshot,
		       struct json_object *problems)
{
	uint64_t drops = counters_value(&snapshot->counters, "drop-own-port");

	if (drops && !all_serve_own_port(snapshot))
		add(problems, "%" PRIu64 " requests were dropped for coming from"
			      " the server's own port: if classic ntpd clients"
			      " are to be served, set serve-own-port = true"
			      " (ntp-server in kntsd.conf)", drops);
}

/* What kntsd has found out by itself. */
static void find_kntsd(const struct snapshot *snapshot,
		       struct json_object *problems)
{
	struct json_object *list;
	const char *text;
	size_t i;

	if (!snapshot->kntsd) {
		add(problems, "%s", snapshot->kntsd_error);
		return;
	}
	text = json_text(snapshot->kntsd, "clock-problem");
	if (text)
		add(problems, "%s", text);
	list = json_array(snapshot->kntsd, "problems");
	for (i = 0; list && i < json_object_array_length(list); i++)
		add(problems, "%s", json_object_get_string(
					    json_object_array_get_idx(list, i)));
}

struct json_object *problems_find(const struct snapshot *snapshot)
{
	struct json_object *problems = json_object_new_array();

	if (snapshot->kernel_error[0]) {
		add(problems, "%s", snapshot->kernel_error);
	} else {
		find_servers(snapshot, problems);
		find_clock(snapshot, problems);
		find_keys(snapshot, problems);
		find_drops(snapshot, problems);
	}
	find_kntsd(snapshot, problems);
	return problems;
}
