// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "listeners.h"

static struct sockaddr_in in4_of(const struct sockaddr_in6 *address)
{
	struct sockaddr_in in;

	memcpy(&in, address, sizeof(in));
	return in;
}

static bool is_same(const struct sockaddr_in6 *a, const struct sockaddr_in6 *b)
{
	const struct sockaddr_in x = in4_of(a), y = in4_of(b);

	if (a->sin6_family != b->sin6_family)
		return false;
	if (a->sin6_family == AF_INET)
		return x.sin_port == y.sin_port &&
		       x.sin_addr.s_addr == y.sin_addr.s_addr;
	return a->sin6_port == b->sin6_port &&
	       a->sin6_scope_id == b->sin6_scope_id &&
	       !memcmp(&a->sin6_addr, &b->sin6_addr, sizeof(a->sin6_addr));
}

static bool is_any6(const struct sockaddr_in6 *address)
{
	return address->sin6_family == AF_INET6 &&
	       IN6_IS_ADDR_UNSPECIFIED(&address->sin6_addr);
}

static struct sockaddr_in6 any4_of(const struct sockaddr_in6 *any6)
{
	const struct sockaddr_in in = { .sin_family = AF_INET,
					.sin_port = any6->sin6_port };
	struct sockaddr_in6 address = { 0 };

	memcpy(&address, &in, sizeof(in));
	return address;
}

/* What is bound to [::] for both families leaves no room for 0.0.0.0. */
static bool covers(const struct listener *listener,
		   const struct sockaddr_in6 *address)
{
	const struct sockaddr_in6 any4 = any4_of(&listener->address);

	return listener->dual && is_same(&any4, address);
}

static void format(struct listener *listener)
{
	const struct sockaddr_in in = in4_of(&listener->address);
	char address[INET6_ADDRSTRLEN];

	if (in.sin_family == AF_INET) {
		inet_ntop(AF_INET, &in.sin_addr, address, sizeof(address));
		snprintf(listener->text, sizeof(listener->text), "%s:%u",
			 address, ntohs(in.sin_port));
		return;
	}
	inet_ntop(AF_INET6, &listener->address.sin6_addr, address,
		  sizeof(address));
	snprintf(listener->text, sizeof(listener->text), "[%s]:%u", address,
		 ntohs(listener->address.sin6_port));
}

static int add(struct listeners *listeners, const struct sockaddr_in6 *address,
	       char *error, size_t error_size)
{
	struct listener *listener;
	size_t i;

	for (i = 0; i < listeners->count; i++)
		if (is_same(&listeners->items[i].address, address))
			return 0;
	if (listeners->count == IPC_LISTENERS_MAX)
		return fail(-E2BIG, error, error_size,
			    "the sections nts-ke-server listen on more than %d "
			    "addresses in all: it must be %d at most",
			    IPC_LISTENERS_MAX, IPC_LISTENERS_MAX);
	listener = &listeners->items[listeners->count++];
	listener->address = *address;
	listener->fd = -1;
	format(listener);
	return 0;
}

int listeners_plan(struct listeners *listeners, const struct config *config,
		   char *error, size_t error_size)
{
	const struct sockaddr_in6 *address;
	struct sockaddr_in6 any4;
	size_t i, j;
	int ret = 0;

	memset(listeners, 0, sizeof(*listeners));
	for (i = 0; !ret && i < config->ke_count; i++) {
		for (j = 0; !ret && j < config->ke[i].listen_count; j++) {
			address = &config->ke[i].listen[j];
			ret = add(listeners, address, error, error_size);
			if (ret || !is_any6(address))
				continue;
			any4 = any4_of(address);
			ret = add(listeners, &any4, error, error_size);
		}
	}
	return ret;
}

uint64_t listeners_mask(const struct listeners *listeners,
			const struct config_ke *ke)
{
	const struct sockaddr_in6 *address;
	struct sockaddr_in6 any4;
	uint64_t mask = 0;
	size_t i, j;

	for (i = 0; i < listeners->count; i++) {
		address = &listeners->items[i].address;
		for (j = 0; j < ke->listen_count; j++) {
			any4 = any4_of(&ke->listen[j]);
			if (is_same(address, &ke->listen[j]) ||
			    (is_any6(&ke->listen[j]) && is_same(address, &any4)) ||
			    covers(&listeners->items[i], &ke->listen[j]))
				mask |= 1ULL << i;
		}
	}
	return mask;
}

