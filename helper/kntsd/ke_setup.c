// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "ke_setup.h"

/* Beside connections: the pair, the loop's own, standard streams. */
#define DESCRIPTORS_SPARE 64
#define USER_DEFAULT "_knts"
#define USER_FALLBACK "nobody"

static unsigned int share_of(unsigned int cap, unsigned int workers)
{
	return (cap + workers - 1) / workers;
}

static int find_user(struct ipc_settings *settings, const char *name,
		     certs_warn_fn warn, void *arg, char *error,
		     size_t error_size)
{
	const char *wanted = name ?: USER_DEFAULT;
	struct passwd *user;
	char sentence[256];

	if (geteuid())
		return 0;
	user = getpwnam(wanted);
	if (!user) {
		snprintf(sentence, sizeof(sentence),
			 "worker-user \"%s\" does not exist: KE workers run as "
			 USER_FALLBACK "; make it with 'adduser --system %s'",
			 wanted, wanted);
		user = getpwnam(USER_FALLBACK);
		if (name && strcmp(name, USER_DEFAULT))
			warn(sentence, arg);
	}
	if (!user)
		return fail(-ENOENT, error, error_size,
			    "neither worker-user \"%s\" nor " USER_FALLBACK
			    " exists: make one with 'adduser --system'",
			    wanted);
	if (user->pw_uid == 0)
		return fail(-EINVAL, error, error_size,
			    "worker-user \"%s\" is root: KE workers face the "
			    "network and must be another user", wanted);
	settings->drop = 1;
	settings->uid = user->pw_uid;
	settings->gid = user->pw_gid;
	return 0;
}

static int take_names(struct ke_setup_section *section,
		      const struct config_ke *ke, char *error,
		      size_t error_size)
{
	size_t i, size = 0;
	char *end;

	for (i = 0; i < ke->names_count; i++)
		size += strlen(ke->names[i]) + 1;
	if (size > IPC_NAMES_MAX_SIZE)
		return fail(-E2BIG, error, error_size, "the names of the "
			    "section nts-ke-server in line %u are longer than "
			    "%d octets in all", ke->line, IPC_NAMES_MAX_SIZE);
	section->names = malloc(size + 1);
	if (!section->names)
		return -ENOMEM;
	for (i = 0, end = section->names; i < ke->names_count; i++)
		end = stpcpy(end, ke->names[i]) + 1;
	section->ipc.names_size = (uint32_t)size;
	return 0;
}

static int take_server(struct ke_setup_section *section,
		       const struct config_ke *ke, char *error,
		       size_t error_size)
{
	if (!ke->ntp_server)
		return 0;
	if (!ke_message_server_valid(ke->ntp_server))
		return fail(-EINVAL, error, error_size,
			    "ntp-server \"%s\" in the section nts-ke-server of "
			    "line %u must be a name like ntp.example.org or an "
			    "address like 192.0.2.1 or 2001:db8::1",
			    ke->ntp_server, ke->line);
	section->server = strdup(ke->ntp_server);
	if (!section->server)
		return -ENOMEM;
	section->ipc.server_size = (uint32_t)strlen(section->server);
	return 0;
}

static void warn_family(const struct config_ke *ke, certs_warn_fn warn,
			void *arg)
{
	char sentence[384];
	struct in6_addr address;
	int family = AF_UNSPEC;
	size_t i;

	if (!ke->ntp_server)
		return;
	if (inet_pton(AF_INET, ke->ntp_server, &address) == 1)
		family = AF_INET;
	else if (inet_pton(AF_INET6, ke->ntp_server, &address) == 1)
		family = AF_INET6;
	for (i = 0; family != AF_UNSPEC && i < ke->listen_count; i++) {
		if (ke->listen[i].sin6_family == family &&
		    (family == AF_INET ||
		     !IN6_IS_ADDR_UNSPECIFIED(&ke->listen[i].sin6_addr)))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "ntp-server \"%s\" is an address of one family, but "
			 "clients of both can connect: those of the other are "
			 "sent to the address that they connected to; give a "
			 "name to send all to one server", ke->ntp_server);
		warn(sentence, arg);
		return;
	}
}

static int load_section(struct ke_setup *setup, const struct config_ke *ke,
			certs_warn_fn warn, void *arg, char *error,
			size_t error_size)
{
	struct ke_setup_section *section;
	struct ipc_section *ipc;
	int ret;

	section = &setup->sections[setup->sections_count++];
	ipc = &section->ipc;
	ipc->type = IPC_SECTION;
	ipc->timeout_ms = ke->key_exchange_timeout_ms;
	ipc->connections_max = share_of(ke->concurrent_connections,
					setup->workers);
	ipc->port = ke->ntp_port;
	ipc->aeads_count = (uint16_t)(ke->aeads_count < IPC_AEADS_MAX ?
					      ke->aeads_count : IPC_AEADS_MAX);
	memcpy(ipc->aeads, ke->aeads, ipc->aeads_count * sizeof(ke->aeads[0]));

	ret = take_names(section, ke, error, error_size);
	if (!ret)
		ret = take_server(section, ke, error, error_size);
	if (!ret)
		warn_family(ke, warn, arg);
	if (!ret)
		ret = certs_load(&section->certs, ke, warn, arg, error,
				 error_size);
	return ret;
}

