// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One check per kind of value. Each gets the text as it stands in the file.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include <event2/util.h>

#include "config_parse.h"
#include "core/cookie.h"
#include "phc_reader.h"

static const struct range {
	const char *option;
	long min;
	long max;
	const char *unit;
} ranges[] = {
	{ "key-exchange-timeout-ms", 100, 600000, " milliseconds" },
	{ "concurrent-connections", 1, 100000, "" },
	{ "ntp-port", 1, 65535, "" },
	{ "stale-key-count", 0, KNTS_KEYS_MAX - 2, "" },
	{ "key-rotation-interval", 0, 366 * 86400, " seconds, 0 for never" },
	{ "interval-ms", 100, 64000, " milliseconds" },
	{ "lifetime-ms", 1000, 86400000, " milliseconds" },
	{ "dispersion-rate-ppb", 0, 1000000, "" },
	{ "stratum", 1, 15, "" },
	{ "root-delay-ns", 0, 16000000000, " nanoseconds" },
	{ "root-dispersion-ns", 0, 16000000000, " nanoseconds" },
	{ "precision", -32, 0, ", log2 of seconds" },
	{ "rx-correction-ns", -1000000, 1000000, " nanoseconds" },
	{ "tx-correction-ns", -1000000, 1000000, " nanoseconds" },
	{ "delay-max-ns", 1, KNTS_DELAY_LIMIT_NS, " nanoseconds" },
	{ "sample-interval-ms", 10, 10000, " milliseconds" },
	{ "readings", 1, PHC_READINGS_MAX, "" },
	{ "samples-min", PHC_SAMPLES_MIN, PHC_SAMPLES_MAX, "" },
	{ "samples-max", PHC_SAMPLES_MIN, PHC_SAMPLES_MAX, "" },
	{ "line-lifetime-ms", 100, KNTS_LINE_LIFETIME_MAX_MS, " milliseconds" },
	{ "interleaved-pairs", 0, KNTS_INTERLEAVE_PAIRS_MAX, ", 0 for no interleaved mode" },
	{ "client-table-size", 0, KNTS_CLIENTS_MAX, ", 0 for no table" },
	{ "workers", 0, 64, ", 0 for one per CPU" },
};

