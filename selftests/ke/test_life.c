// SPDX-License-Identifier: GPL-2.0-or-later
/* Workers that die, are replaced, are drained, and what they may do. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ke.h"
#include "kntsd/ipc.h"

#define PATIENCE_MS 10000

/* Sanitizers map much that is nobody's memory. */
#define REGION_MAX (64UL << 20)

static struct host host;
static const struct host_section one = { .cert = "one" };

static int start(void **state)
{
	return host_start(&host, &one, 1, 2);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

static void pause_ms(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* Killed is not dead: until it is, it may accept and then drop a client. */
static void await_end(pid_t pid)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS && !kill(pid, 0); ms += 10)
		pause_ms(10);
	assert_int_equal(kill(pid, 0), -1);
}

static void await_workers(size_t count)
{
	pid_t pids[8];
	int ms;

	for (ms = 0; ms < PATIENCE_MS && host_workers(pids, 8) != count;
	     ms += 10)
		pause_ms(10);
	assert_int_equal(host_workers(pids, 8), count);
}

static void subject(char *name, size_t size)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;
	X509 *cert;

	assert_true(ke_client_open(&client, &options));
	cert = SSL_get1_peer_certificate(client.ssl);
	X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
				  name, (int)size);
	X509_free(cert);
	ke_client_close(&client);
}

static void assert_subject(const char *expected)
{
	char name[64] = "";

	subject(name, sizeof(name));
	assert_string_equal(name, expected);
}

static void killed_worker_is_replaced(void **state)
{
	struct ke_options options = host_options(&host);
	pid_t before[2], after[2];

	assert_int_equal(host_workers(before, 2), 2);
	kill(before[0], SIGKILL);
	kill(before[1], SIGKILL);
	await_end(before[0]);
	await_end(before[1]);
	ke_assert_good(&host, &options);
	assert_true(host_await(&host, "worker-restarts", 1));
	assert_true(host_await_ready(&host, 2));
	assert_int_equal(host_workers(after, 2), 2);
	assert_int_not_equal(before[0], after[0]);
	assert_int_not_equal(before[1], after[1]);
}

static void counters_outlive_a_worker(void **state)
{
	struct ke_options options = host_options(&host);
	pid_t pids[2];

	ke_assert_good(&host, &options);
	assert_true(host_await(&host, "answered", 1));
	host_workers(pids, 2);
	kill(pids[0], SIGKILL);
	kill(pids[1], SIGKILL);
	assert_true(host_await(&host, "worker-restarts", 1));
	assert_int_equal(host_stat(&host, "answered"), 1);
}

/* A worker that cannot live is not started without end. */
static void restarts_back_off(void **state)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	pid_t pids[2];
	size_t i, n;
	int turns;

	for (turns = 0; turns < 150; turns++) {
		n = host_workers(pids, 2);
		for (i = 0; i < n; i++)
			kill(pids[i], SIGKILL);
		nanosleep(&moment, NULL);
	}
	/* At once, then after 0.1, 0.2, 0.4, 0.8 s: no more in 1.5 s. */
	assert_in_range(host_stat(&host, "worker-restarts"), 1, 6);
}

static void reload_takes_a_new_certificate(void **state)
{
	const struct host_section two = { .cert = "two" };

	assert_subject("one.test");
	assert_int_equal(host_reload(&host, &two, 1, 2), 0);
	assert_true(host_await_ready(&host, 2));
	await_workers(2);
	assert_subject("two.test");
}

static void reload_with_a_bad_certificate_changes_nothing(void **state)
{
	const struct host_section bad = { .cert = "one", .key = "two" };
	const struct host_section missing = { .cert = "nothing" };
	struct ke_options options = host_options(&host);
	pid_t before[2], after[4];

	assert_int_equal(host_workers(before, 2), 2);
	assert_int_equal(host_reload(&host, &bad, 1, 2), -EINVAL);
	assert_non_null(strstr(host.error, "two.key"));
	assert_int_equal(host_reload(&host, &missing, 1, 2), -ENOENT);
	assert_non_null(strstr(host.error, "nothing.chain.pem"));
	assert_int_equal(host_workers(after, 4), 2);
	assert_memory_equal(before, after, sizeof(before));
	ke_assert_good(&host, &options);
	assert_subject("one.test");
}

