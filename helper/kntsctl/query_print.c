// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report of kntsctl query for people: what each step found, a line each, and
 * the verdict at the end.
 */
#include <math.h>
#include <string.h>

#include <openssl/x509.h>

#include "kntsctl/format.h"
#include "kntsctl/query.h"

#define LABEL "%-13s"
#define DAY_S 86400

static const char *aead_name(uint16_t aead)
{
	switch (aead) {
	case KNTS_AEAD_AES_SIV_CMAC_256:
		return "AES-SIV-CMAC-256";
	case KNTS_AEAD_AES_SIV_CMAC_384:
		return "AES-SIV-CMAC-384";
	case KNTS_AEAD_AES_SIV_CMAC_512:
		return "AES-SIV-CMAC-512";
	case KNTS_AEAD_AES_128_GCM_SIV:
		return "AES-128-GCM-SIV";
	default:
		return "AES-256-GCM-SIV";
	}
}

static const char *seconds(double value, char *text)
{
	return format_ns((uint64_t)(fabs(value) * 1e9 + 0.5), text);
}

/* With a sign: "+12.3 us". */
static const char *signed_seconds(double value, char *text)
{
	char size[FORMAT_SIZE];

	snprintf(text, FORMAT_SIZE, "%c%.30s", value < 0 ? '-' : '+',
		 seconds(value, size));
	return text;
}

static void print_addresses(FILE *out, const struct query_report *report)
{
	const struct query_address *address;
	char text[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < report->addresses_count; i++) {
		address = &report->addresses[i];
		fprintf(out, LABEL "%s  ", i ? "" : "addresses", address->text);
		if (address->err == QUERY_UNTRIED)
			fputs("not needed\n", out);
		else if (address->err)
			fprintf(out, "%s\n", strerror(address->err));
		else
			fprintf(out, "connected in %s\n",
				seconds(address->connect_s, text));
	}
}

static void print_tls(FILE *out, const struct query_tls *tls)
{
	char text[FORMAT_SIZE];

	if (tls->state != QUERY_TLS_UP) {
		fprintf(out, LABEL "not up\n", "TLS");
		return;
	}
	fprintf(out, LABEL "%s, %s", "TLS", tls->version, tls->cipher);
	if (tls->group[0])
		fprintf(out, ", %s", tls->group);
	fprintf(out, ", ALPN %s, up in %s\n", tls->alpn[0] ? tls->alpn : "none",
		seconds(tls->handshake_s, text));
}

static void print_certificate(FILE *out, const char *label,
			      const struct query_certificate *cert, int64_t now)
{
	int64_t left = cert->not_after - now;
	char date[FORMAT_SIZE];
	size_t i;

	fprintf(out, LABEL "%s, %s\n", label, cert->subject, cert->key);
	for (i = 0; i < cert->names_count; i++)
		fprintf(out, "%s%s", i ? ", " : "             for ",
			cert->names[i]);
	if (cert->names_count)
		fputc('\n', out);
	fprintf(out, LABEL "by %s\n", "", strcmp(cert->issuer, cert->subject) ?
		cert->issuer : "itself");
	fprintf(out, LABEL "until %s, ", "", format_date(cert->not_after, date));
	if (left < 0)
		fprintf(out, "expired %lld days ago\n",
			(long long)(-left / DAY_S));
	else
		fprintf(out, "%lld days left\n", (long long)(left / DAY_S));
}

static void print_chain(FILE *out, const struct query *query,
			const struct query_report *report)
{
	const struct query_chain *chain = &report->chain;
	size_t i;

	for (i = 0; i < chain->count; i++)
		print_certificate(out, i ? "" : "certificate",
				  &chain->certificates[i], report->now);
	fprintf(out, LABEL "%s %s; ", "trust",
		chain->name_matches ? "for" : "not for", query->host);
	if (chain->verify == X509_V_OK)
		fprintf(out, "chains to a CA in %s\n",
			query->ca ? query->ca : "the system's store");
	else
		fprintf(out, "%s\n",
			X509_verify_cert_error_string(chain->verify));
}

static void print_ke(FILE *out, const struct query_report *report)
{
	const struct query_ke *ke = &report->ke;
	char text[FORMAT_SIZE];

	if (ke->outcome != QUERY_KE_AGREED) {
		fprintf(out, LABEL "nothing agreed\n", "NTS-KE");
		return;
	}
	fprintf(out, LABEL "AEAD %u (%s), %zu cookies of %zu octets, in %s\n",
		"NTS-KE", ke->aead, aead_name(ke->aead), ke->cookies_count,
		report->cookie_len, seconds(report->ke_s, text));
}

