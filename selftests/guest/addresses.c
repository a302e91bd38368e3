// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where replies come from and what they are made in. The second client is on a
 * link with an MTU of 1280; the third, where there is one, is inside a VRF.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "ask.h"
#include "test.h"

#define SECOND_NS "second"
#define INSIDE_NS "inside"
#define KEY_ID 3
#define PORT 123
#define DEVICE_PORT 1123
#define FAMILIES 2
#define LONGEST 1536

static struct asker asker;

static void ask_each(const char *netns, const char *const *from,
		     const char *const *to, size_t count, uint16_t port)
{
	struct asker a = asker;
	struct nts_cookie cookie = ask_cookie(&a);
	struct packet p;
	size_t i;

	for (i = 0; i < count; i++) {
		a.fd = ask_socket(netns, from[i], 0, to[i], port);
		ask_plain(&a, NULL);
		packet_request(&p, &a.session, &cookie, 1);
		ask(&a, &p, KNTS_ANSWER_NTS, NULL);
		close(a.fd);
	}
}

/* A connected socket takes no reply but from the address that it asked. */
static void test_address_asked(void **state)
{
	static const char *const from[] = { CLIENT4, CLIENT4, CLIENT4,
					    CLIENT6, CLIENT6, CLIENT6 };
	static const char *const to[] = { SERVER4, "10.77.1.3", "10.77.2.1",
					  SERVER6, "fd77:1::3", "fd77:2::1" };

	ask_each(CLIENT_NS, from, to, 6, PORT);
}

static void link_local_of(const char *netns, const char *device,
			  struct sockaddr_in6 *sin6)
{
	int fd = rig_socket(netns, AF_INET6, SOCK_DGRAM, 0);
	struct ifaddrs *all, *one;

	close(fd);
	assert_int_equal(getifaddrs(&all), 0);
	sin6->sin6_family = AF_UNSPEC;
	for (one = all; one; one = one->ifa_next) {
		if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET6 ||
		    strcmp(one->ifa_name, device))
			continue;
		memcpy(sin6, one->ifa_addr, sizeof(*sin6));
		if (IN6_IS_ADDR_LINKLOCAL(&sin6->sin6_addr))
			break;
		sin6->sin6_family = AF_UNSPEC;
	}
	freeifaddrs(all);
	if (sin6->sin6_family != AF_INET6)
		fail_msg("%s of %s has no link-local address", device, netns);
}

static void test_link_local(void **state)
{
	struct asker a = asker;
	struct nts_cookie cookie = ask_cookie(&a);
	struct sockaddr_in6 local, server;
	struct packet p;

	link_local_of(SERVER_NS, SERVER_DEVICE, &server);
	link_local_of(CLIENT_NS, CLIENT_DEVICE, &local);
	server.sin6_port = htons(PORT);
	server.sin6_scope_id = local.sin6_scope_id;
	a.fd = rig_socket(CLIENT_NS, AF_INET6, SOCK_DGRAM, 0);
	assert_int_equal(bind(a.fd, (struct sockaddr *)&local, sizeof(local)), 0);
	assert_int_equal(connect(a.fd, (struct sockaddr *)&server,
				 sizeof(server)), 0);
	ask_plain(&a, NULL);
	packet_request(&p, &a.session, &cookie, 7);
	ask(&a, &p, KNTS_ANSWER_NTS, NULL);
	close(a.fd);
}

/* A server bound to eth2 is there for the second client, not for the first. */
static void test_device(void **state)
{
	static const char *const from[] = { "10.77.2.2", "fd77:2::2" };
	static const char *const to[] = { "10.77.2.1", "fd77:2::1" };
	static const char *const first[] = { CLIENT4, CLIENT6 };
	struct rig_counters before;
	struct packet p;
	size_t i;
	int fd;

	ask_each(SECOND_NS, from, to, FAMILIES, DEVICE_PORT);
	rig_counters(asker.conn, &before);
	for (i = 0; i < FAMILIES; i++) {
		fd = ask_socket(CLIENT_NS, first[i], 0, to[i], DEVICE_PORT);
		packet_start(&p, 4, 3);
		assert_int_equal(send(fd, p.data, p.len, 0), p.len);
		assert_int_equal(recv(fd, p.data, p.len, 0), -1);
		assert_int_equal(errno, ECONNREFUSED);
		close(fd);
	}
	rig_counted(asker.conn, &before, KNTS_ANSWER_PLAIN, 0);
}

