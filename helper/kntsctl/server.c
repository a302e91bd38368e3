// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl server: the kernel's servers, opened and closed by hand. kntsd opens
 * those of its configuration by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"

/*
 * What the options say, require_nts as enum knts_require_nts; -1 and NULL where
 * they are not given.
 */
static const char *device;
static int require_nts = -1;
static int serve_own_port = -1;

static bool is_same(const struct knts_server *a, const struct knts_server *b)
{
	return a->address_len == b->address_len && a->port == b->port &&
	       !memcmp(a->address, b->address, a->address_len) &&
	       !strcmp(a->device, b->device);
}

/* What is not given stays as it is. */
static void apply_policy(struct knts_server *server)
{
	if (require_nts >= 0)
		server->require_nts = require_nts;
	if (serve_own_port >= 0)
		server->serve_own_port = serve_own_port;
}

static int set_server(struct knts_conn *conn, struct knts_server *server)
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
	apply_policy(server);
	return knts_server_set(conn, server);
}

static int start_server(struct knts_conn *conn, struct knts_server *server)
{
	apply_policy(server);
	return knts_server_add(conn, server);
}

static int stop_server(struct knts_conn *conn, struct knts_server *server)
{
	return knts_server_del(conn, server);
}

static int scan_server(const char *text, struct knts_server *server)
{
	if (knts_server_scan(text, server))
		return usage_error("'%s' is no server's address: write it like"
				   " 192.0.2.1:123 or [2001:db8::1]:123", text);
	if (!device)
		return 0;
	if (strlen(device) >= sizeof(server->device))
		return usage_error("--device %s: a device's name has 1 to %zu"
				   " characters", device,
				   sizeof(server->device) - 1);
	strcpy(server->device, device);
	return 0;
}

static int change(const char *text,
		  int (*what)(struct knts_conn *conn, struct knts_server *server))
{
	struct knts_server server;
	struct knts_conn *conn;
	int status = EXIT_DONE;

	if (scan_server(text, &server))
		return EXIT_USAGE;
	conn = kernel_open();
	if (!conn)
		return EXIT_FAILED;
	if (what(conn, &server))
		status = fail("%s", knts_error(conn));
	knts_close(conn);
	return status;
}

static int start(int argc, char **argv)
{
	return change(argv[0], start_server);
}

static int stop(int argc, char **argv)
{
	return change(argv[0], stop_server);
}

static int set(int argc, char **argv)
{
	return change(argv[0], set_server);
}

static void print_servers(const struct knts_server *servers, size_t count)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t i;

	for (i = 0; i < count; i++)
		printf("%-34s  require-nts %-6s  serve-own-port %s\n",
		       knts_server_format(&servers[i], text, sizeof(text)),
		       require_nts_text(servers[i].require_nts),
		       servers[i].serve_own_port ? "true" : "false");
}

static int list(int argc, char **argv)
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
	if (common.json)
		print_json(servers_to_json(servers, count));
	else
		print_servers(servers, count);
	free(servers);
out_close:
	knts_close(conn);
	return status;
}

#define DEVICE_ROW                                                         \
	{ .name = "device", .value = "NAME", .kind = OPTION_DEVICE,        \
	  .text = &device,                                                 \
	  .help = "Only what comes in by this device, or VRF." }
#define REQUIRE_NTS_ROW                                                    \
	{ .name = "require-nts", .value = "POLICY", .kind = OPTION_WORD,   \
	  .words = "false ignore deny", .word = &require_nts,              \
	  .help = "What a request without NTS gets: false (an answer),"    \
		  " ignore (nothing), deny (the kiss code DENY)." }
#define SERVE_OWN_PORT_ROW                                                 \
	{ .name = "serve-own-port", .value = "BOOL", .kind = OPTION_WORD,  \
	  .words = "false true", .word = &serve_own_port,                  \
	  .help = "true: answer also what comes from the server's own port" \
		  " number, as classic ntpd sends it." }

static const struct option_row list_options[] = {
	JSON_ROW("An array of objects: address, port, device (if there is one),"
		 " require-nts, serve-own-port."),
	{ 0 },
};

static const struct option_row policy_options[] = {
	DEVICE_ROW,
	REQUIRE_NTS_ROW,
	SERVE_OWN_PORT_ROW,
	{ 0 },
};

static const struct option_row stop_options[] = {
	DEVICE_ROW,
	{ 0 },
};

static const struct command server_list = {
	.name = "server list",
	.summary = "List them, as 'server' alone does",
	.options = list_options,
	.run = list,
};

static const struct command server_start = {
	.name = "server start",
	.operands = "ADDRESS",
	.summary = "Open one",
	.help = "It answers until it is stopped or the module goes. kntsd does"
		" not know of it, leaves it alone, and says so in its log.",
	.options = policy_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = start,
};

static const struct command server_set = {
	.name = "server set",
	.operands = "ADDRESS",
	.summary = "Change one that is open; what is not given stays",
	.help = "A server of kntsd's configuration gets back the policy written"
		" there when kntsd reloads or starts.",
	.options = policy_options,
	.operands_min = 1,
	.operands_max = 1,
	.operand_kind = OPERAND_SERVER,
	.run = set,
};

static const struct command server_stop = {
	.name = "server stop",
	.operands = "ADDRESS",
	.summary = "Close one",
	.help = "A server of kntsd's configuration is opened again when kntsd"
		" reloads or starts.",
	.options = stop_options,
	.operands_min = 1,
	.operands_max = 1,
	.operand_kind = OPERAND_SERVER,
	.run = stop,
};

static const struct command *const verbs[] = {
	&server_list, &server_start, &server_set, &server_stop, NULL,
};

const struct command command_server = {
	.name = "server",
	.summary = "The kernel's servers: list, start, change, stop",
	.help = "ADDRESS is 192.0.2.1:123 or [2001:db8::1]:123, 0.0.0.0 or [::]"
		" for any; port 123 if it is left out; %eth0 may follow for a"
		" device. kntsd opens the servers of its configuration by"
		" itself.",
	.options = list_options,
	.verbs = verbs,
	.run = list,
};
