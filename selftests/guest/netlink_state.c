// SPDX-License-Identifier: GPL-2.0-or-later
/* The fixture of the netlink tests, and its state as text. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"
#include "test.h"

static void print_servers(FILE *out, struct knts_conn *conn)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	struct knts_server *servers;
	size_t count, i;

	if (knts_server_list(conn, &servers, &count))
		fail_msg("servers: %s", knts_error(conn));
	for (i = 0; i < count; i++)
		fprintf(out, "server %s %u %d\n",
			knts_server_format(&servers[i], text, sizeof(text)),
			servers[i].require_nts, servers[i].serve_own_port);
	free(servers);
}

static void print_keys(FILE *out, struct knts_conn *conn)
{
	struct knts_key *keys;
	size_t count, i;

	if (knts_ring_get(conn, &keys, &count))
		fail_msg("ring: %s", knts_error(conn));
	for (i = 0; i < count; i++)
		fprintf(out, "key %u %u %llu %d\n", keys[i].id, keys[i].algorithm,
			(unsigned long long)keys[i].created_s, keys[i].active);
	free(keys);
}

static void print_clock(FILE *out, struct knts_conn *conn)
{
	struct knts_clock c;

	if (knts_clock_get(conn, &c))
		fail_msg("clock: %s", knts_error(conn));
	fprintf(out, "clock %u %u %d %u %u %u %llu %u %u %d\n", c.leap, c.stratum,
		c.precision, c.root_delay, c.root_dispersion, c.reference_id,
		(unsigned long long)c.reference_time, c.dispersion_rate_ppb,
		c.lifetime_ms, c.synchronised);
}

static void print_phcs(FILE *out, struct knts_conn *conn)
{
	struct knts_interleave interleave;
	struct knts_phc *phcs;
	size_t count, i;

	if (knts_phc_list(conn, &phcs, &count))
		fail_msg("PHCs: %s", knts_error(conn));
	for (i = 0; i < count; i++)
		fprintf(out, "phc %s %u %d %llu %llu %d %u %u %d %d %u %u\n",
			phcs[i].device, phcs[i].index, phcs[i].has_line,
			(unsigned long long)phcs[i].line.phc_ns,
			(unsigned long long)phcs[i].line.raw_ns,
			phcs[i].line.rate_ppt, phcs[i].line.error_ns,
			phcs[i].line.lifetime_ms, phcs[i].rx_correction_ns,
			phcs[i].tx_correction_ns, phcs[i].link_speed_mbps,
			phcs[i].delay_max_ns);
	free(phcs);
	if (knts_interleave_get(conn, &interleave))
		fail_msg("interleaved mode: %s", knts_error(conn));
	fprintf(out, "pairs %u\n", interleave.pairs);
}

static void print_clients(FILE *out, struct knts_conn *conn)
{
	struct knts_clients clients;

	if (knts_clients_get(conn, &clients))
		fail_msg("clients: %s", knts_error(conn));
	fprintf(out, "clients %u %llu\n", clients.entries,
		(unsigned long long)clients.memory_len);
}

char *netlink_state(struct knts_conn *conn)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print_servers(out, conn);
	print_keys(out, conn);
	print_clock(out, conn);
	print_phcs(out, conn);
	print_clients(out, conn);
	fclose(out);
	return text;
}

struct fixture *netlink_fixture(void)
{
	static struct fixture fixture;
	struct knts_clock clock = rig_clock();
	struct fixture *f = &fixture;
	struct knts_phc phc = {
		.device = "eth1",
		.has_line = true,
		.line = { .phc_ns = 5, .raw_ns = 6, .lifetime_ms = 60000 },
		.delay_max_ns = 1000000,
	};

	if (f->conn)
		return f;
	f->conn = rig_open(SERVER_NS);
	nlraw_open(&f->nl, SERVER_NS);
	rig_clear(f->conn);
	f->keys[0] = rig_key_make(501);
	f->keys[1] = rig_key_make(502);
	rig_ring(f->conn, f->keys, 2);
	clock.dispersion_rate_ppb = 0;
	rig_clock_set(f->conn, &clock);
	assert_int_equal(knts_phc_set(f->conn, &phc), 0);
	assert_int_equal(knts_interleave_set(f->conn, 64), 0);
	assert_int_equal(knts_clients_set(f->conn, 64), 0);
	f->server = rig_server(SERVER4, 123);
	rig_serve(f->conn, &f->server);
	return f;
}

void netlink_refused(struct nl_msg *msg, int err)
{
	struct fixture *f = netlink_fixture();
	char *before = netlink_state(f->conn), *after;
	int got = nlraw_talk(&f->nl, msg);

	after = netlink_state(f->conn);
	if (!got)
		fail_msg("it was accepted");
	if (err ? got != err : got != -EINVAL && got != -ERANGE)
		fail_msg("%s (%s), not %s", strerrorname_np(-got),
			 f->nl.sentence,
			 err ? strerrorname_np(-err) : "EINVAL or ERANGE");
	if (!f->nl.sentence[0])
		fail_msg("%s without a sentence", strerrorname_np(-got));
	assert_string_equal(before, after);
	free(before);
	free(after);
}
