// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/knts.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "admit.h"
#include "endpoint.h"

static bool is_unicast_ip4(const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	const struct iphdr *ip = ip_hdr(skb);

	if (rt && rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		return false;
	return !ipv4_is_multicast(ip->daddr) && !ipv4_is_lbcast(ip->daddr) &&
	       !ipv4_is_multicast(ip->saddr) && !ipv4_is_lbcast(ip->saddr) &&
	       !ipv4_is_zeronet(ip->saddr);
}

static bool is_unicast_ip6(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	return !ipv6_addr_is_multicast(&ip->daddr) &&
	       !ipv6_addr_is_multicast(&ip->saddr) &&
	       !ipv6_addr_any(&ip->saddr) && !ipv6_addr_v4mapped(&ip->saddr);
}

/* May anything from there to here be answered at all? Before any other work. */
static enum knts_verdict check_addresses(const struct knts_packet *pkt)
{
	const struct knts_endpoint *endpoint = pkt->endpoint;
	const struct sk_buff *skb = pkt->skb;
	__be16 port = udp_hdr(skb)->source;

	if (skb->pkt_type != PACKET_HOST || !port)
		return KNTS_DROP_SOURCE;
	if (endpoint->address.family == AF_INET6 ? !is_unicast_ip6(skb) :
						   !is_unicast_ip4(skb))
		return KNTS_DROP_SOURCE;
	if (port == htons(endpoint->address.port) &&
	    !READ_ONCE(endpoint->serve_own_port))
		return KNTS_DROP_OWN_PORT;
	return KNTS_ANSWER_PLAIN;
}

/* What does it ask for, and is that served here? */
static enum knts_verdict read_request(struct knts_packet *pkt)
{
	struct sk_buff *skb = pkt->skb;
	size_t len = skb->len - sizeof(struct udphdr);
	enum knts_verdict verdict;

	if (len > KNTS_NTP_MAX_LEN)
		return KNTS_DROP_LONG;
	if (skb_linearize(skb))
		return KNTS_DROP_NO_MEMORY;

	verdict = knts_request_parse(&pkt->rq, skb->data + sizeof(struct udphdr),
				     len);
	if (verdict != KNTS_ANSWER_PLAIN)
		return verdict;

	switch (READ_ONCE(pkt->endpoint->require_nts)) {
	case KNTS_REQUIRE_NTS_IGNORE:
		return KNTS_DROP_NTS_REQUIRED;
	case KNTS_REQUIRE_NTS_DENY:
		return KNTS_KISS_DENY;
	default:
		return KNTS_ANSWER_PLAIN;
	}
}

enum knts_verdict knts_admit(struct knts_packet *pkt)
{
	enum knts_verdict verdict = check_addresses(pkt);

	return knts_packet_is_answer(verdict) ? read_request(pkt) : verdict;
}
