// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events: each exactly once, in order, and heard in its own namespace only.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rig.h"
#include "test.h"

#define LINES_MAX 32
#define QUIET_MS 200

static struct knts_conn *conn;
static struct knts_conn *listener;
static struct knts_conn *elsewhere;
static int listener_fd, elsewhere_fd;

/* struct heard - events as text, one a line */
struct heard {
	size_t count;
	char line[LINES_MAX][64];
};

static void note(const struct knts_event *event, void *arg)
{
	struct heard *heard = arg;
	char *line = heard->line[heard->count];
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t size = sizeof(heard->line[0]);

	assert_true(heard->count < LINES_MAX);
	heard->count++;
	switch (event->cmd) {
	case KNTS_CMD_SERVER_UP_NTF:
	case KNTS_CMD_SERVER_DOWN_NTF:
		knts_server_format(&event->server, text, sizeof(text));
		snprintf(line, size, "%s %.50s",
			 event->cmd == KNTS_CMD_SERVER_UP_NTF ? "up" : "down",
			 text);
		break;
	case KNTS_CMD_KEY_ADD_NTF:
		snprintf(line, size, "add %u", event->key.id);
		break;
	case KNTS_CMD_KEY_ACTIVATE_NTF:
		snprintf(line, size, "activate %u", event->key.id);
		break;
	case KNTS_CMD_KEY_DEL_NTF:
		snprintf(line, size, "del %u", event->key.id);
		break;
	case KNTS_CMD_CLOCK_CHANGE_NTF:
		snprintf(line, size, "synchronised %d", event->clock.synchronised);
		break;
	default:
		snprintf(line, size, "unknown %d", event->cmd);
	}
}

/* Read until nothing has come for @quiet_ms. */
static void hear(struct knts_conn *from, int fd, struct heard *heard,
		 int quiet_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	memset(heard, 0, sizeof(*heard));
	while (poll(&pfd, 1, quiet_ms) > 0)
		assert_int_equal(knts_events_read(from, note, heard), 0);
}

/* Just these, and nothing in the other namespace. @lines ends with NULL. */
static void expect(const char *const *lines, int quiet_ms)
{
	struct heard heard, other;
	size_t i;

	hear(listener, listener_fd, &heard, quiet_ms);
	for (i = 0; i < heard.count && lines[i]; i++)
		assert_string_equal(heard.line[i], lines[i]);
	if (i < heard.count)
		fail_msg("event too many: %s", heard.line[i]);
	if (lines[i])
		fail_msg("event missing: %s", lines[i]);
	hear(elsewhere, elsewhere_fd, &other, 0);
	assert_int_equal(other.count, 0);
}

#define EXPECT(...) \
	expect((const char *const[]){ __VA_ARGS__, NULL }, QUIET_MS)

static void expect_nothing(void)
{
	expect((const char *const[]){ NULL }, QUIET_MS);
}

static void test_servers(void **state)
{
	struct knts_server v4 = rig_server(SERVER4, 123);
	struct knts_server v6 = rig_server(SERVER6, 123);

	rig_serve(conn, &v4);
	EXPECT("up " SERVER4 ":123");
	strcpy(v6.device, SERVER_DEVICE);
	rig_serve(conn, &v6);
	EXPECT("up [" SERVER6 "]:123%" SERVER_DEVICE);
	assert_int_equal(knts_server_add(conn, &v4), -EEXIST);
	v4.require_nts = KNTS_REQUIRE_NTS_DENY;
	assert_int_equal(knts_server_set(conn, &v4), 0);
	expect_nothing();
	assert_int_equal(knts_server_del(conn, &v4), 0);
	assert_int_equal(knts_server_del(conn, &v6), 0);
	EXPECT("down " SERVER4 ":123",
	       "down [" SERVER6 "]:123%" SERVER_DEVICE);
	assert_int_equal(knts_server_del(conn, &v4), -ENOENT);
	expect_nothing();
}

static void test_keys(void **state)
{
	struct rig_key keys[3] = { rig_key_make(11), rig_key_make(12),
				   rig_key_make(13) };
	struct rig_key turned[2] = { keys[1], keys[0] };

	rig_ring(conn, keys, 1);
	EXPECT("add 11", "activate 11");
	rig_ring(conn, keys, 1);
	expect_nothing();
	rig_ring(conn, keys, 2);
	EXPECT("add 12");
	rig_ring(conn, turned, 2);
	EXPECT("activate 12");
	rig_ring(conn, keys + 1, 2);
	EXPECT("add 13", "del 11");
	rig_ring(conn, NULL, 0);
	EXPECT("del 12", "del 13");
	rig_ring(conn, NULL, 0);
	expect_nothing();
}

static void test_clock(void **state)
{
	struct knts_clock clock = rig_clock();

	rig_clock_set(conn, &clock);
	EXPECT("synchronised 1");
	rig_clock_set(conn, &clock);
	expect_nothing();
	clock.leap = 3;
	rig_clock_set(conn, &clock);
	EXPECT("synchronised 0");
	rig_clock_set(conn, &clock);
	expect_nothing();
	clock.leap = 0;
	rig_clock_set(conn, &clock);
	EXPECT("synchronised 1");
}

/* The event comes by itself when the lifetime is over, and a feed puts it off. */
static void test_expiry(void **state)
{
	static const char *const lines[] = { "synchronised 0", NULL };
	struct knts_clock clock = rig_clock();
	uint64_t began, took_ms;

	clock.lifetime_ms = 1000;
	rig_clock_set(conn, &clock);
	nanosleep(&(struct timespec){ .tv_nsec = 500000000 }, NULL);
	began = rig_now_ns();
	rig_clock_set(conn, &clock);
	assert_int_equal(poll(&(struct pollfd){ .fd = listener_fd,
						.events = POLLIN }, 1, 10000), 1);
	took_ms = (rig_now_ns() - began) / 1000000;
	assert_in_range(took_ms, 980, 5000);
	expect(lines, 1500);
}

static int set_up(void **state)
{
	conn = rig_open(SERVER_NS);
	listener = rig_open(SERVER_NS);
	listener_fd = knts_events_open(listener);
	elsewhere = rig_open(CLIENT_NS);
	elsewhere_fd = knts_events_open(elsewhere);
	return listener_fd < 0 || elsewhere_fd < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("events: server up, server down", test_servers),
		TEST("events: key added, activated, removed", test_keys),
		TEST("events: clock synchronised, unsynchronised", test_clock),
		TEST("events: clock unsynchronised at its expiry", test_expiry),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("events", tests, set_up, NULL);
}
