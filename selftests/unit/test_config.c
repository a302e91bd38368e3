// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsd.conf: what each option becomes, and that each mistake gets its one
 * sentence, at its place.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "kntsd/config.h"
#include "unit.h"

#define KE "nts-ke-server { certificate-chain-path = /c private-key-path = /k "
#define NOT_A_NUMBER(option, value, right) \
	"option '" option "' is '" value "'; it must be a number from " right

static char path[] = "/tmp/knts-config-XXXXXX";

static int load(const char *text, struct config **config, char *error)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	*config = NULL;
	error[0] = '\0';
	return config_load(path, config, error, 512);
}

static struct config *good(const char *text)
{
	struct config *config;
	char error[512];
	int err;

	err = load(text, &config, error);
	assert_string_equal(error, "");
	assert_int_equal(err, 0);
	return config;
}

static const struct mistake {
	const char *text;
	const char *sentence;
} mistakes[] = {
	/* Words that are no options, and grammar. */
	{ "workerz = 3\n",
	  "1:1: unknown option 'workerz'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, workers, worker-user, control-path" },
	{ "workers = 1\nntp-server {\n  listn = \"0.0.0.0:123\"\n}\n",
	  "3:3: unknown option 'listn' in section 'ntp-server'; known here are listen, device, require-nts, serve-own-port" },
	{ "workers 3\n", "1:1: option 'workers' has no '=' after it" },
	{ "\nclock source = ntp\n", "2:1: section 'clock' has no '{' after it" },
	{ "workers = 1\n }\n",
	  "2:2: a '}' closes a section that was not opened" },
	{ "workers = {1}\n",
	  "1:11: '{' cannot stand here: a name or a value should" },
	{ "= 1\n", "1:1: '=' cannot stand here: a name or a value should" },
	{ "workers += 1\n",
	  "1:1: option 'workers' is not a list: write '=', not '+='" },
	{ "keyset {\n stale-key-count = 3\n",
	  "2:21: section 'keyset' has no closing '}' before the end of the file" },
	{ "control-path = \"/run/x\nworkers = 1\n",
	  "2:12: the file ends within a string, a list or an assignment: close or complete it" },
	{ "control-path = '/run/x\n",
	  "1:23: the file ends within a string, a list or an assignment: close or complete it" },
	{ "workers = 1 /* why\n",
	  "1:13: the comment that begins here has no '*/'" },
	/* Comments of each kind, before and beside: lines are counted once. */
	{ "# a\n// b\n/* c\n   d */ workers = 1 # e\nworker = 2\n",
	  "5:1: unknown option 'worker'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, workers, worker-user, control-path" },
	{ "#\n\nkeyset { # '\n# \"\n stale-key-count = /* 3 */ 15\n}\n",
	  "5:28: " NOT_A_NUMBER("stale-key-count", "15", "0 to 14") },
	{ "control-path = \"/a # b /* c\"\nworkers = '# 1'\n",
	  "2:12: " NOT_A_NUMBER("workers", "# 1", "0 to 64, 0 for one per CPU") },
	{ "control-path = /a//b/*c\nworkers = 65\n",
	  "1:23: unknown option 'c'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, workers, worker-user, control-path" },
	{ "control-path = \"/a\\999\"\n",
	  "1:19: '\\999' is no escape sequence; a backslash itself is written \\\\" },
	{ "workers = 1\nworkers = 2\n",
	  "2:1: option 'workers' is given twice, first in line 1; one of the two must go" },
	{ "ntp-server { listen = 127.0.0.1:1\n listen = 127.0.0.1:2 }\n",
	  "2:2: option 'listen' is given twice, first in line 1; one of the two must go" },
	{ "clock { source = fixed }\n\n  clock { source = ntp }\n",
	  "3:3: section 'clock' is there twice, first in line 1; there can be one" },
	/* Values of a wrong type or out of range. */
	{ "workers = many\n",
	  "1:11: " NOT_A_NUMBER("workers", "many", "0 to 64, 0 for one per CPU") },
	{ "workers = 65\n",
	  "1:11: " NOT_A_NUMBER("workers", "65", "0 to 64, 0 for one per CPU") },
	{ "workers = -1\n",
	  "1:11: " NOT_A_NUMBER("workers", "-1", "0 to 64, 0 for one per CPU") },
	{ "workers = 4x\n",
	  "1:11: " NOT_A_NUMBER("workers", "4x", "0 to 64, 0 for one per CPU") },
	{ "workers = \"\"\n",
	  "1:1: " NOT_A_NUMBER("workers", "", "0 to 64, 0 for one per CPU") },
	{ "workers = 99999999999999999999\n",
	  "1:11: " NOT_A_NUMBER("workers", "99999999999999999999",
				"0 to 64, 0 for one per CPU") },
	{ "worker-user = nobody-of-that-name\n",
	  "1:15: option 'worker-user' is 'nobody-of-that-name'; it must be a user of this machine" },
	{ "control-path = run/control\n",
	  "1:16: option 'control-path' is 'run/control'; it must be an absolute path, beginning with '/'" },
	{ "control-path = /0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678\n",
	  "1:16: option 'control-path' is '/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678'; it must be at most 107 octets long" },
	/* ntp-server. */
	{ "ntp-server { listen = 192.0.2.300:123 }\n",
	  "1:23: option 'listen' is '192.0.2.300:123'; it must be an address with a port from 1 to 65535, such as 192.0.2.1:123 or [2001:db8::1]:123" },
	{ "ntp-server {\n\tlisten = { \"192.0.2.1:123\",\n\t\t\"192.0.2.1:0\" } }\n",
	  "3:4: option 'listen' is '192.0.2.1:0'; it must be an address with a port from 1 to 65535, such as 192.0.2.1:123 or [2001:db8::1]:123" },
	{ "ntp-server { listen = 192.0.2.1:12x }\n",
	  "1:23: option 'listen' is '192.0.2.1:12x'; it must be an address with a port from 1 to 65535, such as 192.0.2.1:123 or [2001:db8::1]:123" },
	{ "ntp-server { listen = time.example:123 }\n",
	  "1:23: option 'listen' is 'time.example:123'; it must be an address with a port from 1 to 65535, such as 192.0.2.1:123 or [2001:db8::1]:123" },
	{ "ntp-server { listen = \"[fe80::1%lo]:123\" }\n",
	  "1:24: option 'listen' has a zone; the device is named by option 'device'" },
	{ "ntp-server { listen = {127.0.0.1:123, 127.0.0.1:123} }\n",
	  "1:39: option 'listen' has 127.0.0.1:123 twice; each address and port must be there once" },
	{ "ntp-server { listen = 127.0.0.1:123 }\nntp-server { listen = 127.0.0.1 }\n",
	  "2:23: option 'listen' has 127.0.0.1:123 twice; each address and port must be there once" },
	{ "ntp-server {\n}\nntp-server {\n}\n",
	  "3:1: option 'listen' has 0.0.0.0:123 twice; each address and port must be there once" },
	{ "ntp-server { device = sixteen-letters- }\n",
	  "1:23: option 'device' is 'sixteen-letters-'; it must be the name of a network device, 1 to 15 octets" },
	{ "ntp-server { require-nts = yes }\n",
	  "1:28: option 'require-nts' is 'yes'; it must be one of false, ignore, deny" },
	{ "ntp-server { serve-own-port = 7 }\n",
	  "1:31: option 'serve-own-port' is '7'; it must be true or false" },
	/* nts-ke-server. */
	{ "nts-ke-server {\n private-key-path = /k\n}\n",
	  "1:1: section 'nts-ke-server' has no certificate-chain-path; it must name a PEM file" },
	{ KE "}\n\n" "nts-ke-server { certificate-chain-path = /c }\n",
	  "3:1: section 'nts-ke-server' has no private-key-path; it must name a PEM file" },
	{ "nts-ke-server { certificate-chain-path = c.pem }\n",
	  "1:42: option 'certificate-chain-path' is 'c.pem'; it must be an absolute path, beginning with '/'" },
	{ "nts-ke-server { private-key-path = \"\" }\n",
	  "1:17: option 'private-key-path' is ''; it must be an absolute path, beginning with '/'" },
	{ KE "\n key-exchange-timeout-ms = 99 }",
	  "2:28: " NOT_A_NUMBER("key-exchange-timeout-ms", "99",
				"100 to 600000 milliseconds") },
	{ KE "\n concurrent-connections = 0 }",
	  "2:27: " NOT_A_NUMBER("concurrent-connections", "0", "1 to 100000") },
	{ KE "\n ntp-server = \"fe80::1%eth0\" }",
	  "2:16: option 'ntp-server' is 'fe80::1%eth0'; it must be a DNS name in ASCII or an IP address without zone" },
	{ KE "\n ntp-server = \"n\xc3\xa4h.example\" }",
	  "2:16: option 'ntp-server' is 'n\xc3\xa4h.example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ KE "\n ntp-server = \"a..example\" }",
	  "2:16: option 'ntp-server' is 'a..example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ KE "\n ntp-port = 65536 }",
	  "2:13: " NOT_A_NUMBER("ntp-port", "65536", "1 to 65535") },
	{ KE "\n aeads = {15, 18} }",
	  "2:15: option 'aeads' is '18'; it must be one of 15, 16, 17, 30, 31, AES-SIV-CMAC-256, AES-SIV-CMAC-384, AES-SIV-CMAC-512, AES-128-GCM-SIV, AES-256-GCM-SIV" },
	{ KE "\n aeads = {15, 16, 15} }",
	  "2:19: option 'aeads' has 15 twice; each AEAD must be there once" },
	{ KE "\n aeads = {15, 30, AES-128-GCM-SIV} }",
	  "2:19: option 'aeads' has 30 twice; each AEAD must be there once" },
	{ KE "\n aeads = {16, 17} }",
	  "2:11: option 'aeads' lacks 15, AES-SIV-CMAC-256, which each server must offer" },
	{ KE "\n names = {ok.example, -bad.example} }",
	  "2:23: option 'names' is '-bad.example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ KE "\n listen = {127.0.0.1:4460, 127.0.0.1} }",
	  "2:28: option 'listen' has the same address twice; each address and port must be there once" },
	/* keyset. */
	{ "keyset { stale-key-count = 15 }\n",
	  "1:28: " NOT_A_NUMBER("stale-key-count", "15", "0 to 14") },
	{ "keyset { key-rotation-interval = 1h }\n",
	  "1:34: " NOT_A_NUMBER("key-rotation-interval", "1h",
				"0 to 31622400 seconds, 0 for never") },
	{ "keyset { key-storage-path = keys }\n",
	  "1:29: option 'key-storage-path' is 'keys'; it must be an absolute path, beginning with '/'" },
	/* clock. */
	{ "clock { source = gps }\n",
	  "1:18: option 'source' is 'gps'; it must be one of chronyd, ntp, adjtimex, fixed" },
	{ "clock { source = fixed socket = /s }\n",
	  "1:33: option 'socket' means nothing with source fixed; it must go" },
	{ "clock { stratum = 1 }\n",
	  "1:19: option 'stratum' means nothing with source chronyd; it must go" },
	{ "clock { source = fixed stratum = 16 }\n",
	  "1:34: " NOT_A_NUMBER("stratum", "16", "1 to 15") },
	{ "clock { source = fixed reference-id = LOUDER }\n",
	  "1:39: option 'reference-id' is 'LOUDER'; it must be 1 to 4 ASCII characters such as PPS, or an IPv4 address" },
	{ "clock { source = fixed stratum = 2 reference-id = PPS }\n",
	  "1:51: option 'reference-id' is a name; at stratum 2 it must be an IPv4 address, names are for stratum 1" },
	{ "clock { interval-ms = 5000 lifetime-ms = 9999 }\n",
	  "1:42: option 'lifetime-ms' is 9999; it must be at least twice interval-ms, which is 5000" },
	{ "clock { interval-ms = 40000 }\n",
	  "1:23: option 'lifetime-ms' is 60000; it must be at least twice interval-ms, which is 40000" },
	{ "clock { lifetime-ms = 999 }\n",
	  "1:23: " NOT_A_NUMBER("lifetime-ms", "999",
				"1000 to 86400000 milliseconds") },
	{ "clock { dispersion-rate-ppb = 1000001 }\n",
	  "1:31: " NOT_A_NUMBER("dispersion-rate-ppb", "1000001",
				"0 to 1000000") },
	{ "clock { precision = -33 }\n",
	  "1:21: " NOT_A_NUMBER("precision", "-33", "-32 to 0, log2 of seconds") },
	{ "clock { source = fixed root-delay-ns = -1 }\n",
	  "1:40: " NOT_A_NUMBER("root-delay-ns", "-1",
				"0 to 16000000000 nanoseconds") },
	{ "clock { source = fixed root-dispersion-ns = 16000000001 }\n",
	  "1:45: " NOT_A_NUMBER("root-dispersion-ns", "16000000001",
				"0 to 16000000000 nanoseconds") },
	{ "clock {\n source = ntp\n}\n",
	  "1:1: section 'clock' with source ntp has no server; it must be the NTP daemon's loopback address and port, such as 127.0.0.1:11123" },
	{ "clock { source = ntp server = 192.0.2.1:123 }\n",
	  "1:31: option 'server' is not a loopback address; it must be one, since the daemon must discipline this machine's clock" },
	{ "clock { source = ntp server = 127.0.0.1:123 }\n",
	  "1:31: option 'server' is an address that knts answers itself; it must be another daemon's port" },
	/* hardware-timestamps, and what belongs to it. */
	{ "hardware-timestamps { rx-filter = all }\n",
	  "1:1: section 'hardware-timestamps' has no title after it: a network device's name, such as \"eth0\"" },
	{ "\n\nhardware-timestamps eth0 rx-filter = all\n",
	  "3:1: section 'hardware-timestamps' has no '{' after it" },
	{ "hardware-timestamps eth0 { }\n hardware-timestamps eth0 { }\n",
	  "2:22: network device 'eth0' has two sections; one of the two must go" },
	{ "hardware-timestamps eth0 { }\n hardware-timestamps sixteen-letters- { }\n",
	  "2:2: section 'hardware-timestamps' is for 'sixteen-letters-'; it must be the name of a network device, 1 to 15 octets" },
	{ "hardware-timestamps \"\" { }\n",
	  "1:1: section 'hardware-timestamps' is for ''; it must be the name of a network device, 1 to 15 octets" },
	{ "hardware-timestamps eth0 { rx-filter = some }\n",
	  "1:40: option 'rx-filter' is 'some'; it must be one of ntp, all, ptp, none" },
	{ "hardware-timestamps eth0 { filter = all }\n",
	  "1:28: unknown option 'filter' in section 'hardware-timestamps'; known here are rx-filter, rx-correction-ns, tx-correction-ns, delay-max-ns, sample-interval-ms, readings, samples-min, samples-max, line-lifetime-ms" },
	{ "hardware-timestamps eth0 { rx-correction-ns = 1000001 }\n",
	  "1:47: " NOT_A_NUMBER("rx-correction-ns", "1000001",
				"-1000000 to 1000000 nanoseconds") },
	{ "hardware-timestamps eth0 { tx-correction-ns = -1000001 }\n",
	  "1:47: " NOT_A_NUMBER("tx-correction-ns", "-1000001",
				"-1000000 to 1000000 nanoseconds") },
	{ "hardware-timestamps eth0 { delay-max-ns = 0 }\n",
	  "1:43: " NOT_A_NUMBER("delay-max-ns", "0",
				"1 to 100000000 nanoseconds") },
	{ "hardware-timestamps eth0 { sample-interval-ms = 9 }\n",
	  "1:49: " NOT_A_NUMBER("sample-interval-ms", "9",
				"10 to 10000 milliseconds") },
	{ "hardware-timestamps eth0 { readings = 26 }\n",
	  "1:39: " NOT_A_NUMBER("readings", "26", "1 to 25") },
	{ "hardware-timestamps eth0 { samples-min = 3 }\n",
	  "1:42: " NOT_A_NUMBER("samples-min", "3", "4 to 64") },
	{ "hardware-timestamps eth0 { samples-max = 65 }\n",
	  "1:42: " NOT_A_NUMBER("samples-max", "65", "4 to 64") },
	{ "hardware-timestamps eth0 { line-lifetime-ms = 60001 }\n",
	  "1:47: " NOT_A_NUMBER("line-lifetime-ms", "60001",
				"100 to 60000 milliseconds") },
	{ "hardware-timestamps eth0 {\n samples-min = 20\n samples-max = 10 }\n",
	  "1:1: option 'samples-min' is 20; it must be at most samples-max, which is 10" },
	{ "hardware-timestamps eth0 { sample-interval-ms = 2501 }\n",
	  "1:1: option 'line-lifetime-ms' is 5000; it must be at least twice sample-interval-ms, which is 2501" },
	{ "interleaved-pairs = 16777217\n",
	  "1:21: " NOT_A_NUMBER("interleaved-pairs", "16777217",
				"0 to 16777216, 0 for no interleaved mode") },
	{ "ntp-server { listen = \"[::1]:200\" }\nclock { source = ntp server = \"[::1]:200\" }\n",
	  "2:32: option 'server' is an address that knts answers itself; it must be another daemon's port" },
};

