// SPDX-License-Identifier: GPL-2.0-or-later
/* Clients while others pour in packets: from addresses that they made up, or more. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flood.h"
#include "test.h"
#include "watch.h"

#define BUSY 16
#define BUSY_PACKETS 3
#define STRANGERS 4000
#define RESIZINGS 40
#define KEYS 400

/* The script has made all addresses of this network the client's own. */
static const char *address_of(char *text, const char *network, unsigned int i)
{
	snprintf(text, INET_ADDRSTRLEN, "%s.%u.%u", network, i >> 8 & 255, i & 255);
	return text;
}

void watch_spoof(const char *from, const struct packet *p)
{
	static int fd = -1;
	struct sockaddr_storage to;
	socklen_t to_len = ask_address(&to, SERVER4, 123);
	struct in_pktinfo info = { 0 };
	char control[CMSG_SPACE(sizeof(info))] = { 0 };
	struct iovec data = { .iov_base = (void *)p->data, .iov_len = p->len };
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = to_len, .msg_iov = &data,
		.msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	if (fd < 0)
		fd = ask_socket(CLIENT_NS, "0.0.0.0", 0, NULL, 0);
	assert_int_equal(inet_pton(AF_INET, from, &info.ipi_spec_dst), 1);
	cmsg->cmsg_level = IPPROTO_IP;
	cmsg->cmsg_type = IP_PKTINFO;
	cmsg->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(cmsg), &info, sizeof(info));
	if (sendmsg(fd, &msg, 0) < 0)
		fail_msg("send from %s: %s", from, strerror(errno));
}

/* One packet of each of @count addresses, and wait until they have been served. */
static void spoof_many(const char *network, unsigned int count)
{
	struct watch *w = watch_set_up();
	struct rig_counters before;
	char text[INET_ADDRSTRLEN];
	struct packet p;
	unsigned int i;

	packet_start(&p, 4, 4);
	rig_counters(w->conn, &before);
	for (i = 0; i < count; i++)
		watch_spoof(address_of(text, network, i), &p);
	rig_counted(w->conn, &before, KNTS_DROP_MODE, count);
}

/* Whatever the key of the hash is: each new table has its own. */
void watch_neighbours_have_room(void **state)
{
	struct watch *w = watch_set_up();
	struct knts_clients now;
	unsigned int i;

	watch_pin(0);
	for (i = 0; i < KEYS; i++) {
		assert_int_equal(knts_clients_set(w->conn, 0), 0);
		assert_int_equal(knts_clients_set(w->conn, 256), 0);
		spoof_many("11.1", BUSY);
		assert_int_equal(knts_clients_get(w->conn, &now), 0);
		if (now.evicted)
			fail_msg("key %u: %llu of %u neighbours were driven out", i,
				 (unsigned long long)now.evicted, BUSY);
	}
	assert_int_equal(knts_clients_set(w->conn, 0), 0);
}

void watch_flood_keeps_busy(void **state)
{
	struct watch *w = watch_set_up();
	char text[INET_ADDRSTRLEN];
	struct knts_client client;
	struct knts_clients now;
	unsigned int i;

	watch_pin(0);
	assert_int_equal(knts_clients_set(w->conn, 256), 0);
	for (i = 0; i < BUSY_PACKETS; i++)
		spoof_many("11.1", BUSY);
	spoof_many("11.2", STRANGERS);

	for (i = 0; i < BUSY; i++) {
		address_of(text, "11.1", i);
		if (!watch_client(text, &client))
			fail_msg("%s was driven out", text);
		assert_int_equal(client.drops, BUSY_PACKETS);
		assert_int_equal(client.plain + client.nts + client.kisses, 0);
	}
	assert_int_equal(knts_clients_get(w->conn, &now), 0);
	assert_int_equal(now.evicted, BUSY + STRANGERS - 256);
}

void watch_flood_is_bounded(void **state)
{
	struct watch *w = watch_set_up();
	struct knts_clients before, now;
	struct knts_client *list;
	size_t count, i;

	assert_int_equal(knts_clients_set(w->conn, 64), 0);
	assert_int_equal(knts_clients_get(w->conn, &before), 0);
	spoof_many("11.2", STRANGERS);
	assert_int_equal(knts_clients_get(w->conn, &now), 0);
	assert_true(now.memory_len == before.memory_len);
	assert_int_equal(now.evicted, STRANGERS - 64);
	assert_int_equal(knts_client_list(w->conn, &list, &count), 0);
	assert_int_equal(count, 64);
	for (i = 0; i < count; i++)
		assert_int_equal(list[i].drops, 1);
	free(list);
}

void watch_resize_under_load(void **state)
{
	static const uint32_t sizes[] = { 8, 0, 4096, 64, KNTS_CLIENTS_MAX };
	struct watch *w = watch_set_up();
	struct flood flood = { .key = w->key };
	struct knts_client client;
	uint32_t size;
	size_t i;

	flood_start(&flood);
	for (i = 0; i < RESIZINGS; i++) {
		size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
		assert_int_equal(knts_clients_set(w->conn, size), 0);
		flood_answered(&flood, 3);
		assert_int_equal(watch_client(CLIENT4, &client), size != 0);
		if (size)
			assert_true(client.plain >= 3 && client.nts >= 3);
		assert_int_equal(watch_client(CLIENT6, &client), size != 0);
	}
	flood_answered(&flood, 1);
	assert_int_equal(flood_stop(&flood).ntsn, 0);
	assert_int_equal(knts_clients_set(w->conn, 0), 0);
}