int listeners_take(struct listeners *listeners,
		   const struct sockaddr_in6 *address, int fd)
{
	struct listener *listener = &listeners->items[listeners->count];
	socklen_t len = sizeof(int);
	char error[FAIL_SIZE];
	int only6 = 0;
	int ret;

	ret = add(listeners, address, error, sizeof(error));
	if (ret)
		return ret;
	if (listener == &listeners->items[listeners->count])
		return -EADDRINUSE;
	if (is_any6(address) &&
	    !getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only6, &len))
		listener->dual = !only6;
	listener->fd = fd;
	return 0;
}

static const char *advice(int error)
{
	switch (error) {
	case EADDRINUSE:
		return ": another program or socket unit listens there, 'ss -ltnp' shows which";
	case EADDRNOTAVAIL:
		return ": no interface of this machine has this address";
	case EACCES:
		return ": ports below 1024 are for root, or for who has "
		       "CAP_NET_BIND_SERVICE";
	default:
		return "";
	}
}

/*
 * Accepted sockets inherit TCP_NODELAY: a certificate chain that takes two
 * writes must not wait for the client's delayed acknowledgement in between.
 */
static int open_socket(struct listener *listener)
{
	int family = listener->address.sin6_family, on = 1;
	socklen_t len = family == AF_INET ? sizeof(struct sockaddr_in) :
					    sizeof(struct sockaddr_in6);
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	if (!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	    !setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) &&
	    (family == AF_INET ||
	     !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) &&
	    !bind(fd, (const struct sockaddr *)&listener->address, len) &&
	    !listen(fd, SOMAXCONN)) {
		listener->fd = fd;
		return 0;
	}
	ret = -errno;
	close(fd);
	return ret;
}

static int reuse(struct listener *listener, const struct listeners *from)
{
	size_t i;

	for (i = 0; from && i < from->count; i++) {
		if (!covers(&from->items[i], &listener->address) &&
		    !is_same(&listener->address, &from->items[i].address))
			continue;
		*listener = from->items[i];
		listener->fd = fcntl(from->items[i].fd, F_DUPFD_CLOEXEC, 0);
		return listener->fd < 0 ? -errno : 0;
	}
	return -ENOENT;
}

/* As a socket for both families is, where both were planned. */
static bool is_there_before(const struct listeners *listeners, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++)
		if (is_same(&listeners->items[i].address,
			    &listeners->items[index].address))
			return true;
	return false;
}

static void leave_out(struct listeners *listeners, size_t index)
{
	if (listeners->items[index].fd >= 0)
		close(listeners->items[index].fd);
	memmove(&listeners->items[index], &listeners->items[index + 1],
		(--listeners->count - index) * sizeof(listeners->items[0]));
}

int listeners_open(struct listeners *listeners, const struct listeners *handed,
		   const struct listeners *old, char *error, size_t error_size)
{
	struct listener *listener;
	size_t i = 0;
	int ret;

	while (i < listeners->count) {
		listener = &listeners->items[i];
		ret = reuse(listener, handed);
		if (ret == -ENOENT)
			ret = reuse(listener, old);
		if (ret == -ENOENT)
			ret = open_socket(listener);
		/* A machine without IPv6 still serves [::], by IPv4. */
		if ((ret == -EAFNOSUPPORT && is_any6(&listener->address)) ||
		    (!ret && is_there_before(listeners, i))) {
			leave_out(listeners, i);
			continue;
		}
		if (ret) {
			fail(ret, error, error_size,
			     "cannot listen on %s: %s%s", listener->text,
			     strerror(-ret), advice(-ret));
			listeners_close(listeners);
			return ret;
		}
		i++;
	}
	return 0;
}

void listeners_close(struct listeners *listeners)
{
	size_t i;

	for (i = 0; i < listeners->count; i++)
		if (listeners->items[i].fd >= 0)
			close(listeners->items[i].fd);
	listeners->count = 0;
}