static struct ke_setup *setup_new(const struct config *config)
{
	struct ke_setup *setup = calloc(1, sizeof(*setup));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (!setup)
		return NULL;
	setup->workers = config->workers;
	if (!setup->workers)
		setup->workers = cpus > 0 ? (unsigned int)cpus : 1;
	setup->sections = calloc(config->ke_count + 1,
				 sizeof(*setup->sections));
	if (setup->sections)
		return setup;
	free(setup);
	return NULL;
}

int ke_setup_load(struct ke_setup **setup, const struct config *config,
		  certs_warn_fn warn, void *arg, char *error, size_t error_size)
{
	struct ke_setup *loaded;
	char text[FAIL_SIZE];
	int expired = 0;
	size_t i;
	int ret;

	fail(0, error, error_size, "no memory for the NTS-KE server");
	if (config->ke_count > IPC_SECTIONS_MAX)
		return fail(-E2BIG, error, error_size,
			    "there are %zu sections nts-ke-server: it must be "
			    "%d at most", config->ke_count, IPC_SECTIONS_MAX);
	loaded = setup_new(config);
	if (!loaded)
		return -ENOMEM;

	ret = listeners_plan(&loaded->listeners, config, error, error_size);
	if (!ret)
		ret = find_user(&loaded->settings, config->worker_user, warn,
				arg, error, error_size);
	for (i = 0; !ret && i < config->ke_count; i++) {
		ret = load_section(loaded, &config->ke[i], warn, arg, text,
				   sizeof(text));
		if (ret)
			snprintf(error, error_size, "%s", text);
		if (ret == -EKEYEXPIRED) {
			expired = ret;
			ret = 0;
		}
	}
	if (ret) {
		ke_setup_free(loaded);
		return ret;
	}
	*setup = loaded;
	return expired;
}

bool ke_setup_serves(const struct ke_setup *setup, const struct certs *certs)
{
	size_t i;

	for (i = 0; i < setup->sections_count; i++)
		if (certs_same(setup->sections[i].certs, certs))
			return true;
	return false;
}

int ke_setup_open(struct ke_setup *setup, const struct config *config,
		  const struct ke_setup *old, char *error, size_t error_size)
{
	struct ipc_settings *settings = &setup->settings;
	size_t i;
	int ret;

	ret = listeners_open(&setup->listeners, config->handed,
			     old ? &old->listeners : NULL, error, error_size);
	if (ret)
		return ret;

	settings->type = IPC_SETTINGS;
	settings->listeners = (uint32_t)setup->listeners.count;
	settings->sections = (uint32_t)setup->sections_count;
	settings->descriptors = DESCRIPTORS_SPARE + settings->listeners;
	for (i = 0; i < setup->sections_count; i++) {
		struct ipc_section *ipc = &setup->sections[i].ipc;

		ipc->listeners = listeners_mask(&setup->listeners,
						&config->ke[i]);
		settings->descriptors +=
			ipc->connections_max *
			(uint32_t)__builtin_popcountll(ipc->listeners);
	}
	return 0;
}

void ke_setup_free(struct ke_setup *setup)
{
	size_t i;

	if (!setup)
		return;
	for (i = 0; i < setup->sections_count; i++) {
		certs_free(setup->sections[i].certs);
		free(setup->sections[i].server);
		free(setup->sections[i].names);
	}
	listeners_close(&setup->listeners);
	free(setup->sections);
	free(setup);
}

static int send_section(const struct ke_setup_section *section, int fd)
{
	struct ipc_section ipc = section->ipc;
	const struct iovec parts[] = {
		{ &ipc, sizeof(ipc) },
		{ section->certs->chain, section->certs->chain_size },
		{ section->certs->key, section->certs->key_size },
		{ section->server, section->ipc.server_size },
		{ section->names, section->ipc.names_size },
	};

	ipc.chain_size = (uint32_t)section->certs->chain_size;
	ipc.key_size = (uint32_t)section->certs->key_size;
	return ipc_send(fd, parts, sizeof(parts) / sizeof(parts[0]), -1);
}

int ke_setup_send(const struct ke_setup *setup, int fd, size_t n)
{
	const struct ipc_signal go = { IPC_GO };
	struct ipc_listener listener = { .type = IPC_LISTENER };
	const struct iovec part = { &listener, sizeof(listener) };

	if (n == 0)
		return ipc_send_one(fd, &setup->settings,
				    sizeof(setup->settings));
	n -= 1;
	if (n < setup->listeners.count) {
		listener.index = (uint32_t)n;
		return ipc_send(fd, &part, 1, setup->listeners.items[n].fd);
	}
	n -= setup->listeners.count;
	if (n < setup->sections_count)
		return send_section(&setup->sections[n], fd);
	if (n == setup->sections_count)
		return ipc_send_one(fd, &go, sizeof(go));
	return -ENODATA;
}

void ke_setup_renew(struct ke_setup *setup, size_t section, struct certs *certs)
{
	certs_free(setup->sections[section].certs);
	setup->sections[section].certs = certs;
}

int ke_setup_send_certs(const struct ke_setup *setup, int fd, size_t section)
{
	const struct certs *certs = setup->sections[section].certs;
	struct ipc_certs ipc = {
		.type = IPC_CERTS,
		.section = (uint32_t)section,
		.chain_size = (uint32_t)certs->chain_size,
		.key_size = (uint32_t)certs->key_size,
	};
	const struct iovec parts[] = {
		{ &ipc, sizeof(ipc) },
		{ certs->chain, certs->chain_size },
		{ certs->key, certs->key_size },
	};

	return ipc_send(fd, parts, sizeof(parts) / sizeof(parts[0]), -1);
}
