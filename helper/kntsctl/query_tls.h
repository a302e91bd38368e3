/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: TLS as NTS-KE wants it (RFC 8915, 3 and 4). The certificate is
 * looked at, and whatever it is, the handshake goes on: this is for diagnosis.
 */
#ifndef KNTSCTL_QUERY_TLS_H
#define KNTSCTL_QUERY_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#define QUERY_TEXT_SIZE 256
#define QUERY_ALPN "ntske/1"

enum query_tls_state {
	QUERY_TLS_NONE,
	QUERY_TLS_NO_CA,	/* the CAs cannot be read: @error */
	QUERY_TLS_TIMEOUT,
	QUERY_TLS_CLOSED,
	QUERY_TLS_ALERT,	/* the server refuses: @alert, @error */
	QUERY_TLS_FAILED,	/* @error */
	QUERY_TLS_UP,
};

/**
 * struct query_tls - how the handshake went
 * @state: all below @error is of use only with QUERY_TLS_UP
 * @alert: code of the server's fatal alert
 * @error: words for it
 * @alpn: what the server chose, "" for nothing
 */
struct query_tls {
	enum query_tls_state state;
	int alert;
	char error[QUERY_TEXT_SIZE];
	char version[16];
	char cipher[48];
	char group[48];
	char alpn[32];
	double handshake_s;
};

/**
 * struct query_link - a TLS connection
 * @deadline_s: of whatever is under way, by query_net_now_s()
 */
struct query_link {
	SSL_CTX *context;
	SSL *ssl;
	int fd;
	double deadline_s;
};

/* How a read ended that gave nothing. */
enum {
	QUERY_READ_CLOSED = 0,
	QUERY_READ_TIMEOUT = -1,
};

/** query_tls_is_address() - @host is no name */
bool query_tls_is_address(const char *host);

/**
 * query_tls_prepare() - read the CAs
 * @link: without a connection yet; close it in any case
 * @ca: file with CAs, NULL for the system's
 * @tls: says what is wrong on failure
 *
 * Before a connection is made: the system's CAs can take longer to read than a
 * server waits.
 */
bool query_tls_prepare(struct query_link *link, const char *ca,
		       struct query_tls *tls);

/**
 * query_tls_open() - shake hands
 * @link: prepared, its @fd connected and non-blocking
 * @host: for SNI, if it is a name
 * @tls: filled in
 */
void query_tls_open(struct query_link *link, const char *host,
		    double patience_s, struct query_tls *tls);

/** query_tls_write() - Return: whether all went out */
bool query_tls_write(struct query_link *link, const uint8_t *data, size_t len);

/** query_tls_read() - Return: octets, or one of the two above */
int query_tls_read(struct query_link *link, uint8_t *data, size_t size);

/**
 * query_tls_export() - one of the two keys (RFC 8915, 4.3)
 * @aead: AEAD id for the exporter's context
 * @s2c: server-to-client key, else client-to-server
 */
bool query_tls_export(struct query_link *link, uint16_t aead, bool s2c,
		      uint8_t *key, size_t len);

void query_tls_close(struct query_link *link);

#endif
