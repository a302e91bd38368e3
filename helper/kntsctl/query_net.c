// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kntsctl/query_net.h"

double query_net_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool query_net_wait(int fd, short events, double deadline_s)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	double left_s;
	int ready;

	do {
		left_s = deadline_s - query_net_now_s();
		ready = poll(&pollfd, 1, left_s > 0 ? (int)ceil(left_s * 1e3) : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

int query_net_resolve(const struct query_target *target,
		      struct query_address *addresses, size_t *count)
{
	const struct addrinfo hints = {
		.ai_family = target->family,
		.ai_socktype = target->type,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *found, *at;
	char service[8];
	int err;

	*count = 0;
	snprintf(service, sizeof(service), "%u", target->port);
	err = getaddrinfo(target->host, service, &hints, &found);
	if (err)
		return err;
	for (at = found; at && *count < QUERY_ADDRESSES_MAX; at = at->ai_next) {
		addresses->err = QUERY_UNTRIED;
		addresses->connect_s = 0;
		addresses->sa_len = at->ai_addrlen;
		memcpy(&addresses->sa, at->ai_addr, at->ai_addrlen);
		getnameinfo(at->ai_addr, at->ai_addrlen, addresses->text,
			    sizeof(addresses->text), NULL, 0, NI_NUMERICHOST);
		addresses++;
		++*count;
	}
	freeaddrinfo(found);
	return 0;
}

/* Return: 0 or errno. */
static int finish_connect(int fd, double deadline_s)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (!query_net_wait(fd, POLLOUT, deadline_s))
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return errno;
	return err;
}

int query_net_connect(struct query_address *address, int type,
		      double patience_s)
{
	double begin_s = query_net_now_s();
	int fd, on = 1;

	fd = socket(address->sa.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0) {
		address->err = errno;
		return -1;
	}
	/* A request must not wait for the handshake's last acknowledgement. */
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	address->err = 0;
	if (connect(fd, (const struct sockaddr *)&address->sa,
		    address->sa_len) < 0)
		address->err = errno == EINPROGRESS ?
			       finish_connect(fd, begin_s + patience_s) : errno;
	address->connect_s = query_net_now_s() - begin_s;
	if (!address->err)
		return fd;
	close(fd);
	return -1;
}
