// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libknts against the module: what goes in comes out, a refusal becomes one
 * sentence that names what it is about, and events arrive.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "test.h"

#define EVENTS_MAX 64
#define EVENT_TIMEOUT_MS 5000
/* Each gives 33 events: far more than a socket holds. */
#define LOSS_ROUNDS 30

static struct knts_conn *conn;

static struct knts_key key_of(uint32_t id, const uint8_t *secret)
{
	return (struct knts_key) {
		.id = id,
		.algorithm = 15,
		.secret = secret,
		.created_s = 1700000000ULL + id,
	};
}

static void assert_refused(int got, int err, const char *sentence)
{
	assert_string_equal(knts_error(conn), sentence);
	assert_int_equal(got, err);
}

static void server_refusals_name_the_server(void **state)
{
	struct knts_server server = rig_server(SERVER4, 123);
	struct knts_server other;

	rig_serve(conn, &server);
	assert_refused(knts_server_add(conn, &server), -EEXIST,
		       "server " SERVER4 ":123: such a server is open already");

	other = rig_server(SERVER4, 0);
	assert_refused(knts_server_add(conn, &other), -ERANGE,
		       "server-add: port 0: integer out of range: it may be 1 to"
		       " 65535");
	other = rig_server(SERVER4, 123);
	other.require_nts = 3;
	assert_refused(knts_server_set(conn, &other), -ERANGE,
		       "server-set: require-nts 3: integer out of range: it may be"
		       " 0 to 2");
	other.address_len = 5;
	assert_refused(knts_server_add(conn, &other), -EINVAL,
		       "server-add: address has 5 octets: it must have 4 or 16");

	other = rig_server("::", 125);
	strcpy(other.device, "nodev0");
	assert_int_equal(knts_server_add(conn, &other), -ENODEV);
	assert_non_null(strstr(knts_error(conn), "nodev0"));
	assert_non_null(strstr(knts_error(conn), "there is no such device"));
	assert_null(strstr(knts_error(conn), "address"));

	assert_int_equal(knts_server_del(conn, &server), 0);
	assert_int_equal(knts_server_del(conn, &server), -ENOENT);
	assert_non_null(strstr(knts_error(conn), "no server is open"));
}

static void servers_come_out_as_they_went_in(void **state)
{
	struct knts_server *servers, server;
	size_t count, i;

	for (i = 0; i < KNTS_SERVERS_MAX; i++) {
		server = rig_server(i % 2 ? "::" : "0.0.0.0", 1000 + i);
		server.require_nts = i % 3;
		server.serve_own_port = i % 5 == 0;
		if (i % 7 == 0)
			strcpy(server.device, SERVER_DEVICE);
		rig_serve(conn, &server);
	}
	assert_int_equal(knts_server_list(conn, &servers, &count), 0);
	assert_int_equal(count, KNTS_SERVERS_MAX);
	for (i = 0; i < count; i++) {
		assert_int_equal(servers[i].port, 1000 + i);
		assert_int_equal(servers[i].address_len, i % 2 ? 16 : 4);
		assert_int_equal(servers[i].require_nts, i % 3);
		assert_int_equal(servers[i].serve_own_port, i % 5 == 0);
		assert_string_equal(servers[i].device,
				    i % 7 ? "" : SERVER_DEVICE);
		assert_int_equal(knts_server_del(conn, &servers[i]), 0);
	}
	free(servers);
	assert_int_equal(knts_server_list(conn, &servers, &count), 0);
	assert_int_equal(count, 0);
	assert_non_null(servers);
	free(servers);
}

static void clock_comes_out_as_it_went_in(void **state)
{
	struct knts_clock set = rig_clock(), got = { 0 };

	assert_refused(knts_clock_get(conn, &got), -ENODATA,
		       "the clock state has not been set yet");
	rig_clock_set(conn, &set);
	assert_int_equal(knts_clock_get(conn, &got), 0);
	assert_int_equal(got.leap, set.leap);
	assert_int_equal(got.stratum, set.stratum);
	assert_int_equal(got.precision, set.precision);
	assert_int_equal(got.root_delay, set.root_delay);
	assert_in_range(got.root_dispersion, set.root_dispersion,
			set.root_dispersion + 100);
	assert_int_equal(got.reference_id, set.reference_id);
	assert_true(got.reference_time == set.reference_time);
	assert_int_equal(got.dispersion_rate_ppb, set.dispersion_rate_ppb);
	assert_int_equal(got.lifetime_ms, set.lifetime_ms);
	assert_in_range(got.age_ms, 0, 5000);
	assert_true(got.synchronised);
}

