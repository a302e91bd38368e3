// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections keyset and clock.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "config_parse.h"
#include "config_sections.h"

#define KEY_STORAGE_PATH "/var/lib/knts/keys"
#define KEY_ROTATION_INTERVAL_S 86400
#define STALE_KEY_COUNT 7

#define CHRONYD_SOCKET "/run/chrony/chronyd.sock"
#define INTERVAL_MS 1000
#define LIFETIME_MS 60000
/* chronyd adds what it knows; others get RFC 5905's PHI for an unknown clock. */
#define CHRONYD_RATE_PPB 1000
#define OTHER_RATE_PPB 15000
#define LOCAL_STRATUM 10
#define LOCAL_REFERENCE_ID 0x7f7f0101
#define ROOT_DISPERSION_NS 1000000

/* What only some sources take; where it is given elsewhere it would be lost. */
static const struct {
	const char *option;
	unsigned int sources;
} only_for[] = {
	{ "socket", 1 << CLOCK_SOURCE_CHRONYD },
	{ "server", 1 << CLOCK_SOURCE_NTP },
	{ "stratum", 1 << CLOCK_SOURCE_ADJTIMEX | 1 << CLOCK_SOURCE_FIXED },
	{ "reference-id", 1 << CLOCK_SOURCE_ADJTIMEX | 1 << CLOCK_SOURCE_FIXED },
	{ "root-delay-ns", 1 << CLOCK_SOURCE_ADJTIMEX | 1 << CLOCK_SOURCE_FIXED },
	{ "root-dispersion-ns", 1 << CLOCK_SOURCE_FIXED },
};

static const char *const source_names[] = {
	[CLOCK_SOURCE_CHRONYD] = "chronyd",
	[CLOCK_SOURCE_NTP] = "ntp",
	[CLOCK_SOURCE_ADJTIMEX] = "adjtimex",
	[CLOCK_SOURCE_FIXED] = "fixed",
};

/* The section, NULL if there is none; -1 if there is more than one. */
static int only_section(cfg_t *cfg, const char *name, cfg_t **section)
{
	cfg_opt_t *sections = cfg_getopt(cfg, name);

	*section = NULL;
	if (cfg_opt_size(sections) > 1)
		return config_fail_section(sections, 1,
					   "section '%s' is there twice, first in line %u; there can be one",
					   name,
					   config_section_line(sections, 0));
	if (cfg_opt_size(sections))
		*section = cfg_opt_getnsec(sections, 0);
	return 0;
}

int config_keyset(cfg_t *cfg, struct config *config)
{
	struct config_keys *keys = &config->keys;
	const char *path = KEY_STORAGE_PATH;
	cfg_t *section;

	if (only_section(cfg, "keyset", &section))
		return -1;
	keys->rotation_interval_s = KEY_ROTATION_INTERVAL_S;
	keys->stale_key_count = STALE_KEY_COUNT;
	if (section) {
		keys->rotation_interval_s =
			cfg_getint(section, "key-rotation-interval");
		keys->stale_key_count = cfg_getint(section, "stale-key-count");
		if (cfg_size(section, "key-storage-path"))
			path = cfg_getstr(section, "key-storage-path");
	}
	if (!*path)
		return 0;
	keys->storage_path = strdup(path);
	return keys->storage_path ? 0 : -1;
}

static bool given(cfg_t *section, const char *option)
{
	return section && cfg_size(section, option);
}

static long number(cfg_t *section, const char *option, long otherwise)
{
	return given(section, option) ? cfg_getint(section, option) : otherwise;
}

static bool is_loopback(const struct sockaddr_in6 *sin6)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)sin6;

	if (sin6->sin6_family == AF_INET)
		return ntohl(sin->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr);
}

/* Would knts itself answer what is asked there? */
static bool is_ours(const struct config *config,
		    const struct sockaddr_in6 *sin6)
{
	uint8_t len = sin6->sin6_family == AF_INET ? 4 : 16;
	const void *address = len == 4 ?
		(const void *)&((const struct sockaddr_in *)sin6)->sin_addr :
		(const void *)&sin6->sin6_addr;
	static const uint8_t any[16];
	size_t i;

	for (i = 0; i < config->ntp_servers_count; i++) {
		const struct knts_server *server = &config->ntp_servers[i];

		if (server->address_len == len &&
		    server->port == ntohs(sin6->sin6_port) &&
		    !server->device[0] &&
		    (!memcmp(server->address, any, len) ||
		     !memcmp(server->address, address, len)))
			return true;
	}
	return false;
}

