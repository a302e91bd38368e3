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

static int list(const struct options *options)
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
	if (options->given & OPTION_JSON)
		print_json(keys_to_json(keys, count));
	else
		print_keys(keys, count);
	free(keys);
out_close:
	knts_close(conn);
	return status;
}

static int rotate(const struct options *options)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *answer;

	answer = control_ask(options->control, "rotate", error);
	if (!answer)
		return fail("%s", error);
	if (options->given & OPTION_JSON)
		return print_json(answer);
	json_object_put(answer);
	return list(options);
}

static int run(const struct options *options, int argc, char **argv)
{
	if (!argc)
		return list(options);
	if (!strcmp(argv[0], "rotate"))
		return rotate(options);
	return usage_error("keys: '%s' is unknown: it may be 'rotate'", argv[0]);
}

const struct command command_keys = {
	.name = "keys",
	.operands = "[rotate]",
	.summary = "The cookie keys in the kernel's ring; never their secrets",
	.help = "  rotate  have kntsd make a new key that seals from now on\n\n"
		"  --json  an array of objects: id (hex), algorithm (AEAD id),\n"
		"          created (seconds since 1970), active, opened, sealed\n"
		"          (cookies). With rotate, kntsd's answer.\n",
	.options = OPTION_JSON | OPTION_CONTROL,
	.operands_max = 1,
	.run = run,
};
