// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <strings.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certs.h"
#include "tls.h"

/* 112 bits: RSA 2048 and up, SHA-2 and up. */
#define SECURITY_LEVEL 2
/* The costly groups would only serve those who want to burn our CPU. */
#define GROUPS "X25519:P-256:P-384"

static const unsigned char alpn[] = "\x07ntske/1";
static const char exporter_label[] = "EXPORTER-network-time-security";

static int require_alpn(SSL *ssl, int *alert, void *arg)
{
	struct tls_peer *peer = SSL_get_app_data(ssl);
	const unsigned char *body;
	size_t len;

	if (SSL_client_hello_get0_ext(
		    ssl, TLSEXT_TYPE_application_layer_protocol_negotiation,
		    &body, &len))
		return SSL_CLIENT_HELLO_SUCCESS;
	if (peer)
		peer->no_alpn = true;
	*alert = SSL_AD_NO_APPLICATION_PROTOCOL;
	return SSL_CLIENT_HELLO_ERROR;
}

static int select_alpn(SSL *ssl, const unsigned char **out,
		       unsigned char *out_len, const unsigned char *in,
		       unsigned int in_len, void *arg)
{
	struct tls_peer *peer = SSL_get_app_data(ssl);
	unsigned char *selected;

	if (SSL_select_next_proto(&selected, out_len, alpn, sizeof(alpn) - 1,
				  in, in_len) == OPENSSL_NPN_NEGOTIATED) {
		*out = selected;
		return SSL_TLSEXT_ERR_OK;
	}
	if (peer)
		peer->no_alpn = true;
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

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

/*
 * All that fit are given to OpenSSL, which takes the one whose key the client
 * can verify; of two with the same kind of key it keeps the first.
 */
static bool use(SSL *ssl, const struct tls_identity *identity)
{
	bool used = SSL_use_cert_and_key(ssl, identity->cert, identity->key,
					 identity->chain, 0) == 1;

	ERR_clear_error();
	return used;
}

static bool use_covering(SSL *ssl, struct tls_peer *peer,
			 const struct wanted *wanted)
{
	bool found = false;
	size_t i;

	for (i = 0; i < peer->identities_count; i++) {
		if (!covers(peer->identities[i], wanted))
			continue;
		if (!found)
			peer->chosen = i;
		found |= use(ssl, peer->identities[i]);
	}
	return found;
}

static bool use_first(SSL *ssl, struct tls_peer *peer)
{
	const struct tls_identity *first = peer->identities[0];
	bool found = use(ssl, first);
	size_t i;

	peer->chosen = 0;
	for (i = 1; i < peer->identities_count; i++)
		if (same_names(first, peer->identities[i]))
			found |= use(ssl, peer->identities[i]);
	return found;
}

static int choose_certificate(SSL *ssl, void *arg)
{
	struct tls_peer *peer = SSL_get_app_data(ssl);
	struct wanted wanted = {
		.name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
		.flags = X509_CHECK_FLAG_NO_WILDCARDS,
	};
	socklen_t len = sizeof(wanted.local);

	if (!peer)
		return 0;
	if (peer->identities_count == 1)
		return use_first(ssl, peer);
	if (!wanted.name && getsockname(SSL_get_fd(ssl),
					(struct sockaddr *)&wanted.local, &len))
		return use_first(ssl, peer);

	if (use_covering(ssl, peer, &wanted))
		return 1;
	wanted.flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	if (wanted.name && use_covering(ssl, peer, &wanted))
		return 1;
	return use_first(ssl, peer);
}

SSL_CTX *tls_context_new(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (!context)
		return NULL;
	SSL_CTX_set_security_level(context, SECURITY_LEVEL);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	/* A client that just closes TCP has closed: no error of ours. */
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET |
				     SSL_OP_IGNORE_UNEXPECTED_EOF |
				     SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_client_hello_cb(context, require_alpn, NULL);
	SSL_CTX_set_alpn_select_cb(context, select_alpn, NULL);
	SSL_CTX_set_cert_cb(context, choose_certificate, NULL);
	if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
	    SSL_CTX_set_num_tickets(context, 0) &&
	    SSL_CTX_set_max_early_data(context, 0) &&
	    SSL_CTX_set1_groups_list(context, GROUPS))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

SSL *tls_accept(SSL_CTX *context, struct tls_peer *peer)
{
	SSL *ssl = SSL_new(context);

	if (ssl)
		SSL_set_app_data(ssl, peer);
	return ssl;
}

void tls_forget(SSL *ssl)
{
	SSL_set_app_data(ssl, NULL);
}

static bool export(SSL *ssl, uint16_t aead, uint8_t direction, uint8_t *key,
		   size_t key_len)
{
	const uint8_t context[] = { 0, 0, (uint8_t)(aead >> 8), (uint8_t)aead,
				    direction };

	return SSL_export_keying_material(ssl, key, key_len, exporter_label,
					  sizeof(exporter_label) - 1, context,
					  sizeof(context), 1) == 1;
}

bool tls_export(SSL *ssl, uint16_t context_aead, struct knts_session *session)
{
	size_t key_len = knts_aead_key_len(session->aead);

	if (export(ssl, context_aead, 0, session->c2s, key_len) &&
	    export(ssl, context_aead, 1, session->s2c, key_len))
		return true;
	ERR_clear_error();
	OPENSSL_cleanse(session, sizeof(*session));
	return false;
}

/* RFC 8446 has signature schemes for these alone. */
static bool has_scheme(EVP_PKEY *key)
{
	static const char *const curves[] = { SN_X9_62_prime256v1,
					      SN_secp384r1, SN_secp521r1 };
	static const char *const kinds[] = { "RSA", "RSA-PSS", "ED25519",
					     "ED448" };
	char group[64];
	size_t i, len;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (EVP_PKEY_is_a(key, kinds[i]))
			return true;
	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1)
		return false;
	for (i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (!strcmp(group, curves[i]))
			return true;
	return false;
}

static STACK_OF(X509) *issuers_of(STACK_OF(X509) *chain)
{
	STACK_OF(X509) *issuers = X509_chain_up_ref(chain);

	if (issuers)
		X509_free(sk_X509_shift(issuers));
	return issuers;
}

bool tls_can_serve(STACK_OF(X509) *chain, EVP_PKEY *key)
{
	STACK_OF(X509) *issuers = issuers_of(chain);
	SSL_CTX *context = tls_context_new();
	bool can;

	ERR_clear_error();
	can = has_scheme(key) && issuers && context &&
	      SSL_CTX_use_cert_and_key(context, sk_X509_value(chain, 0), key,
				       issuers, 1) == 1;
	SSL_CTX_free(context);
	sk_X509_pop_free(issuers, X509_free);
	return can;
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