static int listen_on_server(void)
{
	int fd = rig_socket(SERVER_NS, AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(SERVER_DEVICE),
	};

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* A listener gets the request as it came, though the reply is long gone. */
static void heard(int listener, const struct packet *p)
{
	uint8_t data[PACKET_MAX_LEN];
	ssize_t len;

	while ((len = recv(listener, data, sizeof(data), MSG_DONTWAIT)) > 0) {
		if ((size_t)len > p->len &&
		    !memcmp(data + len - p->len, p->data, p->len))
			return;
	}
	fail_msg("the listener did not see the request of %zu octets unchanged",
		 p->len);
}

static void test_listener(void **state)
{
	static const char *const from[] = { CLIENT4, CLIENT6 };
	static const char *const to[] = { SERVER4, SERVER6 };
	int listener = listen_on_server();
	struct asker a = asker;
	struct nts_cookie cookie = ask_cookie(&a);
	struct packet p;
	int i;

	for (i = 0; i < 40; i++) {
		a.fd = ask_socket(CLIENT_NS, from[i % 2], 0, to[i % 2], PORT);
		packet_start(&p, 4, 3);
		ask(&a, &p, KNTS_ANSWER_PLAIN, NULL);
		heard(listener, &p);
		packet_request(&p, &a.session, &cookie, (size_t)i % 8);
		ask(&a, &p, KNTS_ANSWER_NTS, NULL);
		heard(listener, &p);
		close(a.fd);
	}
	close(listener);
}

static void build_longest(struct packet *p)
{
	struct nts_cookie cookie = ask_cookie(&asker);

	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &cookie);
	packet_placeholders(p, 7, cookie.len);
	packet_auth(p, &asker.session, &(struct packet_auth){
			.padding_len = LONGEST - p->len - 40 });
	assert_int_equal(p->len, LONGEST);
}

/* N39 over IPv4 and IPv6 where neither request nor reply fits one frame. */
static void test_fragments(void **state)
{
	static const char *const from[] = { "10.77.2.2", "fd77:2::2" };
	static const char *const to[] = { "10.77.2.1", "fd77:2::1" };
	struct asker a = asker;
	struct packet p;
	struct reply r;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		build_longest(&p);
		a.fd = ask_socket(SECOND_NS, from[i], 0, to[i], PORT);
		ask(&a, &p, KNTS_ANSWER_NTS, &r);
		assert_int_equal(r.cookie_count, 8);
		close(a.fd);
	}
}

/* From addresses that the server has no route to. */
static void test_no_route(void **state)
{
	static const char *const from[] = { "10.78.0.2", "fd78::2" };
	static const char *const to[] = { SERVER4, SERVER6 };
	struct asker a = asker;
	struct packet p;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		a.fd = ask_socket(CLIENT_NS, from[i], 0, to[i], PORT);
		packet_start(&p, 4, 3);
		ask(&a, &p, KNTS_DROP_NO_ROUTE, NULL);
		close(a.fd);
	}
}

/* A server bound to the VRF answers inside of it, by its table. */
static void test_vrf(void **state)
{
	static const char *const from[] = { "10.77.3.2", "fd77:3::2" };
	static const char *const to[] = { "10.77.3.1", "fd77:3::1" };

	ask_each(INSIDE_NS, from, to, FAMILIES, DEVICE_PORT + 1);
}

static void serve_any(uint16_t port, const char *device)
{
	static const char *const any[] = { "0.0.0.0", "::" };
	struct knts_server server;
	size_t i;

	for (i = 0; i < FAMILIES; i++) {
		server = rig_server(any[i], port);
		snprintf(server.device, sizeof(server.device), "%s", device);
		rig_serve(asker.conn, &server);
	}
}

static int set_up(void **state)
{
	struct knts_clock clock = rig_clock();

	asker.conn = rig_open(SERVER_NS);
	asker.key = rig_key_make(KEY_ID);
	asker.session = rig_session(15);
	/* This program runs twice, and a key id never changes its secret. */
	rig_ring(asker.conn, NULL, 0);
	rig_ring(asker.conn, &asker.key, 1);
	rig_clock_set(asker.conn, &clock);
	return 0;
}

static int set_up_any(void **state)
{
	set_up(state);
	serve_any(PORT, "");
	serve_any(DEVICE_PORT, "eth2");
	return 0;
}

static int set_up_vrf(void **state)
{
	set_up(state);
	serve_any(DEVICE_PORT + 1, "vrf0");
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST("replies come from the address asked", test_address_asked),
		TEST("link-local IPv6", test_link_local),
		TEST("server bound to a device", test_device),
		TEST("with a packet listener open", test_listener),
		TEST("N39 request and reply in fragments", test_fragments),
		TEST("no route back", test_no_route),
	};
	const struct CMUnitTest vrf_tests[] = {
		TEST("server bound to a VRF", test_vrf),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (argc > 1 && !strcmp(argv[1], "vrf"))
		return cmocka_run_group_tests_name("vrf", vrf_tests, set_up_vrf,
						   NULL);
	return cmocka_run_group_tests_name("addresses", tests, set_up_any, NULL);
}