/* AEADs go by their number and by their name. */
static const struct choice {
	const char *option;
	const char *value;
	int number;
} choices[] = {
	{ "require-nts", "false", KNTS_REQUIRE_NTS_FALSE },
	{ "require-nts", "ignore", KNTS_REQUIRE_NTS_IGNORE },
	{ "require-nts", "deny", KNTS_REQUIRE_NTS_DENY },
	{ "aeads", "15", KNTS_AEAD_AES_SIV_CMAC_256 },
	{ "aeads", "16", KNTS_AEAD_AES_SIV_CMAC_384 },
	{ "aeads", "17", KNTS_AEAD_AES_SIV_CMAC_512 },
	{ "aeads", "30", KNTS_AEAD_AES_128_GCM_SIV },
	{ "aeads", "31", KNTS_AEAD_AES_256_GCM_SIV },
	{ "aeads", "AES-SIV-CMAC-256", KNTS_AEAD_AES_SIV_CMAC_256 },
	{ "aeads", "AES-SIV-CMAC-384", KNTS_AEAD_AES_SIV_CMAC_384 },
	{ "aeads", "AES-SIV-CMAC-512", KNTS_AEAD_AES_SIV_CMAC_512 },
	{ "aeads", "AES-128-GCM-SIV", KNTS_AEAD_AES_128_GCM_SIV },
	{ "aeads", "AES-256-GCM-SIV", KNTS_AEAD_AES_256_GCM_SIV },
	{ "source", "chronyd", CLOCK_SOURCE_CHRONYD },
	{ "source", "ntp", CLOCK_SOURCE_NTP },
	{ "source", "adjtimex", CLOCK_SOURCE_ADJTIMEX },
	{ "source", "fixed", CLOCK_SOURCE_FIXED },
	{ "rx-filter", "ntp", CONFIG_RX_FILTER_NTP },
	{ "rx-filter", "all", CONFIG_RX_FILTER_ALL },
	{ "rx-filter", "ptp", CONFIG_RX_FILTER_PTP },
	{ "rx-filter", "none", CONFIG_RX_FILTER_NONE },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int bad(cfg_t *cfg, const cfg_opt_t *opt, const char *value,
	       const char *right)
{
	return config_fail(cfg, *value ? opt->name : NULL,
			   *value ? value : opt->name,
			   "option '%s' is '%s'; it must be %s", opt->name,
			   value, right);
}

int config_value_number(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result)
{
	const struct range *range = ranges;
	char right[128];
	char *end;
	long number;

	while (strcmp(range->option, opt->name))
		range++;
	errno = 0;
	number = strtol(value, &end, 10);
	if (errno || end == value || *end || isspace((unsigned char)*value) ||
	    number < range->min || number > range->max) {
		snprintf(right, sizeof(right), "a number from %ld to %ld%s",
			 range->min, range->max, range->unit);
		return bad(cfg, opt, value, right);
	}
	*(long *)result = number;
	return config_note_value(cfg, opt, value);
}

int config_value_bool(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result)
{
	int truth = cfg_parse_boolean(value);

	if (truth < 0)
		return bad(cfg, opt, value, "true or false");
	*(cfg_bool_t *)result = truth ? cfg_true : cfg_false;
	return config_note_value(cfg, opt, value);
}

int config_value_choice(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result)
{
	char right[256] = "one of";
	size_t i;

	for (i = 0; i < COUNT(choices); i++) {
		if (strcmp(choices[i].option, opt->name))
			continue;
		if (!strcmp(choices[i].value, value)) {
			*(long *)result = choices[i].number;
			return config_note_value(cfg, opt, value);
		}
		snprintf(right + strlen(right), sizeof(right) - strlen(right),
			 "%s %s", right[6] ? "," : "", choices[i].value);
	}
	return bad(cfg, opt, value, right);
}

/* evutil takes "1.2.3.4:5x" and ":0"; we don't. */
static bool port_ok(const char *value, bool *has_port)
{
	const char *colon = strrchr(value, ':');
	const char *bracket = strchr(value, ']');
	size_t len;

	*has_port = colon && (bracket ? colon > bracket :
			      strchr(value, ':') == colon);
	if (!*has_port)
		return true;
	len = strlen(colon + 1);
	return len >= 1 && len <= 5 && strspn(colon + 1, "0123456789") == len &&
	       colon[1] != '0';
}

int config_value_listen(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result)
{
	struct config_listen *listen = calloc(1, sizeof(*listen));
	int len = sizeof(listen->address);

	if (!listen)
		return config_fail(cfg, NULL, value, "out of memory");
	if (!port_ok(value, &listen->has_port) ||
	    evutil_parse_sockaddr_port(value, (struct sockaddr *)
				       &listen->address, &len)) {
		bad(cfg, opt, value,
		    "an address with a port from 1 to 65535, such as 192.0.2.1:123 or [2001:db8::1]:123");
		goto err_free;
	}
	if (config_note_value(cfg, opt, value))
		goto err_free;
	*(void **)result = listen;
	return 0;

err_free:
	free(listen);
	return -1;
}

int config_value_path(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result)
{
	struct sockaddr_un sun;

	if (!*value && !strcmp(opt->name, "key-storage-path"))
		goto good;
	if (value[0] != '/')
		return bad(cfg, opt, value, "an absolute path, beginning with '/'");
	if ((!strcmp(opt->name, "control-path") ||
	     !strcmp(opt->name, "socket")) &&
	    strlen(value) >= sizeof(sun.sun_path))
		return bad(cfg, opt, value, "at most 107 octets long");
	if (strlen(value) > 4000)
		return bad(cfg, opt, value, "at most 4000 octets long");
good:
	*(const char **)result = value;
	return config_note_value(cfg, opt, value);
}

static bool is_host_name(const char *name)
{
	size_t len = strlen(name);
	size_t label = 0;
	size_t i;

	if (!len || len > 253)
		return false;
	for (i = 0; i < len; i++) {
		if (name[i] == '.') {
			if (!label || name[i - 1] == '-')
				return false;
			label = 0;
			continue;
		}
		if (!isascii(name[i]) ||
		    (!isalnum((unsigned char)name[i]) && name[i] != '-'))
			return false;
		if ((name[i] == '-' && !label) || ++label > 63)
			return false;
	}
	return name[len - 1] != '-';
}

int config_value_host(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result)
{
	uint8_t address[16];

	if (inet_pton(AF_INET, value, address) != 1 &&
	    inet_pton(AF_INET6, value, address) != 1 && !is_host_name(value))
		return bad(cfg, opt, value,
			   "a DNS name in ASCII or an IP address without zone");
	*(const char **)result = value;
	return config_note_value(cfg, opt, value);
}

bool config_is_device(const char *name)
{
	return *name && strlen(name) < IFNAMSIZ && !strpbrk(name, "/ \t\n");
}

int config_value_device(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result)
{
	if (!config_is_device(value))
		return bad(cfg, opt, value,
			   "the name of a network device, 1 to 15 octets");
	*(const char **)result = value;
	return config_note_value(cfg, opt, value);
}

int config_value_user(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result)
{
	if (!getpwnam(value))
		return bad(cfg, opt, value, "a user of this machine");
	*(const char **)result = value;
	return config_note_value(cfg, opt, value);
}

/* An IPv4 address, or up to four letters as stratum 1 has (RFC 5905, 7.3). */
int config_value_reference_id(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			      void *result)
{
	uint8_t octets[4] = { 0 };
	size_t len = strlen(value);
	size_t i;

	if (inet_pton(AF_INET, value, octets) != 1) {
		for (i = 0; i < len && isgraph((unsigned char)value[i]); i++)
			;
		if (!len || len > sizeof(octets) || i < len)
			return bad(cfg, opt, value,
				   "1 to 4 ASCII characters such as PPS, or an IPv4 address");
		memcpy(octets, value, len);
	}
	*(long *)result = (long)octets[0] << 24 | octets[1] << 16 |
			  octets[2] << 8 | octets[3];
	return config_note_value(cfg, opt, value);
}
