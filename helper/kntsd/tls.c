// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include <openssl/err.h>

#include "tls.h"

/* 112 bits: RSA 2048 and up, SHA-2 and up. */
#define SECURITY_LEVEL 2
/* None is needed for so short a conversation. */
#define KEY_UPDATES_MAX 32
/* The costly groups would only serve those who want to burn our CPU. */
#define GROUPS "X25519:P-256:P-384"
/*
 * The first is as strong as X25519, which all keys come from here, and takes
 * less of our time; clients without AES in hardware may put ChaCha20 first.
 */
#define CIPHERS "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:" \
		"TLS_CHACHA20_POLY1305_SHA256"

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
	peer->no_alpn = true;
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/*
 * OpenSSL goes on reading for as long as KeyUpdates come, and nobody else gets
 * a turn meanwhile. Who sends too many has said all that is read (R25).
 */
static void limit_key_updates(int written, int version, int type,
			      const void *message, size_t len, SSL *ssl,
			      void *arg)
{
	struct tls_peer *peer = SSL_get_app_data(ssl);
	const unsigned char *octets = message;

	if (!written && type == SSL3_RT_HANDSHAKE && len &&
	    octets[0] == SSL3_MT_KEY_UPDATE &&
	    ++peer->key_updates > KEY_UPDATES_MAX)
		SSL_set_shutdown(ssl, SSL_RECEIVED_SHUTDOWN);
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
				     SSL_OP_NO_COMPRESSION |
				     SSL_OP_CIPHER_SERVER_PREFERENCE |
				     SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	/* A record's header and body by one system call. */
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_client_hello_cb(context, require_alpn, NULL);
	SSL_CTX_set_alpn_select_cb(context, select_alpn, NULL);
	SSL_CTX_set_msg_callback(context, limit_key_updates);
	if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
	    SSL_CTX_set_ciphersuites(context, CIPHERS) &&
	    SSL_CTX_set_num_tickets(context, 0) &&
	    SSL_CTX_set_max_early_data(context, 0) &&
	    SSL_CTX_set1_groups_list(context, GROUPS))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

SSL *tls_accept(SSL_CTX *context, struct tls_peer *peer, int fd)
{
	SSL *ssl = SSL_new(context);

	if (!ssl)
		return NULL;
	SSL_set_app_data(ssl, peer);
	if (SSL_set_fd(ssl, fd) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
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
