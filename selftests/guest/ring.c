// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The key ring: which rings are refused; that keys never come out; who may.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netlink/attr.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netlink.h"
#include "test.h"

#define NOBODY 65534

static void put_key(struct nl_msg *msg, uint32_t id, const uint8_t *secret)
{
	struct nlattr *nest = nla_nest_start(msg, KNTS_A_RING_KEY | NLA_F_NESTED);

	nla_put_u32(msg, KNTS_A_KEY_ID, id);
	nla_put_u16(msg, KNTS_A_KEY_ALGORITHM, 15);
	if (secret)
		nla_put(msg, KNTS_A_KEY_SECRET, KNTS_KEY_SECRET_LEN, secret);
	nla_put_u64(msg, KNTS_A_KEY_CREATED, 1700000000);
	nla_nest_end(msg, nest);
}

static struct nl_msg *ring_message(uint32_t active_id)
{
	struct nl_msg *msg = nlraw_message(&netlink_fixture()->nl,
					   KNTS_CMD_RING_SET, false);

	nla_put_u32(msg, KNTS_A_RING_ACTIVE_ID, active_id);
	return msg;
}

static void test_id_twice(void **state)
{
	const struct fixture *f = netlink_fixture();
	struct rig_key key = rig_key_make(700);
	struct nl_msg *msg = ring_message(700);

	put_key(msg, 700, key.secret);
	put_key(msg, 700, key.secret);
	netlink_refused(msg, -EINVAL);

	msg = ring_message(501);
	put_key(msg, f->keys[0].id, NULL);
	put_key(msg, f->keys[0].id, NULL);
	netlink_refused(msg, -EINVAL);
}

static void test_no_secret(void **state)
{
	struct nl_msg *msg = ring_message(501);

	put_key(msg, 501, NULL);
	put_key(msg, 700, NULL);
	netlink_refused(msg, -ENOKEY);
}

static void test_other_secret(void **state)
{
	struct rig_key key = rig_key_make(501);
	struct nl_msg *msg = ring_message(501);

	put_key(msg, 501, key.secret);
	put_key(msg, 502, NULL);
	netlink_refused(msg, -EEXIST);
}

static void test_active_unknown(void **state)
{
	struct nl_msg *msg = ring_message(503);

	put_key(msg, 501, NULL);
	put_key(msg, 502, NULL);
	netlink_refused(msg, -EINVAL);
}

static void test_active_alone(void **state)
{
	netlink_refused(ring_message(501), -EINVAL);
}

static void test_too_many(void **state)
{
	struct rig_key key = rig_key_make(0);
	struct nl_msg *msg = ring_message(800);
	uint32_t i;

	for (i = 0; i <= KNTS_KEYS_MAX; i++)
		put_key(msg, 800 + i, key.secret);
	netlink_refused(msg, -ENOSPC);
}

/* The last key is wrong, so the good ones before it must not stay. */
static void test_half_good(void **state)
{
	struct rig_key key = rig_key_make(0);
	struct nl_msg *msg = ring_message(800);

	put_key(msg, 800, key.secret);
	put_key(msg, 801, key.secret);
	put_key(msg, 502, key.secret);
	netlink_refused(msg, -EEXIST);
}

static void test_full(void **state)
{
	struct fixture *f = netlink_fixture();
	struct rig_key keys[KNTS_KEYS_MAX];
	struct knts_key *read;
	size_t count, i;

	for (i = 0; i < KNTS_KEYS_MAX; i++)
		keys[i] = rig_key_make((uint32_t)(900 + i));
	rig_ring(f->conn, keys, KNTS_KEYS_MAX);
	assert_int_equal(knts_ring_get(f->conn, &read, &count), 0);
	assert_int_equal(count, KNTS_KEYS_MAX);
	for (i = 0; i < count; i++) {
		assert_int_equal(read[i].id, 900 + i);
		assert_int_equal(read[i].algorithm, 15);
		assert_int_equal(read[i].created_s, 1000000000 + i);
		assert_int_equal(read[i].active, i == 0);
	}
	free(read);
	rig_ring(f->conn, f->keys, 2);
}

static void test_empty(void **state)
{
	struct fixture *f = netlink_fixture();
	struct knts_key *read;
	size_t count;

	assert_int_equal(knts_ring_set(f->conn, NULL, 0, 0), 0);
	assert_int_equal(knts_ring_get(f->conn, &read, &count), 0);
	assert_int_equal(count, 0);
	free(read);
	rig_ring(f->conn, f->keys, 2);
}

