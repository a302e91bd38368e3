/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS as NTS-KE wants it (RFC 8915, 3 and 4): 1.3, ALPN ntske/1, nothing that
 * outlives the connection; exported keys.
 */
#ifndef KNTSD_TLS_H
#define KNTSD_TLS_H

#include <openssl/ssl.h>

#include "core/cookie.h"

struct tls_front;

/**
 * struct tls_peer - one client, as far as TLS knows it
 * @front: what it may be shown
 * @chosen: index of the identity that fits best, once the handshake is done
 * @unknown_name: it asks for a name that none of the identities has
 * @no_alpn: refused since it does not offer ntske/1
 * @key_updates: so many it has sent
 */
struct tls_peer {
	struct tls_front *front;
	size_t chosen;
	bool unknown_name;
	bool no_alpn;
	unsigned int key_updates;
};

/**
 * tls_context_new() - a context for any number of connections
 *
 * Return: the context, which has no certificate yet, or NULL.
 */
SSL_CTX *tls_context_new(void);

/**
 * tls_accept() - a new connection, handshake not yet begun
 * @context: of @peer's front
 * @peer: lives as long as the connection
 * @fd: the socket; stays the caller's
 *
 * Return: the connection, or NULL.
 */
SSL *tls_accept(SSL_CTX *context, struct tls_peer *peer, int fd);

/**
 * tls_export() - both keys of an association (R23, R24)
 * @context_aead: AEAD id in the exporter's context
 * @session: its @aead is set; the keys are filled in
 *
 * Return: true, or false with @session wiped.
 */
bool tls_export(SSL *ssl, uint16_t context_aead, struct knts_session *session);

/**
 * tls_can_serve() - would TLS 1.3 take this certificate and key
 * @chain: the server's first
 *
 * Return: if not, false, and OpenSSL's error queue may say why.
 */
bool tls_can_serve(STACK_OF(X509) *chain, EVP_PKEY *key);

#endif
