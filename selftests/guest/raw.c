// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "raw.h"
#include "rig.h"
#include "test.h"

static uint32_t sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		start += (uint32_t)(p[0] << 8 | p[1]);
	return len ? start + (uint32_t)(p[0] << 8) : start;
}

static uint16_t fold(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return htons((uint16_t)~value);
}

/* Return: the packet's length with IP header, UDP's checksum still wanted. */
static size_t write_ipv4(uint8_t *out, const struct raw_udp *udp, size_t len,
			 uint32_t *pseudo)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.tot_len = htons((uint16_t)(sizeof(ip) + len)),
	};

	assert_int_equal(inet_pton(AF_INET, udp->from, &ip.saddr), 1);
	assert_int_equal(inet_pton(AF_INET, udp->to, &ip.daddr), 1);
	ip.check = fold(sum(&ip, sizeof(ip), 0));
	memcpy(out, &ip, sizeof(ip));
	*pseudo = sum(&ip.saddr, 8, 0);
	return sizeof(ip);
}

static size_t write_ipv6(uint8_t *out, const struct raw_udp *udp, size_t len,
			 uint32_t *pseudo)
{
	struct ip6_hdr ip = {
		.ip6_flow = htonl(6U << 28),
		.ip6_plen = htons((uint16_t)len),
		.ip6_nxt = IPPROTO_UDP,
		.ip6_hlim = 64,
	};

	assert_int_equal(inet_pton(AF_INET6, udp->from, &ip.ip6_src), 1);
	assert_int_equal(inet_pton(AF_INET6, udp->to, &ip.ip6_dst), 1);
	memcpy(out, &ip, sizeof(ip));
	*pseudo = sum(&ip.ip6_src, 32, 0);
	return sizeof(ip);
}

static size_t write_packet(uint8_t *out, const struct raw_udp *udp,
			   const struct packet *p, bool is_v6)
{
	size_t len = sizeof(struct udphdr) + p->len;
	struct udphdr header = {
		.source = htons(udp->from_port),
		.dest = htons(udp->to_port),
		.len = htons((uint16_t)len),
	};
	uint32_t pseudo;
	size_t off;

	off = is_v6 ? write_ipv6(out, udp, len, &pseudo) :
		      write_ipv4(out, udp, len, &pseudo);
	pseudo += IPPROTO_UDP + (uint32_t)len;
	pseudo = sum(&header, sizeof(header), pseudo);
	header.check = fold(sum(p->data, p->len, pseudo));
	if (!header.check)
		header.check = 0xffff;
	memcpy(out + off, &header, sizeof(header));
	memcpy(out + off + sizeof(header), p->data, p->len);
	return off + len;
}

void raw_send(const struct raw_udp *udp, const struct packet *p)
{
	bool is_v6 = strchr(udp->to, ':');
	uint16_t protocol = htons(is_v6 ? ETH_P_IPV6 : ETH_P_IP);
	int fd = rig_socket(CLIENT_NS, AF_PACKET, SOCK_DGRAM, 0);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = protocol,
		.sll_halen = 6,
		.sll_ifindex = (int)if_nametoindex(CLIENT_DEVICE),
	};
	uint8_t data[PACKET_MAX_LEN + 64];
	size_t len;

	memcpy(to.sll_addr, udp->ethernet, 6);
	len = write_packet(data, udp, p, is_v6);
	if (sendto(fd, data, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail_msg("send on " CLIENT_DEVICE ": %s", strerror(errno));
	close(fd);
}
