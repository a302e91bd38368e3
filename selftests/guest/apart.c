// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two network namespaces with the same addresses, each with its own server:
 * neither has anything of the other's.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "test.h"

#define PORT 123
#define FAMILIES 2
#define SAME_ID 0x51525354
#define EVENT_TIMEOUT_MS 3000
#define SILENCE_MS 200

/**
 * struct site - one of the two
 * @server: namespace of its server
 * @client: namespace of its client
 * @id: of its second key; the first has the same id in both, and another secret
 * @keys: its ring
 * @askers: by address family
 * @conn: to its server
 */
struct site {
	const char *server;
	const char *client;
	uint32_t id;
	struct rig_key keys[2];
	struct asker askers[FAMILIES];
	struct knts_conn *conn;
};

static struct site sites[2] = {
	{ .server = SERVER_NS, .client = CLIENT_NS, .id = 0x61000000 },
	{ .server = "other", .client = "otherclient", .id = 0x62000000 },
};

static int set_up_site(struct site *site)
{
	static const char *const clients[] = { CLIENT4, CLIENT6 };
	static const char *const servers[] = { SERVER4, SERVER6 };
	struct knts_server server;
	struct asker *a;
	size_t i;

	site->conn = rig_open(site->server);
	site->keys[0] = rig_key_make(SAME_ID);
	site->keys[1] = rig_key_make(site->id);
	rig_ring(site->conn, site->keys, 2);
	for (i = 0; i < FAMILIES; i++) {
		server = rig_server(servers[i], PORT);
		rig_serve(site->conn, &server);
		a = &site->askers[i];
		a->conn = site->conn;
		a->session = rig_session(15);
		a->fd = ask_socket(site->client, clients[i], 0, servers[i], PORT);
	}
	return 0;
}

static int set_up(void **state)
{
	return set_up_site(&sites[0]) || set_up_site(&sites[1]);
}

static int tear_down(void **state)
{
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		close(sites[0].askers[i].fd);
		close(sites[1].askers[i].fd);
	}
	knts_close(sites[0].conn);
	knts_close(sites[1].conn);
	return 0;
}

/* A request with a cookie that a key of either ring has sealed. */
static void ask_with(const struct asker *a, const struct rig_key *key,
		     enum knts_verdict verdict)
{
	struct nts_cookie cookie = rig_cookie(&a->session, key);
	struct packet p;

	packet_request(&p, &a->session, &cookie, 2);
	ask(a, &p, verdict, NULL);
}

static void keys_apart(void **state)
{
	const struct site *site, *other;
	size_t i, j, k;

	for (i = 0; i < 2; i++) {
		site = &sites[i];
		other = &sites[1 - i];
		for (j = 0; j < FAMILIES; j++) {
			for (k = 0; k < 2; k++)
				ask_with(&site->askers[j], &site->keys[k],
					 KNTS_ANSWER_NTS);
			ask_with(&site->askers[j], &other->keys[0],
				 KNTS_KISS_NTSN_COOKIE);
			ask_with(&site->askers[j], &other->keys[1],
				 KNTS_KISS_NTSN_KEY);
		}
	}
}

/* A cookie that one server has made is no better than one made here. */
static void made_cookies_apart(void **state)
{
	struct asker a = sites[0].askers[0], b = sites[1].askers[0];
	struct nts_cookie cookie = rig_cookie(&a.session, &sites[0].keys[0]);
	struct packet p;
	struct reply r;

	packet_request(&p, &a.session, &cookie, 0);
	ask(&a, &p, KNTS_ANSWER_NTS, &r);
	b.session = a.session;
	packet_request(&p, &b.session, &r.cookies[0], 0);
	ask(&b, &p, KNTS_KISS_NTSN_COOKIE, NULL);
	ask(&a, &p, KNTS_ANSWER_NTS, NULL);
}

static void stats_apart(void **state)
{
	struct rig_counters before[2], after;
	size_t i, turn;

	rig_counters(sites[0].conn, &before[0]);
	rig_counters(sites[1].conn, &before[1]);
	for (turn = 0; turn < 5; turn++)
		ask_with(&sites[0].askers[0], &sites[0].keys[0],
			 KNTS_ANSWER_NTS);
	rig_counted(sites[0].conn, &before[0], KNTS_ANSWER_NTS, 5);
	rig_counters(sites[1].conn, &after);
	for (i = 0; i < KNTS_VERDICT_COUNT; i++)
		assert_int_equal(after.of[i], before[1].of[i]);
}

