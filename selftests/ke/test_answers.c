// SPDX-License-Identifier: GPL-2.0-or-later
/* R6, R13, R14, R20 to R22: what depends on settings, time and the keymaster. */
#include <string.h>
#include <time.h>

#include "ke.h"

#define REQUEST_WITH(record) "\x80\x01\x00\x02\x00\x00" \
			     "\x80\x04\x00\x02\x00\x0f" record \
			     "\x80\x00\x00\x00"

static struct host host;

static int start(void **state)
{
	const struct host_section sections[] = {
		{ .cert = "one", .timeout_ms = 800 },
		{ .cert = "one", .listen = 1, .ntp_server = "192.0.2.1",
		  .ntp_port = 4123 },
		{ .cert = "two", .listen = 1, .ntp_server = "ntp.Two.test" },
		{ .cert = "one", .listen = 2, .ntp_server = "2001:db8::1" },
		{ .cert = "one", .listen = 3, .timeout_ms = 3000 },
	};

	return host_start(&host, sections, ARRAY_LEN(sections), 1);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void ask(struct ke_client *client, const struct ke_options *options,
		const char *request, size_t len)
{
	assert_true(ke_client_open(client, options));
	ke_client_send(client, request, len);
	assert_true(ke_client_receive(client));
}

static void R13_time_out_gets_Error_1(void **state)
{
	struct ke_options options = host_options(&host);
	int64_t began = now_ms(), took;
	struct ke_client client;

	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN - 1);
	took = now_ms() - began;
	ke_assert_error(&client, 1);
	assert_true(client.close_notify);
	assert_true(client.eof);
	assert_in_range(took, 700, 4000);
	ke_client_close(&client);
	assert_true(host_await(&host, "error-request-timeout", 1));
}

static void R13_silence_gets_Error_1(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	ask(&client, &options, "", 0);
	ke_assert_error(&client, 1);
	ke_client_close(&client);
}

/* The time-out is for all of a connection, not for each read. */
static void R13_trickle_gets_Error_1(void **state)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	struct ke_options options = host_options(&host);
	int64_t began = now_ms();
	struct ke_client client;
	size_t i;

	assert_true(ke_client_open(&client, &options));
	for (i = 0; i < KE_REQUEST_LEN && now_ms() - began < 1200; i++) {
		ke_client_send(&client, KE_REQUEST + i, 1);
		nanosleep(&pause, NULL);
	}
	assert_true(ke_client_receive(&client));
	ke_assert_error(&client, 1);
	ke_client_close(&client);
}

/* It begins with the connection, not with the request. */
static void R13_time_out_is_for_handshake_and_request(void **state)
{
	struct ke_options options = host_options(&host);
	int64_t began = now_ms();
	struct ke_client client;

	options.port = host.port[3];
	options.late_ms = 2000;
	ask(&client, &options, "", 0);
	ke_assert_error(&client, 1);
	assert_in_range(now_ms() - began, 2900, 4500);
	ke_client_close(&client);
}

static void R13_request_that_ends_early_gets_Error_1(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN - 1));
	ke_client_half_close(&client);
	assert_true(ke_client_receive(&client));
	ke_assert_error(&client, 1);
	ke_client_close(&client);
}

static void R14_failed_seal_gets_Error_2(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	host.seal_error = -126;
	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN);
	ke_assert_error(&client, 2);
	assert_true(client.close_notify);
	ke_client_close(&client);

	host.seal_error = 0;
	ke_assert_good(&host, &options);
	assert_true(host_await(&host, "error-internal", 1));
}

static void R14_late_seal_gets_Error_2(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;
	int64_t began, took;

	options.port = host.port[3];
	host.seal_delay_ms = 2500;
	began = now_ms();
	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN);
	took = now_ms() - began;
	ke_assert_error(&client, 2);
	assert_in_range(took, 900, 2400);
	ke_client_close(&client);

	/* The answer that comes too late is nobody's. */
	host.seal_delay_ms = 0;
	assert_true(host_await(&host, "error-internal", 1));
	ke_assert_good(&host, &options);
}

static void no_server_record(const char *address, size_t listen)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	options.address = address;
	options.port = host.port[listen];
	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN);
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	assert_null(ke_client_find(&client, 6));
	ke_client_close(&client);
}

