// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl keys: the ring of cookie keys, a new one at once, and an old one gone.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kntsctl/control.h"
#include "kntsctl/counters.h"
#include "kntsctl/keys.h"
#include "kntsctl/object.h"

#define INTERVAL_S 0.5
#define ID_LEN 8

static double interval_s = INTERVAL_S;

static int print(const struct key_ring *before, const struct key_ring *after)
{
	if (common.json)
		return print_json(key_ring_to_json(before, after));
	key_ring_print(stdout, before, after, time(NULL));
	return EXIT_DONE;
}

static int take(struct knts_conn *conn, struct key_ring *ring)
{
	ring->at_s = now_exact_s();
	return knts_ring_get(conn, &ring->keys, &ring->count);
}

static int list_in(double window_s)
{
	struct knts_conn *conn = kernel_open();
	struct key_ring before = { 0 }, after = { 0 };
	int status = EXIT_FAILED;

	if (!conn)
		return EXIT_FAILED;
	if (take(conn, &before))
		fail("%s", knts_error(conn));
	else if (!window_s)
		status = print(NULL, &before);
	else if (!wait_s(window_s))
		status = take(conn, &after) ? fail("%s", knts_error(conn)) :
					      print(&before, &after);
	free(before.keys);
	free(after.keys);
	knts_close(conn);
	return status;
}

static int list(int argc, char **argv)
{
	return list_in(interval_s);
}

static int command(const char *line)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *answer;

	answer = control_ask(common.control, line, error);
	if (!answer)
		return fail("%s", error);
	if (common.json)
		return print_json(answer);
	json_object_put(answer);
	return list_in(0);
}

static int rotate(int argc, char **argv)
{
	return command("rotate");
}

static int remove_key(int argc, char **argv)
{
	const char *id = argv[0];
	char line[sizeof("remove ") + ID_LEN];

	if (strlen(id) != ID_LEN ||
	    strspn(id, "0123456789abcdefABCDEF") != ID_LEN)
		return usage_error("keys remove %s: a key's id has %d hexadecimal"
				   " digits, as 'kntsctl keys' shows it", id,
				   ID_LEN);
	snprintf(line, sizeof(line), "remove %s", id);
	return command(line);
}

static const struct option_row list_options[] = {
	{ .name = "interval", .value = "S", .kind = OPTION_SECONDS,
	  .seconds = &interval_s, .max = 86400,
	  .help = "Over so many seconds 'per s' is measured, 0.5 if it is left"
		  " out; 0 leaves it out and answers at once." },
	JSON_ROW("An array of objects: id (hex), algorithm (AEAD id), created"
		 " (seconds since 1970), active, opened, sealed (cookies),"
		 " opened-per-s."),
	{ 0 },
};

static const struct option_row change_options[] = {
	JSON_ROW("kntsd's answer."),
	CONTROL_ROW,
	{ 0 },
};

static const struct command keys_rotate = {
	.name = "keys rotate",
	.summary = "Have kntsd make a new key that seals from now on",
	.help = "The ring keeps as many stale keys as stale-key-count in"
		" kntsd.conf says; the oldest goes.",
	.options = change_options,
	.run = rotate,
};

static const struct command keys_remove = {
	.name = "keys remove",
	.operands = "ID",
	.summary = "Have kntsd take a stale key out of ring and key store",
	.help = "Who holds cookies of that key gets NTSN and does a new key"
		" exchange: no harm, but work. The key that seals cannot be"
		" removed: rotate first.",
	.options = change_options,
	.operands_min = 1,
	.operands_max = 1,
	.operand_kind = OPERAND_KEY,
	.run = remove_key,
};

static const struct command *const verbs[] = {
	&keys_rotate, &keys_remove, NULL,
};

const struct command command_keys = {
	.name = "keys",
	.summary = "The cookie keys in the kernel's ring; never their secrets",
	.help = "One key is active: it seals the cookies that are given out."
		" The others only open what they sealed, and 'opened' counts"
		" how often that was asked for.\n\n"
		"A stale key may go when 'opened' has stood still for longer"
		" than clients keep cookies: they hold 8, use one a request and"
		" get a new one, so that one who asks every 1024 s uses his"
		" last old cookie about two hours after a rotation. Look twice,"
		" some hours apart. If it still grows, or to be rid of a key at"
		" once, remove it all the same: those clients do a new key"
		" exchange.",
	.options = list_options,
	.verbs = verbs,
	.run = list,
};
