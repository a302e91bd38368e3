// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is wrong with a server, up to its keys and cookies: the first thing that a
 * client would meet, and what to do.
 */
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <string.h>

#include <openssl/x509.h>

#include "kntsctl/format.h"
#include "kntsctl/query_verdict.h"

#define ALERT_NO_PROTOCOL 120

void query_say(char *sentence, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, QUERY_VERDICT_SIZE, format, args);
	va_end(args);
}

static bool resolve_verdict(const struct query *query,
			    const struct query_report *report, char *sentence)
{
	if (!report->resolve_err)
		return false;
	query_say(sentence, "'%s' has no%s address (%s): is the name right, and"
		  " does name resolution work here?", query->host,
		  query->family == AF_INET ? " IPv4" :
		  query->family == AF_INET6 ? " IPv6" : "",
		  gai_strerror(report->resolve_err));
	return true;
}

/* The last address tells most: those before it failed too. */
static bool tcp_verdict(const struct query *query,
			const struct query_report *report, char *sentence)
{
	const struct query_address *last;

	last = &report->addresses[report->addresses_count - 1];
	if (report->tls.state != QUERY_TLS_NONE)
		return false;
	if (last->err == ECONNREFUSED)
		query_say(sentence, "TCP port %u of %s refuses: is kntsd (or"
			  " another NTS-KE server) running there, and is this"
			  " its port (--port)?", query->port, last->text);
	else if (last->err == ETIMEDOUT)
		query_say(sentence, "TCP port %u of %s does not answer within"
			  " %g s: is a firewall between, or the machine off?",
			  query->port, last->text, query->patience_s);
	else
		query_say(sentence, "there is no way to TCP port %u of %s (%s):"
			  " look at this machine's routes and firewall",
			  query->port, last->text, strerror(last->err));
	return true;
}

static void tls_failure(const struct query *query,
			const struct query_tls *tls, char *sentence)
{
	if (tls->state == QUERY_TLS_NO_CA)
		query_say(sentence, "the CAs to trust cannot be read from %s"
			  " (%s): name a file with certificates in PEM with"
			  " --ca", query->ca ? query->ca : "the system's store",
			  tls->error);
	else if (tls->state == QUERY_TLS_TIMEOUT)
		query_say(sentence, "TCP port %u accepts the connection, but TLS"
			  " does not come up within %g s: is it an NTS-KE server,"
			  " or is that one stuck or flooded?", query->port,
			  query->patience_s);
	else if (tls->state == QUERY_TLS_CLOSED)
		query_say(sentence, "TCP port %u accepts the connection and"
			  " closes it before TLS is up: is the server at its"
			  " limit of connections, or does it deny this address?",
			  query->port);
	else if (tls->state == QUERY_TLS_ALERT &&
		 tls->alert == ALERT_NO_PROTOCOL)
		query_say(sentence, "TCP port %u speaks TLS, but not NTS-KE (it"
			  " refuses ALPN \"%s\"): is this the NTS-KE port"
			  " (--port)?", query->port, QUERY_ALPN);
	else if (tls->state == QUERY_TLS_ALERT)
		query_say(sentence, "the server ends the TLS handshake with the"
			  " alert \"%s\": its log says why", tls->error);
	else
		query_say(sentence, "what listens on TCP port %u does not speak"
			  " TLS as a server of NTS-KE does (%s): is this the"
			  " NTS-KE port (--port)?", query->port, tls->error);
}

static bool tls_verdict(const struct query *query,
			const struct query_report *report, char *sentence)
{
	const struct query_tls *tls = &report->tls;

	if (tls->state != QUERY_TLS_UP)
		tls_failure(query, tls, sentence);
	else if (strcmp(tls->version, "TLSv1.3"))
		query_say(sentence, "the server speaks %s, and NTS-KE is for TLS"
			  " 1.3 only: let it speak that", tls->version);
	else if (strcmp(tls->alpn, QUERY_ALPN))
		query_say(sentence, "TCP port %u speaks TLS, but not NTS-KE (it"
			  " does not take ALPN \"%s\"): is this the NTS-KE port"
			  " (--port)?", query->port, QUERY_ALPN);
	else
		return false;
	return true;
}