static void server_record(const char *address, size_t listen,
			  const char *request, size_t request_len,
			  const char *server)
{
	struct ke_options options = host_options(&host);
	const struct ke_client_record *record;
	struct ke_client client;

	options.address = address;
	options.port = host.port[listen];
	ask(&client, &options, request, request_len);
	record = ke_client_find(&client, 6);
	assert_non_null(record);
	assert_true(record->critical);
	assert_int_equal(record->len, strlen(server));
	assert_memory_equal(record->body, server, record->len);
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);
}

static void R20_no_server_configured_no_record(void **state)
{
	no_server_record("127.0.0.1", 0);
	no_server_record("::1", 0);
}

static void R20_configured_server_is_sent(void **state)
{
	server_record("127.0.0.1", 1, KE_REQUEST, KE_REQUEST_LEN, "192.0.2.1");
	server_record("::1", 2, KE_REQUEST, KE_REQUEST_LEN, "2001:db8::1");
}

static void R21_address_of_the_other_family_is_not_sent(void **state)
{
	no_server_record("::1", 1);
	no_server_record("127.0.0.1", 2);
}

static void R21_own_server_record_is_echoed(void **state)
{
	const char name[] = REQUEST_WITH("\x00\x06\x00\x0d" "NTP.two.test.");
	const char v4[] = REQUEST_WITH("\x00\x06\x00\x09" "192.0.2.1");
	const char v6[] = REQUEST_WITH("\x00\x06\x00\x13"
				       "2001:0db8:0:0::0001");

	server_record("127.0.0.1", 1, name, sizeof(name) - 1, "NTP.two.test.");
	server_record("::1", 1, v4, sizeof(v4) - 1, "192.0.2.1");
	server_record("127.0.0.1", 2, v6, sizeof(v6) - 1,
		      "2001:0db8:0:0::0001");
}

static void R21_foreign_server_record_is_not_echoed(void **state)
{
	const char foreign[] = REQUEST_WITH("\x00\x06\x00\x09" "192.0.2.9");

	server_record("127.0.0.1", 1, foreign, sizeof(foreign) - 1,
		      "192.0.2.1");
}

static void R22_port(void **state)
{
	struct ke_options options = host_options(&host);
	const struct ke_client_record *record;
	struct ke_client client;

	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN);
	assert_null(ke_client_find(&client, 7));
	ke_client_close(&client);

	options.port = host.port[1];
	ask(&client, &options, KE_REQUEST, KE_REQUEST_LEN);
	record = ke_client_find(&client, 7);
	assert_non_null(record);
	assert_true(record->critical);
	assert_int_equal(record->len, 2);
	assert_int_equal(record->body[0] << 8 | record->body[1], 4123);
	ke_client_close(&client);
}

/* The response must reach a client that is still sending. */
static void R6_endless_request_gets_Error_1(void **state)
{
	static const char zeros[4096] = { 0x40, 0, 0x0f, (char)0xfc };
	struct ke_options options = host_options(&host);
	struct ke_client client;
	size_t i;

	options.port = host.port[3];
	assert_true(ke_client_open(&client, &options));
	for (i = 0; i < 64; i++)
		if (!ke_client_send(&client, zeros, sizeof(zeros)))
			break;
	ke_client_receive(&client);
	ke_assert_error(&client, 1);
	ke_client_close(&client);
}

struct ke_tests ke_tests_answers(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
	static const struct CMUnitTest tests[] = {
		TEST(R6_endless_request_gets_Error_1),
		TEST(R13_time_out_gets_Error_1),
		TEST(R13_silence_gets_Error_1),
		TEST(R13_trickle_gets_Error_1),
		TEST(R13_time_out_is_for_handshake_and_request),
		TEST(R13_request_that_ends_early_gets_Error_1),
		TEST(R14_failed_seal_gets_Error_2),
		TEST(R14_late_seal_gets_Error_2),
		TEST(R20_no_server_configured_no_record),
		TEST(R20_configured_server_is_sent),
		TEST(R21_address_of_the_other_family_is_not_sent),
		TEST(R21_own_server_record_is_echoed),
		TEST(R21_foreign_server_record_is_not_echoed),
		TEST(R22_port),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