/* Keys named without secret stay, another becomes the active one. */
static void test_kept(void **state)
{
	struct fixture *f = netlink_fixture();
	struct nl_msg *msg = ring_message(502);
	struct knts_key *read;
	size_t count;

	put_key(msg, 501, NULL);
	put_key(msg, 502, NULL);
	assert_int_equal(nlraw_talk(&f->nl, msg), 0);
	assert_int_equal(knts_ring_get(f->conn, &read, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(read[0].created_s, 1000000000);
	assert_false(read[0].active);
	assert_true(read[1].active);
	free(read);
	rig_ring(f->conn, f->keys, 2);
}

static void holds_no_secret(const struct nlraw *nl, const uint8_t *secret)
{
	size_t part;

	for (part = 0; part < KNTS_KEY_SECRET_LEN; part += 8)
		if (memmem(nl->got, nl->got_len, secret + part, 8))
			fail_msg("octets %zu to %zu of a secret came out", part,
				 part + 7);
}

/* Nor does what is refused come back in the refusal. */
static void test_write_only(void **state)
{
	static const int dumps[] = { KNTS_CMD_KEY_GET, KNTS_CMD_SERVER_GET };
	static const int gets[] = { KNTS_CMD_CLOCK_GET, KNTS_CMD_STATS_GET };
	struct rig_key other = rig_key_make(501);
	struct fixture *f = netlink_fixture();
	struct nl_msg *msg;
	size_t i, key;

	for (i = 0; i < 4; i++) {
		msg = nlraw_message(&f->nl, i < 2 ? dumps[i] : gets[i - 2], i < 2);
		assert_int_equal(nlraw_talk(&f->nl, msg), 0);
		for (key = 0; key < 2; key++)
			holds_no_secret(&f->nl, f->keys[key].secret);
	}
	msg = ring_message(501);
	put_key(msg, 501, other.secret);
	assert_int_equal(nlraw_talk(&f->nl, msg), -EEXIST);
	holds_no_secret(&f->nl, f->keys[0].secret);
	holds_no_secret(&f->nl, other.secret);
}

/* Run in a child, whose exit code says whether all was as it should be. */
static void in_child(int (*run)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("failed at command number %d", WEXITSTATUS(status));
}

/* Every command, on a socket opened before and on one opened after. */
static int all_forbidden(void)
{
	struct fixture *f = netlink_fixture();
	struct knts_clock clock = rig_clock();
	struct knts_counter *counters;
	struct knts_server *servers;
	struct knts_conn *conn;
	struct knts_key *keys;
	struct nl_msg *msg;
	size_t count, i;

	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return 100;
	for (i = 0; i < command_count; i++) {
		msg = nlraw_message(&f->nl, commands[i].cmd, commands[i].dump);
		if (nlraw_talk(&f->nl, msg) != -EPERM)
			return 1 + (int)i;
	}
	if (knts_open(&conn))
		return 101;
	if (knts_server_add(conn, &f->server) != -EPERM ||
	    knts_server_set(conn, &f->server) != -EPERM ||
	    knts_server_del(conn, &f->server) != -EPERM ||
	    knts_server_list(conn, &servers, &count) != -EPERM ||
	    knts_clock_set(conn, &clock) != -EPERM ||
	    knts_clock_get(conn, &clock) != -EPERM ||
	    knts_ring_set(conn, NULL, 0, 0) != -EPERM ||
	    knts_ring_get(conn, &keys, &count) != -EPERM ||
	    knts_stats_get(conn, &counters, &count) != -EPERM)
		return 102;
	return strlen(knts_error(conn)) > 10 ? 0 : 103;
}

static void test_forbidden(void **state)
{
	struct fixture *f = netlink_fixture();
	char *before = netlink_state(f->conn), *after;

	in_child(all_forbidden);
	after = netlink_state(f->conn);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* Who owns a network namespace needs no right in any other. */
static int owner_allowed(void)
{
	struct knts_key key = { .id = 1, .algorithm = 15,
				.secret = (uint8_t[KNTS_KEY_SECRET_LEN]){ 1 } };
	struct knts_server server = rig_server("0.0.0.0", 1123);
	struct knts_clock clock = rig_clock();
	struct knts_conn *conn;
	struct knts_key *keys;
	size_t count;

	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return 100;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 101;
	if (knts_open(&conn))
		return 102;
	if (knts_ring_set(conn, &key, 1, 1) || knts_clock_set(conn, &clock) ||
	    knts_server_add(conn, &server) || knts_ring_get(conn, &keys, &count))
		return 103;
	return count == 1 ? 0 : 104;
}

static void test_owner(void **state)
{
	in_child(owner_allowed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("ring-set: a key id twice", test_id_twice),
		TEST("ring-set: unknown key without secret", test_no_secret),
		TEST("ring-set: known key with another secret", test_other_secret),
		TEST("ring-set: active key not in the ring", test_active_unknown),
		TEST("ring-set: active id without keys", test_active_alone),
		TEST("ring-set: 17 keys", test_too_many),
		TEST("ring-set: good keys, then a bad one", test_half_good),
		TEST("ring-set: 16 keys", test_full),
		TEST("ring-set: no keys", test_empty),
		TEST("ring-set: keys kept without their secrets", test_kept),
		TEST("N46 keys never come out", test_write_only),
		TEST("without CAP_NET_ADMIN", test_forbidden),
		TEST("as owner of the network namespace", test_owner),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
