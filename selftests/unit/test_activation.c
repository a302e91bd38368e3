// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sockets that kntsd is started with, as systemd hands them over: from the third
 * descriptor on, and told by the environment.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config_text.h"
#include "kntsd/activation.h"
#include "kntsd/fail.h"
#include "unit.h"

enum { V4, V6_ONLY, DUAL, DATAGRAM, PATH, NOT_LISTENING, SOCKETS };

static struct listeners handed;
static uint16_t ports[SOCKETS];

static int open_socket(int family, int type, bool only6, bool listens)
{
	const struct sockaddr any = { .sa_family = family };
	int on = only6;
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	/* It would have no name by itself, as TCP sockets get a port. */
	if (family == AF_UNIX && bind(fd, &any, sizeof(any.sa_family)))
		abort();
	if (listens && listen(fd, 8))
		abort();
	return fd;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in6 in6 = { 0 };
	socklen_t len = sizeof(in6);

	getsockname(fd, (struct sockaddr *)&in6, &len);
	return ntohs(in6.sin6_port);
}

/* Before anything else is opened, so that the numbers are right. */
static void make_sockets(void)
{
	const int fds[SOCKETS] = {
		[V4] = open_socket(AF_INET, SOCK_STREAM, false, true),
		[V6_ONLY] = open_socket(AF_INET6, SOCK_STREAM, true, true),
		[DUAL] = open_socket(AF_INET6, SOCK_STREAM, false, true),
		[DATAGRAM] = open_socket(AF_INET, SOCK_DGRAM, false, false),
		[PATH] = open_socket(AF_UNIX, SOCK_STREAM, false, true),
		[NOT_LISTENING] = open_socket(AF_INET, SOCK_STREAM, false, false),
	};
	char text[16];
	size_t i;

	for (i = 0; i < SOCKETS; i++) {
		if (fds[i] != 3 + (int)i)
			abort();
		ports[i] = port_of(fds[i]);
	}
	snprintf(text, sizeof(text), "%d", getpid());
	setenv("LISTEN_PID", text, 1);
	snprintf(text, sizeof(text), "%d", SOCKETS);
	setenv("LISTEN_FDS", text, 1);
}

static struct config *configured(const char *listen)
{
	struct config *config;
	char text[512];

	snprintf(text, sizeof(text), CONFIG_KE "%s }\n", listen);
	config = config_text_good(text);
	assert_int_equal(activation_configure(&handed, config), 0);
	return config;
}

static void what_listens_by_tcp_is_taken(void **state)
{
	int fd;

	activation_take(&handed);
	assert_int_equal(handed.count, 3);
	assert_int_equal(handed.items[V4].fd, 3);
	assert_false(handed.items[V4].dual);
	assert_int_equal(handed.items[V4].address.sin6_family, AF_INET);
	assert_false(handed.items[V6_ONLY].dual);
	assert_true(handed.items[DUAL].dual);
	assert_int_equal(ntohs(handed.items[DUAL].address.sin6_port),
			 ports[DUAL]);
	assert_null(getenv("LISTEN_FDS"));
	for (fd = 3; fd < 3 + SOCKETS; fd++)
		assert_int_equal(fcntl(fd, F_GETFD), fd < 6 ? FD_CLOEXEC : -1);
	assert_true(fcntl(handed.items[V4].fd, F_GETFL) & O_NONBLOCK);
}

static void sections_without_listen_get_all(void **state)
{
	struct config *config = configured("");
	char problem[FAIL_SIZE];

	assert_int_equal(config->ke[0].listen_count, 3);
	assert_memory_equal(&config->ke[0].listen[DUAL],
			    &handed.items[DUAL].address,
			    sizeof(struct sockaddr_in6));
	activation_problem(config, problem, sizeof(problem));
	assert_string_equal(problem, "");
	config_free(config);
}

static void open_all(struct listeners *listeners, const struct config *config,
		     const struct listeners *old)
{
	char error[FAIL_SIZE] = "";

	listeners_plan(listeners, config, error, sizeof(error));
	listeners_open(listeners, config->handed, old, error, sizeof(error));
	assert_string_equal(error, "");
}

/* The same socket, not another of its address: its queue has the clients. */
static void same_queue(int fd, int other)
{
	struct sockaddr_in6 in6 = { 0 };
	socklen_t len = sizeof(in6);
	int client, accepted;

	getsockname(fd, (struct sockaddr *)&in6, &len);
	client = socket(in6.sin6_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&in6, len), 0);
	accepted = accept(other, NULL, NULL);
	assert_true(accepted >= 0);
	close(accepted);
	close(client);
}

static void listen_that_is_configured_uses_what_matches(void **state)
{
	struct listeners listeners, after;
	char listen[128], problem[FAIL_SIZE];
	struct config *config;

	snprintf(listen, sizeof(listen), "listen = \"0.0.0.0:%u\"", ports[V4]);
	config = configured(listen);
	assert_int_equal(config->ke[0].listen_count, 1);
	open_all(&listeners, config, NULL);
	assert_int_equal(listeners.count, 1);
	same_queue(listeners.items[0].fd, handed.items[V4].fd);
	/* A reload, and the end of what was before it, changes nothing. */
	open_all(&after, config, &listeners);
	listeners_close(&listeners);
	same_queue(handed.items[V4].fd, after.items[0].fd);
	listeners_close(&after);
	activation_problem(config, problem, sizeof(problem));
	assert_non_null(strstr(problem, "nobody answers on [::]:"));
	assert_non_null(strstr(problem, "take it out of kntsd.socket"));
	config_free(config);
}

/* One socket for both families is also that of 0.0.0.0. */
static void dual_serves_both_families(void **state)
{
	struct listeners listeners;
	struct config *config;
	char listen[128];

	snprintf(listen, sizeof(listen),
		 "listen = { \"0.0.0.0:%u\", \"[::]:%u\" }", ports[DUAL],
		 ports[DUAL]);
	config = configured(listen);
	open_all(&listeners, config, NULL);
	assert_int_equal(listeners.count, 1);
	assert_true(listeners.items[0].dual);
	same_queue(listeners.items[0].fd, handed.items[DUAL].fd);
	listeners_close(&listeners);
	config_free(config);

	snprintf(listen, sizeof(listen), "listen = \"0.0.0.0:%u\"",
		 ports[DUAL]);
	config = configured(listen);
	open_all(&listeners, config, NULL);
	assert_int_equal(listeners.count, 1);
	same_queue(listeners.items[0].fd, handed.items[DUAL].fd);
	assert_int_equal(listeners_mask(&listeners, &config->ke[0]), 1);
	listeners_close(&listeners);
	config_free(config);
}

static void sockets_of_one_family_leave_the_other(void **state)
{
	struct listeners listeners;
	struct config *config;
	char listen[128];

	snprintf(listen, sizeof(listen), "listen = \"[::]:%u\"",
		 ports[V6_ONLY]);
	config = configured(listen);
	open_all(&listeners, config, NULL);
	assert_int_equal(listeners.count, 2);
	assert_int_equal(listeners_mask(&listeners, &config->ke[0]), 3);
	listeners_close(&listeners);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_listens_by_tcp_is_taken),
		cmocka_unit_test(sections_without_listen_get_all),
		cmocka_unit_test(listen_that_is_configured_uses_what_matches),
		cmocka_unit_test(dual_serves_both_families),
		cmocka_unit_test(sockets_of_one_family_leave_the_other),
	};
	int failed;

	close_range(3, ~0U, 0);
	make_sockets();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	listeners_close(&handed);
	return failed;
}
