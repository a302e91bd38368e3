// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that costs next to nothing: NTP requests go back to their sender at the
 * first place where they can, before the server's stack. What a round trip still
 * costs is the client's own, and the wire's. For "tc filter ... bpf direct-action".
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>

#define NTP_PORT __builtin_bswap16(123)
#define SECTION(name) __attribute__((section(name), used))

static long (*const redirect)(__u32 ifindex, __u64 flags) = (void *)BPF_FUNC_redirect;

#define SWAP(a, b)				\
	do {					\
		__typeof__(a) was = (a);	\
						\
		(a) = (b);			\
		(b) = was;			\
	} while (0)

static __always_inline int swap_ports(struct udphdr *udp, void *end)
{
	if ((void *)(udp + 1) > end || udp->dest != NTP_PORT)
		return 0;
	SWAP(udp->source, udp->dest);
	return 1;
}

/* A checksum is the same when the addresses and the ports in it trade places. */
static __always_inline int swap_addresses(struct ethhdr *eth, void *end)
{
	struct ipv6hdr *ip6 = (void *)(eth + 1);
	struct iphdr *ip = (void *)(eth + 1);

	if (eth->h_proto == __builtin_bswap16(ETH_P_IP)) {
		if ((void *)(ip + 1) > end || ip->protocol != IPPROTO_UDP ||
		    ip->ihl != 5 || !swap_ports((void *)(ip + 1), end))
			return 0;
		SWAP(ip->saddr, ip->daddr);
		return 1;
	}
	if (eth->h_proto != __builtin_bswap16(ETH_P_IPV6) ||
	    (void *)(ip6 + 1) > end || ip6->nexthdr != IPPROTO_UDP ||
	    !swap_ports((void *)(ip6 + 1), end))
		return 0;
	SWAP(ip6->saddr, ip6->daddr);
	return 1;
}

SECTION("tc") int reflect(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;
	struct { __u8 octet[ETH_ALEN]; } *mac = (void *)eth;

	if ((void *)(eth + 1) > end || !swap_addresses(eth, end))
		return TC_ACT_OK;
	SWAP(mac[0], mac[1]);
	return redirect(skb->ifindex, 0);
}

SECTION("license") char reflect_license[] = "GPL";