static void config_mistake_gets_its_sentence_at_its_place(void **state)
{
	struct config *config;
	char expected[512];
	char error[512];
	size_t i;

	for (i = 0; i < ARRAY_LEN(mistakes); i++) {
		snprintf(expected, sizeof(expected), "%s:%s", path,
			 mistakes[i].sentence);
		assert_int_equal(load(mistakes[i].text, &config, error),
				 -EINVAL);
		assert_string_equal(error, expected);
		assert_null(config);
		/* libconfuse's scanner has not kept half of it. */
		config_free(good("workers = 2\n"));
	}
}

static void config_that_is_no_text_is_refused(void **state)
{
	static const char text[] = "workers = 1\n\0workers";
	char expected[512];
	struct config *config;
	char error[512];
	FILE *file;
	int i;

	file = fopen(path, "w");
	fwrite(text, sizeof(text), 1, file);
	fclose(file);
	assert_int_equal(config_load(path, &config, error, sizeof(error)),
			 -EINVAL);
	snprintf(expected, sizeof(expected),
		 "%s:1:1: the file has an octet of zero: it is not text", path);
	assert_string_equal(error, expected);

	file = fopen(path, "w");
	for (i = 0; i < 1 << 20; i++)
		fputs("#\n", file);
	fclose(file);
	assert_int_equal(config_load(path, &config, error, sizeof(error)),
			 -EINVAL);
	snprintf(expected, sizeof(expected),
		 "%s:1:1: the file is longer than 1 MiB", path);
	assert_string_equal(error, expected);
}