static uint64_t key_uses(const struct site *site)
{
	struct knts_key *keys;
	size_t count, i;
	uint64_t uses = 0;

	assert_int_equal(knts_ring_get(site->conn, &keys, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(keys[0].id, SAME_ID);
	assert_int_equal(keys[1].id, site->id);
	for (i = 0; i < count; i++)
		uses += keys[i].opened + keys[i].sealed;
	free(keys);
	return uses;
}

static void key_uses_apart(void **state)
{
	uint64_t before = key_uses(&sites[0]);
	uint64_t other = key_uses(&sites[1]);

	ask_with(&sites[0].askers[0], &sites[0].keys[1], KNTS_ANSWER_NTS);
	/* One opened, one sealed, and one for each of the two placeholders. */
	assert_int_equal(key_uses(&sites[0]) - before, 4);
	assert_int_equal(key_uses(&sites[1]) - other, 0);
}

static void clock_is(const struct site *site, unsigned int leap,
		     unsigned int stratum)
{
	struct reply r;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		ask_plain(&site->askers[i], &r);
		assert_int_equal(r.leap, leap);
		assert_int_equal(r.stratum, stratum);
	}
}

static void clocks_apart(void **state)
{
	struct knts_clock clock = rig_clock();

	clock_is(&sites[0], 3, 0);
	clock_is(&sites[1], 3, 0);
	clock.stratum = 4;
	rig_clock_set(sites[0].conn, &clock);
	clock_is(&sites[0], 0, 4);
	clock_is(&sites[1], 3, 0);
	clock.stratum = 7;
	rig_clock_set(sites[1].conn, &clock);
	clock_is(&sites[0], 0, 4);
	clock_is(&sites[1], 0, 7);
	clock.lifetime_ms = 1;
	rig_clock_set(sites[0].conn, &clock);
	usleep(50000);
	clock_is(&sites[0], 3, 0);
	clock_is(&sites[1], 0, 7);
}

static void count_event(const struct knts_event *event, void *arg)
{
	size_t *count = arg;

	*count += 1;
}

/* How many events come until it is quiet. */
static size_t events(struct knts_conn *listener, int fd, int patience_ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t count = 0;

	while (poll(&wait, 1, count ? SILENCE_MS : patience_ms) > 0)
		assert_int_equal(knts_events_read(listener, count_event, &count),
				 0);
	return count;
}

static void events_apart(void **state)
{
	struct knts_server server = rig_server(SERVER4, 1123);
	struct rig_key more[3] = { rig_key_make(9), sites[0].keys[0],
				   sites[0].keys[1] };
	struct knts_conn *listeners[2];
	int fds[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		listeners[i] = rig_open(sites[i].server);
		fds[i] = knts_events_open(listeners[i]);
		assert_true(fds[i] >= 0);
	}
	rig_serve(sites[0].conn, &server);
	assert_int_equal(knts_server_del(sites[0].conn, &server), 0);
	rig_ring(sites[0].conn, more, 3);
	rig_ring(sites[0].conn, sites[0].keys, 2);
	/* Up, down; added, activated; the first active again, and removed. */
	assert_int_equal(events(listeners[0], fds[0], EVENT_TIMEOUT_MS), 6);
	assert_int_equal(events(listeners[1], fds[1], SILENCE_MS), 0);
	rig_serve(sites[1].conn, &server);
	assert_int_equal(knts_server_del(sites[1].conn, &server), 0);
	assert_int_equal(events(listeners[1], fds[1], EVENT_TIMEOUT_MS), 2);
	assert_int_equal(events(listeners[0], fds[0], SILENCE_MS), 0);
	knts_close(listeners[0]);
	knts_close(listeners[1]);
}

static void servers_apart(void **state)
{
	struct knts_server server = rig_server("0.0.0.0", 1124), *list;
	size_t count, i;

	rig_serve(sites[0].conn, &server);
	for (i = 0; i < 2; i++) {
		assert_int_equal(knts_server_list(sites[i].conn, &list, &count),
				 0);
		assert_int_equal(count, i ? 2 : 3);
		free(list);
	}
	assert_true(knts_server_del(sites[1].conn, &server) < 0);
	assert_int_equal(knts_server_del(sites[0].conn, &server), 0);
}

/* One namespace's ring is emptied; the other serves on. */
static void ring_emptied(void **state)
{
	rig_ring(sites[0].conn, NULL, 0);
	ask_with(&sites[0].askers[0], &sites[0].keys[0], KNTS_KISS_NTSN_KEY);
	ask_with(&sites[1].askers[0], &sites[1].keys[0], KNTS_ANSWER_NTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("N40 keys of two namespaces", keys_apart),
		TEST("N40 a cookie made by the other's server", made_cookies_apart),
		TEST("counters of two namespaces", stats_apart),
		TEST("key uses of two namespaces", key_uses_apart),
		TEST("clocks of two namespaces", clocks_apart),
		TEST("events of two namespaces", events_apart),
		TEST("servers of two namespaces", servers_apart),
		TEST("one namespace's ring is emptied", ring_emptied),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("apart", tests, set_up, tear_down);
}
