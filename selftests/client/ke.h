/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An NTS-KE client for tests: sends any octets over TLS, takes the response
 * apart, and remembers how the connection ended. Blocking.
 */
#ifndef KNTS_SELFTESTS_CLIENT_KE_H
#define KNTS_SELFTESTS_CLIENT_KE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "packet.h"

#define KE_RECORDS_MAX 32
#define KE_CLIENT_RESPONSE_MAX 4096
/* No alert came. */
#define KE_NO_ALERT (-1)

/**
 * struct ke_options - how to connect; zeros are a good client
 * @address: "127.0.0.1" or "::1"; the former if NULL
 * @port: TCP port
 * @sni: server name, or NULL for none
 * @ca_file: PEM; verify the server by it, and by @sni if there is one
 * @alpn: protocol to offer, "ntske/1" if NULL, "" for no extension
 * @old_export: do not ask for AEAD 30's keys as RFC 8915 has them (R26)
 * @max_version: such as TLS1_2_VERSION; 0 for the latest
 * @signatures: signature algorithms to offer, NULL for all
 * @patience_ms: for each read; 0 for 30 seconds
 * @late_ms: wait so long between connecting and TLS
 * @context: to share among many connections, or NULL for one of its own
 */
struct ke_options {
	const char *address;
	uint16_t port;
	const char *sni;
	const char *ca_file;
	const char *alpn;
	bool old_export;
	int max_version;
	const char *signatures;
	unsigned int patience_ms;
	unsigned int late_ms;
	SSL_CTX *context;
};

struct ke_client_record {
	bool critical;
	uint16_t type;
	uint16_t len;
	const uint8_t *body;
};

/**
 * struct ke_client - a connection
 * @alert: the fatal alert that the server sent, or KE_NO_ALERT
 * @tickets: session tickets that came
 * @close_notify: the server said that it closes
 * @eof: TCP's end came after that
 * @response: all octets that came, @response_len of them
 * @records: the same, taken apart; empty if it is not whole records
 */
struct ke_client {
	SSL_CTX *context;
	SSL *ssl;
	int fd;
	int alert;
	unsigned int tickets;
	bool close_notify;
	bool eof;
	uint8_t response[KE_CLIENT_RESPONSE_MAX];
	size_t response_len;
	struct ke_client_record records[KE_RECORDS_MAX];
	size_t records_count;
};

/**
 * ke_client_open() - connect and shake hands
 *
 * Return: whether TLS is up; if not, @alert may say why. Close it in any case.
 */
bool ke_client_open(struct ke_client *client, const struct ke_options *options);

/** ke_client_send() - all in one TLS record; false if the server has closed */
bool ke_client_send(struct ke_client *client, const void *data, size_t len);

/** ke_client_send_split() - in TLS records of @piece octets each */
bool ke_client_send_split(struct ke_client *client, const void *data,
			  size_t len, size_t piece);

/**
 * ke_client_receive() - read until the server closes
 *
 * Sends nothing, no close_notify either.
 *
 * Return: whether octets came, in whole records.
 */
bool ke_client_receive(struct ke_client *client);

/** ke_client_half_close() - send close_notify, and read on */
void ke_client_half_close(struct ke_client *client);

/**
 * ke_client_export() - both keys, by a derivation of its own (R23, R24)
 *
 * Those of AEAD 30 as chrony derives them: by the id 15, unless the server has
 * said otherwise (R26).
 */
bool ke_client_export(struct ke_client *client, uint16_t aead,
		      struct nts_session *session);

/** ke_client_cookies() - how many, up to @max copied to @cookies */
size_t ke_client_cookies(const struct ke_client *client,
			 struct nts_cookie *cookies, size_t max);

/** ke_client_find() - the first record of a type, or NULL */
const struct ke_client_record *ke_client_find(const struct ke_client *client,
					      uint16_t type);

void ke_client_close(struct ke_client *client);

/**
 * ke_client_exchange() - a whole good exchange
 * @session: filled in
 * @cookies: PACKET_COOKIES_MAX of them
 *
 * Return: how many cookies came.
 */
size_t ke_client_exchange(const struct ke_options *options, uint16_t aead,
			  struct nts_session *session,
			  struct nts_cookie *cookies);

#endif