static void reload_to_a_port_in_use_changes_nothing(void **state)
{
	const struct host_section sections[] = {
		{ .cert = "one" }, { .cert = "one", .listen = 1 },
	};
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(host.port[1]) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct ke_options options = host_options(&host);

	assert_int_equal(bind(fd, (const void *)&in6, sizeof(in6)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(host_reload(&host, sections, 2, 2), -EADDRINUSE);
	assert_non_null(strstr(host.error, "another program"));
	close(fd);
	ke_assert_good(&host, &options);
}

static void reload_finishes_what_is_in_progress(void **state)
{
	const struct host_section two = { .cert = "two" };
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, KE_REQUEST, 5));
	assert_int_equal(host_reload(&host, &two, 1, 2), 0);
	await_workers(3);
	assert_true(ke_client_send(&client, KE_REQUEST + 5,
				   KE_REQUEST_LEN - 5));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);

	await_workers(2);
	assert_int_equal(host_stat(&host, "answered"), 1);
}

static void reload_to_other_ports_and_numbers(void **state)
{
	const struct host_section other = { .cert = "one", .listen = 2 };
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_int_equal(host_reload(&host, &other, 1, 1), 0);
	await_workers(1);
	assert_false(ke_client_open(&client, &options));
	ke_client_close(&client);
	options.port = host.port[2];
	ke_assert_good(&host, &options);
}

static void reload_loses_no_client(void **state)
{
	struct ke_options options = host_options(&host);
	int i;

	for (i = 0; i < 10; i++) {
		assert_int_equal(host_reload(&host, &one, 1, 2), 0);
		ke_assert_good(&host, &options);
		ke_assert_good(&host, &options);
	}
}

static void status_field(pid_t pid, const char *field, char *value)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	value[0] = '\0';
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			sscanf(line + strlen(field), ": %63s", value);
	fclose(file);
}

static void worker_has_no_privileges(void **state)
{
	static const char *const sets[] = { "CapInh", "CapPrm", "CapEff",
					    "CapBnd", "CapAmb" };
	char value[64];
	pid_t pids[2];
	size_t i;

	if (geteuid()) {
		print_message("only root has something to drop\n");
		skip();
	}
	host_workers(pids, 2);
	status_field(pids[0], "NoNewPrivs", value);
	assert_string_equal(value, "1");
	status_field(pids[0], "Uid", value);
	assert_string_not_equal(value, "0");
	status_field(pids[0], "Gid", value);
	assert_string_not_equal(value, "0");
	status_field(pids[0], "Groups", value);
	assert_string_equal(value, "");
	for (i = 0; i < ARRAY_LEN(sets); i++) {
		status_field(pids[0], sets[i], value);
		assert_string_equal(value, "0000000000000000");
	}
}

static void worker_has_a_filter(void **state)
{
	char value[64];
	pid_t pids[2];

	host_workers(pids, 2);
	status_field(pids[0], "Seccomp", value);
	assert_string_equal(value, "2");
	status_field(pids[1], "Seccomp", value);
	assert_string_equal(value, "2");
}

/* Standard streams, the pair, the listeners, the loop: nothing of ours. */
static void worker_inherits_nothing(void **state)
{
	char path[64], target[128];
	pid_t pids[2];
	ssize_t len;
	int fd;

	host_workers(pids, 2);
	for (fd = 0; fd < 64; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pids[0], fd);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (fd > 2 && strncmp(target, "socket:", 7) &&
		    strncmp(target, "anon_inode:", 11) &&
		    strncmp(target, "pipe:", 5))
			fail_msg("descriptor %d is %s", fd, target);
		assert_true(fd < 16);
	}
}

/* Return: whether @needle stands anywhere in the memory of @pid. */
static bool memory_has(pid_t pid, const void *needle, size_t len)
{
	unsigned long from, to;
	char path[64], line[512], mode[8];
	bool found = false;
	FILE *maps;
	char *copy;
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	assert_true(mem >= 0 && maps);
	copy = malloc(REGION_MAX);
	while (fgets(line, sizeof(line), maps)) {
		ssize_t n;

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || to - from > REGION_MAX)
			continue;
		n = pread(mem, copy, to - from, (off_t)from);
		if (n > 0 && memmem(copy, (size_t)n, needle, len))
			found = true;
	}
	free(copy);
	fclose(maps);
	close(mem);
	return found;
}

