/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP packets with headers that no UDP socket would write.
 */
#ifndef KNTS_SELFTESTS_GUEST_RAW_H
#define KNTS_SELFTESTS_GUEST_RAW_H

#include "../client/packet.h"

/**
 * struct raw_udp - headers of a packet; addresses as text, ports as numbers
 * @ethernet: destination on the link, 6 octets
 */
struct raw_udp {
	const char *from;
	uint16_t from_port;
	const char *to;
	uint16_t to_port;
	const uint8_t *ethernet;
};

/** raw_send() - put it on the link of the client's namespace */
void raw_send(const struct raw_udp *udp, const struct packet *p);

#endif
