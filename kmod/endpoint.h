/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Servers: UDP sockets of the stack whose packets come to knts_respond_rcv()
 * in softirq, and never to a queue.
 */
#ifndef KNTS_ENDPOINT_H
#define KNTS_ENDPOINT_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/socket.h>

#include "knts.h"

struct netlink_ext_ack;

/**
 * struct knts_address - what a server is known by
 * @family: AF_INET or AF_INET6
 * @ip: the address, IPv4 in its first four octets; zeros: any
 * @port: UDP port, in host order
 * @ifindex: device that it is bound to, or 0
 */
struct knts_address {
	sa_family_t family;
	struct in6_addr ip;
	u16 port;
	int ifindex;
};

/**
 * struct knts_endpoint - one server
 * @node: in knts_net.endpoints
 * @knet: its namespace
 * @address: where it listens; does not change
 * @device: name of @address.ifindex, or "", under knts_net.lock
 * @require_nts: enum knts_require_nts; changes under packets
 * @serve_own_port: answer what comes from its own port number; likewise
 * @sock: its socket, whose user data it is
 */
struct knts_endpoint {
	struct list_head node;
	struct knts_net *knet;
	struct knts_address address;
	char device[IFNAMSIZ];
	u8 require_nts;
	bool serve_own_port;
	struct socket *sock;
};

/**
 * knts_endpoint_open() - open a server; it answers at once
 * @like: address, device and policy; the rest is not looked at
 * @knet: namespace
 * @extack: gets the sentence of a refusal
 *
 * Context: process, @knet->lock held, and RTNL if it is bound to a device.
 * Return: 0 or -errno.
 */
int knts_endpoint_open(struct knts_net *knet, const struct knts_endpoint *like,
		       struct netlink_ext_ack *extack);

/**
 * knts_endpoint_find() - the server that has an address
 * @knet: namespace
 * @address: address, port and device
 *
 * Context: process, @knet->lock held.
 * Return: the server or NULL.
 */
struct knts_endpoint *knts_endpoint_find(struct knts_net *knet,
					 const struct knts_address *address);

/**
 * knts_endpoint_close() - close a server and free it
 * @endpoint: from knts_endpoint_find()
 *
 * Context: process, knts_net.lock held; waits for grace periods.
 */
void knts_endpoint_close(struct knts_endpoint *endpoint);

int knts_endpoint_setup(struct knts_net *knet);
void knts_endpoint_teardown(struct knts_net *knet);

#endif
