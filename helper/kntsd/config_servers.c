// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections ntp-server and nts-ke-server.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_parse.h"
#include "config_sections.h"

#define NTP_PORT 123
#define KE_PORT 4460
#define AEADS_MAX 8

static const uint16_t default_aeads[] = { 15, 16, 17, 30, 31 };

static void set_endpoint(struct knts_server *server,
			 const struct config_listen *listen)
{
	const struct sockaddr_in6 *sin6 = &listen->address;
	const struct sockaddr_in *sin = (const struct sockaddr_in *)sin6;

	memset(server, 0, sizeof(*server));
	if (sin6->sin6_family == AF_INET) {
		server->address_len = 4;
		memcpy(server->address, &sin->sin_addr, 4);
		server->port = ntohs(sin->sin_port);
	} else {
		server->address_len = 16;
		memcpy(server->address, &sin6->sin6_addr, 16);
		server->port = ntohs(sin6->sin6_port);
	}
	if (!listen->has_port)
		server->port = NTP_PORT;
}

static bool same_endpoint(const struct knts_server *a,
			  const struct knts_server *b)
{
	return a->address_len == b->address_len && a->port == b->port &&
	       !memcmp(a->address, b->address, a->address_len) &&
	       !strcmp(a->device, b->device);
}

static int add_server(struct config *config, const struct knts_server *server,
		      cfg_opt_t *listen, size_t index)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	struct knts_server *servers;
	size_t i;

	knts_server_format(server, text, sizeof(text));
	for (i = 0; i < config->ntp_servers_count; i++) {
		if (same_endpoint(&config->ntp_servers[i], server))
			return config_fail_value(listen, index,
						 "option 'listen' has %s twice; each address and port must be there once",
						 text);
	}
	if (config->ntp_servers_count == KNTS_SERVERS_MAX)
		return config_fail_value(listen, index,
					 "option 'listen' has %s as one too many; the kernel holds %u servers",
					 text, KNTS_SERVERS_MAX);
	servers = reallocarray(config->ntp_servers,
			       config->ntp_servers_count + 1, sizeof(*servers));
	if (!servers)
		return -1;
	config->ntp_servers = servers;
	servers[config->ntp_servers_count++] = *server;
	return 0;
}

static int add_any(struct config *config, cfg_t *section, cfg_opt_t *sections,
		   size_t index)
{
	static const uint8_t lengths[] = { 4, 16 };
	struct knts_server server;
	const char *device = NULL;
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(&server, 0, sizeof(server));
		server.address_len = lengths[i];
		server.port = NTP_PORT;
		if (section) {
			device = cfg_getstr(section, "device");
			server.require_nts = cfg_getint(section, "require-nts");
			server.serve_own_port = cfg_getbool(section,
							    "serve-own-port");
		}
		if (device)
			strncpy(server.device, device, IFNAMSIZ - 1);
		if (add_server(config, &server, sections, index))
			return -1;
	}
	return 0;
}

static int ntp_section(struct config *config, cfg_t *section,
		       cfg_opt_t *sections, size_t index)
{
	cfg_opt_t *listen = cfg_getopt(section, "listen");
	const char *device = cfg_getstr(section, "device");
	struct knts_server server;
	size_t i;

	if (!cfg_opt_size(listen))
		return add_any(config, section, sections, index);
	for (i = 0; i < cfg_opt_size(listen); i++) {
		const struct config_listen *from = cfg_opt_getnptr(listen, i);

		if (from->address.sin6_family == AF_INET6 &&
		    from->address.sin6_scope_id)
			return config_fail_value(listen, i,
						 "option 'listen' has a zone; the device is named by option 'device'");
		set_endpoint(&server, from);
		if (device)
			strncpy(server.device, device, IFNAMSIZ - 1);
		server.require_nts = cfg_getint(section, "require-nts");
		server.serve_own_port = cfg_getbool(section, "serve-own-port");
		if (add_server(config, &server, listen, i))
			return -1;
	}
	return 0;
}

int config_ntp_servers(cfg_t *cfg, struct config *config)
{
	cfg_opt_t *sections = cfg_getopt(cfg, "ntp-server");
	size_t i;

	if (!cfg_opt_size(sections))
		return add_any(config, NULL, sections, 0);
	for (i = 0; i < cfg_opt_size(sections); i++) {
		if (ntp_section(config, cfg_opt_getnsec(sections, i), sections,
				i))
			return -1;
	}
	return 0;
}

