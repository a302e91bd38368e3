// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report of kntsctl query as JSON: a member for each step that was made.
 */
#include <string.h>

#include <openssl/x509.h>

#include "kntsctl/format.h"
#include "kntsctl/query.h"

static const char *const stages[] = {
	[QUERY_STAGE_NONE] = "none",
	[QUERY_STAGE_RESOLVE] = "resolve",
	[QUERY_STAGE_TCP] = "tcp",
	[QUERY_STAGE_TLS] = "tls",
	[QUERY_STAGE_CERTIFICATE] = "certificate",
	[QUERY_STAGE_KE] = "nts-ke",
	[QUERY_STAGE_NTP] = "ntp",
	[QUERY_STAGE_CLOCK] = "clock",
};

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void add_number(struct json_object *object, const char *key,
		       int64_t value)
{
	json_object_object_add(object, key, json_object_new_int64(value));
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

static void add_seconds(struct json_object *object, const char *key,
			double seconds)
{
	char text[FORMAT_SIZE];

	snprintf(text, sizeof(text), "%.9f", seconds);
	json_object_object_add(object, key,
			       json_object_new_double_s(seconds, text));
}

static struct json_object *addresses_to_json(const struct query_report *report)
{
	struct json_object *array = json_object_new_array(), *object;
	const struct query_address *address;
	size_t i;

	for (i = 0; i < report->addresses_count; i++) {
		address = &report->addresses[i];
		object = json_object_new_object();
		add_text(object, "address", address->text);
		if (address->err == QUERY_UNTRIED) {
			add_text(object, "result", "untried");
		} else if (address->err) {
			add_text(object, "result", strerror(address->err));
		} else {
			add_text(object, "result", "connected");
			add_seconds(object, "connect-s", address->connect_s);
		}
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *tls_to_json(const struct query_tls *tls)
{
	struct json_object *object = json_object_new_object();

	add_bool(object, "up", tls->state == QUERY_TLS_UP);
	if (tls->state == QUERY_TLS_UP) {
		add_text(object, "version", tls->version);
		add_text(object, "cipher", tls->cipher);
		add_text(object, "group", tls->group);
		add_text(object, "alpn", tls->alpn);
		add_seconds(object, "handshake-s", tls->handshake_s);
	} else if (tls->error[0]) {
		add_text(object, "error", tls->error);
	}
	return object;
}

static struct json_object *
certificate_to_json(const struct query_certificate *cert)
{
	struct json_object *object = json_object_new_object();
	struct json_object *names = json_object_new_array();
	size_t i;

	add_text(object, "subject", cert->subject);
	add_text(object, "issuer", cert->issuer);
	for (i = 0; i < cert->names_count; i++)
		json_object_array_add(names,
				      json_object_new_string(cert->names[i]));
	json_object_object_add(object, "names", names);
	add_text(object, "key", cert->key);
	add_number(object, "not-before", cert->not_before);
	add_number(object, "not-after", cert->not_after);
	return object;
}

static void add_chain(struct json_object *object, const struct query *query,
		      const struct query_chain *chain)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < chain->count; i++)
		json_object_array_add(array, certificate_to_json(
					     &chain->certificates[i]));
	json_object_object_add(object, "certificates", array);
	add_bool(object, "name-matches", chain->name_matches);
	add_bool(object, "trusted", chain->verify == X509_V_OK);
	if (chain->verify != X509_V_OK)
		add_text(object, "trust-error",
			 X509_verify_cert_error_string(chain->verify));
	if (query->ca)
		add_text(object, "ca", query->ca);
}

static struct json_object *ke_to_json(const struct query_report *report)
{
	struct json_object *object = json_object_new_object();
	const struct query_ke *ke = &report->ke;

	add_bool(object, "agreed", ke->outcome == QUERY_KE_AGREED);
	if (ke->outcome == QUERY_KE_ERROR)
		add_number(object, "error", ke->error);
	if (ke->outcome != QUERY_KE_AGREED)
		return object;
	add_number(object, "aead", ke->aead);
	add_number(object, "cookies", (int64_t)ke->cookies_count);
	add_number(object, "cookie-len", (int64_t)report->cookie_len);
	if (ke->server[0])
		add_text(object, "server", ke->server);
	add_number(object, "port", ke->port);
	add_seconds(object, "answer-s", report->ke_s);
	return object;
}

static const char *result_text(const struct query_exchange *exchange)
{
	static const char *const kinds[] = {
		[QUERY_REPLY_GOOD] = "good",
		[QUERY_REPLY_KISS] = "kiss",
		[QUERY_REPLY_BARE] = "without-nts",
		[QUERY_REPLY_FORGED] = "not-authentic",
		[QUERY_REPLY_BAD] = "malformed",
	};

	switch (exchange->end) {
	case QUERY_NTP_REPLY:
		return kinds[exchange->kind];
	case QUERY_NTP_REFUSED:
		return "refused";
	case QUERY_NTP_UNSENT:
		return "unsent";
	case QUERY_NTP_NO_COOKIE:
		return "no-cookie";
	default:
		return "no-reply";
	}
}

static void add_reply(struct json_object *object,
		      const struct query_exchange *exchange)
{
	const struct query_reply *reply = &exchange->reply;
	char text[FORMAT_SIZE];

	add_bool(object, "interleaved", reply->interleaved);
	add_bool(object, "authentic", reply->authentic);
	add_seconds(object, "offset-s", exchange->offset_s);
	add_seconds(object, "delay-s", exchange->delay_s);
	add_seconds(object, "service-s", exchange->service_s);
	add_number(object, "leap", reply->leap);
	add_number(object, "stratum", reply->stratum);
	add_number(object, "precision", reply->precision);
	add_seconds(object, "root-delay-s", reply->root_delay / 65536.0);
	add_seconds(object, "root-dispersion-s",
		    reply->root_dispersion / 65536.0);
	snprintf(text, sizeof(text), "%08x", reply->reference_id);
	add_text(object, "reference-id", text);
	add_text(object, "source", format_source(reply->reference_id,
						 reply->stratum, text));
	add_number(object, "cookies", (int64_t)reply->cookies_count);
}

static struct json_object *
exchange_to_json(const struct query_exchange *exchange)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "result", result_text(exchange));
	add_number(object, "request-len", (int64_t)exchange->request_len);
	if (exchange->end != QUERY_NTP_REPLY)
		return object;
	add_number(object, "reply-len", (int64_t)exchange->reply_len);
	if (exchange->kind == QUERY_REPLY_KISS)
		add_text(object, "kiss", exchange->reply.kiss);
	if (exchange->kind == QUERY_REPLY_GOOD)
		add_reply(object, exchange);
	return object;
}

