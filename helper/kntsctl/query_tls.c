// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "kntsctl/query_net.h"
#include "kntsctl/query_tls.h"

static const char exporter_label[] = "EXPORTER-network-time-security";

static void on_info(const SSL *ssl, int where, int value)
{
	struct query_tls *tls = SSL_get_app_data(ssl);

	if (tls && where & SSL_CB_ALERT && where & SSL_CB_READ &&
	    value >> 8 == SSL3_AL_FATAL) {
		tls->alert = value & 0xff;
		snprintf(tls->error, sizeof(tls->error), "%s",
			 SSL_alert_desc_string_long(value));
		tls->state = QUERY_TLS_ALERT;
	}
}

/* Words for the oldest error of OpenSSL's queue, which it empties. */
static void take_error(struct query_tls *tls)
{
	unsigned long code = ERR_get_error();
	const char *reason = ERR_SYSTEM_ERROR(code) ?
			     strerror(ERR_GET_REASON(code)) :
			     ERR_reason_error_string(code);

	snprintf(tls->error, sizeof(tls->error), "%s",
		 reason ? reason : "no reason given");
	ERR_clear_error();
}

static bool load_cas(SSL_CTX *context, const char *ca, struct query_tls *tls)
{
	if (ca ? SSL_CTX_load_verify_file(context, ca) == 1 :
		 SSL_CTX_set_default_verify_paths(context) == 1)
		return true;
	take_error(tls);
	tls->state = QUERY_TLS_NO_CA;
	return false;
}

bool query_tls_is_address(const char *host)
{
	uint8_t address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 ||
	       inet_pton(AF_INET6, host, address) == 1;
}

/* TLS 1.2 too, so that a server that has no more can be told so. */
static bool configure(struct query_link *link, const char *host,
		      struct query_tls *tls)
{
	static const unsigned char alpn[] = "\x07" QUERY_ALPN;
	SSL *ssl = link->ssl;

	SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
	SSL_set_app_data(ssl, tls);
	SSL_set_info_callback(ssl, on_info);
	return SSL_set_min_proto_version(ssl, TLS1_2_VERSION) == 1 &&
	       SSL_set_alpn_protos(ssl, alpn, sizeof(alpn) - 1) == 0 &&
	       (query_tls_is_address(host) ||
		SSL_set_tlsext_host_name(ssl, host) == 1) &&
	       SSL_set_fd(ssl, link->fd) == 1;
}

/* Return: whether to try again; else the link is done with, or time is up. */
static bool wait_for(struct query_link *link, int result, bool *timeout)
{
	short events;

	switch (SSL_get_error(link->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		events = POLLIN;
		break;
	case SSL_ERROR_WANT_WRITE:
		events = POLLOUT;
		break;
	default:
		return false;
	}
	*timeout = !query_net_wait(link->fd, events, link->deadline_s);
	return !*timeout;
}

static void describe(struct query_link *link, struct query_tls *tls)
{
	const unsigned char *alpn;
	const char *group = NULL;
	unsigned int alpn_len;
	int id;

	snprintf(tls->version, sizeof(tls->version), "%s",
		 SSL_get_version(link->ssl));
	snprintf(tls->cipher, sizeof(tls->cipher), "%s",
		 SSL_get_cipher_name(link->ssl));
	id = SSL_get_negotiated_group(link->ssl);
	if (id)
		group = SSL_group_to_name(link->ssl, id);
	snprintf(tls->group, sizeof(tls->group), "%s", group ? group : "");
	SSL_get0_alpn_selected(link->ssl, &alpn, &alpn_len);
	snprintf(tls->alpn, sizeof(tls->alpn), "%.*s", (int)alpn_len,
		 alpn ? (const char *)alpn : "");
}

static void shake_hands(struct query_link *link, struct query_tls *tls)
{
	double begin_s = query_net_now_s();
	bool timeout = false;
	int result, err;

	ERR_clear_error();
	do {
		errno = 0;
		result = SSL_connect(link->ssl);
	} while (result != 1 && wait_for(link, result, &timeout));
	err = errno;
	tls->handshake_s = query_net_now_s() - begin_s;
	if (result == 1) {
		tls->state = QUERY_TLS_UP;
		describe(link, tls);
	} else if (timeout) {
		tls->state = QUERY_TLS_TIMEOUT;
	} else if (tls->state != QUERY_TLS_ALERT) {
		tls->state = SSL_get_error(link->ssl, result) ==
			     SSL_ERROR_SYSCALL || err == ECONNRESET ||
			     ERR_GET_REASON(ERR_peek_error()) ==
			     SSL_R_UNEXPECTED_EOF_WHILE_READING ?
			     QUERY_TLS_CLOSED : QUERY_TLS_FAILED;
		take_error(tls);
	}
	SSL_set_app_data(link->ssl, NULL);
}

bool query_tls_prepare(struct query_link *link, const char *ca,
		       struct query_tls *tls)
{
	*link = (struct query_link){
		.fd = -1,
		.context = SSL_CTX_new(TLS_client_method()),
	};
	if (link->context)
		return load_cas(link->context, ca, tls);
	take_error(tls);
	tls->state = QUERY_TLS_FAILED;
	return false;
}

void query_tls_open(struct query_link *link, const char *host,
		    double patience_s, struct query_tls *tls)
{
	/* A server may have closed when it is told something. */
	signal(SIGPIPE, SIG_IGN);
	link->deadline_s = query_net_now_s() + patience_s;
	tls->state = QUERY_TLS_FAILED;
	link->ssl = SSL_new(link->context);
	if (link->ssl && configure(link, host, tls))
		shake_hands(link, tls);
	else
		take_error(tls);
}

bool query_tls_write(struct query_link *link, const uint8_t *data, size_t len)
{
	bool timeout = false;
	int result;

	do {
		result = SSL_write(link->ssl, data, (int)len);
	} while (result <= 0 && wait_for(link, result, &timeout));
	return result == (int)len;
}

int query_tls_read(struct query_link *link, uint8_t *data, size_t size)
{
	bool timeout = false;
	int result;

	do {
		result = SSL_read(link->ssl, data, (int)size);
	} while (result <= 0 && wait_for(link, result, &timeout));
	if (result > 0)
		return result;
	return timeout ? QUERY_READ_TIMEOUT : QUERY_READ_CLOSED;
}

bool query_tls_export(struct query_link *link, uint16_t aead, bool s2c,
		      uint8_t *key, size_t len)
{
	const uint8_t context[5] = { 0, 0, aead >> 8, aead & 0xff, s2c };

	return SSL_export_keying_material(link->ssl, key, len, exporter_label,
					  sizeof(exporter_label) - 1, context,
					  sizeof(context), 1) == 1;
}

void query_tls_close(struct query_link *link)
{
	if (link->ssl)
		SSL_shutdown(link->ssl);
	SSL_free(link->ssl);
	SSL_CTX_free(link->context);
	if (link->fd >= 0)
		close(link->fd);
	ERR_clear_error();
	*link = (struct query_link){ .fd = -1 };
}