/* Every address of both families: all zeros but for these. */
static void ke_listen_any(struct config_ke *ke)
{
	ke->listen[0].sin6_family = AF_INET;
	ke->listen[0].sin6_port = htons(KE_PORT);
	ke->listen[1].sin6_family = AF_INET6;
	ke->listen[1].sin6_port = htons(KE_PORT);
}

/* The port stands at the same place in both families. */
static int ke_listen(struct config_ke *ke, cfg_opt_t *listen)
{
	size_t count = cfg_opt_size(listen);
	size_t i, j;

	ke->listen_count = count ? count : 2;
	ke->listen_default = !count;
	ke->listen = calloc(ke->listen_count, sizeof(*ke->listen));
	if (!ke->listen)
		return -1;
	if (!count)
		ke_listen_any(ke);
	for (i = 0; i < count; i++) {
		const struct config_listen *from = cfg_opt_getnptr(listen, i);

		ke->listen[i] = from->address;
		if (!from->has_port)
			ke->listen[i].sin6_port = htons(KE_PORT);
		for (j = 0; j < i; j++) {
			if (!memcmp(&ke->listen[i], &ke->listen[j],
				    sizeof(ke->listen[i])))
				return config_fail_value(listen, i,
							 "option 'listen' has the same address twice; each address and port must be there once");
		}
	}
	return 0;
}

static int ke_names(struct config_ke *ke, cfg_opt_t *names)
{
	size_t count = cfg_opt_size(names);

	if (!count)
		return 0;
	ke->names = calloc(count, sizeof(*ke->names));
	if (!ke->names)
		return -1;
	while (ke->names_count < count) {
		ke->names[ke->names_count] =
			strdup(cfg_opt_getnstr(names, ke->names_count));
		if (!ke->names[ke->names_count])
			return -1;
		ke->names_count++;
	}
	return 0;
}

static int ke_aeads(struct config_ke *ke, cfg_opt_t *aeads)
{
	size_t count = cfg_opt_size(aeads);
	bool mandatory = false;
	size_t i, j;

	if (!count) {
		memcpy(ke->aeads, default_aeads, sizeof(default_aeads));
		ke->aeads_count = sizeof(default_aeads) / sizeof(*default_aeads);
		return 0;
	}
	for (i = 0; i < count; i++) {
		uint16_t aead = cfg_opt_getnint(aeads, i);

		for (j = 0; j < i; j++) {
			if (ke->aeads[j] == aead)
				return config_fail_value(aeads, i,
							 "option 'aeads' has %u twice; each AEAD must be there once",
							 aead);
		}
		mandatory |= aead == 15;
		ke->aeads[ke->aeads_count++] = aead;
	}
	if (!mandatory)
		return config_fail_value(aeads, 0,
					 "option 'aeads' lacks 15, AES-SIV-CMAC-256, which each server must offer");
	return 0;
}

static int copy_string(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -1 : 0;
}

static int ke_section(struct config_ke *ke, cfg_t *section, cfg_opt_t *sections,
		      size_t index)
{
	const char *chain = cfg_getstr(section, "certificate-chain-path");
	const char *key = cfg_getstr(section, "private-key-path");

	if (!chain || !key)
		return config_fail_section(sections, index,
					   "section 'nts-ke-server' has no %s; it must name a PEM file",
					   chain ? "private-key-path" :
					   "certificate-chain-path");
	ke->line = config_section_line(sections, index);
	ke->key_exchange_timeout_ms =
		cfg_getint(section, "key-exchange-timeout-ms");
	ke->concurrent_connections =
		cfg_getint(section, "concurrent-connections");
	ke->ntp_port = cfg_getint(section, "ntp-port");
	if (copy_string(&ke->certificate_chain_path, chain) ||
	    copy_string(&ke->private_key_path, key) ||
	    copy_string(&ke->ntp_server, cfg_getstr(section, "ntp-server")))
		return -1;
	if (ke_listen(ke, cfg_getopt(section, "listen")) ||
	    ke_names(ke, cfg_getopt(section, "names")))
		return -1;
	return ke_aeads(ke, cfg_getopt(section, "aeads"));
}

int config_ke_servers(cfg_t *cfg, struct config *config)
{
	cfg_opt_t *sections = cfg_getopt(cfg, "nts-ke-server");
	size_t count = cfg_opt_size(sections);
	size_t i;

	if (!count)
		return 0;
	config->ke = calloc(count, sizeof(*config->ke));
	if (!config->ke)
		return -1;
	config->ke_count = count;
	for (i = 0; i < count; i++) {
		if (ke_section(&config->ke[i], cfg_opt_getnsec(sections, i),
			       sections, i))
			return -1;
	}
	return 0;
}