static void worker_never_has_a_cookie_key(void **state)
{
	struct ke_options options = host_options(&host);
	pid_t pids[2];

	if (geteuid()) {
		print_message("only root can look into a worker\n");
		skip();
	}
	ke_assert_good(&host, &options);
	host_workers(pids, 2);
	/* The search finds what is there, in a worker and in the keymaster. */
	assert_true(memory_has(pids[0], "one.test", 8));
	assert_true(memory_has(getpid(), host.key, sizeof(host.key)));
	assert_false(memory_has(pids[0], host.key, sizeof(host.key)));
	assert_false(memory_has(pids[1], host.key, sizeof(host.key)));
}

/* Speak to the keymaster by the worker's own end, as who took it over would. */
static void say_as_worker(const void *message, size_t size, int passed)
{
	const struct iovec part = { (void *)message, size };
	struct ke_options options;
	pid_t pids[2];
	int pidfd, fd;

	assert_int_equal(host_start(&host, &one, 1, 2), 0);
	assert_int_equal(host_workers(pids, 2), 2);
	pidfd = pidfd_open(pids[0], 0);
	fd = pidfd_getfd(pidfd, IPC_FD, 0);
	assert_true(fd >= 0);
	assert_int_equal(ipc_send(fd, &part, 1, passed), 0);
	close(fd);
	close(pidfd);

	await_end(pids[0]);
	assert_int_equal(kill(pids[1], 0), 0);
	assert_true(host_await_ready(&host, 2));
	options = host_options(&host);
	ke_assert_good(&host, &options);
	host_stop(&host);
}

static void worker_that_breaks_the_protocol_is_killed(void **state)
{
	const struct ipc_signal unknown = { 999 }, ready = { IPC_READY };
	const struct ipc_signal go = { IPC_GO };
	struct ipc_seal seal = { .type = IPC_SEAL, .session.aead = 15 };
	struct ipc_stats stats = { .type = IPC_STATS };

	if (geteuid()) {
		print_message("only root can take over a worker's socket\n");
		skip();
	}
	say_as_worker(&unknown, sizeof(unknown), -1);
	say_as_worker(&unknown, 1, -1);
	say_as_worker(&ready, sizeof(ready), -1);
	say_as_worker(&go, sizeof(go), -1);
	say_as_worker(&seal, sizeof(seal) - 1, -1);
	say_as_worker(&stats, sizeof(stats) - 8, -1);
	say_as_worker(&stats, sizeof(stats), STDERR_FILENO);
	seal.session.aead = 1;
	say_as_worker(&seal, sizeof(seal), -1);
}

static void status_tells_certificates(void **state)
{
	struct json_object *status = host_status(&host);
	const char *text = json_object_to_json_string(status);
	char listen[32];

	snprintf(listen, sizeof(listen), "[::]:%u", host.port[0]);
	assert_non_null(strstr(text, listen));
	assert_non_null(strstr(text, "\"one.test\", \"127.0.0.1\", \"::1\""));
	assert_non_null(strstr(text, "\"P-256\""));
	assert_non_null(strstr(text, "\"not-after\""));
	json_object_put(status);
}

struct ke_tests ke_tests_life(void)
{
#define TEST(name) { "workers_" #name, name, start, stop, NULL }
	static const struct CMUnitTest tests[] = {
		TEST(killed_worker_is_replaced),
		TEST(counters_outlive_a_worker),
		TEST(restarts_back_off),
		TEST(reload_takes_a_new_certificate),
		TEST(reload_with_a_bad_certificate_changes_nothing),
		TEST(reload_to_a_port_in_use_changes_nothing),
		TEST(reload_finishes_what_is_in_progress),
		TEST(reload_to_other_ports_and_numbers),
		TEST(reload_loses_no_client),
		TEST(worker_has_no_privileges),
		TEST(worker_has_a_filter),
		TEST(worker_inherits_nothing),
		TEST(worker_never_has_a_cookie_key),
		{ "workers_worker_that_breaks_the_protocol_is_killed",
		  worker_that_breaks_the_protocol_is_killed, NULL, NULL, NULL },
		TEST(status_tells_certificates),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
