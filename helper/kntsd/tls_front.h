/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which certificate a client sees. Contexts are made once, not for each client:
 * a listener has one for every set of certificates that clients asked for.
 */
#ifndef KNTSD_TLS_FRONT_H
#define KNTSD_TLS_FRONT_H

#include <stdint.h>

#include "tls.h"

#define TLS_IDENTITIES_MAX 64
#define TLS_FACES_MAX 16

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
 * struct tls_face - a context that shows some of a front's identities
 * @identities: one bit for each, by index
 * @context: OpenSSL takes the one whose key the client can verify
 */
struct tls_face {
	uint64_t identities;
	SSL_CTX *context;
};

/**
 * struct tls_front - what the clients of a listener may be shown
 * @identities: the first, unless another fits better
 * @identities_count: how many, at least one
 * @faces: contexts made so far; the first is for clients that ask for nothing
 * @faces_count: how many
 */
struct tls_front {
	const struct tls_identity *identities[TLS_IDENTITIES_MAX];
	size_t identities_count;
	struct tls_face faces[TLS_FACES_MAX];
	size_t faces_count;
};

/**
 * tls_front_open() - make ready for clients
 * @front: its @identities are complete
 *
 * Return: 0; -EINVAL if TLS 1.3 takes none of them.
 */
int tls_front_open(struct tls_front *front);

/**
 * tls_front_renew() - show what the identities have become
 *
 * Connections in progress keep what they began with.
 *
 * Return: 0; -EINVAL, and the front is as before.
 */
int tls_front_renew(struct tls_front *front);

/** tls_front_context() - what to begin a connection with */
SSL_CTX *tls_front_context(const struct tls_front *front);

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