static void config_that_is_not_there_is_named(void **state)
{
	struct config *config;
	char error[512];

	assert_int_equal(config_load("/nonexistent/kntsd.conf", &config, error,
				     sizeof(error)), -ENOENT);
	assert_string_equal(error, "cannot read configuration /nonexistent/kntsd.conf: No such file or directory");
}

static void config_empty_is_a_plain_server(void **state)
{
	struct config *config = good("");

	assert_int_equal(config->ntp_servers_count, 2);
	assert_int_equal(config->ntp_servers[0].address_len, 4);
	assert_int_equal(config->ntp_servers[0].port, 123);
	assert_int_equal(config->ntp_servers[1].address_len, 16);
	assert_int_equal(config->ntp_servers[1].port, 123);
	assert_int_equal(config->ntp_servers[1].require_nts,
			 KNTS_REQUIRE_NTS_FALSE);
	assert_int_equal(config->ke_count, 0);
	assert_int_equal(config->clock.source, CLOCK_SOURCE_CHRONYD);
	assert_string_equal(config->clock.socket, "/run/chrony/chronyd.sock");
	assert_int_equal(config->clock.interval_ms, 1000);
	assert_int_equal(config->clock.lifetime_ms, 60000);
	assert_int_equal(config->clock.dispersion_rate_ppb, 1000);
	assert_int_equal(config->clock.precision, 1);
	assert_string_equal(config->keys.storage_path, "/var/lib/knts/keys");
	assert_int_equal(config->keys.rotation_interval_s, 86400);
	assert_int_equal(config->keys.stale_key_count, 7);
	assert_int_equal(config->phcs_count, 0);
	assert_int_equal(config->interleaved_pairs, 65536);
	assert_int_equal(config->workers, 0);
	assert_null(config->worker_user);
	assert_string_equal(config->control_path, "/run/knts/control");
	config_free(config);
}

