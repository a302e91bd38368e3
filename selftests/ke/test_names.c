// SPDX-License-Identifier: GPL-2.0-or-later
/* Which certificate a client sees, and that all kinds of keys work. */
#include <string.h>

#include "ke.h"

static struct host host;

static int start(void **state)
{
	const struct host_section sections[] = {
		{ .cert = "one", .ntp_server = "one.test" },
		{ .cert = "one-rsa", .ntp_server = "one-rsa.test" },
		{ .cert = "wild", .ntp_server = "wild.test" },
		{ .cert = "two", .ntp_server = "two.test",
		  .name = "extra.test" },
		{ .cert = "one-ed" },
		{ .cert = "address", .listen = 1 },
		{ .cert = "wild", .listen = 2 },
		{ .cert = "one", .listen = 2 },
		{ .cert = "guide", .listen = 3 },
	};

	return host_start(&host, sections, ARRAY_LEN(sections), 1);
}

static int stop(void **state)
{
	host_stop(&host);
	return 0;
}

/* Return: what the server's certificate is, as "P-256", "Ed25519", ... */
static void see(const struct ke_options *options, const char *subject,
		int key_type)
{
	struct ke_client client;
	char name[128] = "";
	X509 *cert;

	assert_true(ke_client_open(&client, options));
	cert = SSL_get1_peer_certificate(client.ssl);
	X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName,
				  name, sizeof(name));
	assert_string_equal(name, subject);
	assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(cert)),
			 key_type);
	X509_free(cert);
	assert_true(ke_client_send(&client, KE_REQUEST, KE_REQUEST_LEN));
	assert_true(ke_client_receive(&client));
	assert_int_equal(ke_client_cookies(&client, NULL, 0), 8);
	ke_client_close(&client);
}

static struct ke_options by_name(size_t listen, const char *sni)
{
	struct ke_options options = host_options(&host);

	options.port = host.port[listen];
	options.sni = sni;
	return options;
}

static void exact_name_goes_before_wildcard(void **state)
{
	struct ke_options options = by_name(0, "other.two.test");

	options.ca_file = files_path("ca/ca.pem");
	see(&options, "two.test", EVP_PKEY_EC);
}

static void wildcard_covers_one_label(void **state)
{
	struct ke_options options = by_name(0, "any.two.test");

	options.ca_file = files_path("ca/ca.pem");
	see(&options, "*.two.test", EVP_PKEY_EC);
	options = by_name(0, "a.b.two.test");
	see(&options, "one.test", EVP_PKEY_EC);
}

static void names_of_the_configuration_pick_too(void **state)
{
	const struct ke_options options = by_name(0, "EXTRA.test");

	see(&options, "two.test", EVP_PKEY_EC);
}

static void unknown_name_gets_the_first(void **state)
{
	struct ke_options options = by_name(0, "unknown.test");

	see(&options, "one.test", EVP_PKEY_EC);
	options = by_name(2, "unknown.test");
	see(&options, "*.two.test", EVP_PKEY_EC);
}

static void no_name_goes_by_address(void **state)
{
	struct ke_options options = by_name(2, NULL);

	see(&options, "one.test", EVP_PKEY_EC);
	options.address = "::1";
	see(&options, "one.test", EVP_PKEY_EC);
	options = by_name(1, NULL);
	options.address = "::1";
	see(&options, "127.0.0.1", EVP_PKEY_EC);
}

/* Whatever the client's order, P-256 costs the server least. */
static void of_many_kinds_of_key_P_256_goes_first(void **state)
{
	struct ke_options options = by_name(0, "one.test");

	options.ca_file = files_path("ca/ca.pem");
	options.signatures = "ECDSA+SHA256";
	see(&options, "one.test", EVP_PKEY_EC);
	options.signatures = "ed25519:ECDSA+SHA256";
	see(&options, "one.test", EVP_PKEY_EC);
	options.signatures = "rsa_pss_rsae_sha256:ECDSA+SHA256";
	see(&options, "one.test", EVP_PKEY_EC);
}

/* They cannot verify, since the CA signs by P-256. */
static void client_of_one_kind_of_key(void **state)
{
	struct ke_options options = by_name(0, "one.test");

	options.signatures = "rsa_pss_rsae_sha256";
	see(&options, "one.test", EVP_PKEY_RSA);
	options.signatures = "ed25519";
	see(&options, "one.test", EVP_PKEY_ED25519);
	/* The same for whom no name matched. */
	options.sni = "unknown.test";
	see(&options, "one.test", EVP_PKEY_ED25519);
	options.signatures = "rsa_pss_rsae_sha256";
	see(&options, "one.test", EVP_PKEY_RSA);
}

static void each_section_answers_by_its_own_settings(void **state)
{
	static const struct {
		const char *sni;
		const char *server;
	} table[] = {
		{ "one.test", "one.test" },
		{ "any.two.test", "wild.test" },
		{ "two.test", "two.test" },
	};
	const struct ke_client_record *record;
	struct ke_options options;
	struct ke_client client;
	size_t i;

	for (i = 0; i < ARRAY_LEN(table); i++) {
		options = by_name(0, table[i].sni);
		assert_true(ke_client_open(&client, &options));
		assert_true(ke_client_send(&client, KE_REQUEST,
					   KE_REQUEST_LEN));
		assert_true(ke_client_receive(&client));
		record = ke_client_find(&client, 6);
		assert_non_null(record);
		assert_int_equal(record->len, strlen(table[i].server));
		assert_memory_equal(record->body, table[i].server, record->len);
		ke_client_close(&client);
	}
}

/* keyUsage = keyEncipherment, RSA 2048, the CA in the chain. */
static void chain_of_the_guide_is_served(void **state)
{
	struct ke_options options = by_name(3, "guide.test");

	options.ca_file = files_path("guide/ca.pem");
	ke_assert_good(&host, &options);
}

struct ke_tests ke_tests_names(void)
{
#define TEST(name) { "SNI_" #name, name, start, stop, NULL }
	static const struct CMUnitTest tests[] = {
		TEST(exact_name_goes_before_wildcard),
		TEST(wildcard_covers_one_label),
		TEST(names_of_the_configuration_pick_too),
		TEST(unknown_name_gets_the_first),
		TEST(no_name_goes_by_address),
		TEST(of_many_kinds_of_key_P_256_goes_first),
		TEST(client_of_one_kind_of_key),
		TEST(each_section_answers_by_its_own_settings),
		TEST(chain_of_the_guide_is_served),
	};
#undef TEST

	return (struct ke_tests){ tests, ARRAY_LEN(tests) };
}
