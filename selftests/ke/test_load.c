// SPDX-License-Identifier: GPL-2.0-or-later
/* R25: clients without manners. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ke.h"

#define CAP 8
#define TIMEOUT_MS 1000
#define IDLE_MAX 64

static struct host host;

static int start(void **state)
{
	const struct host_section section = { .cert = "one",
					      .timeout_ms = TIMEOUT_MS,
					      .connections = CAP };

	return host_start(&host, &section, 1, 1);
}

/* What ends there does not end by the time-out. */
static int start_roomy(void **state)
{
	const struct host_section section = { .cert = "one",
					      .timeout_ms = 60000 };

	return host_start(&host, &section, 1, 1);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

static pid_t worker(void)
{
	pid_t pid;

	assert_int_equal(host_workers(&pid, 1), 1);
	return pid;
}

static void pause_ms(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static int connect_only(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(host.port[0]),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const void *)&in, sizeof(in)), 0);
	return fd;
}

static void open_idle(int *fds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fds[i] = connect_only();
}

static void close_all(const int *fds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		close(fds[i]);
}

/* Return: CPU time that a process has used, in ms. */
static long cpu_ms(pid_t pid)
{
	unsigned long user, system;
	char path[64], line[512];
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	end = strrchr(line, ')');
	assert_int_equal(sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u "
				"%*u %*u %lu %lu", &user, &system), 2);
	return (long)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

static long rss_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	fclose(file);
	return kib;
}

static void R25_idle_connections_give_way_in_time(void **state)
{
	struct ke_options options = host_options(&host);
	int fds[CAP];

	open_idle(fds, CAP);
	ke_assert_good(&host, &options);
	close_all(fds, CAP);
	assert_true(host_await(&host, "handshake-timeout", 1));
	assert_true(host_await(&host, "paused", 1));
}

static void R25_more_idle_connections_than_the_cap(void **state)
{
	struct ke_options options = host_options(&host);
	int fds[3 * CAP];

	open_idle(fds, ARRAY_LEN(fds));
	ke_assert_good(&host, &options);
	close_all(fds, ARRAY_LEN(fds));
}

static void R25_full_worker_does_not_spin(void **state)
{
	int fds[2 * CAP];
	pid_t pid = worker();
	long before;

	open_idle(fds, ARRAY_LEN(fds));
	pause_ms(100);
	before = cpu_ms(pid);
	pause_ms(500);
	assert_in_range(cpu_ms(pid) - before, 0, 60);
	close_all(fds, ARRAY_LEN(fds));
}

static void R25_cap_is_kept(void **state)
{
	int fds[3 * CAP];
	int i;

	open_idle(fds, ARRAY_LEN(fds));
	assert_true(host_await(&host, "connections", CAP));
	for (i = 0; i < 40; i++) {
		assert_in_range(host_stat(&host, "connections"), 0, CAP);
		pause_ms(50);
	}
	close_all(fds, ARRAY_LEN(fds));
}

