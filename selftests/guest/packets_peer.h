/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests that need more than one socket: ports, addresses, policies.
 */
#ifndef KNTS_SELFTESTS_GUEST_PACKETS_PEER_H
#define KNTS_SELFTESTS_GUEST_PACKETS_PEER_H

#include "ask.h"

/* The servers that packets.c opens, on every address of both families. */
enum {
	PORT_OPEN = 123,
	PORT_IGNORE = 1124,
	PORT_DENY = 1125,
	PORT_SERVE_OWN = 1126,
};

/**
 * struct peer - both ends, in one address family
 * @broadcast: the subnet's, NULL with IPv6
 * @server_mac: of the server's device
 */
struct peer {
	const char *client;
	const char *server;
	const char *multicast;
	const char *broadcast;
	uint8_t server_mac[6];
};

void peer_any_port(const struct asker *a, const struct peer *peer);
void peer_own_port(const struct asker *a, const struct peer *peer);
void peer_own_port_served(const struct asker *a, const struct peer *peer);
void peer_ignore(const struct asker *a, const struct peer *peer);
void peer_deny(const struct asker *a, const struct peer *peer);
void peer_deny_form(const struct asker *a, const struct peer *peer);
void peer_multicast(const struct asker *a, const struct peer *peer);
void peer_broadcast(const struct asker *a, const struct peer *peer);
void peer_raw(const struct asker *a, const struct peer *peer);
void peer_port_zero(const struct asker *a, const struct peer *peer);
void peer_address_zero(const struct asker *a, const struct peer *peer);

#endif