static struct json_object *ntp_to_json(const struct query_report *report)
{
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();
	size_t i;

	add_text(object, "address", report->ntp_address);
	add_number(object, "port", report->ntp_port);
	for (i = 0; i < report->exchanges_count; i++)
		json_object_array_add(array, exchange_to_json(
					     &report->exchanges[i]));
	json_object_object_add(object, "exchanges", array);
	return object;
}

struct json_object *query_to_json(const struct query *query,
				  const struct query_report *report)
{
	struct json_object *object = json_object_new_object();
	char sentence[QUERY_VERDICT_SIZE];
	enum query_stage wrong;

	wrong = query_verdict(query, report, sentence);
	add_text(object, "host", query->host);
	add_bool(object, "good", wrong == QUERY_STAGE_NONE);
	add_text(object, "stage", stages[wrong]);
	json_object_object_add(object, "problem",
			       wrong ? json_object_new_string(sentence) : NULL);
	if (query->nts && !report->resolve_err)
		json_object_object_add(object, "addresses",
				       addresses_to_json(report));
	if (report->tls.state != QUERY_TLS_NONE)
		json_object_object_add(object, "tls", tls_to_json(&report->tls));
	if (report->tls.state == QUERY_TLS_UP)
		add_chain(object, query, &report->chain);
	if (report->ke.outcome != QUERY_KE_NONE)
		json_object_object_add(object, "nts-ke", ke_to_json(report));
	if (report->exchanges)
		json_object_object_add(object, "ntp", ntp_to_json(report));
	return object;
}