static void config_sample_says_what_the_defaults_are(void **state)
{
	struct config *empty = good("");
	struct config *sample;
	char error[512] = "";

	config_load("helper/kntsd/kntsd.conf.sample", &sample, error,
		    sizeof(error));
	assert_string_equal(error, "");
	assert_int_equal(sample->ntp_servers_count, empty->ntp_servers_count);
	assert_memory_equal(sample->ntp_servers, empty->ntp_servers,
			    empty->ntp_servers_count *
			    sizeof(*empty->ntp_servers));
	assert_int_equal(sample->ke_count, 0);
	assert_string_equal(sample->clock.socket, empty->clock.socket);
	free(sample->clock.socket);
	sample->clock.socket = empty->clock.socket;
	assert_memory_equal(&sample->clock, &empty->clock,
			    sizeof(empty->clock));
	sample->clock.socket = NULL;
	assert_string_equal(sample->keys.storage_path,
			    empty->keys.storage_path);
	assert_int_equal(sample->keys.rotation_interval_s,
			 empty->keys.rotation_interval_s);
	assert_int_equal(sample->keys.stale_key_count,
			 empty->keys.stale_key_count);
	assert_int_equal(sample->phcs_count, 0);
	assert_int_equal(sample->interleaved_pairs, empty->interleaved_pairs);
	assert_int_equal(sample->workers, empty->workers);
	assert_string_equal(sample->control_path, empty->control_path);
	config_free(empty);
	config_free(sample);
}

