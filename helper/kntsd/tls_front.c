// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <strings.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certs.h"
#include "tls_front.h"

static bool covers_name(const struct tls_identity *identity, const char *name,
			unsigned int flags)
{
	size_t i;

	for (i = 0; i < identity->names_count; i++)
		if (!strcasecmp(identity->names[i], name))
			return true;
	return X509_check_host(identity->cert, name, 0, flags, NULL) == 1 ||
	       X509_check_ip_asc(identity->cert, name, 0) == 1;
}

static bool covers_address(const struct tls_identity *identity,
			   const struct sockaddr_storage *local)
{
	const struct sockaddr_in6 *in6 = (const void *)local;
	const struct sockaddr_in *in = (const void *)local;
	const unsigned char *address = in6->sin6_addr.s6_addr;
	size_t len = 16;

	if (local->ss_family == AF_INET) {
		address = (const void *)&in->sin_addr;
		len = 4;
	} else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		address += 12;
		len = 4;
	}
	return X509_check_ip(identity->cert, address, len, 0) == 1;
}

static bool same_names(const struct tls_identity *a,
		       const struct tls_identity *b)
{
	X509_EXTENSION *x, *y;

	x = X509_get_ext(a->cert, X509_get_ext_by_NID(
					  a->cert, NID_subject_alt_name, -1));
	y = X509_get_ext(b->cert, X509_get_ext_by_NID(
					  b->cert, NID_subject_alt_name, -1));
	return x && y &&
	       !ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(x),
				      X509_EXTENSION_get_data(y));
}

/* What a client asked for, by name or by the address it connected to. */
struct wanted {
	const char *name;
	unsigned int flags;
	struct sockaddr_storage local;
};

static bool covers(const struct tls_identity *identity,
		   const struct wanted *wanted)
{
	if (wanted->name)
		return covers_name(identity, wanted->name, wanted->flags);
	return covers_address(identity, &wanted->local);
}

static uint64_t all_covering(const struct tls_front *front,
			     const struct wanted *wanted)
{
	uint64_t found = 0;
	size_t i;

	for (i = 0; i < front->identities_count; i++)
		if (covers(front->identities[i], wanted))
			found |= 1ULL << i;
	return found;
}

/* The first, and all that differ from it by their kind of key alone. */
static uint64_t all_like_first(const struct tls_front *front)
{
	uint64_t found = 1;
	size_t i;

	for (i = 1; i < front->identities_count; i++)
		if (same_names(front->identities[0], front->identities[i]))
			found |= 1ULL << i;
	return found;
}

static uint64_t all_wanted(SSL *ssl, struct tls_peer *peer)
{
	const struct tls_front *front = peer->front;
	struct wanted wanted = {
		.name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
		.flags = X509_CHECK_FLAG_NO_WILDCARDS,
	};
	socklen_t len = sizeof(wanted.local);
	uint64_t found = 0;

	/* One that is asked for nothing shows what it has. */
	if (!wanted.name && front->identities_count == 1)
		return 1;
	if (wanted.name || !getsockname(SSL_get_fd(ssl),
					(struct sockaddr *)&wanted.local, &len))
		found = all_covering(front, &wanted);
	wanted.flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	if (!found && wanted.name)
		found = all_covering(front, &wanted);
	peer->unknown_name = !found && wanted.name;
	return found ?: front->faces[0].identities;
}

static int on_servername(SSL *ssl, int *alert, void *arg);

/* Of two with the same kind of key OpenSSL keeps the first. */
static SSL_CTX *context_new(const struct tls_front *front, uint64_t identities)
{
	SSL_CTX *context = tls_context_new();
	const struct tls_identity *identity;
	bool usable = false;
	size_t i;

	if (!context)
		return NULL;
	for (i = 0; i < front->identities_count; i++) {
		identity = front->identities[i];
		if (identities & 1ULL << i)
			usable |= SSL_CTX_use_cert_and_key(
				context, identity->cert, identity->key,
				identity->chain, 0) == 1;
	}
	ERR_clear_error();
	SSL_CTX_set_tlsext_servername_callback(context, on_servername);
	if (usable)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

/*
 * Names that many certificates share in many ways could make more sets than
 * there is room for; those are made anew for each client.
 * Return: a reference, or NULL.
 */
static SSL_CTX *context_for(struct tls_front *front, uint64_t identities)
{
	struct tls_face *face;
	SSL_CTX *context;
	size_t i;

	for (i = 0; i < front->faces_count; i++) {
		face = &front->faces[i];
		if (face->identities == identities) {
			SSL_CTX_up_ref(face->context);
			return face->context;
		}
	}
	context = context_new(front, identities);
	if (context && front->faces_count < TLS_FACES_MAX) {
		face = &front->faces[front->faces_count++];
		face->identities = identities;
		face->context = context;
		SSL_CTX_up_ref(context);
	}
	return context;
}

/* Called without a name, too. A name is not acknowledged: nobody asks for it. */
static int on_servername(SSL *ssl, int *alert, void *arg)
{
	struct tls_peer *peer = SSL_get_app_data(ssl);
	uint64_t identities = all_wanted(ssl, peer);
	SSL_CTX *context = context_for(peer->front, identities);

	peer->chosen = (size_t)__builtin_ctzll(identities);
	if (context && SSL_set_SSL_CTX(ssl, context)) {
		SSL_CTX_free(context);
		return SSL_TLSEXT_ERR_NOACK;
	}
	SSL_CTX_free(context);
	*alert = SSL_AD_INTERNAL_ERROR;
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int tls_front_open(struct tls_front *front)
{
	SSL_CTX *context = context_for(front, all_like_first(front));

	if (!context)
		return -EINVAL;
	SSL_CTX_free(context);
	return 0;
}

int tls_front_renew(struct tls_front *front)
{
	struct tls_front before = *front;
	int ret;

	front->faces_count = 0;
	ret = tls_front_open(front);
	if (ret) {
		*front = before;
		return ret;
	}
	while (before.faces_count)
		SSL_CTX_free(before.faces[--before.faces_count].context);
	return 0;
}

SSL_CTX *tls_front_context(const struct tls_front *front)
{
	return front->faces[0].context;
}

int tls_identity_load(struct tls_identity *identity, const char *chain,
		      size_t chain_size, const char *key, size_t key_size)
{
	bool damaged, password;

	identity->chain = certs_parse_chain(chain, chain_size, &damaged);
	identity->key = certs_parse_key(key, key_size, &password);
	if (identity->chain)
		identity->cert = sk_X509_shift(identity->chain);
	if (identity->cert && identity->key)
		return 0;
	tls_identity_unload(identity);
	return -EINVAL;
}

void tls_identity_unload(struct tls_identity *identity)
{
	X509_free(identity->cert);
	EVP_PKEY_free(identity->key);
	sk_X509_pop_free(identity->chain, X509_free);
	identity->cert = NULL;
	identity->key = NULL;
	identity->chain = NULL;
}
