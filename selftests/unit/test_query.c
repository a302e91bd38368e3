// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl query: the verdict on a report, and the report as text and as JSON. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>

#include <openssl/x509.h>

#include "kntsctl/query.h"
#include "unit.h"

#define NOW 1795000000
#define DAY_S 86400

static struct query_exchange exchanges[2];
static struct query_report report;
static struct query query;

/* A server with which nothing is wrong. */
static const struct query good_query = {
	.host = "time.example",
	.port = 4460,
	.nts = true,
	.ca = "ca.pem",
	.aeads = { 15, 30 },
	.aeads_count = 2,
	.patience_s = 3,
};

static const struct query_exchange good_exchange = {
	.end = QUERY_NTP_REPLY,
	.kind = QUERY_REPLY_GOOD,
	.request_len = 228,
	.reply_len = 228,
	.offset_s = -4.7e-6,
	.delay_s = 2.9475e-5,
	.service_s = 8.1e-6,
	.reply = {
		.authentic = true,
		.stratum = 1,
		.precision = -24,
		.root_dispersion = 66,
		.reference_id = 0x47505300,
		.cookies_count = 1,
	},
};

static const struct query_report good_report = {
	.addresses = {
		{ .text = "192.0.2.1", .connect_s = 3.12e-4 },
		{ .text = "2001:db8::1", .err = QUERY_UNTRIED },
	},
	.addresses_count = 2,
	.tls = {
		.state = QUERY_TLS_UP,
		.version = "TLSv1.3",
		.cipher = "TLS_AES_128_GCM_SHA256",
		.group = "x25519",
		.alpn = "ntske/1",
		.handshake_s = 1.25e-2,
	},
	.chain = {
		.certificates = { {
			.subject = "CN = time.example",
			.issuer = "CN = a CA",
			.names = { "time.example", "192.0.2.1" },
			.names_count = 2,
			.key = "EC 256 bits",
			.not_before = NOW - DAY_S,
			.not_after = NOW + 89 * DAY_S,
		} },
		.count = 1,
		.name_matches = true,
	},
	.ke = {
		.outcome = QUERY_KE_AGREED,
		.ntpv4 = true,
		.aead = 15,
		.port = 123,
		.cookies_count = 8,
	},
	.ke_s = 2.617e-4,
	.cookie_len = 104,
	.ntp_address = "192.0.2.1",
	.ntp_port = 123,
	.exchanges = exchanges,
	.exchanges_count = 2,
	.now = NOW,
};

static void make_good(void)
{
	query = good_query;
	exchanges[0] = good_exchange;
	exchanges[1] = good_exchange;
	exchanges[1].offset_s = 1.5e-3;
	exchanges[1].reply.interleaved = true;
	exchanges[1].reply.cookies_count = 2;
	report = good_report;
}

static void begins(enum query_stage stage, const char *words)
{
	char sentence[QUERY_VERDICT_SIZE] = "";

	assert_int_equal(query_verdict(&query, &report, sentence), stage);
	if (strncmp(sentence, words, strlen(words)))
		fail_msg("'%s' does not begin with '%s'", sentence, words);
}

static void a_good_server_is_called_good(void **state)
{
	make_good();
	begins(QUERY_STAGE_NONE, "2 of 2 replies came, all of them authentic");
	query.nts = false;
	begins(QUERY_STAGE_NONE, "2 of 2 replies came; NTS was not asked for");
}

static void without_a_connection_it_is_told_why(void **state)
{
	make_good();
	report.tls.state = QUERY_TLS_NONE;
	report.addresses_count = 1;
	report.addresses[0].err = ECONNREFUSED;
	begins(QUERY_STAGE_TCP, "TCP port 4460 of 192.0.2.1 refuses: is kntsd");
	report.addresses[0].err = ETIMEDOUT;
	begins(QUERY_STAGE_TCP,
	       "TCP port 4460 of 192.0.2.1 does not answer within 3 s: is a firewall");
	report.addresses[0].err = ENETUNREACH;
	begins(QUERY_STAGE_TCP,
	       "there is no way to TCP port 4460 of 192.0.2.1 (Network is unreachable): look");
	report.addresses_count = 0;
	report.resolve_err = EAI_NONAME;
	begins(QUERY_STAGE_RESOLVE,
	       "'time.example' has no address (Name or service not known): is");
	query.family = AF_INET6;
	begins(QUERY_STAGE_RESOLVE, "'time.example' has no IPv6 address (");
}