/* The section that it shows in comments, but for what has no default. */
static void config_sample_shows_defaults_of_hardware_timestamps(void **state)
{
	FILE *file = fopen("helper/kntsd/kntsd.conf.sample", "r");
	struct config *sample, *empty;
	char text[4096] = "", line[256];
	bool inside = false;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		inside |= !strncmp(line, "# hardware-timestamps", 21);
		if (inside)
			strcat(text, line + 1);
		inside &= strcmp(line, "# }\n") != 0;
	}
	fclose(file);
	sample = good(text);
	empty = good("hardware-timestamps \"eth0\" { }\n");
	assert_int_equal(sample->phcs_count, 1);
	assert_memory_equal(sample->phcs, empty->phcs, sizeof(*empty->phcs));
	config_free(sample);
	config_free(empty);
}

static void config_servers_are_as_written(void **state)
{
	struct config *config = good(
		"# two sections\n"
		"ntp-server {\n"
		"  listen = { 192.0.2.1, \"[2001:db8::1]:1123\" }\n"
		"  device = eth0\n"
		"  require-nts = deny\n"
		"  serve-own-port = true\n"
		"}\n"
		"ntp-server { listen = 127.0.0.1:123 require-nts = ignore }\n"
		"workers = 4\n"
		"worker-user = root\n"
		"control-path = /run/other\n");
	const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	const struct knts_server *server = config->ntp_servers;

	assert_int_equal(config->ntp_servers_count, 3);
	assert_int_equal(server[0].port, 123);
	assert_memory_equal(server[0].address, "\xc0\x00\x02\x01", 4);
	assert_string_equal(server[0].device, "eth0");
	assert_int_equal(server[1].address_len, 16);
	assert_memory_equal(server[1].address, v6, 16);
	assert_int_equal(server[1].port, 1123);
	assert_string_equal(server[1].device, "eth0");
	assert_int_equal(server[1].require_nts, KNTS_REQUIRE_NTS_DENY);
	assert_true(server[1].serve_own_port);
	assert_string_equal(server[2].device, "");
	assert_int_equal(server[2].require_nts, KNTS_REQUIRE_NTS_IGNORE);
	assert_false(server[2].serve_own_port);
	assert_int_equal(config->workers, 4);
	assert_string_equal(config->worker_user, "root");
	assert_string_equal(config->control_path, "/run/other");
	config_free(config);
}

