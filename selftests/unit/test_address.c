// SPDX-License-Identifier: GPL-2.0-or-later
/* A server's address as text, there and back. */
#include <errno.h>

#include "libknts/libknts.h"
#include "unit.h"

/* What is written, and how it is written back. */
static const struct {
	const char *text;
	const char *formatted;
} good[] = {
	{ "192.0.2.1", "192.0.2.1:123" },
	{ "192.0.2.1:1", "192.0.2.1:1" },
	{ "192.0.2.1:65535", "192.0.2.1:65535" },
	{ "0.0.0.0:123%eth0", "0.0.0.0:123%eth0" },
	{ "192.0.2.1%eth0.100", "192.0.2.1:123%eth0.100" },
	{ "::", "[::]:123" },
	{ "::1", "[::1]:123" },
	{ "2001:DB8:0::1", "[2001:db8::1]:123" },
	{ "[::]", "[::]:123" },
	{ "[2001:db8::1]:1123", "[2001:db8::1]:1123" },
	{ "[::]:123%vrf-blue", "[::]:123%vrf-blue" },
	{ "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535%fifteen-letters",
	  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535%fifteen-letters" },
};

static const char *const bad[] = {
	"",
	":123",
	"123",
	"192.0.2",
	"192.0.2.256",
	"192.0.2.1:",
	"192.0.2.1:0",
	"192.0.2.1:65536",
	"192.0.2.1:999999",
	"192.0.2.1:+1",
	"192.0.2.1:12a",
	"192.0.2.1: 123",
	" 192.0.2.1",
	"192.0.2.1%",
	"192.0.2.1:123%sixteen-letters-",
	"[192.0.2.1]:123",
	"[::",
	"[::]x",
	"[::]:",
	"[::]:0",
	"[]:123",
	"::1]:123",
	"1:2:3",
	"localhost",
	"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535%fifteen-letters"
	"-and-so-many-more-that-they-fit-nowhere",
};

static void address_goes_there_and_back(void **state)
{
	char text[KNTS_SERVER_TEXT_SIZE];
	struct knts_server server, again;
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(knts_server_scan(good[i].text, &server), 0);
		knts_server_format(&server, text, sizeof(text));
		assert_string_equal(text, good[i].formatted);
		assert_int_equal(knts_server_scan(text, &again), 0);
		assert_memory_equal(&server, &again, sizeof(server));
	}
}

static void address_that_is_none_is_refused(void **state)
{
	struct knts_server server;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		if (knts_server_scan(bad[i], &server) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
}

static void address_has_its_octets_in_network_order(void **state)
{
	const uint8_t v4[] = { 192, 0, 2, 1 };
	const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct knts_server server;

	assert_int_equal(knts_server_scan("192.0.2.1", &server), 0);
	assert_int_equal(server.address_len, sizeof(v4));
	assert_memory_equal(server.address, v4, sizeof(v4));

	assert_int_equal(knts_server_scan("2001:db8::1", &server), 0);
	assert_int_equal(server.address_len, sizeof(v6));
	assert_memory_equal(server.address, v6, sizeof(v6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_goes_there_and_back),
		cmocka_unit_test(address_that_is_none_is_refused),
		cmocka_unit_test(address_has_its_octets_in_network_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
