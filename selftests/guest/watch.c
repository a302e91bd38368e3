// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is seen of a server at work: histograms and clients count every packet
 * once, over both address families and all CPUs, and nothing that the network
 * sends makes them grow.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "watch.h"
#include "test.h"

#define CPUS 2
#define PLAIN 5
#define NTS 3
#define KISSES 2
#define DROPS 4

/* PLAIN answers without NTS, NTS with, KISSES kiss codes and DROPS drops. */
static void ask_all(const struct asker *a)
{
	struct nts_cookie cookie;
	struct packet p;
	struct reply r;
	int i;

	for (i = 0; i < PLAIN; i++)
		ask_plain(a, &r);
	for (i = 0; i < NTS + KISSES; i++) {
		cookie = ask_cookie(a);
		packet_request(&p, &a->session, &cookie, 0);
		if (i >= NTS)
			p.data[p.len - 1] ^= 1;
		ask(a, &p, i < NTS ? KNTS_ANSWER_NTS : KNTS_KISS_NTSN_AUTH, &r);
	}
	for (i = 0; i < DROPS; i++) {
		packet_start(&p, 4, 4);
		ask(a, &p, KNTS_DROP_MODE, NULL);
	}
}

void watch_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* On veth the sender's CPU is the server's. */
static void ask_on_all_cpus(const struct asker *a)
{
	cpu_set_t set;
	int cpu;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (cpu = 0; cpu < CPUS; cpu++) {
		watch_pin(cpu);
		ask_all(a);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(set), &set), 0);
	/* It is counted when the reply has left. */
	usleep(20000);
}

static struct knts_histogram histogram_named(const struct knts_histogram *list,
					     size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return list[i];
	fail_msg("histogram-get has no %s", name);
	return list[0];
}

/* Its buckets hold what it says, in order, and its sum lies between their ends. */
static void check_buckets(const struct knts_histogram *h)
{
	int64_t least_ns = 0, most_ns = 0;
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < h->buckets_count; i++) {
		const struct knts_bucket *b = &h->buckets[i];

		assert_true(b->from_ns < b->below_ns && b->count);
		if (i)
			assert_true(h->buckets[i - 1].below_ns <= b->from_ns);
		if (b->from_ns >= 4)
			assert_true((b->below_ns - b->from_ns) * 4 <= b->from_ns);
		least_ns += b->from_ns * (int64_t)b->count;
		most_ns += (b->below_ns - 1) * (int64_t)b->count;
		count += b->count;
	}
	assert_int_equal(count, h->count);
	assert_true(least_ns <= h->sum_ns && h->sum_ns <= most_ns);
}

static void histograms_count_answers(void **state)
{
	static const char *const names[] = { "service-plain", "service-nts",
					     "transmit-error" };
	static const uint64_t more[] = { PLAIN * CPUS, NTS * CPUS, 0 };
	struct knts_histogram *before, *now, old, new;
	struct watch *w = watch_set_up();
	size_t count, i;

	assert_int_equal(knts_histogram_list(w->conn, &before, &count), 0);
	ask_on_all_cpus(&w->sides[0].asker);
	assert_int_equal(knts_histogram_list(w->conn, &now, &count), 0);
	for (i = 0; i < 3; i++) {
		old = histogram_named(before, count, names[i]);
		new = histogram_named(now, count, names[i]);
		check_buckets(&new);
		assert_int_equal(new.count - old.count, more[i]);
		/* A reply takes some time, and not a second. */
		if (more[i])
			assert_in_range(new.sum_ns - old.sum_ns,
					more[i] * 1000, more[i] * 1000000000);
	}
	knts_histogram_free(before, count);
	knts_histogram_free(now, count);
}

static void nothing_is_kept_while_off(void **state)
{
	struct watch *w = watch_set_up();
	struct knts_client *list;
	size_t count;

	ask_all(&w->sides[0].asker);
	assert_int_equal(knts_client_list(w->conn, &list, &count), 0);
	assert_int_equal(count, 0);
	free(list);
}