static void TLS_that_is_not_for_NTS_KE_is_told(void **state)
{
	static const struct {
		struct query_tls tls;
		const char *words;
	} cases[] = {
		{ { .state = QUERY_TLS_NO_CA, .error = "Is a directory" },
		  "the CAs to trust cannot be read from ca.pem (Is a directory): name" },
		{ { .state = QUERY_TLS_TIMEOUT },
		  "TCP port 4460 accepts the connection, but TLS does not come up within 3 s" },
		{ { .state = QUERY_TLS_CLOSED },
		  "TCP port 4460 accepts the connection and closes it before TLS is up: is" },
		{ { .state = QUERY_TLS_ALERT, .alert = 120 },
		  "TCP port 4460 speaks TLS, but not NTS-KE (it refuses ALPN \"ntske/1\"): is" },
		{ { .state = QUERY_TLS_ALERT, .alert = 40, .error = "handshake failure" },
		  "the server ends the TLS handshake with the alert \"handshake failure\": its" },
		{ { .state = QUERY_TLS_FAILED, .error = "wrong version number" },
		  "what listens on TCP port 4460 does not speak TLS as a server of NTS-KE does (wrong version number): is" },
		{ { .state = QUERY_TLS_UP, .version = "TLSv1.2", .alpn = "ntske/1" },
		  "the server speaks TLSv1.2, and NTS-KE is for TLS 1.3 only: let" },
		{ { .state = QUERY_TLS_UP, .version = "TLSv1.3" },
		  "TCP port 4460 speaks TLS, but not NTS-KE (it does not take ALPN \"ntske/1\"): is" },
	};
	size_t i;

	make_good();
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		report.tls = cases[i].tls;
		begins(QUERY_STAGE_TLS, cases[i].words);
	}
}

static void a_bad_certificate_comes_before_all_that_follows(void **state)
{
	struct query_certificate *cert = &report.chain.certificates[0];

	make_good();
	report.ke.outcome = QUERY_KE_NONE;
	report.chain.name_matches = false;
	begins(QUERY_STAGE_CERTIFICATE,
	       "time.example is not among the certificate's names (time.example, 192.0.2.1): use");
	cert->names_count = 0;
	begins(QUERY_STAGE_CERTIFICATE,
	       "time.example is not among the certificate's names (it has none): use");
	report.chain.verify = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	begins(QUERY_STAGE_CERTIFICATE,
	       "the certificate was not issued by a CA in ca.pem (unable to get local issuer certificate): give");
	query.ca = NULL;
	begins(QUERY_STAGE_CERTIFICATE,
	       "the certificate was not issued by a CA in the system's store (");
	report.chain.verify = X509_V_ERR_CA_MD_TOO_WEAK;
	begins(QUERY_STAGE_CERTIFICATE, "clients refuse the certificate (CA ");
	cert->not_before = NOW + 1;
	begins(QUERY_STAGE_CERTIFICATE,
	       "the certificate \"CN = time.example\" is not valid before 2026-11-18: is");
	cert->not_before = 0;
	cert->not_after = NOW - 1;
	begins(QUERY_STAGE_CERTIFICATE,
	       "the certificate \"CN = time.example\" expired on 2026-11-18: renew");
}

static void a_key_exchange_that_fails_is_told(void **state)
{
	make_good();
	report.ke.outcome = QUERY_KE_NOTHING;
	begins(QUERY_STAGE_KE, "the server agrees to none of the AEADs that we offer");
	report.ke.ntpv4 = false;
	begins(QUERY_STAGE_KE, "the server agrees to none of the protocols that we");
	report.ke.outcome = QUERY_KE_ERROR;
	report.ke.error = 2;
	begins(QUERY_STAGE_KE, "NTS-KE answers with error 2: it failed inside: on a");
	report.ke.error = 9;
	begins(QUERY_STAGE_KE, "NTS-KE answers with error 9: RFC 8915 defines none");
	report.ke.outcome = QUERY_KE_BAD;
	report.ke.fault = "sends no cookie";
	begins(QUERY_STAGE_KE, "the NTS-KE server breaks RFC 8915, so that clients must leave it: it sends no cookie");
	report.ke.outcome = QUERY_KE_MORE;
	report.ke_end = QUERY_READ_CLOSED;
	begins(QUERY_STAGE_KE, "NTS-KE speaks TLS, but gives no whole answer and closes");
	report.ke_end = QUERY_READ_TIMEOUT;
	begins(QUERY_STAGE_KE, "NTS-KE speaks TLS, but gives no answer within 3 s: is");
}

