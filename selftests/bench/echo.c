// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that a server in userspace can do: one system call takes a packet,
 * another one sends it back.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in6 local = { .sin6_family = AF_INET6 }, from;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	socklen_t from_len;
	char data[2048];
	ssize_t len;

	if (argc != 2 || !atoi(argv[1])) {
		fputs("usage: echo PORT\n"
		      "Sends every UDP packet back to whence it came, until it is killed.\n",
		      stderr);
		return 2;
	}
	local.sin6_port = htons((uint16_t)atoi(argv[1]));
	if (fd < 0 || bind(fd, (const void *)&local, sizeof(local)))
		goto err;
	for (;;) {
		from_len = sizeof(from);
		len = recvfrom(fd, data, sizeof(data), 0, (void *)&from,
			       &from_len);
		if (len < 0 || sendto(fd, data, (size_t)len, 0,
				      (const void *)&from, from_len) < 0)
			break;
	}
err:
	fprintf(stderr, "echo: port %s: %s\n", argv[1], strerror(errno));
	close(fd);
	return 1;
}
