// SPDX-License-Identifier: GPL-2.0-or-later
#include "activation.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "log.h"

static bool is_useful(int fd)
{
	return sd_is_socket(fd, AF_INET, SOCK_STREAM, 1) > 0 ||
	       sd_is_socket(fd, AF_INET6, SOCK_STREAM, 1) > 0;
}

static int take(struct listeners *handed, int fd)
{
	struct sockaddr_in6 address = { 0 };
	socklen_t len = sizeof(address);
	int on = 1;

	if (!is_useful(fd) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		return -EINVAL;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		return -errno;
	return listeners_take(handed, &address, fd);
}

void activation_take(struct listeners *handed)
{
	int count = sd_listen_fds(1);
	int fd, err;

	memset(handed, 0, sizeof(*handed));
	for (fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; fd++) {
		err = take(handed, fd);
		if (!err)
			continue;
		close(fd);
		log_warning("socket number %d that kntsd was started with is "
			    "not used: %s", fd - SD_LISTEN_FDS_START + 1,
			    err == -EINVAL ? "it must be a listening TCP "
			    "socket, as by ListenStream=4460" : strerror(-err));
	}
}

static int replace_listen(const struct listeners *handed, struct config_ke *ke)
{
	struct sockaddr_in6 *listen;
	size_t i;

	listen = calloc(handed->count, sizeof(*listen));
	if (!listen)
		return -ENOMEM;
	for (i = 0; i < handed->count; i++)
		listen[i] = handed->items[i].address;
	free(ke->listen);
	ke->listen = listen;
	ke->listen_count = handed->count;
	return 0;
}

int activation_configure(const struct listeners *handed, struct config *config)
{
	int ret = 0;
	size_t i;

	if (!handed->count)
		return 0;
	config->handed = handed;
	for (i = 0; !ret && i < config->ke_count; i++)
		if (config->ke[i].listen_default)
			ret = replace_listen(handed, &config->ke[i]);
	return ret;
}

void activation_problem(const struct config *config, char *text, size_t size)
{
	uint64_t used = 0;
	size_t i;

	text[0] = '\0';
	if (!config->handed)
		return;
	for (i = 0; i < config->ke_count; i++)
		used |= listeners_mask(config->handed, &config->ke[i]);
	for (i = 0; i < config->handed->count && used & 1ULL << i; i++)
		;
	if (i < config->handed->count)
		snprintf(text, size, "nobody answers on %s, a socket that "
			 "kntsd was started with: no section nts-ke-server "
			 "listens there; add it to listen, or take it out of "
			 "kntsd.socket", config->handed->items[i].text);
}
