// SPDX-License-Identifier: GPL-2.0-or-later
/* Ports, addresses and policies: what depends on who asks whom. */
#include <netinet/in.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "packets_peer.h"
#include "raw.h"
#include "test.h"

#define OTHER_PORT 9123

static const uint8_t broadcast_mac[6] = { 255, 255, 255, 255, 255, 255 };

/* The same association, asked from another socket. */
static struct asker asker_at(const struct asker *a, int fd)
{
	struct asker other = *a;

	other.fd = fd;
	return other;
}

static int socket_to(const struct peer *peer, uint16_t from, uint16_t to)
{
	return ask_socket(CLIENT_NS, peer->client, from, peer->server, to);
}

static void ask_both(const struct asker *a, enum knts_verdict plain,
		     enum knts_verdict nts)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct packet p;

	packet_start(&p, 4, 3);
	ask(a, &p, plain, NULL);
	packet_start(&p, 4, 3);
	packet_uid(&p, PACKET_UID_LEN);
	ask(a, &p, plain, NULL);
	packet_request(&p, &a->session, &cookie, 2);
	ask(a, &p, nts, NULL);
}

void peer_any_port(const struct asker *a, const struct peer *peer)
{
	static const uint16_t ports[] = { 1, 122, 124, 1023, 65535 };
	struct asker other;
	size_t i;

	for (i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		other = asker_at(a, socket_to(peer, ports[i], PORT_OPEN));
		ask_both(&other, KNTS_ANSWER_PLAIN, KNTS_ANSWER_NTS);
		close(other.fd);
	}
}

void peer_own_port(const struct asker *a, const struct peer *peer)
{
	struct asker other = asker_at(a, socket_to(peer, PORT_OPEN, PORT_OPEN));

	ask_both(&other, KNTS_DROP_OWN_PORT, KNTS_DROP_OWN_PORT);
	close(other.fd);
}

void peer_own_port_served(const struct asker *a, const struct peer *peer)
{
	struct asker other;

	other = asker_at(a, socket_to(peer, PORT_SERVE_OWN, PORT_SERVE_OWN));
	ask_both(&other, KNTS_ANSWER_PLAIN, KNTS_ANSWER_NTS);
	close(other.fd);
}

void peer_ignore(const struct asker *a, const struct peer *peer)
{
	struct asker other = asker_at(a, socket_to(peer, 0, PORT_IGNORE));

	ask_both(&other, KNTS_DROP_NTS_REQUIRED, KNTS_ANSWER_NTS);
	close(other.fd);
}

void peer_deny(const struct asker *a, const struct peer *peer)
{
	struct asker other = asker_at(a, socket_to(peer, 0, PORT_DENY));

	ask_both(&other, KNTS_KISS_DENY, KNTS_ANSWER_NTS);
	close(other.fd);
}

/* DENY is not for what would get no answer at all. */
void peer_deny_form(const struct asker *a, const struct peer *peer)
{
	struct asker other = asker_at(a, socket_to(peer, 0, PORT_DENY));
	struct packet p;

	packet_start(&p, 4, 1);
	ask(&other, &p, KNTS_DROP_MODE, NULL);
	packet_start(&p, 5, 3);
	ask(&other, &p, KNTS_DROP_VERSION, NULL);
	packet_start(&p, 4, 3);
	p.len--;
	ask(&other, &p, KNTS_DROP_SHORT, NULL);
	close(other.fd);
}

/* A request to @to from a socket that would take a reply from anybody. */
static void ask_group(const struct asker *a, const struct peer *peer,
		      const char *to)
{
	int fd = ask_socket(CLIENT_NS, peer->client, 0, NULL, 0);
	struct rig_counters before;
	struct sockaddr_storage ss;
	socklen_t len = ask_address(&ss, to, PORT_OPEN);
	uint8_t data[PACKET_MAX_LEN];
	struct packet p;
	int on = 1;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on,
				    sizeof(on)), 0);
	if (ss.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&ss)->sin6_scope_id =
			if_nametoindex(CLIENT_DEVICE);
	packet_start(&p, 4, 3);
	rig_counters(a->conn, &before);
	if (sendto(fd, p.data, p.len, 0, (struct sockaddr *)&ss, len) < 0)
		fail_msg("send to %s: %s", to, strerror(errno));
	rig_counted(a->conn, &before, KNTS_DROP_SOURCE, 1);
	assert_int_equal(ask_receive(fd, data, sizeof(data), 50), 0);
	close(fd);
}

void peer_multicast(const struct asker *a, const struct peer *peer)
{
	ask_group(a, peer, peer->multicast);
}

void peer_broadcast(const struct asker *a, const struct peer *peer)
{
	if (!peer->broadcast)
		return;
	ask_group(a, peer, peer->broadcast);
	ask_group(a, peer, "255.255.255.255");
}

static void send_raw(const struct asker *a, const struct raw_udp *udp,
		     enum knts_verdict verdict, uint64_t count)
{
	struct rig_counters before;
	struct packet p;

	packet_start(&p, 4, 3);
	rig_counters(a->conn, &before);
	raw_send(udp, &p);
	rig_counted(a->conn, &before, verdict, count);
}

/* That hand-made packets arrive at all, so that the next two tests mean it. */
void peer_raw(const struct asker *a, const struct peer *peer)
{
	struct raw_udp udp = { peer->client, OTHER_PORT, peer->server, PORT_OPEN,
			       peer->server_mac };
	int fd = ask_socket(CLIENT_NS, peer->client, OTHER_PORT, NULL, 0);
	uint8_t data[PACKET_MAX_LEN];

	send_raw(a, &udp, KNTS_ANSWER_PLAIN, 1);
	assert_int_equal(ask_receive(fd, data, sizeof(data), 3000),
			 PACKET_HEADER_LEN);
	close(fd);
}

void peer_port_zero(const struct asker *a, const struct peer *peer)
{
	struct raw_udp udp = { peer->client, 0, peer->server, PORT_OPEN,
			       peer->server_mac };

	send_raw(a, &udp, KNTS_DROP_SOURCE, 1);
}

/*
 * From no address: over IPv4 the stack takes such a packet only as a broadcast,
 * over IPv6 to any address.
 */
void peer_address_zero(const struct asker *a, const struct peer *peer)
{
	struct raw_udp v4 = { "0.0.0.0", OTHER_PORT, "255.255.255.255",
			      PORT_OPEN, broadcast_mac };
	struct raw_udp v6 = { "::", OTHER_PORT, peer->server, PORT_OPEN,
			      peer->server_mac };

	send_raw(a, peer->broadcast ? &v4 : &v6, KNTS_DROP_SOURCE, 1);
}
