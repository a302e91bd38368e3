// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every packet of the tables, over IPv4 and IPv6: exactly the rule's answer,
 * and its own counter moves by one and no other.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "packets.h"
#include "packets_peer.h"
#include "test.h"

#define FAMILIES 2
#define KEY_ID 0x10203040

/* struct side - all that a test needs to know of one address family */
struct side {
	const char *name;
	struct asker asker;
	struct peer peer;
};

static struct side sides[FAMILIES] = {
	{ .name = "IPv4", .peer = { .client = CLIENT4, .server = SERVER4,
				    .multicast = "224.0.0.1",
				    .broadcast = BROADCAST4 } },
	{ .name = "IPv6", .peer = { .client = CLIENT6, .server = SERVER6,
				    .multicast = "ff02::1" } },
};

struct peer_test {
	const char *name;
	void (*run)(const struct asker *a, const struct peer *peer);
};

static const struct peer_test peer_tests[] = {
	{ "P15 any source port", peer_any_port },
	{ "P15 source port is the server's own", peer_own_port },
	{ "P15 source port is the server's own, served", peer_own_port_served },
	{ "require-nts = ignore", peer_ignore },
	{ "P11 N29 require-nts = deny", peer_deny },
	{ "P2 require-nts = deny, malformed", peer_deny_form },
	{ "P16 to a multicast address", peer_multicast },
	{ "P16 to a broadcast address", peer_broadcast },
	{ "hand-made packets arrive", peer_raw },
	{ "P16 from port 0", peer_port_zero },
	{ "P16 from address zero", peer_address_zero },
};

#define PEER_TESTS (sizeof(peer_tests) / sizeof(peer_tests[0]))
#define AEADS 2

/* struct job - one test: what to run, and on which side */
struct job {
	const struct side *side;
	const struct row *row;
	const struct sweep *sweep;
	const struct peer_test *peer_test;
	uint16_t aead;
};

static void run_row(const struct asker *a, const struct row *row)
{
	struct packet p;
	struct reply r;

	row->build(&p, a, row);
	ask(a, &p, row->verdict, &r);
	if (row->verdict != KNTS_ANSWER_NTS)
		return;
	assert_int_equal(r.cookie_count, row->cookies);
	ask_cookies_work(a, &r);
}

/* N37 N39, with cookies of another length. */
static void run_aead(const struct side *side, uint16_t aead)
{
	struct asker a = side->asker;
	struct nts_cookie cookie;
	struct packet p;
	struct reply r;
	size_t count;

	a.session = rig_session(aead);
	for (count = 0; count <= 7; count++) {
		cookie = ask_cookie(&a);
		packet_request(&p, &a.session, &cookie, count);
		ask(&a, &p, KNTS_ANSWER_NTS, &r);
		assert_int_equal(r.cookie_count, count + 1);
		assert_int_equal(r.cookies[0].len, cookie.len);
		ask_cookies_work(&a, &r);
	}
	p.data[p.len - 1] ^= 1;
	ask(&a, &p, KNTS_KISS_NTSN_AUTH, NULL);
}

/* A reply too many is the failure of the test that it came in, not of the next. */
static void forget_replies(int fd)
{
	uint8_t data[1];

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) >= 0)
		;
}

static void run(void **state)
{
	const struct job *job = *state;

	forget_replies(job->side->asker.fd);
	if (job->row)
		run_row(&job->side->asker, job->row);
	else if (job->sweep)
		job->sweep->run(&job->side->asker);
	else if (job->peer_test)
		job->peer_test->run(&job->side->asker, &job->side->peer);
	else
		run_aead(job->side, job->aead);
}

static void read_mac(uint8_t *mac)
{
	int fd = rig_socket(SERVER_NS, AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_name = SERVER_DEVICE };

	assert_int_equal(ioctl(fd, SIOCGIFHWADDR, &ifr), 0);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	close(fd);
}

static void serve_all(struct knts_conn *conn)
{
	static const char *const any[] = { "0.0.0.0", "::" };
	struct knts_server server;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		server = rig_server(any[i], PORT_OPEN);
		rig_serve(conn, &server);
		server = rig_server(any[i], PORT_IGNORE);
		server.require_nts = KNTS_REQUIRE_NTS_IGNORE;
		rig_serve(conn, &server);
		server = rig_server(any[i], PORT_DENY);
		server.require_nts = KNTS_REQUIRE_NTS_DENY;
		rig_serve(conn, &server);
		server = rig_server(any[i], PORT_SERVE_OWN);
		server.serve_own_port = true;
		rig_serve(conn, &server);
	}
}

static int set_up(void **state)
{
	struct knts_conn *conn = rig_open(SERVER_NS);
	struct rig_key key = rig_key_make(KEY_ID);
	struct knts_clock clock = rig_clock();
	struct side *side;

	rig_ring(conn, &key, 1);
	rig_clock_set(conn, &clock);
	serve_all(conn);
	for (side = sides; side < sides + FAMILIES; side++) {
		side->asker.conn = conn;
		side->asker.key = key;
		side->asker.session = rig_session(15);
		side->asker.fd = ask_socket(CLIENT_NS, side->peer.client, 0,
					    side->peer.server, PORT_OPEN);
		read_mac(side->peer.server_mac);
	}
	return 0;
}

static void add_test(struct CMUnitTest *test, const char *name, struct job job)
{
	struct job *own = malloc(sizeof(*own));
	char *full;

	if (!own || asprintf(&full, "%s: %s", job.side->name, name) < 0)
		abort();
	*own = job;
	*test = (struct CMUnitTest){ .name = full, .test_func = run,
				     .initial_state = own };
}

static size_t add_side(struct CMUnitTest *tests, const struct side *side)
{
	static const char *const aeads[] = { "N37 N39 AEAD 16", "N37 N39 AEAD 17" };
	size_t count = 0, i;

	for (i = 0; i < form_row_count; i++)
		add_test(&tests[count++], form_rows[i].name,
			 (struct job){ .side = side, .row = &form_rows[i] });
	for (i = 0; i < auth_row_count; i++)
		add_test(&tests[count++], auth_rows[i].name,
			 (struct job){ .side = side, .row = &auth_rows[i] });
	for (i = 0; i < AEADS; i++)
		add_test(&tests[count++], aeads[i],
			 (struct job){ .side = side, .aead = (uint16_t)(16 + i) });
	for (i = 0; i < PEER_TESTS; i++)
		add_test(&tests[count++], peer_tests[i].name,
			 (struct job){ .side = side, .peer_test = &peer_tests[i] });
	for (i = 0; i < sweep_count; i++)
		add_test(&tests[count++], sweeps[i].name,
			 (struct job){ .side = side, .sweep = &sweeps[i] });
	return count;
}

int main(void)
{
	size_t most = FAMILIES * (form_row_count + auth_row_count + sweep_count +
				  PEER_TESTS + AEADS);
	struct CMUnitTest *tests = calloc(most, sizeof(*tests));
	size_t count = 0, i;

	if (!tests)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	for (i = 0; i < FAMILIES; i++)
		count += add_side(tests + count, &sides[i]);
	return _cmocka_run_group_tests("packets", tests, count, set_up, NULL);
}