/* By a process of the worker's user: others may not. */
static void limit_descriptors(pid_t pid, rlim_t limit)
{
	const struct rlimit few = { limit, limit };
	char path[64];
	struct stat st;
	pid_t child;
	int status;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	assert_int_equal(stat(path, &st), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		_exit(setresgid(st.st_gid, st.st_gid, st.st_gid) ||
		      setresuid(st.st_uid, st.st_uid, st.st_uid) ||
		      prlimit(pid, RLIMIT_NOFILE, &few, NULL));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void R25_descriptors_run_out(void **state)
{
	struct ke_options options = host_options(&host);
	int fds[IDLE_MAX];
	pid_t pid = worker();
	long before;

	limit_descriptors(pid, 24);
	open_idle(fds, ARRAY_LEN(fds));
	assert_true(host_await(&host, "no-descriptors", 1));
	before = cpu_ms(pid);
	pause_ms(500);
	assert_in_range(cpu_ms(pid) - before, 0, 100);
	close_all(fds, ARRAY_LEN(fds));
	ke_assert_good(&host, &options);
	assert_int_equal(worker(), pid);
}

static void R25_resets_and_rubbish(void **state)
{
	const struct linger reset = { .l_onoff = 1 };
	struct ke_options options = host_options(&host);
	static const char rubbish[512] = "GET / HTTP/1.0\r\n\r\n";
	struct ke_client client;
	int i, fd;

	for (i = 0; i < 50; i++) {
		fd = connect_only();
		if (i % 2 && send(fd, rubbish, sizeof(rubbish), 0) < 0)
			fail_msg("cannot send");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);

		if (!ke_client_open(&client, &options))
			fail_msg("no handshake");
		ke_client_send(&client, KE_REQUEST, (size_t)i % 17);
		setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
		ke_client_close(&client);
	}
	ke_assert_good(&host, &options);
	assert_true(host_await(&host, "accepted", 101));
	for (i = 0; i < 200 && host_stat(&host, "connections"); i++)
		pause_ms(50);
	assert_int_equal(host_stat(&host, "connections"), 0);
	assert_int_equal(host_stat(&host, "worker-restarts"), 0);
}

static bool send_key_updates(struct ke_client *client, int count)
{
	while (count-- > 0)
		if (SSL_key_update(client->ssl, SSL_KEY_UPDATE_NOT_REQUESTED) !=
			    1 || SSL_do_handshake(client->ssl) != 1)
			return false;
	return true;
}

/* Each costs the server as much as the client: without end, all of a worker. */
static void R25_key_updates_end(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(send_key_updates(&client, 8));
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);

	assert_true(ke_client_open(&client, &options));
	send_key_updates(&client, 1000);
	assert_true(ke_client_receive(&client));
	ke_assert_error(&client, 1);
	ke_client_close(&client);
}

/* As many as wait for cookies at once stand in line. */
static void R25_more_clients_than_the_keymaster_takes_at_once(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client clients[IDLE_MAX];
	size_t i;

	for (i = 0; i < IDLE_MAX; i++)
		assert_true(ke_client_open(&clients[i], &options));
	host.seal_delay_ms = 5;
	for (i = 0; i < IDLE_MAX; i++)
		assert_true(ke_client_send(&clients[i], KE_REQUEST,
					   KE_REQUEST_LEN));
	for (i = 0; i < IDLE_MAX; i++) {
		assert_true(ke_client_receive(&clients[i]));
		assert_int_equal(ke_client_cookies(&clients[i], NULL, 0), 8);
		ke_client_close(&clients[i]);
	}
}

/* The sanitizer's own bookkeeping grows at first, and levels off. */
static void R25_memory_does_not_grow(void **state)
{
	struct ke_options options = host_options(&host);
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct nts_session session;
	pid_t pid = worker();
	long before = 0;
	int i;

	for (i = 0; i < 3200; i++) {
		if (i == 2000)
			before = rss_kib(pid);
		assert_int_equal(ke_client_exchange(&options, 15, &session,
						    cookies), 8);
	}
	assert_in_range(rss_kib(pid) - before + 1024, 0, 2 * 1024);
}

struct ke_tests ke_tests_load(void)
{
#define TEST(start, name) cmocka_unit_test_setup_teardown(name, start, stop)
	static const struct CMUnitTest tests[] = {
		TEST(start, R25_idle_connections_give_way_in_time),
		TEST(start, R25_more_idle_connections_than_the_cap),
		TEST(start, R25_full_worker_does_not_spin),
		TEST(start, R25_cap_is_kept),
		TEST(start_roomy, R25_descriptors_run_out),
		TEST(start_roomy, R25_resets_and_rubbish),
		TEST(start_roomy, R25_key_updates_end),
		TEST(start_roomy,
		     R25_more_clients_than_the_keymaster_takes_at_once),
		TEST(start_roomy, R25_memory_does_not_grow),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
