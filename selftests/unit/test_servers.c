// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's servers made equal to a configuration, with a kernel that
 * refuses at any step; the guest tests have the real one.
 */
#include <errno.h>
#include <stdio.h>

#include "kntsd/fail.h"
#include "kntsd/log.h"
#include "kntsd/servers.h"
#include "unit.h"

/* What stands for the kernel. */
static struct {
	struct knts_server list[KNTS_SERVERS_MAX];
	size_t count;
	unsigned int calls;
	unsigned int refuse_at;
} kernel;

static struct servers *servers;
static char error[FAIL_SIZE];

const char *knts_error(const struct knts_conn *conn)
{
	return "the kernel was told to refuse";
}

static bool refused(void)
{
	return ++kernel.calls == kernel.refuse_at;
}

static struct knts_server *find(const struct knts_server *server)
{
	size_t i;

	for (i = 0; i < kernel.count; i++) {
		if (kernel.list[i].port == server->port)
			return &kernel.list[i];
	}
	return NULL;
}

int knts_server_list(struct knts_conn *conn, struct knts_server **list,
		     size_t *count)
{
	*count = kernel.count;
	*list = malloc(sizeof(kernel.list));
	memcpy(*list, kernel.list, sizeof(kernel.list));
	return 0;
}

int knts_server_add(struct knts_conn *conn, const struct knts_server *server)
{
	if (refused())
		return -EADDRINUSE;
	assert_null(find(server));
	kernel.list[kernel.count++] = *server;
	return 0;
}

int knts_server_set(struct knts_conn *conn, const struct knts_server *server)
{
	if (refused())
		return -EINVAL;
	assert_non_null(find(server));
	*find(server) = *server;
	return 0;
}

int knts_server_del(struct knts_conn *conn, const struct knts_server *server)
{
	struct knts_server *found = find(server);

	if (refused())
		return -EINVAL;
	assert_non_null(found);
	*found = kernel.list[--kernel.count];
	return 0;
}

static struct knts_server on_port(uint16_t port, uint32_t require_nts)
{
	return (struct knts_server){
		.address_len = 4, .port = port, .require_nts = require_nts,
	};
}

static void expect(uint16_t port, uint32_t require_nts)
{
	struct knts_server server = on_port(port, 0);

	assert_non_null(find(&server));
	assert_int_equal(find(&server)->require_nts, require_nts);
}

static void apply(const struct knts_server *wanted, size_t count)
{
	assert_int_equal(servers_apply(servers, wanted, count, error,
				       sizeof(error)), 0);
}

static void servers_become_as_wanted(void **state)
{
	const struct knts_server first[] = { on_port(1, 0), on_port(2, 0),
					     on_port(3, 0) };
	const struct knts_server second[] = { on_port(2, 0), on_port(3, 2),
					      on_port(4, 1) };

	apply(first, 3);
	assert_int_equal(kernel.count, 3);
	kernel.calls = 0;
	apply(second, 3);
	assert_int_equal(kernel.count, 3);
	assert_int_equal(kernel.calls, 3);
	expect(2, 0);
	expect(3, 2);
	expect(4, 1);
	apply(second, 3);
	assert_int_equal(kernel.calls, 3);
	servers_close(servers);
	assert_int_equal(kernel.count, 0);
}

static void servers_of_others_stay(void **state)
{
	const struct knts_server wanted[] = { on_port(1, 0), on_port(2, 1) };

	kernel.list[kernel.count++] = on_port(9, 0);
	/* Left by a kntsd that died: it becomes ours again. */
	kernel.list[kernel.count++] = on_port(2, 0);
	apply(wanted, 2);
	expect(2, 1);
	expect(9, 0);
	servers_close(servers);
	assert_int_equal(kernel.count, 1);
	expect(9, 0);
}

static void servers_refusal_at_each_step_puts_all_back(void **state)
{
	const struct knts_server before[] = { on_port(1, 0), on_port(2, 0) };
	const struct knts_server after[] = { on_port(2, 2), on_port(3, 0) };
	static const char *const sentences[] = {
		"cannot close server 0.0.0.0:1: the kernel was told to refuse",
		"cannot change server 0.0.0.0:2: the kernel was told to refuse",
		"cannot open server 0.0.0.0:3: the kernel was told to refuse",
	};
	unsigned int step;

	apply(before, 2);
	for (step = 1; step <= 3; step++) {
		kernel.calls = 0;
		kernel.refuse_at = step;
		assert_true(servers_apply(servers, after, 2, error,
					  sizeof(error)) < 0);
		assert_string_equal(error, sentences[step - 1]);
		assert_int_equal(kernel.count, 2);
		expect(1, 0);
		expect(2, 0);
	}
	kernel.refuse_at = 0;
	apply(after, 2);
	assert_int_equal(kernel.count, 2);
	expect(2, 2);
	expect(3, 0);
}

static void servers_that_somebody_closed_are_a_problem(void **state)
{
	const struct knts_server wanted[] = { on_port(1, 0), on_port(2, 0) };

	apply(wanted, 2);
	servers_verify(servers);
	assert_null(servers_problem(servers));
	kernel.count = 1;
	servers_verify(servers);
	assert_string_equal(servers_problem(servers), "server 0.0.0.0:2 is closed: somebody else closed it; a reload opens it again");
	apply(wanted, 2);
	assert_null(servers_problem(servers));
	assert_int_equal(kernel.count, 2);
}

static int setup(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	servers = servers_alloc(NULL);
	return servers ? 0 : -1;
}

static int teardown(void **state)
{
	servers_put(servers);
	return 0;
}

#define SERVERS_TEST(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVERS_TEST(servers_become_as_wanted),
		SERVERS_TEST(servers_of_others_stay),
		SERVERS_TEST(servers_refusal_at_each_step_puts_all_back),
		SERVERS_TEST(servers_that_somebody_closed_are_a_problem),
	};

	log_open("servers");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
