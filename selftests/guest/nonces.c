// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random octets are kept in store on each CPU. Requests that take some and are
 * dropped then must not empty it: all nonces stay new, on every CPU.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask.h"
#include "test.h"

#define PORT 123
#define KEY_ID 0x71727374
#define DROPS 200
#define ROUNDS 5
#define PLACEHOLDERS 7
#define NONCE_LEN 16
/* Of a reply: header, unique identifier of 32 octets, then the authenticator. */
#define AUTH_OFF (PACKET_HEADER_LEN + 4 + PACKET_UID_LEN)
#define NONCES_MAX 4096
#define REPLY_TIMEOUT_MS 3000

/* struct nonces - all that were seen */
struct nonces {
	size_t count;
	uint8_t of[NONCES_MAX][NONCE_LEN];
};

static struct asker asker;
static struct nonces nonces;

static int set_up(void **state)
{
	struct knts_conn *conn = rig_open(SERVER_NS);
	struct knts_server server = rig_server(SERVER4, PORT);
	struct knts_clock clock = rig_clock();

	asker.conn = conn;
	asker.key = rig_key_make(KEY_ID);
	asker.session = rig_session(15);
	rig_clear(conn);
	rig_ring(conn, &asker.key, 1);
	rig_clock_set(conn, &clock);
	rig_serve(conn, &server);
	asker.fd = ask_socket(CLIENT_NS, CLIENT4, 0, SERVER4, PORT);
	return 0;
}

static int tear_down(void **state)
{
	close(asker.fd);
	knts_close(asker.conn);
	return 0;
}

/* Authentic, but the encrypted field says that it has 3 octets. */
static void make_malformed(struct packet *p)
{
	static const uint8_t text[8] = { 0x23, 0x42, 0, 3 };
	const struct packet_auth shape = { .text = text,
					   .text_len = sizeof(text) };
	struct nts_cookie cookie = ask_cookie(&asker);

	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &cookie);
	packet_auth(p, &asker.session, &shape);
}

static void send_malformed(const struct packet *p, size_t count)
{
	struct rig_counters before;
	size_t i;

	rig_counters(asker.conn, &before);
	for (i = 0; i < count; i++)
		assert_int_equal(send(asker.fd, p->data, p->len, 0), p->len);
	rig_counted(asker.conn, &before, KNTS_DROP_PLAINTEXT, count);
}

static void keep(const uint8_t *nonce)
{
	assert_true(nonces.count < NONCES_MAX);
	memcpy(nonces.of[nonces.count++], nonce, NONCE_LEN);
}

/* The most nonces that a reply can take: its own, and one for each cookie. */
static void ask_most(void)
{
	struct nts_cookie cookie = ask_cookie(&asker);
	uint8_t data[PACKET_MAX_LEN];
	struct packet p;
	struct reply r;
	const char *wrong;
	size_t len, i;

	packet_request(&p, &asker.session, &cookie, PLACEHOLDERS);
	assert_int_equal(send(asker.fd, p.data, p.len, 0), p.len);
	len = ask_receive(asker.fd, data, sizeof(data), REPLY_TIMEOUT_MS);
	wrong = reply_check(&r, data, len, &p, &asker.session);
	if (wrong)
		fail_msg("reply of %zu octets: %s", len, wrong);
	assert_int_equal(r.cookie_count, 1 + PLACEHOLDERS);
	assert_int_equal(data[AUTH_OFF] << 8 | data[AUTH_OFF + 1], FIELD_AUTH);
	keep(data + AUTH_OFF + 8);
	for (i = 0; i < r.cookie_count; i++)
		keep(r.cookies[i].data + 4);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, NONCE_LEN);
}

static void all_differ(void)
{
	size_t i;

	qsort(nonces.of, nonces.count, NONCE_LEN, compare);
	for (i = 1; i < nonces.count; i++)
		if (!memcmp(nonces.of[i - 1], nonces.of[i], NONCE_LEN))
			fail_msg("a nonce came twice among %zu", nonces.count);
}

/* A veth device hands a packet over on the CPU that sends it. */
static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

/*
 * What stands behind an empty store is the same each time: its octets would come
 * again as nonces, in the next round if not at once.
 */
static void drops_empty_no_store(void **state)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct packet p;
	int cpu, i;

	make_malformed(&p);
	for (cpu = 0; cpu < cpus; cpu++) {
		use_cpu(cpu);
		for (i = 0; i < ROUNDS; i++) {
			send_malformed(&p, DROPS);
			ask_most();
			ask_most();
		}
	}
	all_differ();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("N42 nonces after 200 malformed requests, 5 times on each CPU",
		     drops_empty_no_store),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("nonces", tests, set_up, tear_down);
}
