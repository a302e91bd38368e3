// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "worker_setup.h"

int worker_setup_settings(struct ipc_settings *settings)
{
	ssize_t size = ipc_receive(IPC_FD, settings, sizeof(*settings), NULL,
				   true);

	if (size < 0)
		return (int)size;
	if (size == 0)
		return -EPIPE;
	if (size != sizeof(*settings) || settings->type != IPC_SETTINGS ||
	    settings->listeners > IPC_LISTENERS_MAX ||
	    settings->sections > IPC_SECTIONS_MAX)
		return -EPROTO;
	return 0;
}

int worker_setup_limits(const struct ipc_settings *settings)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) ||
	    limit.rlim_cur >= settings->descriptors)
		return 0;
	limit.rlim_cur = settings->descriptors;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (!setrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	/* Not allowed beyond the hard limit: accepting pauses when it's hit. */
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return 0;
}

static int add_listener(struct ke_server *server, const void *message,
			size_t size, int passed)
{
	struct ke_listener *listener = &server->listeners[server->listeners_count];
	const struct ipc_listener *ipc = message;

	if (size != sizeof(*ipc) || passed < 0 ||
	    ipc->index != server->listeners_count)
		return -EPROTO;
	listener->server = server;
	listener->fd = passed;
	server->listeners_count++;
	return 0;
}

static int take_names(struct ke_section *section, const char *text, size_t size)
{
	struct tls_identity *identity = &section->identity;
	const char *name;

	if (!size)
		return 0;
	section->names = malloc(size);
	identity->names = calloc(size, sizeof(*identity->names));
	if (!section->names || !identity->names)
		return -ENOMEM;
	memcpy(section->names, text, size);
	section->names[size - 1] = '\0';
	for (name = section->names; name < section->names + size;
	     name += strlen(name) + 1)
		identity->names[identity->names_count++] = name;
	return 0;
}

static int take_texts(struct ke_section *section, const struct ipc_section *ipc)
{
	const char *chain = (const char *)(ipc + 1);
	const char *key = chain + ipc->chain_size;
	const char *server = key + ipc->key_size;

	if (ipc->server_size) {
		section->server = strndup(server, ipc->server_size);
		if (!section->server)
			return -ENOMEM;
	}
	if (take_names(section, server + ipc->server_size, ipc->names_size))
		return -ENOMEM;
	return tls_identity_load(&section->identity, chain, ipc->chain_size,
				 key, ipc->key_size);
}

static void attach(struct ke_server *server, const struct ke_section *section,
		   uint64_t listeners)
{
	struct ke_listener *listener;
	size_t i;

	for (i = 0; i < server->listeners_count; i++) {
		if (!(listeners & 1ULL << i))
			continue;
		listener = &server->listeners[i];
		listener->sections[listener->sections_count++] = section;
		listener->front.identities[listener->front.identities_count++] =
			&section->identity;
	}
}

static int add_section(struct ke_server *server, const void *message,
		       size_t size)
{
	struct ke_section *section = &server->sections[server->sections_count];
	const struct ipc_section *ipc = message;
	int ret;

	if (size < sizeof(*ipc) || ipc->aeads_count > IPC_AEADS_MAX ||
	    size - sizeof(*ipc) != (size_t)ipc->chain_size + ipc->key_size +
					   ipc->server_size + ipc->names_size)
		return -EPROTO;
	section->port = ipc->port;
	section->timeout_ms = ipc->timeout_ms;
	section->connections_max = ipc->connections_max;
	section->aeads_count = ipc->aeads_count;
	memcpy(section->aeads, ipc->aeads, sizeof(section->aeads));
	ret = take_texts(section, ipc);
	if (ret)
		return ret;
	attach(server, section, ipc->listeners);
	server->sections_count++;
	return 0;
}

static int take(struct ke_server *server, const struct ipc_settings *settings,
		const void *message, size_t size, int passed)
{
	uint32_t type;

	memcpy(&type, message, sizeof(type));
	if (type == IPC_LISTENER &&
	    server->listeners_count < settings->listeners)
		return add_listener(server, message, size, passed);
	if (passed < 0 && type == IPC_SECTION &&
	    server->sections_count < settings->sections)
		return add_section(server, message, size);
	return -EPROTO;
}

static bool is_complete(const struct ke_server *server,
			const struct ipc_settings *settings)
{
	size_t i;

	for (i = 0; i < server->listeners_count; i++)
		if (!server->listeners[i].sections_count)
			return false;
	return server->listeners_count == settings->listeners &&
	       server->sections_count == settings->sections;
}

static int receive_all(struct ke_server *server,
		       const struct ipc_settings *settings, void *buf)
{
	const struct ipc_signal *go = buf;
	ssize_t size;
	int passed, ret;

	for (;;) {
		size = ipc_receive(IPC_FD, buf, IPC_MAX_SIZE, &passed, true);
		if (size < 0)
			return (int)size;
		if (size == 0)
			return -EPIPE;
		if (size < (ssize_t)sizeof(uint32_t))
			return -EPROTO;
		if (go->type == IPC_GO)
			return is_complete(server, settings) ? 0 : -EPROTO;
		ret = take(server, settings, buf, (size_t)size, passed);
		OPENSSL_cleanse(buf, (size_t)size);
		if (ret)
			return ret;
	}
}

static int open_fronts(struct ke_server *server)
{
	size_t i;
	int ret;

	for (i = 0; i < server->listeners_count; i++) {
		ret = tls_front_open(&server->listeners[i].front);
		if (ret)
			return ret;
	}
	return 0;
}

int worker_setup_server(struct ke_server *server,
			const struct ipc_settings *settings)
{
	void *buf = malloc(IPC_MAX_SIZE);
	int ret = -ENOMEM;

	server->base = event_base_new();
	server->listeners = calloc(settings->listeners + 1,
				   sizeof(*server->listeners));
	server->sections = calloc(settings->sections + 1,
				  sizeof(*server->sections));
	if (buf && server->base && server->listeners && server->sections)
		ret = receive_all(server, settings, buf);
	if (!ret)
		ret = open_fronts(server);
	if (buf)
		OPENSSL_cleanse(buf, IPC_MAX_SIZE);
	free(buf);
	return ret;
}
