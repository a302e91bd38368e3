// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl keys: the ring of cookie keys, and a new one at once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kntsctl/control.h"
#include "kntsctl/format.h"
#include "kntsctl/object.h"

static void print_key(const struct knts_key *key, uint64_t now_s)
{
	uint64_t age_s = now_s > key->created_s ? now_s - key->created_s : 0;
	char age[FORMAT_SIZE];

	printf("%08" PRIx32 "  %-14s  %-6s  %12" PRIu64 "  %12" PRIu64 "\n",
	       key->id, format_age(age_s, age), key->active ? "active" : "-",
	       key->opened, key->sealed);
}

static void print_keys(const struct knts_key *keys, size_t count)
{
	uint64_t now_s = time(NULL);
	size_t i;

	printf("%-8s  %-14s  %-6s  %12s  %12s\n", "id", "age", "active",
	       "opened", "sealed");
	for (i = 0; i < count; i++)
		print_key(&keys[i], now_s);
}

static int list(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct knts_key *keys;
	int status = EXIT_DONE;
	size_t count;

	if (!conn)
		return EXIT_FAILED;
	if (knts_ring_get(conn, &keys, &count)) {
		status = fail("%s", knts_error(conn));
		goto out_close;
	}
	if (common.json)
		print_json(keys_to_json(keys, count));
	else
		print_keys(keys, count);
	free(keys);
out_close:
	knts_close(conn);
	return status;
}

static int rotate(int argc, char **argv)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *answer;

	answer = control_ask(common.control, "rotate", error);
	if (!answer)
		return fail("%s", error);
	if (common.json)
		return print_json(answer);
	json_object_put(answer);
	return list(0, NULL);
}

static const struct option_row list_options[] = {
	JSON_ROW("An array of objects: id (hex), algorithm (AEAD id), created"
		 " (seconds since 1970), active, opened, sealed (cookies)."),
	{ 0 },
};

static const struct option_row rotate_options[] = {
	JSON_ROW("kntsd's answer."),
	CONTROL_ROW,
	{ 0 },
};

static const struct command keys_rotate = {
	.name = "keys rotate",
	.summary = "Have kntsd make a new key that seals from now on",
	.options = rotate_options,
	.run = rotate,
};

static const struct command *const verbs[] = { &keys_rotate, NULL };

const struct command command_keys = {
	.name = "keys",
	.summary = "The cookie keys in the kernel's ring; never their secrets",
	.options = list_options,
	.verbs = verbs,
	.run = list,
};
