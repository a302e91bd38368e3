// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl server: the kernel's servers, opened and closed by hand. kntsd opens
 * those of its configuration by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"

#define POLICY_OPTIONS (OPTION_REQUIRE_NTS | OPTION_SERVE_OWN_PORT)

/* A verb of the command, and the options that it has a use for. */
struct verb {
	const char *name;
	unsigned int options;
	int (*run)(struct knts_conn *conn, const struct options *options,
		   struct knts_server *server);
};

static int verb_add(struct knts_conn *conn, const struct options *options,
		    struct knts_server *server)
{
	server->require_nts = options->require_nts;
	server->serve_own_port = options->serve_own_port;
	return knts_server_add(conn, server);
}

static bool is_same(const struct knts_server *a, const struct knts_server *b)
{
	return a->address_len == b->address_len && a->port == b->port &&
	       !memcmp(a->address, b->address, a->address_len) &&
	       !strcmp(a->device, b->device);
}

/* What is not given stays as it is. */
static int verb_set(struct knts_conn *conn, const struct options *options,
		    struct knts_server *server)
{
	struct knts_server *servers;
	size_t count, i;
	int err;

	err = knts_server_list(conn, &servers, &count);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		if (is_same(&servers[i], server))
			*server = servers[i];
	free(servers);

	if (options->given & OPTION_REQUIRE_NTS)
		server->require_nts = options->require_nts;
	if (options->given & OPTION_SERVE_OWN_PORT)
		server->serve_own_port = options->serve_own_port;
	return knts_server_set(conn, server);
}

static int verb_del(struct knts_conn *conn,
		    const struct options *options,
		    struct knts_server *server)
{
	return knts_server_del(conn, server);
}

static const struct verb verbs[] = {
	{ "add", OPTION_DEVICE | POLICY_OPTIONS, verb_add },
	{ "set", OPTION_DEVICE | POLICY_OPTIONS, verb_set },
	{ "del", OPTION_DEVICE, verb_del },
};

#define VERBS_COUNT (sizeof(verbs) / sizeof(*verbs))

static int change(const struct verb *verb, const struct options *options,
		  const char *text)
{
	struct knts_server server;
	struct knts_conn *conn;
	int status = EXIT_DONE;

	if (knts_server_scan(text, &server))
		return usage_error("server %s: '%s' is no address: write it like"
				   " 192.0.2.1:123 or [2001:db8::1]:123",
				   verb->name, text);
	if (options->given & OPTION_DEVICE) {
		if (!options->device[0] ||
		    strlen(options->device) >= sizeof(server.device))
			return usage_error("--device '%s': a device's name has 1 to"
					   " %zu characters", options->device,
					   sizeof(server.device) - 1);
		strcpy(server.device, options->device);
	}

	conn = kernel_open();
	if (!conn)
		return EXIT_FAILED;
	if (verb->run(conn, options, &server))
		status = fail("%s", knts_error(conn));
	knts_close(conn);
	return status;
}

static void print_servers(const struct knts_server *servers, size_t count)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t i;

	for (i = 0; i < count; i++)
		printf("%-40s  require-nts %-6s  serve-own-port %s\n",
		       knts_server_format(&servers[i], text, sizeof(text)),
		       require_nts_text(servers[i].require_nts),
		       servers[i].serve_own_port ? "true" : "false");
}

static int list(const struct options *options)
{
	struct knts_conn *conn = kernel_open();
	struct knts_server *servers;
	int status = EXIT_DONE;
	size_t count;

	if (!conn)
		return EXIT_FAILED;
	if (knts_server_list(conn, &servers, &count)) {
		status = fail("%s", knts_error(conn));
		goto out_close;
	}
	if (options->given & OPTION_JSON)
		print_json(servers_to_json(servers, count));
	else
		print_servers(servers, count);
	free(servers);
out_close:
	knts_close(conn);
	return status;
}

static int run(const struct options *options, int argc, char **argv)
{
	const struct verb *verb = NULL;
	unsigned int useless;
	size_t i;

	if (!argc || (argc == 1 && !strcmp(argv[0], "list"))) {
		if (options->given & ~(OPTION_JSON | OPTION_HELP))
			return usage_error("server list takes only --json");
		return list(options);
	}
	for (i = 0; i < VERBS_COUNT; i++)
		if (!strcmp(argv[0], verbs[i].name))
			verb = &verbs[i];
	if (!verb)
		return usage_error("server: '%s' is unknown: it may be list, add,"
				   " set or del", argv[0]);
	if (argc < 2)
		return usage_error("server %s needs an address, such as [::]:123",
				   verb->name);
	useless = options->given & ~verb->options;
	if (useless)
		return usage_error("server %s has no use for %s", verb->name,
				   useless & OPTION_JSON ? "--json" :
							   "a policy");
	return change(verb, options, argv[1]);
}

const struct command command_server = {
	.name = "server",
	.operands = "[list | add ADDRESS | set ADDRESS | del ADDRESS]",
	.summary = "The kernel's servers: list, open, change, close",
	.help = "ADDRESS is 192.0.2.1:123 or [2001:db8::1]:123, 0.0.0.0 or [::] for\n"
		"any; port 123 if it is left out; %eth0 may follow for a device.\n\n"
		"  --device NAME          only what comes in by this device, or VRF\n"
		"  --require-nts POLICY   what a request without NTS gets: false (an\n"
		"                         answer), ignore (nothing), deny (the kiss\n"
		"                         code DENY)\n"
		"  --serve-own-port true  answer also what comes from the server's own\n"
		"                         port number, as classic ntpd sends it\n"
		"  --json                 an array of objects: address, port, device (if\n"
		"                         there is one), require-nts, serve-own-port\n",
	.options = OPTION_JSON | OPTION_DEVICE | OPTION_REQUIRE_NTS |
		   OPTION_SERVE_OWN_PORT,
	.operands_max = 2,
	.run = run,
};
