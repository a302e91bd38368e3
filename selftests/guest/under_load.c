// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control path while requests pour in: servers closed and opened, keys
 * rotated, a device taken away.
 */
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask.h"
#include "flood.h"
#include "test.h"

#define PORT 123
#define CLOSINGS 25
#define ROTATIONS 40
#define KEYS_KEPT 3
#define FIRST_ID 0x1000
#define FLOOD_ID 0xf100d
#define TRIES 5
#define REPLY_TIMEOUT_MS 2000
#define EVENT_TIMEOUT_MS 5000
#define SILENCE_MS 500

/* The second client's wire, which goes. */
#define GONE_DEVICE "eth2"
#define GONE_CLIENT "second"
#define GONE4 "10.77.2.1"
#define GONE6 "fd77:2::1"

static struct knts_conn *conn;
static struct flood flood;

static void serve_both(const char *device)
{
	static const char *const any[] = { "0.0.0.0", "::" };
	struct knts_server server;
	size_t i;

	for (i = 0; i < 2; i++) {
		server = rig_server(any[i], PORT);
		strcpy(server.device, device);
		rig_serve(conn, &server);
	}
}

static int set_up(void **state)
{
	struct knts_clock clock = rig_clock();

	conn = rig_open(SERVER_NS);
	flood.key = rig_key_make(FLOOD_ID);
	rig_clear(conn);
	rig_clock_set(conn, &clock);
	rig_ring(conn, &flood.key, 1);
	serve_both("");
	return 0;
}

static int tear_down(void **state)
{
	knts_close(conn);
	return 0;
}

/* Since @before every packet has been answered, or has got verdict @allowed. */
static void check_verdicts(const struct rig_counters *before,
			   enum knts_verdict allowed)
{
	struct rig_counters now;
	size_t i;

	rig_counters(conn, &now);
	for (i = KNTS_ANSWER_NTS + 1; i < KNTS_VERDICT_COUNT; i++)
		if (i != allowed && now.of[i] != before->of[i])
			fail_msg("%s moved by %llu", rig_verdict_name(i),
				 (unsigned long long)(now.of[i] - before->of[i]));
}

static void close_and_open(void **state)
{
	struct rig_counters before;
	size_t i;

	rig_counters(conn, &before);
	flood_start(&flood);
	for (i = 0; i < CLOSINGS; i++) {
		flood_answered(&flood, 20);
		rig_clear(conn);
		serve_both("");
	}
	flood_answered(&flood, 20);
	assert_int_equal(flood_stop(&flood).ntsn, 0);
	check_verdicts(&before, KNTS_DROP_DEAD);
}

/*
 * A ring of the flood's key, which stays, and the last KEYS_KEPT others, the
 * newest of them first: it seals.
 */
static void rotate(struct rig_key *keys, uint32_t id)
{
	memmove(keys + 1, keys, (KEYS_KEPT - 1) * sizeof(*keys));
	keys[0] = rig_key_make(id);
	keys[KEYS_KEPT] = flood.key;
	rig_ring(conn, keys, KEYS_KEPT + 1);
}

/* Under load the stack may lose a packet before the module sees it. */
static void use_cookie(const struct asker *a, const struct nts_cookie *cookie,
		       struct reply *r)
{
	uint8_t data[PACKET_MAX_LEN];
	const char *wrong;
	struct packet p;
	size_t len = 0;
	int i;

	packet_request(&p, &a->session, cookie, 0);
	for (i = 0; !len && i < TRIES; i++) {
		assert_int_equal(send(a->fd, p.data, p.len, 0), p.len);
		len = ask_receive(a->fd, data, sizeof(data), REPLY_TIMEOUT_MS);
	}
	if (!len)
		fail_msg("no reply to %d requests", TRIES);
	wrong = reply_check(r, data, len, &p, &a->session);
	if (wrong)
		fail_msg("reply of %zu octets: %s", len, wrong);
	assert_string_equal(r->kiss, "");
	assert_int_equal(r->cookie_count, 1);
}

static uint32_t key_id(const struct nts_cookie *cookie)
{
	return (uint32_t)cookie->data[0] << 24 | cookie->data[1] << 16 |
	       cookie->data[2] << 8 | cookie->data[3];
}

