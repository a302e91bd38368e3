// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "kntsctl/query_chain.h"

static void put_name(const X509_NAME *name, char *text)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int len = 0;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE) >= 0)
		len = BIO_read(bio, text, QUERY_TEXT_SIZE - 1);
	text[len > 0 ? len : 0] = '\0';
	BIO_free(bio);
}

static int64_t unix_time(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void put_address(const ASN1_OCTET_STRING *octets, char *text)
{
	int len = ASN1_STRING_length(octets);

	text[0] = '\0';
	if (len == 4 || len == 16)
		inet_ntop(len == 4 ? AF_INET : AF_INET6,
			  ASN1_STRING_get0_data(octets), text, QUERY_TEXT_SIZE);
}

/* What the certificate says goes to a terminal: nothing but plain text does. */
static void put_dns(const ASN1_IA5STRING *string, char *text)
{
	const unsigned char *octets = ASN1_STRING_get0_data(string);
	int i, len = ASN1_STRING_length(string);

	if (len >= QUERY_TEXT_SIZE)
		len = QUERY_TEXT_SIZE - 1;
	for (i = 0; i < len; i++)
		text[i] = octets[i] > ' ' && octets[i] < 0x7f ? octets[i] : '?';
	text[len] = '\0';
}

static void put_names(const X509 *cert, struct query_certificate *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL,
						NULL);
	const GENERAL_NAME *name;
	char *text;
	int i;

	for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		if (out->names_count == QUERY_NAMES_MAX)
			break;
		name = sk_GENERAL_NAME_value(names, i);
		text = out->names[out->names_count];
		if (name->type == GEN_DNS)
			put_dns(name->d.dNSName, text);
		else if (name->type == GEN_IPADD)
			put_address(name->d.iPAddress, text);
		else
			continue;
		out->names_count++;
	}
	GENERAL_NAMES_free(names);
}

static void put_key(X509 *cert, char *text, size_t size)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;

	snprintf(text, size, "%s %d bits", type ? type : "unknown",
		 key ? EVP_PKEY_get_bits(key) : 0);
}

static void put_certificate(X509 *cert, struct query_certificate *out)
{
	*out = (struct query_certificate){
		.not_before = unix_time(X509_get0_notBefore(cert)),
		.not_after = unix_time(X509_get0_notAfter(cert)),
	};
	put_name(X509_get_subject_name(cert), out->subject);
	put_name(X509_get_issuer_name(cert), out->issuer);
	put_key(cert, out->key, sizeof(out->key));
	put_names(cert, out);
}

/* A common name does not count: current clients look at no such thing. */
static bool matches(X509 *cert, const char *host)
{
	if (X509_check_ip_asc(cert, host, 0) == 1)
		return true;
	return X509_check_host(cert, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
			       NULL) == 1;
}

void query_chain_read(struct query_chain *chain, const SSL *ssl,
		      const char *host)
{
	STACK_OF(X509) *shown = SSL_get_peer_cert_chain(ssl);
	int i;

	*chain = (struct query_chain){ .verify = SSL_get_verify_result(ssl) };
	for (i = 0; i < sk_X509_num(shown) && i < QUERY_CERTIFICATES_MAX; i++)
		put_certificate(sk_X509_value(shown, i),
				&chain->certificates[chain->count++]);
	if (chain->count)
		chain->name_matches = matches(sk_X509_value(shown, 0), host);
	ERR_clear_error();
}
