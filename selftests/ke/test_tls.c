// SPDX-License-Identifier: GPL-2.0-or-later
/* R1 to R5, R23, R24: what TLS itself has to do. */
#include <poll.h>
#include <string.h>

#include "ke.h"

static struct host host;

static int start(void **state)
{
	const struct host_section section = { .cert = "one" };

	return host_start(&host, &section, 1, 2);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

static void R1_tls_1_2_is_refused(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	options.max_version = TLS1_2_VERSION;
	assert_false(ke_client_open(&client, &options));
	assert_int_equal(client.alert, SSL_AD_PROTOCOL_VERSION);
	ke_client_close(&client);
	assert_true(host_await(&host, "tls-version", 1));
}

static void R1_no_ticket_no_early_data(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_int_equal(SSL_version(client.ssl), TLS1_3_VERSION);
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN));
	assert_true(ke_client_receive(&client));
	assert_int_equal(client.tickets, 0);
	assert_false(SSL_SESSION_is_resumable(SSL_get_session(client.ssl)));
	assert_int_equal(SSL_SESSION_get_max_early_data(
				 SSL_get_session(client.ssl)), 0);
	ke_client_close(&client);
}

static void R2_alpn_is_echoed(void **state)
{
	struct ke_options options = host_options(&host);
	const unsigned char *selected;
	struct ke_client client;
	unsigned int len;

	assert_true(ke_client_open(&client, &options));
	SSL_get0_alpn_selected(client.ssl, &selected, &len);
	assert_int_equal(len, 7);
	assert_memory_equal(selected, "ntske/1", 7);
	ke_client_close(&client);
}

static void refuse_alpn(const char *alpn)
{
	struct ke_options options = host_options(&host);
	int64_t before = host_stat(&host, "no-alpn");
	struct ke_client client;

	options.alpn = alpn;
	assert_false(ke_client_open(&client, &options));
	assert_int_equal(client.alert, SSL_AD_NO_APPLICATION_PROTOCOL);
	ke_client_close(&client);
	assert_true(host_await(&host, "no-alpn", before + 1));
}

static void R2_other_alpn_is_refused(void **state)
{
	refuse_alpn("http/1.1");
	refuse_alpn("ntske/2");
	refuse_alpn("ntske/");
}

static void R2_no_alpn_gets_no_service(void **state)
{
	refuse_alpn("");
}

static void R3_one_request_and_one_response(void **state)
{
	const char two[] = KE_REQUEST KE_REQUEST;
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, two, sizeof(two) - 1));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	assert_true(client.close_notify);
	ke_client_close(&client);
}

/* The client says nothing, and yet sees both ends within the time-out. */
static void R4_close_notify_without_waiting(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	options.patience_ms = 800;
	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN));
	assert_true(ke_client_receive(&client));
	assert_true(client.close_notify);
	assert_true(client.eof);
	ke_client_close(&client);
}

static void R4_close_notify_after_an_error(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	options.patience_ms = 800;
	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, "\x80\x00\x00\x00", 4));
	assert_true(ke_client_receive(&client));
	ke_assert_error(&client, 1);
	assert_true(client.close_notify);
	assert_true(client.eof);
	ke_client_close(&client);
}

/* A client that closes its side first still reads. */
static void R4_client_that_half_closes_gets_its_answer(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN));
	ke_client_half_close(&client);
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	assert_true(client.close_notify);
	ke_client_close(&client);
}

static void R5_an_octet_per_TLS_record(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;

	assert_true(ke_client_open(&client, &options));
	assert_true(ke_client_send_split(&client, KE_REQUEST, KE_REQUEST_LEN,
					 1));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);
}

static void R5_split_at_every_octet_with_a_pause(void **state)
{
	struct ke_options options = host_options(&host);
	struct ke_client client;
	size_t split;

	for (split = 1; split < KE_REQUEST_LEN; split++) {
		assert_true(ke_client_open(&client, &options));
		assert_true(ke_client_send(&client, KE_REQUEST, split));
		poll(NULL, 0, 10);
		assert_true(ke_client_send(&client, KE_REQUEST + split,
					   KE_REQUEST_LEN - split));
		assert_true(ke_client_receive(&client));
		assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
		ke_client_close(&client);
	}
}

/* The cookie's inside against what the client itself exports. */
static void check_keys(const struct ke_options *options, uint16_t aead)
{
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct nts_session session;
	struct knts_session opened;
	struct knts_siv_key key;
	size_t i;

	knts_siv_expand(&key, host.key, sizeof(host.key));
	assert_int_equal(ke_client_exchange(options, aead, &session, cookies),
			 8);
	for (i = 0; i < PACKET_COOKIES_MAX; i++) {
		assert_true(knts_cookie_open(&opened, cookies[i].data,
					     cookies[i].len, &key));
		assert_int_equal(opened.aead, aead);
		assert_memory_equal(opened.c2s, session.c2s, session.key_len);
		assert_memory_equal(opened.s2c, session.s2c, session.key_len);
		assert_memory_not_equal(opened.s2c, opened.c2s, 16);
	}
}

static void R23_R24_cookies_hold_the_exported_keys(void **state)
{
	static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };
	struct ke_options options = host_options(&host);
	size_t i;

	for (i = 0; i < ARRAY_LEN(aeads); i++)
		check_keys(&options, aeads[i]);
}

static void R26_keys_of_30_as_old_clients_export_them(void **state)
{
	struct ke_options options = host_options(&host);

	options.old_export = true;
	check_keys(&options, 30);
}

static void R19_all_cookies_differ(void **state)
{
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct ke_options options = host_options(&host);
	struct nts_session session;
	size_t i, j;

	assert_int_equal(ke_client_exchange(&options, 15, &session, cookies),
			 8);
	for (i = 0; i < PACKET_COOKIES_MAX; i++)
		for (j = 0; j < i; j++)
			assert_memory_not_equal(cookies[i].data,
						cookies[j].data, 40);
}

struct ke_tests ke_tests_tls(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
	static const struct CMUnitTest tests[] = {
		TEST(R1_tls_1_2_is_refused),
		TEST(R1_no_ticket_no_early_data),
		TEST(R2_alpn_is_echoed),
		TEST(R2_other_alpn_is_refused),
		TEST(R2_no_alpn_gets_no_service),
		TEST(R3_one_request_and_one_response),
		TEST(R4_close_notify_without_waiting),
		TEST(R4_close_notify_after_an_error),
		TEST(R4_client_that_half_closes_gets_its_answer),
		TEST(R5_an_octet_per_TLS_record),
		TEST(R5_split_at_every_octet_with_a_pause),
		TEST(R19_all_cookies_differ),
		TEST(R23_R24_cookies_hold_the_exported_keys),
		TEST(R26_keys_of_30_as_old_clients_export_them),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