/* A client that keeps its cookies until the last moment. */
static void rotate_keys(void **state)
{
	struct nts_cookie cookies[ROTATIONS + 1];
	struct rig_key keys[KEYS_KEPT + 1];
	struct asker a = { .session = rig_session(15) };
	struct rig_counters before;
	struct reply r;
	size_t i;

	for (i = 0; i < KEYS_KEPT; i++)
		keys[i] = rig_key_make((uint32_t)(FIRST_ID + i));
	keys[KEYS_KEPT] = flood.key;
	rig_ring(conn, keys, KEYS_KEPT + 1);
	a.fd = ask_socket(CLIENT_NS, CLIENT4, 0, SERVER4, PORT);
	cookies[0] = rig_cookie(&a.session, &keys[0]);

	rig_counters(conn, &before);
	flood_start(&flood);
	flood_answered(&flood, 1);
	for (i = 0; i < ROTATIONS; i++) {
		rotate(keys, (uint32_t)(FIRST_ID + KEYS_KEPT + i));
		use_cookie(&a, &cookies[i < 2 ? 0 : i - 1], &r);
		assert_int_equal(key_id(&r.cookies[0]), keys[0].id);
		cookies[i + 1] = r.cookies[0];
	}
	flood_answered(&flood, 1);
	assert_int_equal(flood_stop(&flood).ntsn, 0);
	check_verdicts(&before, KNTS_ANSWER_NTS);
	close(a.fd);
	rig_ring(conn, &flood.key, 1);
}

/* struct downs - what a listener heard */
struct downs {
	size_t others;
	size_t count;
	struct knts_server servers[4];
};

static void hear(const struct knts_event *event, void *arg)
{
	struct downs *downs = arg;

	if (event->cmd != KNTS_CMD_SERVER_DOWN_NTF || downs->count == 4)
		downs->others++;
	else
		downs->servers[downs->count++] = event->server;
}

static void listen_until_silent(struct knts_conn *listener, int fd,
				struct downs *downs)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (poll(&wait, 1, downs->count < 2 ? EVENT_TIMEOUT_MS : SILENCE_MS) > 0)
		assert_int_equal(knts_events_read(listener, hear, downs), 0);
}

static void check_downs(const struct downs *downs)
{
	size_t i;

	assert_int_equal(downs->others, 0);
	assert_int_equal(downs->count, 2);
	assert_int_not_equal(downs->servers[0].address_len,
			     downs->servers[1].address_len);
	for (i = 0; i < 2; i++) {
		assert_int_equal(downs->servers[i].port, PORT);
		assert_string_equal(downs->servers[i].device, GONE_DEVICE);
	}
}

/* The servers bound to it close, and no other; each is told of once. */
static void remove_device(void **state)
{
	struct flood over_gone = { .netns = GONE_CLIENT, .server4 = GONE4,
				   .server6 = GONE6, .key = flood.key };
	struct knts_conn *listener;
	struct knts_server *list;
	struct downs downs = { 0 };
	size_t count, i;
	int fd;

	rig_clear(conn);
	serve_both(SERVER_DEVICE);
	serve_both(GONE_DEVICE);
	listener = rig_open(SERVER_NS);
	fd = knts_events_open(listener);
	assert_true(fd >= 0);
	flood_start(&flood);
	flood_start(&over_gone);
	flood_answered(&over_gone, 20);

	assert_int_equal(system("ip -n " SERVER_NS " link delete " GONE_DEVICE), 0);
	listen_until_silent(listener, fd, &downs);
	flood_answered(&flood, 20);
	flood_stop(&over_gone);
	flood_stop(&flood);
	check_downs(&downs);

	assert_int_equal(knts_server_list(conn, &list, &count), 0);
	assert_int_equal(count, 2);
	for (i = 0; i < count; i++)
		assert_string_equal(list[i].device, SERVER_DEVICE);
	free(list);
	knts_close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("servers closed and opened 25 times under load",
		     close_and_open),
		TEST("N46 keys rotated 40 times under load", rotate_keys),
		TEST("a device that servers are bound to goes under load",
		     remove_device),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("under_load", tests, set_up,
					   tear_down);
}
