// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsd.conf: what each option becomes, and what is where none is given.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "config_text.h"
#include "unit.h"

static void config_empty_is_a_plain_server(void **state)
{
	struct config *config = config_text_good("");

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
	assert_int_equal(config->client_table_size, 1024);
	assert_int_equal(config->workers, 0);
	assert_null(config->worker_user);
	assert_string_equal(config->control_path, "/run/knts/control");
	config_free(config);
}

static void config_sample_says_what_the_defaults_are(void **state)
{
	struct config *empty = config_text_good("");
	struct config *sample;
	char error[CONFIG_ERROR_SIZE] = "";

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
	assert_int_equal(sample->client_table_size, empty->client_table_size);
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
	sample = config_text_good(text);
	empty = config_text_good("hardware-timestamps \"eth0\" { }\n");
	assert_int_equal(sample->phcs_count, 1);
	assert_memory_equal(sample->phcs, empty->phcs, sizeof(*empty->phcs));
	config_free(sample);
	config_free(empty);
}

static void config_servers_are_as_written(void **state)
{
	struct config *config = config_text_good(
		"# two sections\n"
		"ntp-server {\n"
		"  listen = { 192.0.2.1, \"[2001:db8::1]:1123\" }\n"
		"  device = eth0\n"
		"  require-nts = deny\n"
		"  serve-own-port = true\n"
		"}\n"
		"ntp-server { listen = 127.0.0.1:123 require-nts = ignore }\n"
		"workers = 4\n"
		"client-table-size = 0\n"
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
	assert_int_equal(config->client_table_size, 0);
	assert_string_equal(config->worker_user, "root");
	assert_string_equal(config->control_path, "/run/other");
	config_free(config);
}

static void config_key_exchange_is_as_written(void **state)
{
	struct config *config = config_text_good(
		CONFIG_KE "}\n"
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
	assert_int_equal(ke[0].listen_count, 2);
	v4 = (const struct sockaddr_in *)&ke[0].listen[0];
	assert_int_equal(v4->sin_family, AF_INET);
	assert_int_equal(ntohs(v4->sin_port), 4460);
	assert_int_equal(v4->sin_addr.s_addr, INADDR_ANY);
	assert_int_equal(ke[0].listen[1].sin6_family, AF_INET6);
	assert_int_equal(ntohs(ke[0].listen[1].sin6_port), 4460);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&ke[0].listen[1].sin6_addr));
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
	struct config *config = config_text_good(
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

	config = config_text_good("clock { source = ntp server = 127.0.0.1:11123 }\n");
	assert_int_equal(config->clock.server.sin6_family, AF_INET);
	assert_int_equal(ntohs(config->clock.server.sin6_port), 11123);
	assert_int_equal(config->clock.dispersion_rate_ppb, 15000);
	config_free(config);

	config = config_text_good("clock { source = adjtimex reference-id = 192.0.2.7 }\n");
	assert_int_equal(config->clock.stratum, 10);
	assert_int_equal(config->clock.reference_id, 0xc0000207);
	config_free(config);
}

static void config_hardware_timestamps_are_as_written(void **state)
{
	struct config *config = config_text_good(
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
		cmocka_unit_test(config_empty_is_a_plain_server),
		cmocka_unit_test(config_sample_says_what_the_defaults_are),
		cmocka_unit_test(config_sample_shows_defaults_of_hardware_timestamps),
		cmocka_unit_test(config_servers_are_as_written),
		cmocka_unit_test(config_key_exchange_is_as_written),
		cmocka_unit_test(config_keymaster_is_as_written),
		cmocka_unit_test(config_hardware_timestamps_are_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
