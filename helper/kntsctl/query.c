// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl query: ask a server as a client does, step by step, and say what is
 * wrong.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kntsctl/kntsctl.h"
#include "kntsctl/query.h"
#include "kntsctl/query_session.h"

#define KE_PORT 4460
#define NTP_PORT 123
#define HOST_SIZE 256

static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };

#define AEADS_COUNT (sizeof(aeads) / sizeof(*aeads))
#define ANY_AEAD (-1)

static struct query_options {
	const char *ca;
	uint32_t port;
	uint32_t count;
	double interval_s;
	double patience_s;
	int aead;
	bool plain;
	bool interleaved;
	bool ipv4;
	bool ipv6;
} given = {
	.count = 4,
	.interval_s = 0.5,
	.patience_s = 3,
	.aead = ANY_AEAD,
};

/* The first address that takes a TCP connection. */
static int connect_tcp(const struct query *query, struct query_report *report,
		       const char **address)
{
	const struct query_target target = {
		.host = query->host,
		.port = query->port,
		.family = query->family,
		.type = SOCK_STREAM,
	};
	size_t i;
	int fd;

	report->resolve_err = query_net_resolve(&target, report->addresses,
						&report->addresses_count);
	for (i = 0; i < report->addresses_count; i++) {
		fd = query_net_connect(&report->addresses[i], SOCK_STREAM,
				       query->patience_s);
		*address = report->addresses[i].text;
		if (fd >= 0)
			return fd;
	}
	return -1;
}

/* Return: whether there are keys and cookies. */
static bool exchange_keys(const struct query *query,
			  struct query_report *report,
			  struct query_session *session, const char **address)
{
	struct query_link link;
	bool ready = query_tls_prepare(&link, query->ca, &report->tls);

	link.fd = connect_tcp(query, report, address);
	if (ready && link.fd >= 0)
		query_tls_open(&link, query->host, query->patience_s,
			       &report->tls);
	if (report->tls.state == QUERY_TLS_UP) {
		query_chain_read(&report->chain, link.ssl, query->host);
		if (!strcmp(report->tls.version, "TLSv1.3") &&
		    !strcmp(report->tls.alpn, QUERY_ALPN))
			query_session_run(&link, query, report, session);
	}
	query_tls_close(&link);
	return report->ke.outcome == QUERY_KE_AGREED;
}

/* A descriptor for NTP: to @host, or to what @host's first good address is. */
static int connect_udp(const struct query *query, struct query_report *report,
		       const char *host, uint16_t port)
{
	const struct query_target target = {
		.host = host,
		.port = port,
		.family = query->family,
		.type = SOCK_DGRAM,
	};
	struct query_address addresses[QUERY_ADDRESSES_MAX];
	size_t i, count;
	int fd = -1;

	report->ntp_port = port;
	report->ntp_resolve_err = query_net_resolve(&target, addresses, &count);
	for (i = 0; fd < 0 && i < count; i++) {
		fd = query_net_connect(&addresses[i], SOCK_DGRAM,
				       query->patience_s);
		memcpy(report->ntp_address, addresses[i].text,
		       sizeof(report->ntp_address));
		report->ntp_connect_err = addresses[i].err;
	}
	return fd;
}

static void exchange_time(const struct query *query,
			  struct query_report *report, const char *host,
			  uint16_t port, const struct query_session *session)
{
	size_t cookies = report->ke.cookies_count;
	int fd = connect_udp(query, report, host, port);

	if (fd < 0)
		return;
	if (cookies > QUERY_COOKIES_MAX)
		cookies = QUERY_COOKIES_MAX;
	report->exchanges = calloc(query->ntp.count,
				   sizeof(*report->exchanges));
	if (!report->exchanges)
		abort();
	report->exchanges_count = query->ntp.count;
	query_ntp_run(fd, &query->ntp, query->patience_s, session,
		      report->ke.cookies, cookies, report->exchanges);
	close(fd);
}

static void find_out(const struct query *query, struct query_report *report)
{
	struct query_session session = { 0 };
	const char *address = NULL;

	if (!query->nts)
		exchange_time(query, report, query->host, query->port, NULL);
	else if (exchange_keys(query, report, &session, &address))
		exchange_time(query, report,
			      report->ke.server[0] ? report->ke.server : address,
			      report->ke.port, &session);
	query_session_wipe(report, &session);
	report->now = time(NULL);
}