/* Its own or one above it. Return: whether one is out of its time. */
static bool dates_verdict(const struct query_report *report, char *sentence)
{
	const struct query_certificate *cert;
	char date[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < report->chain.count; i++) {
		cert = &report->chain.certificates[i];
		if (cert->not_after < report->now) {
			query_say(sentence, "the certificate \"%s\" expired on"
				  " %s: renew it; kntsd takes the new one as"
				  " soon as it is in its place", cert->subject,
				  format_date(cert->not_after, date));
			return true;
		}
		if (cert->not_before > report->now) {
			query_say(sentence, "the certificate \"%s\" is not valid"
				  " before %s: is this machine's clock right?",
				  cert->subject,
				  format_date(cert->not_before, date));
			return true;
		}
	}
	return false;
}

static void name_verdict(const struct query *query,
			 const struct query_certificate *cert, char *sentence)
{
	char names[QUERY_TEXT_SIZE] = "";
	size_t i, len = 0;

	for (i = 0; i < cert->names_count && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
					"%s%s", i ? ", " : "", cert->names[i]);
	query_say(sentence, "%s is not among the certificate's names (%s): use"
		  " one of those, or have a certificate issued that has it",
		  query->host, len ? names : "it has none");
}

static void trust_verdict(const struct query *query, long verify,
			  char *sentence)
{
	const char *store = query->ca ? query->ca : "the system's store";

	switch (verify) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_CERT_UNTRUSTED:
		query_say(sentence, "the certificate was not issued by a CA in"
			  " %s (%s): give the server's own CA with --ca; or the"
			  " server lacks a certificate between", store,
			  X509_verify_cert_error_string(verify));
		break;
	default:
		query_say(sentence, "clients refuse the certificate (%s): have"
			  " another one issued",
			  X509_verify_cert_error_string(verify));
	}
}

static bool certificate_verdict(const struct query *query,
				const struct query_report *report,
				char *sentence)
{
	const struct query_chain *chain = &report->chain;

	if (dates_verdict(report, sentence))
		return true;
	if (chain->verify != X509_V_OK)
		trust_verdict(query, chain->verify, sentence);
	else if (!chain->name_matches)
		name_verdict(query, &chain->certificates[0], sentence);
	else
		return false;
	return true;
}

static void ke_error(uint16_t error, char *sentence)
{
	static const char *const texts[] = {
		"it does not know a critical record of ours: it is no server"
		" for NTPv4, or an old one",
		"it calls our request bad, or waited too long for it",
		"it failed inside: on a knts server kntsd cannot reach the"
		" kernel's key ring; its log says why",
	};

	query_say(sentence, "NTS-KE answers with error %u: %s", error,
		  error < sizeof(texts) / sizeof(*texts) ? texts[error] :
		  "RFC 8915 defines none such");
}

static bool ke_verdict(const struct query *query,
		       const struct query_report *report, char *sentence)
{
	const struct query_ke *ke = &report->ke;

	switch (ke->outcome) {
	case QUERY_KE_AGREED:
		return false;
	case QUERY_KE_NOTHING:
		query_say(sentence, "the server agrees to none of the %s that we"
			  " offer%s", ke->ntpv4 ? "AEADs" : "protocols",
			  ke->ntpv4 && query->aeads_count == 1 ?
			  ": leave out --aead" : "");
		break;
	case QUERY_KE_ERROR:
		ke_error(ke->error, sentence);
		break;
	case QUERY_KE_BAD:
		query_say(sentence, "the NTS-KE server breaks RFC 8915, so that"
			  " clients must leave it: it %s", ke->fault);
		break;
	default:
		if (report->ke_end == QUERY_READ_TIMEOUT)
			query_say(sentence, "NTS-KE speaks TLS, but gives no"
				  " answer within %g s: is the server stuck or"
				  " flooded?", query->patience_s);
		else
			query_say(sentence, "NTS-KE speaks TLS, but gives no"
				  " whole answer and closes: its log says why");
	}
	return true;
}

static enum query_stage ke_stages(const struct query *query,
				  const struct query_report *report,
				  char *sentence)
{
	if (resolve_verdict(query, report, sentence))
		return QUERY_STAGE_RESOLVE;
	if (tcp_verdict(query, report, sentence))
		return QUERY_STAGE_TCP;
	if (tls_verdict(query, report, sentence))
		return QUERY_STAGE_TLS;
	if (certificate_verdict(query, report, sentence))
		return QUERY_STAGE_CERTIFICATE;
	if (ke_verdict(query, report, sentence))
		return QUERY_STAGE_KE;
	return QUERY_STAGE_NONE;
}

enum query_stage query_verdict(const struct query *query,
			       const struct query_report *report,
			       char *sentence)
{
	enum query_stage wrong = QUERY_STAGE_NONE;

	if (query->nts)
		wrong = ke_stages(query, report, sentence);
	return wrong ? wrong : query_verdict_ntp(query, report, sentence);
}