static int ntp_source(struct config *config, cfg_t *cfg, cfg_t *section)
{
	const struct config_listen *server;
	cfg_opt_t *opt;

	opt = cfg_getopt(section, "server");
	if (!cfg_opt_size(opt))
		return config_fail_section(cfg_getopt(cfg, "clock"), 0,
					   "section 'clock' with source ntp has no server; it must be the NTP daemon's loopback address and port, such as 127.0.0.1:11123");
	server = cfg_opt_getnptr(opt, 0);
	config->clock.server = server->address;
	if (!server->has_port)
		config->clock.server.sin6_port = htons(123);
	if (!is_loopback(&server->address))
		return config_fail_value(opt, 0,
					 "option 'server' is not a loopback address; it must be one, since the daemon must discipline this machine's clock");
	if (is_ours(config, &config->clock.server))
		return config_fail_value(opt, 0,
					 "option 'server' is an address that knts answers itself; it must be another daemon's port");
	return 0;
}

static int check_sources(const struct config_clock *clock, cfg_t *section)
{
	size_t i;

	for (i = 0; i < sizeof(only_for) / sizeof(only_for[0]); i++) {
		const char *option = only_for[i].option;

		if (given(section, option) &&
		    !(only_for[i].sources & 1 << clock->source))
			return config_fail_value(cfg_getopt(section, option), 0,
						 "option '%s' means nothing with source %s; it must go",
						 option,
						 source_names[clock->source]);
	}
	if (given(section, "reference-id") && clock->stratum > 1 &&
	    !(clock->reference_id & 0xff))
		return config_fail_value(cfg_getopt(section, "reference-id"), 0,
					 "option 'reference-id' is a name; at stratum %u it must be an IPv4 address, names are for stratum 1",
					 clock->stratum);
	if (clock->lifetime_ms < 2 * clock->interval_ms)
		return config_fail_value(cfg_getopt(section,
						    given(section, "lifetime-ms") ?
						    "lifetime-ms" : "interval-ms"), 0,
					 "option 'lifetime-ms' is %u; it must be at least twice interval-ms, which is %u",
					 clock->lifetime_ms, clock->interval_ms);
	return 0;
}

int config_clock(cfg_t *cfg, struct config *config)
{
	struct config_clock *clock = &config->clock;
	const char *socket = CHRONYD_SOCKET;
	cfg_t *section;

	if (only_section(cfg, "clock", &section))
		return -1;
	clock->source = number(section, "source", CLOCK_SOURCE_CHRONYD);
	clock->interval_ms = number(section, "interval-ms", INTERVAL_MS);
	clock->lifetime_ms = number(section, "lifetime-ms", LIFETIME_MS);
	clock->dispersion_rate_ppb =
		number(section, "dispersion-rate-ppb",
		       clock->source == CLOCK_SOURCE_CHRONYD ?
		       CHRONYD_RATE_PPB : OTHER_RATE_PPB);
	clock->stratum = number(section, "stratum", LOCAL_STRATUM);
	clock->reference_id = number(section, "reference-id",
				     clock->stratum > 1 ? LOCAL_REFERENCE_ID :
				     0x4c4f434c);
	clock->root_delay_ns = number(section, "root-delay-ns", 0);
	clock->root_dispersion_ns = number(section, "root-dispersion-ns",
					   ROOT_DISPERSION_NS);
	clock->precision = number(section, "precision", 1);
	if (given(section, "socket"))
		socket = cfg_getstr(section, "socket");
	clock->socket = strdup(socket);
	if (!clock->socket)
		return -1;
	if (section && check_sources(clock, section))
		return -1;
	if (clock->source == CLOCK_SOURCE_NTP)
		return ntp_source(config, cfg, section);
	return 0;
}