static void print_missing(FILE *out, const struct query_exchange *exchange)
{
	static const char *const texts[] = {
		[QUERY_REPLY_BARE] = "a reply without NTS",
		[QUERY_REPLY_FORGED] = "a reply that is not authentic",
		[QUERY_REPLY_BAD] = "a reply with malformed NTS fields",
	};

	if (exchange->end == QUERY_NTP_SILENCE)
		fputs("no reply\n", out);
	else if (exchange->end == QUERY_NTP_NO_COOKIE)
		fputs("not asked: no cookie is left\n", out);
	else if (exchange->end != QUERY_NTP_REPLY)
		fprintf(out, "%s\n", strerror(exchange->err));
	else if (exchange->kind == QUERY_REPLY_KISS)
		fprintf(out, "kiss code %s\n", exchange->reply.kiss);
	else
		fprintf(out, "%s\n", texts[exchange->kind]);
}

static void print_exchange(FILE *out, size_t number,
			   const struct query_exchange *exchange, bool nts)
{
	char offset[FORMAT_SIZE], delay[FORMAT_SIZE], service[FORMAT_SIZE];
	const struct query_reply *reply = &exchange->reply;

	fprintf(out, "%5zu  ", number);
	if (exchange->end != QUERY_NTP_REPLY ||
	    exchange->kind != QUERY_REPLY_GOOD) {
		print_missing(out, exchange);
		return;
	}
	fprintf(out, "%13s %12s %12s  %-11s  ",
		signed_seconds(exchange->offset_s, offset),
		seconds(exchange->delay_s, delay),
		seconds(exchange->service_s, service),
		reply->interleaved ? "interleaved" : "basic");
	if (nts)
		fprintf(out, "authentic, %zu cookie%s\n", reply->cookies_count,
			reply->cookies_count == 1 ? "" : "s");
	else
		fputs("without NTS\n", out);
}

/* What the last good reply says of the clock. */
static void print_clock(FILE *out, const struct query_report *report)
{
	const struct query_reply *reply = NULL;
	char source[FORMAT_SIZE], delay[FORMAT_SIZE], dispersion[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < report->exchanges_count; i++)
		if (report->exchanges[i].end == QUERY_NTP_REPLY &&
		    report->exchanges[i].kind == QUERY_REPLY_GOOD)
			reply = &report->exchanges[i].reply;
	if (!reply)
		return;
	fprintf(out, LABEL "stratum %u, source %s, leap second: %s, root delay"
		" %s, root dispersion %s\n", "clock", reply->stratum,
		format_source(reply->reference_id, reply->stratum, source),
		leap_text(reply->leap), format_short(reply->root_delay, delay),
		format_short(reply->root_dispersion, dispersion));
}

static void print_ntp(FILE *out, const struct query *query,
		      const struct query_report *report)
{
	size_t i;

	fprintf(out, LABEL "%s port %u\n", "NTP", report->ntp_address,
		report->ntp_port);
	fprintf(out, "%20s %12s %12s  mode\n", "offset", "delay", "service");
	for (i = 0; i < report->exchanges_count; i++)
		print_exchange(out, i + 1, &report->exchanges[i], query->nts);
	print_clock(out, report);
}

void query_print(FILE *out, const struct query *query,
		 const struct query_report *report, bool colour)
{
	char sentence[QUERY_VERDICT_SIZE];
	enum query_stage wrong;

	wrong = query_verdict(query, report, sentence);
	print_addresses(out, report);
	if (report->tls.state != QUERY_TLS_NONE)
		print_tls(out, &report->tls);
	if (report->tls.state == QUERY_TLS_UP)
		print_chain(out, query, report);
	if (report->tls.state == QUERY_TLS_UP)
		print_ke(out, report);
	if (report->exchanges)
		print_ntp(out, query, report);
	fprintf(out, "%s%s%s%s: %s\n", report->addresses_count ||
		report->exchanges ? "\n" : "",
		!colour ? "" : wrong ? "\033[31m" : "\033[32m",
		wrong ? "problem" : "good", colour ? "\033[0m" : "", sentence);
}