static void config_key_exchange_is_as_written(void **state)
{
	struct config *config = good(
		KE "}\n"
		"nts-ke-server {\n"
		"  listen = { 127.0.0.1:4461, \"[::1]\" }\n"
		"  certificate-chain-path = \"/etc/knts/chain.pem\"\n"
		"  private-key-path = '/etc/knts/key.pem'\n"
		"  names = { time.example, 192.0.2.1 }\n"
		"  key-exchange-timeout-ms = 2000\n"
		"  concurrent-connections = 7\n"
		"  ntp-server = ntp.example\n"
		"  ntp-port = 1123\n"
		"  aeads = { 30, AES-256-GCM-SIV, 15, AES-SIV-CMAC-512 }\n"
		"}\n");
	const struct sockaddr_in *v4;
	const struct config_ke *ke = config->ke;

	assert_int_equal(config->ke_count, 2);
	assert_int_equal(ke[0].line, 1);
	assert_int_equal(ke[0].listen_count, 1);
	assert_int_equal(ke[0].listen[0].sin6_family, AF_INET6);
	assert_int_equal(ntohs(ke[0].listen[0].sin6_port), 4460);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&ke[0].listen[0].sin6_addr));
	assert_string_equal(ke[0].certificate_chain_path, "/c");
	assert_string_equal(ke[0].private_key_path, "/k");
	assert_null(ke[0].ntp_server);
	assert_int_equal(ke[0].ntp_port, 123);
	assert_int_equal(ke[0].key_exchange_timeout_ms, 1000);
	assert_int_equal(ke[0].concurrent_connections, 512);
	assert_int_equal(ke[0].aeads_count, 5);
	assert_int_equal(ke[0].aeads[0], 15);

	assert_int_equal(ke[1].line, 2);
	assert_int_equal(ke[1].listen_count, 2);
	v4 = (const struct sockaddr_in *)&ke[1].listen[0];
	assert_int_equal(v4->sin_family, AF_INET);
	assert_int_equal(ntohs(v4->sin_port), 4461);
	assert_int_equal(ntohl(v4->sin_addr.s_addr), INADDR_LOOPBACK);
	assert_int_equal(ntohs(ke[1].listen[1].sin6_port), 4460);
	assert_int_equal(ke[1].names_count, 2);
	assert_string_equal(ke[1].names[1], "192.0.2.1");
	assert_int_equal(ke[1].key_exchange_timeout_ms, 2000);
	assert_int_equal(ke[1].concurrent_connections, 7);
	assert_string_equal(ke[1].ntp_server, "ntp.example");
	assert_int_equal(ke[1].ntp_port, 1123);
	assert_int_equal(ke[1].aeads_count, 4);
	assert_int_equal(ke[1].aeads[0], 30);
	assert_int_equal(ke[1].aeads[1], 31);
	assert_int_equal(ke[1].aeads[2], 15);
	assert_int_equal(ke[1].aeads[3], 17);
	config_free(config);
}

