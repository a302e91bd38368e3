// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "ke_place.h"

static int literal_family(const char *server)
{
	struct in6_addr address;

	if (inet_pton(AF_INET, server, &address) == 1)
		return AF_INET;
	if (inet_pton(AF_INET6, server, &address) == 1)
		return AF_INET6;
	return AF_UNSPEC;
}

static size_t len_without_dot(const char *name)
{
	size_t len = strlen(name);

	return len && name[len - 1] == '.' ? len - 1 : len;
}

/* Addresses have many spellings; names differ by case and a dot at the end. */
static bool is_same(const char *a, const char *b)
{
	int family = literal_family(a);
	struct in6_addr x = { 0 }, y = { 0 };
	size_t len = len_without_dot(a);

	if (family != literal_family(b))
		return false;
	if (family == AF_UNSPEC)
		return len == len_without_dot(b) && !strncasecmp(a, b, len);
	inet_pton(family, a, &x);
	inet_pton(family, b, &y);
	return !memcmp(&x, &y, sizeof(x));
}

/* By which family did the client connect? */
static int family_of(int fd)
{
	struct sockaddr_in6 local = { 0 };
	socklen_t len = sizeof(local);

	if (getsockname(fd, (struct sockaddr *)&local, &len) ||
	    local.sin6_family != AF_INET6)
		return AF_INET;
	return IN6_IS_ADDR_V4MAPPED(&local.sin6_addr) ? AF_INET : AF_INET6;
}

const char *ke_place_server(const struct ke_listener *listener,
			    const struct ke_section *section,
			    const char *asked, int fd)
{
	int own_family;
	size_t i;

	for (i = 0; *asked && i < listener->sections_count; i++)
		if (listener->sections[i]->server &&
		    is_same(asked, listener->sections[i]->server))
			return asked;
	if (!section->server)
		return NULL;
	own_family = literal_family(section->server);
	if (own_family == AF_UNSPEC || own_family == family_of(fd))
		return section->server;
	/* A client that came by IPv6 may have nothing else, and vice versa. */
	return NULL;
}