static void clock_refusals_name_value_and_range(void **state)
{
	struct knts_clock clock = rig_clock();

	clock.leap = 4;
	assert_refused(knts_clock_set(conn, &clock), -ERANGE,
		       "clock-set: leap 4: integer out of range: it may be 0 to 3");
	clock = rig_clock();
	clock.stratum = 16;
	assert_refused(knts_clock_set(conn, &clock), -ERANGE,
		       "clock-set: stratum 16: integer out of range: it may be 1 to"
		       " 15");
	clock = rig_clock();
	clock.precision = -33;
	assert_refused(knts_clock_set(conn, &clock), -ERANGE,
		       "clock-set: precision -33: integer out of range: it may be"
		       " -32 to 0");
	clock = rig_clock();
	clock.lifetime_ms = 0;
	assert_refused(knts_clock_set(conn, &clock), -ERANGE,
		       "clock-set: lifetime-ms 0: integer out of range: it may be 1"
		       " to 4294967295");
}

static void ring_comes_out_without_secrets(void **state)
{
	static const uint8_t secrets[KNTS_KEYS_MAX + 1][KNTS_KEY_SECRET_LEN];
	struct knts_key keys[KNTS_KEYS_MAX + 1], *got;
	size_t count, i;

	for (i = 0; i < KNTS_KEYS_MAX + 1; i++)
		keys[i] = key_of(i + 1, secrets[i]);
	assert_refused(knts_ring_set(conn, keys, KNTS_KEYS_MAX + 1, 1), -E2BIG,
		       "ring-set: 17 keys: a ring holds at most 16");
	assert_int_equal(knts_ring_set(conn, keys, KNTS_KEYS_MAX, 3), 0);
	assert_int_equal(knts_ring_get(conn, &got, &count), 0);
	assert_int_equal(count, KNTS_KEYS_MAX);
	for (i = 0; i < count; i++) {
		assert_int_equal(got[i].id, i + 1);
		assert_int_equal(got[i].algorithm, 15);
		assert_null(got[i].secret);
		assert_int_equal(got[i].created_s, 1700000000 + got[i].id);
		assert_int_equal(got[i].active, got[i].id == 3);
	}
	free(got);

	assert_int_equal(knts_ring_set(conn, NULL, 0, 0), 0);
	assert_int_equal(knts_ring_get(conn, &got, &count), 0);
	assert_int_equal(count, 0);
	free(got);
}

/* Never its secret, though that is what is wrong with it. */
static void ring_refusals_name_the_key(void **state)
{
	static const uint8_t secret[KNTS_KEY_SECRET_LEN] = { 0xa5 };
	struct knts_key key = key_of(0, secret);

	assert_refused(knts_ring_set(conn, &key, 1, 1), -ERANGE,
		       "ring-set: id 0: integer out of range: it may be 1 to"
		       " 4294967295");
	key = key_of(1, secret);
	key.algorithm = 16;
	assert_refused(knts_ring_set(conn, &key, 1, 1), -ERANGE,
		       "ring-set: algorithm 16: integer out of range: it may be 15"
		       " to 15");
	key = key_of(0xabc, NULL);
	assert_true(knts_ring_set(conn, &key, 1, 0xabc) < 0);
	assert_non_null(strstr(knts_error(conn), "key "));
	assert_true(strstr(knts_error(conn), "00000abc") ||
		    strstr(knts_error(conn), "2748"));
}

static void clients_are_as_many_as_was_said(void **state)
{
	struct knts_clients clients;
	struct knts_client *list;
	size_t count;

	assert_int_equal(knts_clients_get(conn, &clients), 0);
	assert_int_equal(clients.entries, 0);
	assert_int_equal(clients.memory_len, 0);
	assert_int_equal(knts_clients_set(conn, 1000), 0);
	assert_int_equal(knts_clients_get(conn, &clients), 0);
	assert_int_equal(clients.entries, 1024);
	assert_true(clients.memory_len >= 1024 * sizeof(*list) / 2);
	assert_int_equal(clients.evicted, 0);
	assert_int_equal(knts_client_list(conn, &list, &count), 0);
	assert_int_equal(count, 0);
	free(list);

	assert_int_equal(knts_clients_set(conn, KNTS_CLIENTS_MAX + 1), -ERANGE);
	/* Newer kernels' sentence has the value and the limit, too. */
	assert_non_null(strstr(knts_error(conn), "this is too much"));
	assert_non_null(strstr(knts_error(conn), "65537"));
	assert_int_equal(knts_clients_set(conn, KNTS_CLIENTS_MAX), 0);
	assert_int_equal(knts_clients_set(conn, 0), 0);
}