static void config_keymaster_is_as_written(void **state)
{
	struct config *config = good(
		"keyset {\n"
		"  key-storage-path = \"\"\n"
		"  key-rotation-interval = 0\n"
		"  stale-key-count = 14\n"
		"}\n"
		"clock { source = fixed stratum = 1 reference-id = PPS\n"
		"  interval-ms = 500 lifetime-ms = 10000 precision = -20\n"
		"  dispersion-rate-ppb = 50 root-delay-ns = 5\n"
		"  root-dispersion-ns = 6 }\n");

	assert_null(config->keys.storage_path);
	assert_int_equal(config->keys.rotation_interval_s, 0);
	assert_int_equal(config->keys.stale_key_count, 14);
	assert_int_equal(config->clock.source, CLOCK_SOURCE_FIXED);
	assert_int_equal(config->clock.stratum, 1);
	assert_int_equal(config->clock.reference_id, 0x50505300);
	assert_int_equal(config->clock.interval_ms, 500);
	assert_int_equal(config->clock.lifetime_ms, 10000);
	assert_int_equal(config->clock.precision, -20);
	assert_int_equal(config->clock.dispersion_rate_ppb, 50);
	assert_int_equal(config->clock.root_delay_ns, 5);
	assert_int_equal(config->clock.root_dispersion_ns, 6);
	config_free(config);

	config = good("clock { source = ntp server = 127.0.0.1:11123 }\n");
	assert_int_equal(config->clock.server.sin6_family, AF_INET);
	assert_int_equal(ntohs(config->clock.server.sin6_port), 11123);
	assert_int_equal(config->clock.dispersion_rate_ppb, 15000);
	config_free(config);

	config = good("clock { source = adjtimex reference-id = 192.0.2.7 }\n");
	assert_int_equal(config->clock.stratum, 10);
	assert_int_equal(config->clock.reference_id, 0xc0000207);
	config_free(config);
}

