/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: names to addresses, and connections to them that do not wait
 * for ever.
 */
#ifndef KNTSCTL_QUERY_NET_H
#define KNTSCTL_QUERY_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define QUERY_ADDRESSES_MAX 16
/* With a zone: "fe80::1%eth0". */
#define QUERY_ADDRESS_SIZE 64
/* Of an address that needed no trying, in place of an errno. */
#define QUERY_UNTRIED (-1)

/**
 * struct query_address - one of a host's addresses
 * @text: without port
 * @err: how connecting went: 0, errno, or QUERY_UNTRIED
 * @connect_s: how long it took
 * @sa: with port
 * @sa_len: its length
 */
struct query_address {
	char text[QUERY_ADDRESS_SIZE];
	int err;
	double connect_s;
	struct sockaddr_storage sa;
	socklen_t sa_len;
};

/**
 * struct query_target - what addresses are wanted
 * @host: name or address
 * @port: goes into the addresses
 * @family: AF_UNSPEC, AF_INET or AF_INET6
 * @type: SOCK_STREAM or SOCK_DGRAM
 */
struct query_target {
	const char *host;
	uint16_t port;
	int family;
	int type;
};

/**
 * query_net_resolve() - find addresses
 * @addresses: QUERY_ADDRESSES_MAX of them, filled in
 * @count: how many there are
 *
 * Return: 0, or what gai_strerror() takes.
 */
int query_net_resolve(const struct query_target *target,
		      struct query_address *addresses, size_t *count);

/**
 * query_net_connect() - connect to an address
 * @address: its @err and @connect_s are set
 * @type: SOCK_STREAM or SOCK_DGRAM
 *
 * Return: a descriptor that does not block, or -1.
 */
int query_net_connect(struct query_address *address, int type,
		      double patience_s);

/** query_net_now_s() - a clock that does not jump, in seconds */
double query_net_now_s(void);

/**
 * query_net_wait() - wait for a descriptor
 * @events: of poll()
 * @deadline_s: by query_net_now_s()
 *
 * Return: false when time is up.
 */
bool query_net_wait(int fd, short events, double deadline_s);

#endif
