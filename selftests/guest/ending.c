// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of a namespace, and of the module, while requests pour in; and that
 * nothing of them stays.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "flood.h"
#include "test.h"
#include "tracefs.h"
#include "usage.h"

#define PORT 123
#define KEY_ID 0x81828384
/* As the script makes them. */
#define DOOMED 3
#define DEVICE_TIMEOUT_NS 20000000000ULL
#define WARM_UP_ROUNDS 4
#define NAMESPACES 48
#define WARM_UP_CYCLES 5
#define CYCLES 15
#define SERVERS 3

static struct rig_key key;

/* All that a server needs; two for any address, one bound to a device. */
static void serve(struct knts_conn *conn)
{
	struct knts_clock clock = rig_clock();
	struct knts_server server;

	rig_ring(conn, &key, 1);
	rig_clock_set(conn, &clock);
	server = rig_server("0.0.0.0", PORT);
	rig_serve(conn, &server);
	server = rig_server("::", PORT);
	rig_serve(conn, &server);
	server = rig_server("::", PORT + 1);
	strcpy(server.device, SERVER_DEVICE);
	rig_serve(conn, &server);
}

static void check_unreferenced(void)
{
	FILE *file = fopen("/sys/module/knts/refcnt", "r");
	int count = -1;

	if (!file || fscanf(file, "%d", &count) != 1 || count)
		fail_msg("the module has %d references", count);
	fclose(file);
}

/* The end of a wire goes when the other end's namespace does. */
static void wait_for_end(const char *client)
{
	uint64_t deadline = rig_now_ns() + DEVICE_TIMEOUT_NS;

	close(rig_socket(client, AF_INET, SOCK_DGRAM, 0));
	while (if_nametoindex(CLIENT_DEVICE)) {
		if (rig_now_ns() > deadline)
			fail_msg("the namespace that %s was wired to is still there",
				 client);
		usleep(1000);
	}
}

static void end_namespace(unsigned int number)
{
	char server[16], client[16], path[64];
	struct flood over = { .netns = client, .key = key };
	struct knts_conn *conn;

	snprintf(server, sizeof(server), "doomed%u", number);
	snprintf(client, sizeof(client), "hunter%u", number);
	snprintf(path, sizeof(path), "/run/netns/%s", server);
	conn = rig_open(server);
	serve(conn);
	knts_close(conn);
	flood_start(&over);
	flood_answered(&over, 20);

	assert_int_equal(umount2(path, MNT_DETACH), 0);
	assert_int_equal(unlink(path), 0);
	wait_for_end(client);
	flood_stop(&over);
	check_unreferenced();
}

/* Another namespace's server goes on meanwhile. */
static void namespaces_end(void **state)
{
	struct flood beside = { .key = key };
	struct knts_conn *conn = rig_open(SERVER_NS);
	unsigned int i;

	rig_clear(conn);
	serve(conn);
	flood_start(&beside);
	for (i = 1; i <= DOOMED; i++) {
		flood_answered(&beside, 10);
		end_namespace(i);
	}
	flood_answered(&beside, 10);
	assert_int_equal(flood_stop(&beside).ntsn, 0);
	rig_clear(conn);
	knts_close(conn);
}

/* In a namespace of its own, which ends with the process: as full as can be. */
static int fill_namespace(void)
{
	struct rig_key keys[KNTS_KEYS_MAX];
	struct knts_clock clock = rig_clock();
	struct knts_server server;
	struct knts_conn *conn;
	unsigned int i;

	if (unshare(CLONE_NEWNET) || knts_open(&conn))
		return 1;
	for (i = 0; i < KNTS_KEYS_MAX; i++)
		keys[i] = rig_key_make(1 + i);
	rig_ring(conn, keys, KNTS_KEYS_MAX);
	rig_clock_set(conn, &clock);
	for (i = 0; i < KNTS_SERVERS_MAX; i++) {
		server = rig_server(i & 1 ? "::" : "0.0.0.0", (uint16_t)(PORT + i));
		if (knts_server_add(conn, &server))
			return 2;
	}
	return 0;
}

static void fill_and_end(void *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(fill_namespace());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void namespaces_leave_nothing(void **state)
{
	usage_rounds(&(struct usage_rounds){ .round = fill_and_end,
					     .warm_up = WARM_UP_ROUNDS,
					     .count = NAMESPACES });
	check_unreferenced();
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "knts", O_NONBLOCK))
		fail_msg("the module does not unload: %s", strerror(errno));
}

static void load_and_unload(void *arg)
{
	unsigned int sockets = usage_sockets(SERVER_NS);
	struct knts_conn *conn;
	struct flood *flood = arg;

	assert_int_equal(system("modprobe knts"), 0);
	assert_int_equal(usage_sockets(SERVER_NS), sockets);
	conn = rig_open(SERVER_NS);
	serve(conn);
	assert_int_equal(usage_sockets(SERVER_NS), sockets + SERVERS);
	assert_int_equal(knts_clients_set(conn, 1024), 0);
	knts_close(conn);
	tracefs_enable("knts", true);
	flood_answered(flood, 20);
	check_unreferenced();
	unload();
	assert_int_equal(usage_sockets(SERVER_NS), sockets);
}

static void module_ends(void **state)
{
	struct flood flood = { .key = key };

	unload();
	flood_start(&flood);
	usage_rounds(&(struct usage_rounds){ .round = load_and_unload,
					     .arg = &flood,
					     .warm_up = WARM_UP_CYCLES,
					     .count = CYCLES,
					     .all_percpu = true });
	assert_int_equal(flood_stop(&flood).ntsn, 0);
}

static int set_up(void **state)
{
	key = rig_key_make(KEY_ID);
	usage_account();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("3 namespaces end under load", namespaces_end),
		TEST("48 full namespaces leave nothing",
		     namespaces_leave_nothing),
		TEST("the module ends 20 times under load, watched, and leaves nothing",
		     module_ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ending", tests, set_up, NULL);
}