static void both_end(enum query_ntp_end end, enum query_reply_kind kind,
		     const char *kiss)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(exchanges); i++) {
		exchanges[i].end = end;
		exchanges[i].kind = kind;
		exchanges[i].err = ECONNREFUSED;
		strcpy(exchanges[i].reply.kiss, kiss);
	}
}

static void silence_is_told_by_where_it_begins(void **state)
{
	make_good();
	both_end(QUERY_NTP_SILENCE, QUERY_REPLY_STRAY, "");
	begins(QUERY_STAGE_NTP,
	       "NTS-KE answers but UDP port 123 of 192.0.2.1 does not: is a firewall");
	exchanges[0].end = QUERY_NTP_REPLY;
	exchanges[0].kind = QUERY_REPLY_GOOD;
	begins(QUERY_STAGE_NTP, "1 of 2 requests got no reply: packets are lost");
	query.nts = false;
	both_end(QUERY_NTP_SILENCE, QUERY_REPLY_STRAY, "");
	begins(QUERY_STAGE_NTP, "UDP port 123 of 192.0.2.1 does not answer: is a");
	report.ntp_connect_err = ENETUNREACH;
	begins(QUERY_STAGE_NTP, "there is no way to UDP port 123 of 192.0.2.1 (");
	report.ntp_resolve_err = EAI_NONAME;
	begins(QUERY_STAGE_NTP, "the NTP server 'time.example' has no address (Name or service not known): is the name");
	strcpy(report.ke.server, "ntp.example");
	begins(QUERY_STAGE_NTP, "the NTP server 'ntp.example' has no address (Name or service not known): NTS-KE names it");
}

static void each_odd_end_is_told(void **state)
{
	static const struct {
		enum query_ntp_end end;
		enum query_reply_kind kind;
		const char *kiss;
		const char *words;
	} cases[] = {
		{ QUERY_NTP_REFUSED, QUERY_REPLY_STRAY, "",
		  "NTS-KE answers but UDP port 123 of 192.0.2.1 refuses (Connection refused): is" },
		{ QUERY_NTP_UNSENT, QUERY_REPLY_STRAY, "",
		  "nothing can be sent to UDP port 123 of 192.0.2.1 (Connection refused): look" },
		{ QUERY_NTP_NO_COOKIE, QUERY_REPLY_STRAY, "",
		  "the server gives fewer cookies than it takes" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_KISS, "NTSN",
		  "NTSN: 192.0.2.1 port 123 has not the key of the cookie" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_KISS, "DENY",
		  "the server denies its service (DENY): this address is not among" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_KISS, "RATE",
		  "the server limits its rate (RATE): ask more seldom" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_KISS, "STEP",
		  "the server answers with the kiss code STEP instead" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_BARE, "",
		  "192.0.2.1 port 123 answers without NTS though asked with it: is" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_FORGED, "",
		  "the reply is not authentic by the session's key: somebody" },
		{ QUERY_NTP_REPLY, QUERY_REPLY_BAD, "",
		  "the reply's NTS fields break RFC 8915" },
	};
	size_t i;

	make_good();
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		both_end(cases[i].end, cases[i].kind, cases[i].kiss);
		begins(QUERY_STAGE_NTP, cases[i].words);
	}
	query.nts = false;
	both_end(QUERY_NTP_REPLY, QUERY_REPLY_KISS, "DENY");
	begins(QUERY_STAGE_NTP,
	       "the server denies its service (DENY): it serves with NTS only");
}

static void a_clock_that_is_wrong_is_told_last(void **state)
{
	make_good();
	exchanges[1].offset_s = -3600.5;
	begins(QUERY_STAGE_CLOCK,
	       "this machine's clock is 3600.500 s ahead of the server's: one");
	exchanges[1].offset_s = 1.5;
	begins(QUERY_STAGE_CLOCK,
	       "this machine's clock is 1.500 s behind the server's: one");
	exchanges[1].reply.leap = 3;
	exchanges[1].reply.stratum = 0;
	begins(QUERY_STAGE_CLOCK, "the server says that it is unsynchronised: its");
}