static void config_hardware_timestamps_are_as_written(void **state)
{
	struct config *config = good(
		"hardware-timestamps \"eth0\" { }\n"
		"interleaved-pairs = 0\n"
		"hardware-timestamps bond0.5 {\n"
		"  rx-filter = all\n"
		"  rx-correction-ns = -25\n"
		"  tx-correction-ns = 40\n"
		"  delay-max-ns = 200000\n"
		"  sample-interval-ms = 100\n"
		"  readings = 25\n"
		"  samples-min = 4\n"
		"  samples-max = 16\n"
		"  line-lifetime-ms = 200\n"
		"}\n");
	const struct config_phc *phc = config->phcs;

	assert_int_equal(config->interleaved_pairs, 0);
	assert_int_equal(config->phcs_count, 2);
	assert_string_equal(phc[0].device, "eth0");
	assert_int_equal(phc[0].rx_filter, CONFIG_RX_FILTER_BEST);
	assert_int_equal(phc[0].rx_correction_ns, 0);
	assert_int_equal(phc[0].tx_correction_ns, 0);
	assert_int_equal(phc[0].delay_max_ns, 1000000);
	assert_int_equal(phc[0].sample_interval_ms, 500);
	assert_int_equal(phc[0].readings, 10);
	assert_int_equal(phc[0].samples_min, 8);
	assert_int_equal(phc[0].samples_max, 64);
	assert_int_equal(phc[0].lifetime_ms, 5000);
	assert_string_equal(phc[1].device, "bond0.5");
	assert_int_equal(phc[1].rx_filter, CONFIG_RX_FILTER_ALL);
	assert_int_equal(phc[1].rx_correction_ns, -25);
	assert_int_equal(phc[1].tx_correction_ns, 40);
	assert_int_equal(phc[1].delay_max_ns, 200000);
	assert_int_equal(phc[1].sample_interval_ms, 100);
	assert_int_equal(phc[1].readings, 25);
	assert_int_equal(phc[1].samples_min, 4);
	assert_int_equal(phc[1].samples_max, 16);
	assert_int_equal(phc[1].lifetime_ms, 200);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_mistake_gets_its_sentence_at_its_place),
		cmocka_unit_test(config_that_is_no_text_is_refused),
		cmocka_unit_test(config_that_is_not_there_is_named),
		cmocka_unit_test(config_empty_is_a_plain_server),
		cmocka_unit_test(config_sample_says_what_the_defaults_are),
		cmocka_unit_test(config_sample_shows_defaults_of_hardware_timestamps),
		cmocka_unit_test(config_servers_are_as_written),
		cmocka_unit_test(config_key_exchange_is_as_written),
		cmocka_unit_test(config_keymaster_is_as_written),
		cmocka_unit_test(config_hardware_timestamps_are_as_written),
	};
	int failed;

	close(mkstemp(path));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