static void histograms_have_their_names(void **state)
{
	static const char *const names[] = { "service-plain", "service-nts",
					     "transmit-error" };
	struct knts_histogram *list;
	size_t count, i;

	assert_int_equal(knts_histogram_list(conn, &list, &count), 0);
	assert_int_equal(count, 3);
	for (i = 0; i < count; i++) {
		assert_string_equal(list[i].name, names[i]);
		assert_int_equal(list[i].count, 0);
		assert_int_equal(list[i].buckets_count, 0);
		assert_non_null(list[i].buckets);
	}
	knts_histogram_free(list, count);
}

/* What came, in its order. */
struct events {
	struct knts_event list[EVENTS_MAX];
	size_t count;
};

static void keep(const struct knts_event *event, void *arg)
{
	struct events *events = arg;

	assert_true(events->count < EVENTS_MAX);
	events->list[events->count++] = *event;
}

static void read_events(struct knts_conn *listener, int fd, size_t count,
			struct events *events)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	events->count = 0;
	while (events->count < count) {
		assert_int_equal(poll(&wait, 1, EVENT_TIMEOUT_MS), 1);
		assert_int_equal(knts_events_read(listener, keep, events), 0);
	}
	assert_int_equal(events->count, count);
	assert_int_equal(knts_events_read(listener, keep, events), 0);
	assert_int_equal(events->count, count);
}

static void events_arrive(void **state)
{
	static const uint8_t secret[KNTS_KEY_SECRET_LEN];
	const struct knts_key key = key_of(0xabc, secret);
	struct knts_server server = rig_server(SERVER4, 123);
	struct knts_conn *listener = rig_open(SERVER_NS);
	static struct events events;
	int fd;

	fd = knts_events_open(listener);
	assert_true(fd >= 0);

	rig_serve(conn, &server);
	assert_int_equal(knts_server_del(conn, &server), 0);
	read_events(listener, fd, 2, &events);
	assert_int_equal(events.list[0].cmd, KNTS_CMD_SERVER_UP_NTF);
	assert_int_equal(events.list[1].cmd, KNTS_CMD_SERVER_DOWN_NTF);
	assert_memory_equal(events.list[1].server.address, server.address, 4);
	assert_int_equal(events.list[1].server.port, 123);

	assert_int_equal(knts_ring_set(conn, &key, 1, key.id), 0);
	assert_int_equal(knts_ring_set(conn, NULL, 0, 0), 0);
	read_events(listener, fd, 3, &events);
	assert_int_equal(events.list[0].cmd, KNTS_CMD_KEY_ADD_NTF);
	assert_int_equal(events.list[1].cmd, KNTS_CMD_KEY_ACTIVATE_NTF);
	assert_int_equal(events.list[2].cmd, KNTS_CMD_KEY_DEL_NTF);
	assert_int_equal(events.list[2].key.id, key.id);
	knts_close(listener);
}

static void lost_events_are_told(void **state)
{
	static const uint8_t secret[KNTS_KEY_SECRET_LEN];
	struct knts_conn *listener = rig_open(SERVER_NS);
	struct knts_key keys[KNTS_KEYS_MAX];
	static struct events events;
	int fd, i;

	fd = knts_events_open(listener);
	assert_true(fd >= 0);
	for (i = 0; i < KNTS_KEYS_MAX; i++)
		keys[i] = key_of(i + 1, secret);
	for (i = 0; i < LOSS_ROUNDS; i++) {
		assert_int_equal(knts_ring_set(conn, keys, KNTS_KEYS_MAX, 1), 0);
		assert_int_equal(knts_ring_set(conn, NULL, 0, 0), 0);
	}
	assert_int_equal(knts_events_read(listener, keep, &events), -ENOBUFS);
	assert_string_equal(knts_error(listener), "events were lost: they came"
			    " faster than they were read");
	knts_close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_comes_out_as_it_went_in),
		cmocka_unit_test(clock_refusals_name_value_and_range),
		cmocka_unit_test(server_refusals_name_the_server),
		cmocka_unit_test(servers_come_out_as_they_went_in),
		cmocka_unit_test(ring_comes_out_without_secrets),
		cmocka_unit_test(ring_refusals_name_the_key),
		cmocka_unit_test(clients_are_as_many_as_was_said),
		cmocka_unit_test(histograms_have_their_names),
		cmocka_unit_test(events_arrive),
		cmocka_unit_test(lost_events_are_told),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	conn = rig_open(SERVER_NS);
	failed = cmocka_run_group_tests_name("libknts", tests, NULL, NULL);
	knts_close(conn);
	return failed;
}
