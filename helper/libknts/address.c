// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server's address, port and device, as text.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "libknts/libknts.h"

#define NTP_PORT 123

const char *knts_server_format(const struct knts_server *server, char *text,
			       size_t size)
{
	bool v6 = server->address_len == 16;
	const char *device = server->device;
	char address[INET6_ADDRSTRLEN];

	inet_ntop(v6 ? AF_INET6 : AF_INET, server->address, address,
		  sizeof(address));
	snprintf(text, size, "%s%s%s:%u%s%s", v6 ? "[" : "", address,
		 v6 ? "]" : "", server->port, device[0] ? "%" : "", device);
	return text;
}

static int scan_port(const char *text, uint16_t *port)
{
	unsigned int number;
	size_t digits;

	digits = strspn(text, "0123456789");
	if (!digits || digits > 5 || text[digits])
		return -EINVAL;
	sscanf(text, "%u", &number);
	if (!number || number > UINT16_MAX)
		return -EINVAL;
	*port = number;
	return 0;
}

/* "192.0.2.1", "192.0.2.1:123", "2001:db8::1", "[::]", "[::]:123" */
static int scan_endpoint(char *text, struct knts_server *server)
{
	bool bracketed = text[0] == '[';
	bool v6 = bracketed || strchr(text, ':') != strrchr(text, ':');
	char *address = text;
	char *port = NULL;

	if (bracketed) {
		address = text + 1;
		port = strchr(address, ']');
		if (!port || (port[1] && port[1] != ':'))
			return -EINVAL;
		*port++ = '\0';
		port = *port ? port + 1 : NULL;
	} else if (!v6) {
		port = strchr(text, ':');
		if (port)
			*port++ = '\0';
	}

	if (port && scan_port(port, &server->port))
		return -EINVAL;
	server->address_len = v6 ? 16 : 4;
	if (inet_pton(v6 ? AF_INET6 : AF_INET, address, server->address) != 1)
		return -EINVAL;
	return 0;
}

int knts_server_scan(const char *text, struct knts_server *server)
{
	char copy[KNTS_SERVER_TEXT_SIZE];
	char *device;

	memset(server, 0, sizeof(*server));
	server->port = NTP_PORT;
	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);

	device = strchr(copy, '%');
	if (device) {
		*device++ = '\0';
		if (!*device || strlen(device) >= sizeof(server->device))
			return -EINVAL;
		strcpy(server->device, device);
	}
	return scan_endpoint(copy, server);
}