bool watch_client(const char *address, struct knts_client *client)
{
	uint8_t ip[16] = { 0 };
	struct knts_client *list;
	size_t count, i;
	bool found = false;

	inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address, ip);
	assert_int_equal(knts_client_list(watch_set_up()->conn, &list, &count), 0);
	for (i = 0; i < count; i++) {
		if (memcmp(list[i].address, ip, list[i].address_len) ||
		    list[i].address_len != (strchr(address, ':') ? 16 : 4))
			continue;
		assert_false(found);
		found = true;
		*client = list[i];
	}
	free(list);
	return found;
}

static void clients_count_every_packet(void **state)
{
	struct watch *w = watch_set_up();
	struct knts_client client;
	uint64_t began_ns;
	size_t i;

	assert_int_equal(knts_clients_set(w->conn, 64), 0);
	for (i = 0; i < WATCH_SIDES; i++) {
		assert_false(watch_client(w->sides[i].client, &client));
		began_ns = rig_now_ns();
		ask_on_all_cpus(&w->sides[i].asker);
		usleep(20000);
		assert_true(watch_client(w->sides[i].client, &client));
		assert_int_equal(client.plain, PLAIN * CPUS);
		assert_int_equal(client.nts, NTS * CPUS);
		assert_int_equal(client.kisses, KISSES * CPUS);
		assert_int_equal(client.drops, DROPS * CPUS);
		assert_in_range(client.age_ms, 15, client.since_ms - 1);
		assert_in_range(client.since_ms, client.age_ms + 1,
				(rig_now_ns() - began_ns) / 1000000 + 1);
	}
}

/* What is not for this server alone says nothing of a client. */
static void a_broadcast_is_no_clients_drop(void **state)
{
	struct watch *w = watch_set_up();
	int fd = ask_socket(CLIENT_NS, CLIENT4, 0, NULL, 0);
	struct knts_client before, now;
	struct rig_counters counters;
	struct sockaddr_storage to;
	struct packet p;
	int on = 1;

	assert_true(watch_client(CLIENT4, &before));
	rig_counters(w->conn, &counters);
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	packet_start(&p, 4, 3);
	assert_int_equal(sendto(fd, p.data, p.len, 0, (struct sockaddr *)&to,
				ask_address(&to, BROADCAST4, 124)), p.len);
	rig_counted(w->conn, &counters, KNTS_DROP_SOURCE, 1);
	close(fd);
	assert_true(watch_client(CLIENT4, &now));
	assert_int_equal(now.drops, before.drops);
}

static void another_size_forgets(void **state)
{
	struct watch *w = watch_set_up();
	struct knts_clients before, now;
	struct knts_client client;

	assert_int_equal(knts_clients_get(w->conn, &before), 0);
	assert_int_equal(before.entries, 64);
	assert_int_equal(knts_clients_set(w->conn, 60), 0);
	assert_true(watch_client(CLIENT4, &client));
	assert_int_equal(knts_clients_set(w->conn, 128), 0);
	assert_false(watch_client(CLIENT4, &client));
	assert_int_equal(knts_clients_get(w->conn, &now), 0);
	assert_int_equal(now.entries, 128);
	assert_true(now.memory_len == 2 * before.memory_len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("histograms count answers, exactly", histograms_count_answers),
		TEST("no client is kept while that is off",
		     nothing_is_kept_while_off),
		TEST("clients count every packet, exactly",
		     clients_count_every_packet),
		TEST("a packet to everybody is no client's drop",
		     a_broadcast_is_no_clients_drop),
		TEST("another number of clients forgets all, the same none",
		     another_size_forgets),
		TEST("addresses in a row do not crowd each other out",
		     watch_neighbours_have_room),
		TEST("a flood of spoofed addresses drives out no busy client",
		     watch_flood_keeps_busy),
		TEST("a flood cannot make the table grow", watch_flood_is_bounded),
		TEST("clients resized and turned off 40 times under load",
		     watch_resize_under_load),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
