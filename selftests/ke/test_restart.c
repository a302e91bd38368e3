// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets that outlive kntsd: a restart refuses and cuts nobody. */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "ke.h"

#define RESTARTS 4
#define TIMEOUT_MS 60000

static const struct host_section section = { .cert = "one",
					     .timeout_ms = TIMEOUT_MS };
static struct listeners handed;
static struct host host;

static void pause_ms(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* [::] for both families, as ListenStream=4460 makes it. */
static int start(void **state)
{
	struct sockaddr_in6 in6 = { 0 };
	socklen_t len = sizeof(in6);
	int fd, off = 0;

	handed.count = 0;
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    listen(fd, SOMAXCONN) ||
	    getsockname(fd, (struct sockaddr *)&in6, &len))
		return -errno;
	host_hand_over(&handed);
	return listeners_take(&handed, &in6, fd) ?:
	       host_start(&host, &section, 1, 2);
}

static int stop(void **state)
{
	host_stop(&host);
	host_hand_over(NULL);
	listeners_close(&handed);
	return 0;
}

static void serves_both_families(void **state)
{
	struct ke_options options = host_options(&host);

	assert_int_equal(host.port[0],
			 ntohs(handed.items[0].address.sin6_port));
	ke_assert_good(&host, &options);
	options.address = "::1";
	ke_assert_good(&host, &options);
	assert_int_equal(host_reload(&host, &section, 1, 2), 0);
	ke_assert_good(&host, &options);
}

static void fails_nobody(void **state)
{
	struct ke_options options = host_options(&host);
	struct crowd crowd;
	unsigned int before;
	int i;

	crowd_start(&crowd, &options);
	for (i = 0; i < RESTARTS; i++) {
		before = crowd.done;
		while (crowd.done < before + 10 && !crowd.failed)
			pause_ms(10);
		host_finish(&host);
		pause_ms(200);
		assert_int_equal(host_start(&host, &section, 1, 2), 0);
	}
	crowd_stop(&crowd);
	assert_int_equal(crowd.failed, 0);
	assert_true(crowd.done >= 10 * RESTARTS);
}

/* Who says nothing holds nobody up. */
static void idle_client_does_not_hold_up_the_end(void **state)
{
	struct ke_options options = host_options(&host);
	struct timespec from, to;
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	clock_gettime(CLOCK_MONOTONIC, &from);
	host_finish(&host);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_in_range(to.tv_sec - from.tv_sec, 2, 10);
	ke_client_close(&client);
	assert_int_equal(host_start(&host, &section, 1, 2), 0);
}

struct ke_tests ke_tests_restart(void)
{
#define TEST(name) { "restart_" #name, name, start, stop, NULL }
	static const struct CMUnitTest tests[] = {
		TEST(serves_both_families),
		TEST(fails_nobody),
		TEST(idle_client_does_not_hold_up_the_end),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
