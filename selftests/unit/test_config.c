// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsd.conf: each mistake gets its one sentence, at its place.
 */
#include <errno.h>
#include <stdio.h>

#include "config_text.h"
#include "unit.h"

#define NOT_A_NUMBER(option, value, right) \
	"option '" option "' is '" value "'; it must be a number from " right

static const struct mistake {
	const char *text;
	const char *sentence;
} mistakes[] = {
	/* Words that are no options, and grammar. */
	{ "workerz = 3\n",
	  "1:1: unknown option 'workerz'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, client-table-size, workers, worker-user, control-path" },
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
	  "5:1: unknown option 'worker'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, client-table-size, workers, worker-user, control-path" },
	{ "#\n\nkeyset { # '\n# \"\n stale-key-count = /* 3 */ 15\n}\n",
	  "5:28: " NOT_A_NUMBER("stale-key-count", "15", "0 to 14") },
	{ "control-path = \"/a # b /* c\"\nworkers = '# 1'\n",
	  "2:12: " NOT_A_NUMBER("workers", "# 1", "0 to 64, 0 for one per CPU") },
	{ "control-path = /a//b/*c\nworkers = 65\n",
	  "1:23: unknown option 'c'; known here are ntp-server, nts-ke-server, keyset, clock, hardware-timestamps, interleaved-pairs, client-table-size, workers, worker-user, control-path" },
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
	{ CONFIG_KE "}\n\n" "nts-ke-server { certificate-chain-path = /c }\n",
	  "3:1: section 'nts-ke-server' has no private-key-path; it must name a PEM file" },
	{ "nts-ke-server { certificate-chain-path = c.pem }\n",
	  "1:42: option 'certificate-chain-path' is 'c.pem'; it must be an absolute path, beginning with '/'" },
	{ "nts-ke-server { private-key-path = \"\" }\n",
	  "1:17: option 'private-key-path' is ''; it must be an absolute path, beginning with '/'" },
	{ CONFIG_KE "\n key-exchange-timeout-ms = 99 }",
	  "2:28: " NOT_A_NUMBER("key-exchange-timeout-ms", "99",
				"100 to 600000 milliseconds") },
	{ CONFIG_KE "\n concurrent-connections = 0 }",
	  "2:27: " NOT_A_NUMBER("concurrent-connections", "0", "1 to 100000") },
	{ CONFIG_KE "\n ntp-server = \"fe80::1%eth0\" }",
	  "2:16: option 'ntp-server' is 'fe80::1%eth0'; it must be a DNS name in ASCII or an IP address without zone" },
	{ CONFIG_KE "\n ntp-server = \"n\xc3\xa4h.example\" }",
	  "2:16: option 'ntp-server' is 'n\xc3\xa4h.example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ CONFIG_KE "\n ntp-server = \"a..example\" }",
	  "2:16: option 'ntp-server' is 'a..example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ CONFIG_KE "\n ntp-port = 65536 }",
	  "2:13: " NOT_A_NUMBER("ntp-port", "65536", "1 to 65535") },
	{ CONFIG_KE "\n aeads = {15, 18} }",
	  "2:15: option 'aeads' is '18'; it must be one of 15, 16, 17, 30, 31, AES-SIV-CMAC-256, AES-SIV-CMAC-384, AES-SIV-CMAC-512, AES-128-GCM-SIV, AES-256-GCM-SIV" },
	{ CONFIG_KE "\n aeads = {15, 16, 15} }",
	  "2:19: option 'aeads' has 15 twice; each AEAD must be there once" },
	{ CONFIG_KE "\n aeads = {15, 30, AES-128-GCM-SIV} }",
	  "2:19: option 'aeads' has 30 twice; each AEAD must be there once" },
	{ CONFIG_KE "\n aeads = {16, 17} }",
	  "2:11: option 'aeads' lacks 15, AES-SIV-CMAC-256, which each server must offer" },
	{ CONFIG_KE "\n names = {ok.example, -bad.example} }",
	  "2:23: option 'names' is '-bad.example'; it must be a DNS name in ASCII or an IP address without zone" },
	{ CONFIG_KE "\n listen = {127.0.0.1:4460, 127.0.0.1} }",
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
	{ "workers = 1\nclient-table-size = 65537\n",
	  "2:21: " NOT_A_NUMBER("client-table-size", "65537",
				"0 to 65536, 0 for no table") },
	{ "client-table-size = -1\n",
	  "1:21: " NOT_A_NUMBER("client-table-size", "-1",
				"0 to 65536, 0 for no table") },
	{ "ntp-server { listen = \"[::1]:200\" }\nclock { source = ntp server = \"[::1]:200\" }\n",
	  "2:32: option 'server' is an address that knts answers itself; it must be another daemon's port" },
};

static void config_mistake_gets_its_sentence_at_its_place(void **state)
{
	struct config *config;
	char expected[512];
	char error[CONFIG_ERROR_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LEN(mistakes); i++) {
		snprintf(expected, sizeof(expected), "%s:%s", config_text_path(),
			 mistakes[i].sentence);
		assert_int_equal(config_text_load(mistakes[i].text, &config,
						  error), -EINVAL);
		assert_string_equal(error, expected);
		assert_null(config);
		/* libconfuse's scanner has not kept half of it. */
		config_free(config_text_good("workers = 2\n"));
	}
}

static void config_that_is_no_text_is_refused(void **state)
{
	static const char text[] = "workers = 1\n\0workers";
	char expected[512];
	struct config *config;
	char error[CONFIG_ERROR_SIZE];
	FILE *file;
	int i;

	file = fopen(config_text_path(), "w");
	fwrite(text, sizeof(text), 1, file);
	fclose(file);
	assert_int_equal(config_load(config_text_path(), &config, error, sizeof(error)),
			 -EINVAL);
	snprintf(expected, sizeof(expected),
		 "%s:1:1: the file has an octet of zero: it is not text", config_text_path());
	assert_string_equal(error, expected);

	file = fopen(config_text_path(), "w");
	for (i = 0; i < 1 << 20; i++)
		fputs("#\n", file);
	fclose(file);
	assert_int_equal(config_load(config_text_path(), &config, error, sizeof(error)),
			 -EINVAL);
	snprintf(expected, sizeof(expected),
		 "%s:1:1: the file is longer than 1 MiB", config_text_path());
	assert_string_equal(error, expected);
}

static void config_that_is_not_there_is_named(void **state)
{
	struct config *config;
	char error[CONFIG_ERROR_SIZE];

	assert_int_equal(config_load("/nonexistent/kntsd.conf", &config, error,
				     sizeof(error)), -ENOENT);
	assert_string_equal(error, "cannot read configuration /nonexistent/kntsd.conf: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_mistake_gets_its_sentence_at_its_place),
		cmocka_unit_test(config_that_is_no_text_is_refused),
		cmocka_unit_test(config_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
