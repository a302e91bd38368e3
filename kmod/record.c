// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>

#include "clients.h"
#include "endpoint.h"
#include "histogram.h"
#include "record.h"
#include "stats.h"
#include "trace.h"

static void trace_reply(const struct knts_packet *pkt, enum knts_verdict verdict)
{
	bool is_nts = verdict == KNTS_ANSWER_NTS;
	struct knts_trace_reply reply = {
		.verdict = verdict,
		.request_len = pkt->rq.len,
		.reply_len = pkt->reply_len,
		.aead = is_nts ? pkt->aead : 0,
		.cookies = is_nts ? pkt->cookies : 0,
		.interleaved = pkt->rq.interleaved,
		.receive_ns = pkt->received.real_ns,
		.transmit_ns = pkt->transmit_ns,
	};

	if (pkt->endpoint->address.family == AF_INET6) {
		reply.client = pkt->tx.ip6.daddr;
		reply.client_port = ntohs(pkt->tx.ip6.fl6_dport);
	} else {
		ipv6_addr_set_v4mapped(pkt->tx.ip4.daddr, &reply.client);
		reply.client_port = ntohs(pkt->tx.ip4.fl4_dport);
	}
	trace_knts_reply(&reply);
}

void knts_record_reply(const struct knts_packet *pkt, enum knts_verdict verdict)
{
	struct knts_clients *clients = knts_clients_table(pkt->knet);
	bool is_ip6 = pkt->endpoint->address.family == AF_INET6;
	const struct knts_tx *tx = &pkt->tx;

	if (trace_knts_reply_enabled())
		trace_reply(pkt, verdict);
	if (verdict <= KNTS_ANSWER_NTS)
		knts_histogram_put(pkt->knet,
				   verdict == KNTS_ANSWER_NTS ?
				   KNTS_HISTOGRAM_SERVICE_NTS :
				   KNTS_HISTOGRAM_SERVICE_PLAIN,
				   pkt->transmit_ns - pkt->received.real_ns);
	if (clients)
		knts_clients_count(clients, is_ip6,
				   is_ip6 ? (const void *)&tx->ip6.daddr :
					    &tx->ip4.daddr,
				   verdict, pkt->now.raw_ns);
}

void knts_record_drop(const struct knts_packet *pkt, enum knts_verdict verdict)
{
	struct knts_clients *clients = knts_clients_table(pkt->knet);
	const struct sk_buff *skb = pkt->skb;
	bool is_ip6;

	trace_knts_drop(skb, verdict);
	knts_stats_count(pkt->knet, verdict);
	/* What is no client's address is nobody's drop. */
	if (!clients || verdict == KNTS_DROP_SOURCE ||
	    verdict == KNTS_DROP_DEAD)
		return;
	is_ip6 = pkt->endpoint->address.family == AF_INET6;
	knts_clients_count(clients, is_ip6,
			   is_ip6 ? (const void *)&ipv6_hdr(skb)->saddr :
				    &ip_hdr(skb)->saddr,
			   verdict, pkt->now.raw_ns);
}
