/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS as NTS-KE wants it (RFC 8915, 3 and 4): 1.3, ALPN ntske/1, nothing that
 * outlives the connection; which certificate a client sees; exported keys.
 */
#ifndef KNTSD_TLS_H
#define KNTSD_TLS_H

#include <openssl/ssl.h>

#include "core/cookie.h"

/**
 * struct tls_identity - a certificate that can be served
 * @cert: the server's
 * @chain: those that stand above it
 * @key: private key of @cert
 * @names: names that pick it beside its own subjectAltNames
 * @names_count: how many
 */
struct tls_identity {
	X509 *cert;
	STACK_OF(X509) *chain;
	EVP_PKEY *key;
	const char **names;
	size_t names_count;
};

/**
 * struct tls_peer - one client, as far as TLS knows it
 * @identities: what it may be shown; the first unless another fits better
 * @identities_count: how many, at least one
 * @chosen: index of the one that fits best, once the handshake is done
 * @no_alpn: refused since it does not offer ntske/1
 */
struct tls_peer {
	const struct tls_identity *const *identities;
	size_t identities_count;
	size_t chosen;
	bool no_alpn;
};

/**
 * tls_context_new() - the one context for all connections
 *
 * Return: the context, or NULL.
 */
SSL_CTX *tls_context_new(void);

/**
 * tls_accept() - a new connection, handshake not yet begun
 * @peer: lives as long as the connection, or until tls_forget()
 *
 * Return: the connection, or NULL.
 */
SSL *tls_accept(SSL_CTX *context, struct tls_peer *peer);

/** tls_forget() - the peer goes away before the connection */
void tls_forget(SSL *ssl);

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

/**
 * tls_identity_load() - make ready what certs_load() has checked
 * @identity: @names and @names_count are left as they are
 *
 * Return: 0 or -EINVAL.
 */
int tls_identity_load(struct tls_identity *identity, const char *chain,
		      size_t chain_size, const char *key, size_t key_size);

/** tls_identity_unload() - free what tls_identity_load() made */
void tls_identity_unload(struct tls_identity *identity);

#endif