static void printed(const char *expected, bool colour)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	query_print(out, &query, &report, colour);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void the_report_is_a_screen(void **state)
{
	make_good();
	printed("addresses    192.0.2.1  connected in 312.000 us\n"
		"             2001:db8::1  not needed\n"
		"TLS          TLSv1.3, TLS_AES_128_GCM_SHA256, x25519, ALPN ntske/1, up in 12.500 ms\n"
		"certificate  CN = time.example, EC 256 bits\n"
		"             for time.example, 192.0.2.1\n"
		"             by CN = a CA\n"
		"             until 2027-02-15, 89 days left\n"
		"trust        for time.example; chains to a CA in ca.pem\n"
		"NTS-KE       AEAD 15 (AES-SIV-CMAC-256), 8 cookies of 104 octets, in 261.700 us\n"
		"NTP          192.0.2.1 port 123\n"
		"              offset        delay      service  mode\n"
		"    1      -4.700 us    29.475 us     8.100 us  basic        authentic, 1 cookie\n"
		"    2      +1.500 ms    29.475 us     8.100 us  interleaved  authentic, 2 cookies\n"
		"clock        stratum 1, source GPS, leap second: none, root delay 0 us, root dispersion 1.007 ms\n"
		"\n"
		"good: 2 of 2 replies came, all of them authentic\n", false);
}

static void a_short_report_ends_in_the_problem(void **state)
{
	make_good();
	report.tls.state = QUERY_TLS_NONE;
	report.addresses_count = 1;
	report.addresses[0].err = ECONNREFUSED;
	report.exchanges = NULL;
	printed("addresses    192.0.2.1  Connection refused\n"
		"\n"
		"\033[31mproblem\033[0m: TCP port 4460 of 192.0.2.1 refuses: is kntsd (or another NTS-KE"
		" server) running there, and is this its port (--port)?\n", true);
}

static void what_did_not_come_is_shown(void **state)
{
	make_good();
	query.nts = false;
	report.addresses_count = 0;
	report.tls.state = QUERY_TLS_NONE;
	both_end(QUERY_NTP_SILENCE, QUERY_REPLY_STRAY, "");
	exchanges[1].end = QUERY_NTP_REPLY;
	exchanges[1].kind = QUERY_REPLY_KISS;
	strcpy(exchanges[1].reply.kiss, "RATE");
	printed("NTP          192.0.2.1 port 123\n"
		"              offset        delay      service  mode\n"
		"    1  no reply\n"
		"    2  kiss code RATE\n"
		"\n"
		"problem: the server limits its rate (RATE): ask more seldom (--interval)\n",
		false);
}

static const char *member(struct json_object *object, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, key, &value));
	return json_object_get_string(value);
}

static void JSON_says_the_same(void **state)
{
	struct json_object *object, *part, *list;

	make_good();
	object = query_to_json(&query, &report);
	assert_string_equal(member(object, "good"), "true");
	assert_string_equal(member(object, "stage"), "none");
	assert_null(member(object, "problem"));
	json_object_object_get_ex(object, "ntp", &part);
	json_object_object_get_ex(part, "exchanges", &list);
	part = json_object_array_get_idx(list, 1);
	assert_string_equal(member(part, "result"), "good");
	assert_string_equal(member(part, "offset-s"), "0.001500000");
	assert_string_equal(member(part, "interleaved"), "true");
	assert_string_equal(member(part, "reference-id"), "47505300");
	json_object_put(object);

	report.ke.outcome = QUERY_KE_ERROR;
	report.ke.error = 1;
	report.exchanges = NULL;
	object = query_to_json(&query, &report);
	assert_string_equal(member(object, "stage"), "nts-ke");
	json_object_object_get_ex(object, "nts-ke", &part);
	assert_string_equal(member(part, "error"), "1");
	assert_false(json_object_object_get_ex(object, "ntp", &part));
	json_object_put(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_server_is_called_good),
		cmocka_unit_test(without_a_connection_it_is_told_why),
		cmocka_unit_test(TLS_that_is_not_for_NTS_KE_is_told),
		cmocka_unit_test(a_bad_certificate_comes_before_all_that_follows),
		cmocka_unit_test(a_key_exchange_that_fails_is_told),
		cmocka_unit_test(silence_is_told_by_where_it_begins),
		cmocka_unit_test(each_odd_end_is_told),
		cmocka_unit_test(a_clock_that_is_wrong_is_told_last),
		cmocka_unit_test(the_report_is_a_screen),
		cmocka_unit_test(a_short_report_ends_in_the_problem),
		cmocka_unit_test(what_did_not_come_is_shown),
		cmocka_unit_test(JSON_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
