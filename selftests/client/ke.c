// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "ke.h"

#define PATIENCE_MS 30000
#define HEADER_LEN 4
#define RECORD_AEAD 4
#define RECORD_COOKIE 5
#define RECORD_COMPLIANT 1024

static const char label[] = "EXPORTER-network-time-security";

static int connect_tcp(const struct ke_options *options)
{
	const char *address = options->address ? options->address : "127.0.0.1";
	unsigned int ms = options->patience_ms ? options->patience_ms :
						 PATIENCE_MS;
	const struct timeval patience = { ms / 1000, ms % 1000 * 1000 };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(options->port) };
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(options->port) };
	bool v4 = inet_pton(AF_INET, address, &in.sin_addr) == 1;
	int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0 || (!v4 && inet_pton(AF_INET6, address, &in6.sin6_addr) != 1))
		goto err_close;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!connect(fd, v4 ? (const void *)&in : (const void *)&in6,
		     v4 ? sizeof(in) : sizeof(in6)))
		return fd;
err_close:
	if (fd >= 0)
		close(fd);
	return -1;
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct ke_client *client = SSL_get_app_data(ssl);

	if (where & SSL_CB_ALERT && where & SSL_CB_READ &&
	    value >> 8 == SSL3_AL_FATAL)
		client->alert = value & 0xff;
}

static void on_message(int write, int version, int type, const void *data,
		       size_t len, SSL *ssl, void *arg)
{
	struct ke_client *client = arg;
	const uint8_t *octets = data;

	if (!write && type == SSL3_RT_HANDSHAKE && len &&
	    octets[0] == SSL3_MT_NEWSESSION_TICKET)
		client->tickets++;
}

static bool configure(struct ke_client *client,
		      const struct ke_options *options)
{
	const char *alpn = options->alpn ? options->alpn : "ntske/1";
	unsigned char protocol[64];
	SSL *ssl = client->ssl;

	protocol[0] = (unsigned char)strlen(alpn);
	memcpy(protocol + 1, alpn, protocol[0]);
	if (protocol[0] && SSL_set_alpn_protos(ssl, protocol, protocol[0] + 1U))
		return false;
	if (options->max_version &&
	    !SSL_set_max_proto_version(ssl, options->max_version))
		return false;
	if (options->signatures &&
	    !SSL_set1_sigalgs_list(ssl, options->signatures))
		return false;
	if (options->sni && !SSL_set_tlsext_host_name(ssl, options->sni))
		return false;
	if (!options->ca_file)
		return true;
	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	if (options->sni && !SSL_set1_host(ssl, options->sni))
		return false;
	return SSL_CTX_load_verify_locations(client->context, options->ca_file,
					     NULL) == 1;
}

bool ke_client_open(struct ke_client *client, const struct ke_options *options)
{
	/* A server may have closed when it is told something. */
	signal(SIGPIPE, SIG_IGN);
	memset(client, 0, sizeof(*client));
	client->alert = KE_NO_ALERT;
	client->fd = connect_tcp(options);
	if (client->fd < 0)
		return false;
	client->context = options->context;
	if (!client->context)
		client->context = SSL_CTX_new(TLS_client_method());
	else
		SSL_CTX_up_ref(client->context);
	client->ssl = client->context ? SSL_new(client->context) : NULL;
	if (!client->ssl || !configure(client, options))
		return false;
	SSL_set_app_data(client->ssl, client);
	SSL_set_info_callback(client->ssl, on_info);
	SSL_set_msg_callback(client->ssl, on_message);
	SSL_set_msg_callback_arg(client->ssl, client);
	SSL_set_fd(client->ssl, client->fd);
	ERR_clear_error();
	if (options->late_ms)
		poll(NULL, 0, (int)options->late_ms);
	return SSL_connect(client->ssl) == 1;
}

bool ke_client_send(struct ke_client *client, const void *data, size_t len)
{
	return !len || SSL_write(client->ssl, data, (int)len) == (int)len;
}

bool ke_client_send_split(struct ke_client *client, const void *data,
			  size_t len, size_t piece)
{
	const uint8_t *octets = data;
	size_t off, n;

	for (off = 0; off < len; off += n) {
		n = len - off < piece ? len - off : piece;
		if (!ke_client_send(client, octets + off, n))
			return false;
	}
	return true;
}

