/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tracepoints of trace.h take from a packet.
 */
#ifndef KNTS_TRACE_PACKET_H
#define KNTS_TRACE_PACKET_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/ipv6.h>

#include "core/verdict.h"

/**
 * struct knts_trace_reply - a reply that has left
 * @client: who asked, IPv4 mapped
 * @client_port: from there, in host order
 * @verdict: the answer's kind, or the kiss code's
 * @request_len: length of the request, from its NTP header
 * @reply_len: that of the reply
 * @aead: AEAD id, 0 without NTS
 * @cookies: new cookies in it
 * @interleaved: its transmit timestamp is an earlier reply's
 * @receive_ns: when the request came, nanoseconds since 1970
 * @transmit_ns: when the reply left, as is known without the device; likewise
 */
struct knts_trace_reply {
	struct in6_addr client;
	u16 client_port;
	enum knts_verdict verdict;
	u16 request_len;
	u16 reply_len;
	u16 aead;
	u8 cookies;
	bool interleaved;
	u64 receive_ns;
	u64 transmit_ns;
};

/**
 * knts_trace_addresses() - whose packet it is
 * @skb: a request, its IP header not yet changed
 * @client: set to its source, 16 octets, IPv4 mapped
 * @server: set to its destination
 */
static inline void knts_trace_addresses(const struct sk_buff *skb, u8 *client,
					u8 *server)
{
	struct in6_addr source, destination;

	if (ip_hdr(skb)->version == 4) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &source);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &destination);
	} else {
		source = ipv6_hdr(skb)->saddr;
		destination = ipv6_hdr(skb)->daddr;
	}
	memcpy(client, &source, sizeof(source));
	memcpy(server, &destination, sizeof(destination));
}

#endif
