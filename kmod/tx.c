// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/udp.h>

#include "tx.h"

/* Replies leave by the device that the socket is bound to, or by the VRF. */
static int reply_oif(const struct sock *sk, const struct sk_buff *skb)
{
	return READ_ONCE(sk->sk_bound_dev_if) ?:
	       l3mdev_master_ifindex_rcu(skb->dev);
}

static struct dst_entry *route_ip4(struct knts_tx *tx)
{
	const struct iphdr *ip = ip_hdr(tx->skb);
	const struct udphdr *udp = udp_hdr(tx->skb);
	struct net *net = sock_net(tx->sk);
	struct rtable *rt;

	tx->ip4 = (struct flowi4){
		.flowi4_oif = reply_oif(tx->sk, tx->skb),
		.flowi4_mark = IP4_REPLY_MARK(net, tx->skb->mark),
		.flowi4_proto = IPPROTO_UDP,
		.saddr = ip->daddr,
		.daddr = ip->saddr,
		.fl4_sport = udp->dest,
		.fl4_dport = udp->source,
	};
	rt = ip_route_output_flow(net, &tx->ip4, tx->sk);
	if (IS_ERR(rt))
		return ERR_CAST(rt);
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-ENETUNREACH);
	}

	return &rt->dst;
}

static void build_ip4(const struct knts_tx *tx, const struct dst_entry *dst)
{
	struct sk_buff *skb = tx->skb;
	struct iphdr *ip;

	udp_set_csum(false, skb, tx->ip4.saddr, tx->ip4.daddr, skb->len);

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*ip) / 4,
		.frag_off = skb->len <= dst_mtu(dst) ? htons(IP_DF) : 0,
		.ttl = ip4_dst_hoplimit(dst),
		.protocol = IPPROTO_UDP,
		.saddr = tx->ip4.saddr,
		.daddr = tx->ip4.daddr,
	};
	skb->protocol = htons(ETH_P_IP);
	ip_select_ident(sock_net(tx->sk), skb, NULL);
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *route_ip6(struct knts_tx *tx)
{
	const struct ipv6hdr *ip = ipv6_hdr(tx->skb);
	const struct udphdr *udp = udp_hdr(tx->skb);
	struct net *net = sock_net(tx->sk);

	tx->ip6 = (struct flowi6){
		.flowi6_oif = reply_oif(tx->sk, tx->skb),
		.flowi6_mark = IP6_REPLY_MARK(net, tx->skb->mark),
		.flowi6_proto = IPPROTO_UDP,
		.saddr = ip->daddr,
		.daddr = ip->saddr,
		.fl6_sport = udp->dest,
		.fl6_dport = udp->source,
	};
	if (ipv6_addr_type(&ip->saddr) & IPV6_ADDR_LINKLOCAL)
		tx->ip6.flowi6_oif = inet6_iif(tx->skb);

	return ip6_dst_lookup_flow(net, tx->sk, &tx->ip6, NULL);
}

static void build_ip6(const struct knts_tx *tx, const struct dst_entry *dst)
{
	struct sk_buff *skb = tx->skb;
	struct ipv6hdr *ip;

	udp6_set_csum(false, skb, &tx->ip6.saddr, &tx->ip6.daddr, skb->len);

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip, 0, 0);
	ip->nexthdr = IPPROTO_UDP;
	ip->hop_limit = ip6_dst_hoplimit((struct dst_entry *)dst);
	ip->saddr = tx->ip6.saddr;
	ip->daddr = tx->ip6.daddr;
	skb->protocol = htons(ETH_P_IPV6);
	/* May be fragmented here, being of local origin. */
	skb->ignore_df = 1;
}
#else
static struct dst_entry *route_ip6(struct knts_tx *tx)
{
	return ERR_PTR(-EAFNOSUPPORT);
}

static void build_ip6(const struct knts_tx *tx, const struct dst_entry *dst)
{
}
#endif

/* Forget all that an skb took with it on its way here, but its octets. */
static void scrub(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	skb_set_delivery_time(skb, 0, 0);
	*skb_hwtstamps(skb) = (struct skb_shared_hwtstamps){};
	skb_shinfo(skb)->tx_flags = 0;
	skb_shinfo(skb)->tskey = 0;
	skb_gso_reset(skb);
	skb_metadata_clear(skb);
	skb_clear_hash(skb);
	skb_reset_redirect(skb);
	__vlan_hwaccel_clear_tag(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->priority = 0;
	skb->encapsulation = 0;
	skb->ip_summed = CHECKSUM_NONE;
	skb->csum_level = 0;
	skb->csum_valid = 0;
}

bool knts_tx_claim(struct knts_tx *tx, struct sock *sk, struct sk_buff *skb,
		   enum knts_verdict *verdict)
{
	bool is_ip6 = sk->sk_family == AF_INET6;
	struct dst_entry *dst;
	unsigned int room_len;
	u32 mark;

	tx->sk = sk;
	tx->skb = skb;
	tx->from = skb->dev;
	dst = is_ip6 ? route_ip6(tx) : route_ip4(tx);
	if (IS_ERR(dst)) {
		*verdict = KNTS_DROP_NO_ROUTE;
		return false;
	}

	mark = is_ip6 ? tx->ip6.flowi6_mark : tx->ip4.flowi4_mark;
	room_len = LL_RESERVED_SPACE(dst->dev);
	room_len += is_ip6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	if (skb_cow(skb, room_len)) {
		dst_release(dst);
		*verdict = KNTS_DROP_NO_MEMORY;
		return false;
	}

	scrub(skb);
	/* By the same queue, if it can: what it needs is near its CPU. */
	if (dst->dev != tx->from)
		skb_set_queue_mapping(skb, 0);
	skb->mark = mark;
	skb_dst_set(skb, dst);
	return true;
}

bool knts_tx_is_return(const struct knts_tx *tx, const struct net_device *lower)
{
	const struct net_device *dev = skb_dst(tx->skb)->dev;

	return dev == tx->from || dev == lower;
}

void knts_tx_build(struct knts_tx *tx, unsigned int len)
{
	bool is_ip6 = tx->sk->sk_family == AF_INET6;
	const struct dst_entry *dst = skb_dst(tx->skb);
	struct udphdr *udp = udp_hdr(tx->skb);

	len += sizeof(*udp);
	__skb_trim(tx->skb, len);
	swap(udp->source, udp->dest);
	udp->len = htons(len);

	if (is_ip6)
		build_ip6(tx, dst);
	else
		build_ip4(tx, dst);
}

void knts_tx_send(struct knts_tx *tx)
{
	struct net *net = sock_net(tx->sk);

#if IS_ENABLED(CONFIG_IPV6)
	if (tx->sk->sk_family == AF_INET6) {
		ip6_local_out(net, tx->sk, tx->skb);
		return;
	}
#endif
	ip_local_out(net, tx->sk, tx->skb);
}