static bool take_apart(struct ke_client *client)
{
	const uint8_t *p = client->response, *end = p + client->response_len;
	struct ke_client_record *record;

	client->records_count = 0;
	while (p < end) {
		record = &client->records[client->records_count];
		if (end - p < HEADER_LEN ||
		    client->records_count == KE_RECORDS_MAX)
			break;
		record->critical = p[0] & 0x80;
		record->type = (uint16_t)((p[0] & 0x7f) << 8 | p[1]);
		record->len = (uint16_t)(p[2] << 8 | p[3]);
		record->body = p + HEADER_LEN;
		p += HEADER_LEN;
		if (end - p < record->len)
			break;
		p += record->len;
		client->records_count++;
	}
	if (p == end)
		return client->records_count > 0;
	client->records_count = 0;
	return false;
}

static bool read_some(struct ke_client *client)
{
	int n = SSL_read(client->ssl, client->response + client->response_len,
			 (int)(sizeof(client->response) -
			       client->response_len));

	if (n > 0)
		client->response_len += (size_t)n;
	return n > 0;
}

bool ke_client_receive(struct ke_client *client)
{
	uint8_t octet;

	ERR_clear_error();
	while (read_some(client))
		continue;
	client->close_notify = SSL_get_shutdown(client->ssl) &
			       SSL_RECEIVED_SHUTDOWN;
	client->eof = recv(client->fd, &octet, 1, 0) == 0;
	return take_apart(client);
}

/*
 * As clients do: close_notify follows the end of the message, since a server may
 * close only then.
 */
static bool receive_message(struct ke_client *client)
{
	bool whole = false;

	ERR_clear_error();
	while (!whole && read_some(client))
		whole = take_apart(client) &&
			!client->records[client->records_count - 1].type;
	if (whole)
		ke_client_half_close(client);
	while (whole && read_some(client))
		continue;
	return whole;
}

void ke_client_half_close(struct ke_client *client)
{
	SSL_shutdown(client->ssl);
}

static bool export(SSL *ssl, uint16_t aead, uint8_t way, uint8_t *key,
		   size_t len)
{
	const uint8_t context[5] = { 0, 0, (uint8_t)(aead >> 8), (uint8_t)aead,
				     way };

	return SSL_export_keying_material(ssl, key, len, label, strlen(label),
					  context, sizeof(context), 1) == 1;
}

bool ke_client_export(struct ke_client *client, uint16_t aead,
		      struct nts_session *session)
{
	bool old = aead == 30 && !ke_client_find(client, RECORD_COMPLIANT);
	uint16_t id = old ? 15 : aead;

	session->aead = aead;
	session->key_len = aead_key_len(aead);
	return export(client->ssl, id, 0, session->c2s, session->key_len) &&
	       export(client->ssl, id, 1, session->s2c, session->key_len);
}

size_t ke_client_cookies(const struct ke_client *client,
			 struct nts_cookie *cookies, size_t max)
{
	const struct ke_client_record *record;
	size_t i, count = 0;

	for (i = 0; i < client->records_count; i++) {
		record = &client->records[i];
		if (record->type != RECORD_COOKIE)
			continue;
		if (count < max && record->len <= PACKET_COOKIE_MAX_LEN) {
			cookies[count].len = record->len;
			memcpy(cookies[count].data, record->body, record->len);
		}
		count++;
	}
	return count;
}

const struct ke_client_record *ke_client_find(const struct ke_client *client,
					      uint16_t type)
{
	size_t i;

	for (i = 0; i < client->records_count; i++)
		if (client->records[i].type == type)
			return &client->records[i];
	return NULL;
}

void ke_client_close(struct ke_client *client)
{
	SSL_free(client->ssl);
	SSL_CTX_free(client->context);
	if (client->fd >= 0)
		close(client->fd);
	client->ssl = NULL;
	client->context = NULL;
	client->fd = -1;
}

size_t ke_client_exchange(const struct ke_options *options, uint16_t aead,
			  struct nts_session *session,
			  struct nts_cookie *cookies)
{
	const uint8_t first[] = { 0x80, 1, 0, 2, 0, 0,
				  0x80, RECORD_AEAD, 0, 2,
				  (uint8_t)(aead >> 8), (uint8_t)aead };
	static const uint8_t rest[] = { RECORD_COMPLIANT >> 8, 0, 0, 0,
					0x80, 0, 0, 0 };
	size_t skipped = aead == 30 && !options->old_export ? 0 : HEADER_LEN;
	uint8_t request[sizeof(first) + sizeof(rest)];
	struct ke_client client;
	size_t count = 0;

	memcpy(request, first, sizeof(first));
	memcpy(request + sizeof(first), rest + skipped, sizeof(rest) - skipped);
	if (ke_client_open(&client, options) &&
	    ke_client_send(&client, request, sizeof(request) - skipped) &&
	    receive_message(&client) &&
	    ke_client_export(&client, aead, session))
		count = ke_client_cookies(&client, cookies, PACKET_COOKIES_MAX);
	ke_client_close(&client);
	return count;
}