/* "[2001:db8::1]" is an address too. */
static void strip_brackets(const char *word, char *host)
{
	size_t len = strlen(word);

	snprintf(host, HOST_SIZE, "%s", word);
	if (len > 2 && len < HOST_SIZE && word[0] == '[' && word[len - 1] == ']')
		snprintf(host, HOST_SIZE, "%.*s", (int)len - 2, word + 1);
}

static void make_query(struct query *query, const char *host)
{
	*query = (struct query){
		.host = host,
		.port = given.plain ? NTP_PORT : KE_PORT,
		.nts = !given.plain,
		.ca = given.ca,
		.family = given.ipv4 ? AF_INET :
			  given.ipv6 ? AF_INET6 : AF_UNSPEC,
		.patience_s = given.patience_s,
		.ntp = {
			.count = given.count,
			.interval_s = given.interval_s,
			.interleaved = given.interleaved,
		},
	};
	if (given.port)
		query->port = (uint16_t)given.port;
	if (given.aead == ANY_AEAD) {
		memcpy(query->aeads, aeads, sizeof(aeads));
		query->aeads_count = AEADS_COUNT;
	} else {
		query->aeads[query->aeads_count++] = aeads[given.aead];
	}
}

static int run(int argc, char **argv)
{
	struct query_report *report;
	char verdict[QUERY_VERDICT_SIZE];
	enum query_stage wrong;
	char host[HOST_SIZE];
	struct query query;

	if (given.ipv4 && given.ipv6)
		return usage_error("query: --ipv4 and --ipv6 exclude each other");
	if (given.plain && (given.ca || given.aead != ANY_AEAD))
		return usage_error("query: without NTS there is neither CA nor"
				   " AEAD: leave --plain out, or these");
	strip_brackets(argv[0], host);
	make_query(&query, host);
	report = calloc(1, sizeof(*report));
	if (!report)
		return fail("no memory");
	find_out(&query, report);
	if (common.json)
		print_json(query_to_json(&query, report));
	else
		query_print(stdout, &query, report, wants_colour());
	wrong = query_verdict(&query, report, verdict);
	free(report->exchanges);
	free(report);
	return wrong ? EXIT_FAILED : EXIT_DONE;
}

static const struct option_row options[] = {
	{ .name = "ca", .value = "FILE", .kind = OPTION_FILE, .text = &given.ca,
	  .help = "Certificates of the CAs to trust, PEM; else the system's." },
	{ .name = "port", .value = "N", .kind = OPTION_NUMBER, .min = 1,
	  .max = 65535, .number = &given.port,
	  .help = "TCP port of NTS-KE, else 4460; with --plain the UDP port of"
		  " NTP, else 123." },
	{ .name = "plain", .flag = &given.plain,
	  .help = "Without NTS: NTP alone." },
	{ .name = "aead", .value = "ID", .kind = OPTION_WORD,
	  .words = "15 16 17 30 31", .word = &given.aead,
	  .help = "Offer this one only; else all five, 15 first." },
	{ .name = "count", .value = "N", .kind = OPTION_NUMBER, .min = 1,
	  .max = QUERY_EXCHANGES_MAX, .number = &given.count,
	  .help = "So many NTP exchanges, else 4." },
	{ .name = "interval", .value = "S", .kind = OPTION_SECONDS, .min = 0,
	  .max = 1024, .seconds = &given.interval_s,
	  .help = "Seconds from one to the next, else 0.5." },
	{ .name = "timeout", .value = "S", .kind = OPTION_SECONDS, .min = 0.1,
	  .max = 60, .seconds = &given.patience_s,
	  .help = "Seconds to wait for each answer, else 3." },
	{ .name = "interleaved", .flag = &given.interleaved,
	  .help = "Ask for interleaved mode from the second exchange on." },
	{ .name = "ipv4", .flag = &given.ipv4, .help = "IPv4 only." },
	{ .name = "ipv6", .flag = &given.ipv6, .help = "IPv6 only." },
	COLOUR_ROW,
	JSON_ROW("One object: good, problem, stage, and what each step found;"
		 " see kntsctl(8)."),
	{ 0 },
};

const struct command command_query = {
	.name = "query",
	.operands = "HOST",
	.summary = "Ask any NTS server as a client does, and say what is wrong",
	.help = "It resolves HOST, connects, shows the certificates and says"
		" what a client would think of them, exchanges keys, asks for"
		" the time, and ends with one sentence: what is wrong, and what"
		" to do about it. A certificate that is no good does not stop"
		" it: it is for diagnosis, and sets no clock.\n\n"
		"It ends with 0 if all is well, and with 1 if anything is"
		" wrong.",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
