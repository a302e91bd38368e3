// SPDX-License-Identifier: GPL-2.0-or-later
/* What is counted where, so that an operator sees what to mend. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ke.h"
#include "wall_clock.h"

#define YEAR_S (366 * 86400L)

static struct host host;

static int start(void **state)
{
	const struct host_section section = { .cert = "one" };

	files_run("[ -e other/ca.pem ] || "
		  "$ROOT/scripts/knts-ca init --dir other --no-password");
	return host_start(&host, &section, 1, 1);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

/* All others of those that end a connection stay as they were. */
static void ends_as(const char *name)
{
	static const char *const endings[] = {
		"tls-version", "tls-no-cipher", "tls-not-tls", "tls-unknown-ca",
		"tls-expired", "tls-bad-certificate", "tls-failed", "no-alpn",
		"handshake-abandoned", "handshake-timeout", "abandoned",
		"answered", "nothing-agreed", "error-unrecognised",
		"error-bad-request", "error-request-timeout", "error-internal",
	};
	size_t i;

	assert_true(host_await(&host, name, 1));
	for (i = 0; i < ARRAY_LEN(endings); i++)
		if (host_stat(&host, endings[i]) != !strcmp(endings[i], name))
			fail_msg("%s is %lld", endings[i],
				 (long long)host_stat(&host, endings[i]));
	assert_int_equal(host_stat(&host, "accepted"), 1);
}

static void refused(const struct ke_options *options, const char *name)
{
	struct ke_client client;

	assert_false(ke_client_open(&client, options));
	ke_client_close(&client);
	ends_as(name);
}

static struct ke_options with_ca(const char *ca, const char *sni)
{
	struct ke_options options = host_options(&host);

	options.ca_file = files_path(ca);
	options.sni = sni;
	return options;
}

static void tls_version(void **state)
{
	struct ke_options options = host_options(&host);

	options.max_version = TLS1_2_VERSION;
	refused(&options, "tls-version");
}

static void tls_no_cipher(void **state)
{
	struct ke_options options = host_options(&host);

	options.context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_ciphersuites(options.context, "TLS_AES_128_CCM_SHA256");
	refused(&options, "tls-no-cipher");
	SSL_CTX_free(options.context);
}

static void tls_no_group(void **state)
{
	struct ke_options options = host_options(&host);

	options.context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set1_groups_list(options.context, "X448");
	refused(&options, "tls-no-cipher");
	SSL_CTX_free(options.context);
}

static void tls_no_signature(void **state)
{
	struct ke_options options = host_options(&host);

	options.signatures = "ed25519";
	refused(&options, "tls-no-cipher");
}

static void tls_unknown_ca(void **state)
{
	const struct ke_options options = with_ca("other/ca.pem", "one.test");

	refused(&options, "tls-unknown-ca");
	assert_int_equal(host_stat(&host, "unknown-name"), 0);
}

static void tls_expired(void **state)
{
	const struct ke_options options = with_ca("ca/ca.pem", "one.test");

	wall_clock_step_to(5 * YEAR_S);
	refused(&options, "tls-expired");
	wall_clock_step_to(0);
}

static void tls_bad_certificate_for_its_name(void **state)
{
	const struct ke_options options = with_ca("ca/ca.pem", "another.test");

	refused(&options, "tls-bad-certificate");
	assert_int_equal(host_stat(&host, "unknown-name"), 1);
}

static void unknown_name_is_served_nevertheless(void **state)
{
	struct ke_options options = host_options(&host);

	options.sni = "another.test";
	ke_assert_good(&host, &options);
	ends_as("answered");
	assert_true(host_await(&host, "unknown-name", 1));
	options.sni = "one.test";
	ke_assert_good(&host, &options);
	assert_true(host_await(&host, "answered", 2));
	assert_int_equal(host_stat(&host, "unknown-name"), 1);
}

/* Say it over TCP, wait for the server's end. */
static void say(const void *data, size_t len)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(host.port[0]),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char rest[512];

	assert_int_equal(connect(fd, (const void *)&in, sizeof(in)), 0);
	assert_int_equal(send(fd, data, len, 0), len);
	while (len && recv(fd, rest, sizeof(rest), 0) > 0)
		;
	close(fd);
}

static void tls_not_http(void **state)
{
	static const char http[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

	say(http, sizeof(http) - 1);
	ends_as("tls-not-tls");
}

static void tls_not_ssh(void **state)
{
	static const char ssh[] = "SSH-2.0-OpenSSH_9.2p1 Debian\r\n";

	say(ssh, sizeof(ssh) - 1);
	ends_as("tls-not-tls");
}

static void tls_not_ntp(void **state)
{
	const char ntp[48] = { 0x23 };

	say(ntp, sizeof(ntp));
	ends_as("tls-not-tls");
}

static void handshake_abandoned(void **state)
{
	say("", 0);
	ends_as("handshake-abandoned");
}

static void handshake_abandoned_in_the_midst(void **state)
{
	struct ke_options options = host_options(&host);
	const struct linger reset = { .l_onoff = 1 };
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(client.fd);
	client.fd = -1;
	ke_client_close(&client);
	ends_as("abandoned");
}

static double member(struct json_object *object, const char *name)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, name, &value));
	return json_object_get_double(value);
}

/* Three that take 150 ms in the keymaster, all that it says of them. */
static void durations(void **state)
{
	struct ke_options options = host_options(&host);
	struct json_object *status, *duration, *buckets, *bucket;
	double expected_le = 1.0 / 4096, le, count, before = 0;
	size_t i;

	host.seal_delay_ms = 150;
	for (i = 0; i < 3; i++)
		ke_assert_good(&host, &options);
	assert_true(host_await(&host, "answered", 3));
	status = host_status(&host);
	assert_true(json_object_object_get_ex(status, "ke-duration",
					      &duration));
	assert_true(member(duration, "count") == 3);
	assert_true(member(duration, "sum-s") > 0.45);
	assert_true(member(duration, "sum-s") < 6);
	assert_true(json_object_object_get_ex(duration, "buckets", &buckets));
	assert_int_equal(json_object_array_length(buckets), 17);
	for (i = 0; i < 17; i++) {
		bucket = json_object_array_get_idx(buckets, i);
		le = member(bucket, "le-s");
		count = member(bucket, "count");
		assert_true(le == expected_le);
		assert_true(count >= before);
		if (le < 0.15)
			assert_true(count == 0);
		if (le > 4)
			assert_true(count == 3);
		expected_le *= 2;
		before = count;
	}
	json_object_put(status);
}

struct ke_tests ke_tests_failures(void)
{
#define TEST(name) { "failures_" #name, name, start, stop, NULL }
	static const struct CMUnitTest tests[] = {
		TEST(tls_version),
		TEST(tls_no_cipher),
		TEST(tls_no_group),
		TEST(tls_no_signature),
		TEST(tls_unknown_ca),
		TEST(tls_expired),
		TEST(tls_bad_certificate_for_its_name),
		TEST(unknown_name_is_served_nevertheless),
		TEST(tls_not_http),
		TEST(tls_not_ssh),
		TEST(tls_not_ntp),
		TEST(handshake_abandoned),
		TEST(handshake_abandoned_in_the_midst),
		TEST(durations),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
