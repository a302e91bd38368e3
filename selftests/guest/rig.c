// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../client/siv.h"
#include "rig.h"
#include "test.h"

#define COUNT_TIMEOUT_NS 5000000000ULL

static const char *const verdict_names[] = {
#define NAME(symbol, name, text) name,
	KNTS_VERDICTS(NAME)
#undef NAME
};

const char *rig_verdict_name(enum knts_verdict verdict)
{
	return verdict_names[verdict];
}

uint64_t rig_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail_msg("network namespace %s: %s", netns, strerror(errno));
	close(fd);
}

int rig_socket(const char *netns, int family, int type, int protocol)
{
	int fd;

	enter(netns);
	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		fail_msg("socket: %s", strerror(errno));
	return fd;
}

struct knts_conn *rig_open(const char *netns)
{
	struct knts_conn *conn = NULL;
	int err;

	enter(netns);
	err = knts_open(&conn);
	if (err)
		fail_msg("knts_open: %s (%s)", strerror(-err),
			 conn ? knts_error(conn) : "no connection");
	return conn;
}

struct knts_server rig_server(const char *address, uint16_t port)
{
	struct knts_server server = { .port = port };
	bool is_v6 = strchr(address, ':');

	server.address_len = is_v6 ? 16 : 4;
	assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, address,
				   server.address), 1);
	return server;
}

void rig_serve(struct knts_conn *conn, const struct knts_server *server)
{
	char text[KNTS_SERVER_TEXT_SIZE];

	if (knts_server_add(conn, server))
		fail_msg("server %s: %s",
			 knts_server_format(server, text, sizeof(text)),
			 knts_error(conn));
}

void rig_clear(struct knts_conn *conn)
{
	struct knts_server *servers;
	size_t count, i;

	if (knts_server_list(conn, &servers, &count))
		fail_msg("servers: %s", knts_error(conn));
	for (i = 0; i < count; i++)
		assert_int_equal(knts_server_del(conn, &servers[i]), 0);
	free(servers);
}

struct rig_key rig_key_make(uint32_t id)
{
	struct rig_key key = { .id = id };

	packet_random(key.secret, sizeof(key.secret));
	return key;
}

void rig_ring(struct knts_conn *conn, const struct rig_key *keys, size_t count)
{
	struct knts_key ring[KNTS_KEYS_MAX] = { 0 };
	size_t i;

	assert_true(count <= KNTS_KEYS_MAX);
	for (i = 0; i < count; i++) {
		ring[i].id = keys[i].id;
		ring[i].algorithm = 15;
		ring[i].secret = keys[i].secret;
		ring[i].created_s = 1000000000 + i;
	}
	if (knts_ring_set(conn, ring, count, count ? keys[0].id : 0))
		fail_msg("ring: %s", knts_error(conn));
}

struct knts_clock rig_clock(void)
{
	return (struct knts_clock) {
		.stratum = 2,
		.precision = -24,
		.root_delay = 0x123,
		.root_dispersion = 0x456,
		.reference_id = 0xc0000201,
		.reference_time = (rig_now_ns() / 1000000000 + 2208988800ULL) << 32,
		.dispersion_rate_ppb = 15000,
		.lifetime_ms = 3600000,
	};
}

void rig_clock_set(struct knts_conn *conn, const struct knts_clock *clock)
{
	if (knts_clock_set(conn, clock))
		fail_msg("clock: %s", knts_error(conn));
}

static uint64_t value_of(const struct knts_counter *counters, size_t count,
			 const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(counters[i].name, name))
			return counters[i].value;
	fail_msg("stats-get has no counter %s", name);
	return 0;
}

void rig_counters(struct knts_conn *conn, struct rig_counters *c)
{
	struct knts_counter *counters;
	size_t count, i;

	if (knts_stats_get(conn, &counters, &count))
		fail_msg("stats: %s", knts_error(conn));
	for (i = 0; i < KNTS_VERDICT_COUNT; i++)
		c->of[i] = value_of(counters, count, verdict_names[i]);
	free(counters);
}

static uint64_t sum_since(const struct rig_counters *before,
			  const struct rig_counters *now)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < KNTS_VERDICT_COUNT; i++)
		sum += now->of[i] - before->of[i];
	return sum;
}

void rig_counted(struct knts_conn *conn, const struct rig_counters *before,
		 enum knts_verdict verdict, uint64_t count)
{
	uint64_t deadline = rig_now_ns() + COUNT_TIMEOUT_NS;
	struct rig_counters now;
	uint64_t want, moved;
	size_t i;

	do {
		rig_counters(conn, &now);
	} while (sum_since(before, &now) < count && rig_now_ns() < deadline);

	for (i = 0; i < KNTS_VERDICT_COUNT; i++) {
		want = i == verdict ? count : 0;
		moved = now.of[i] - before->of[i];
		if (moved != want)
			fail_msg("%s moved by %llu instead of %llu; the verdict should be %s",
				 verdict_names[i], (unsigned long long)moved,
				 (unsigned long long)want,
				 verdict_names[verdict]);
	}
}

struct nts_session rig_session(uint16_t aead)
{
	struct nts_session session = {
		.aead = aead,
		.key_len = aead_key_len(aead),
	};

	packet_random(session.c2s, session.key_len);
	packet_random(session.s2c, session.key_len);
	return session;
}

/* As kmod/core/cookie.h has it; key id and nonce are SIV's nonce. */
struct nts_cookie rig_cookie(const struct nts_session *session,
			     const struct rig_key *key)
{
	struct nts_cookie cookie = { .len = 20 + 16 + 4 + 2 * session->key_len };
	uint8_t text[4 + 2 * AEAD_KEY_MAX_LEN] = { 0, (uint8_t)session->aead };
	struct siv_input in = {
		.key = key->secret,
		.key_len = sizeof(key->secret),
		.nonce = cookie.data,
		.nonce_len = 20,
	};
	uint32_t id = htonl(key->id);

	memcpy(cookie.data, &id, sizeof(id));
	packet_random(cookie.data + 4, 16);
	memcpy(text + 4, session->s2c, session->key_len);
	memcpy(text + 4 + session->key_len, session->c2s, session->key_len);
	siv_seal(&in, text, 4 + 2 * session->key_len, cookie.data + 20);
	return cookie;
}
