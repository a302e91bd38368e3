// SPDX-License-Identifier: GPL-2.0-or-later
/* What certificates say against serving them. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "certs.h"
#include "tls.h"

#define RSA_MIN_BITS 2048
#define SENTENCE_SIZE 768

/* What is being checked, and where complaints go. */
struct check {
	STACK_OF(X509) *chain;
	X509 *cert;
	EVP_PKEY *key;
	const struct config_ke *ke;
	certs_warn_fn warn;
	void *arg;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3)))
static int refuse(const struct check *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(check->error, check->error_size, format, args);
	va_end(args);
	return -EINVAL;
}

__attribute__((format(printf, 2, 3)))
static void warn(const struct check *check, const char *format, ...)
{
	char sentence[SENTENCE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	check->warn(sentence, check->arg);
}

static int check_key(const struct check *check)
{
	const char *chain = check->ke->certificate_chain_path;
	const char *key = check->ke->private_key_path;
	int i;

	if (X509_check_private_key(check->cert, check->key) == 1)
		return 0;
	for (i = 1; i < sk_X509_num(check->chain); i++)
		if (X509_check_private_key(sk_X509_value(check->chain, i),
					   check->key) == 1)
			return refuse(check, "certificate-chain-path \"%s\" is "
				      "in the wrong order: the certificate of "
				      "\"%s\" is number %d in it and must come "
				      "first, then the one that signed it, and "
				      "so on", chain, key, i + 1);
	return refuse(check, "private-key-path \"%s\" does not belong to the "
		      "first certificate of \"%s\": give the key that this "
		      "certificate was issued for", key, chain);
}

static bool signed_by_other(const struct check *check, int subject)
{
	X509 *cert = sk_X509_value(check->chain, subject);
	int i;

	for (i = 0; i < sk_X509_num(check->chain); i++)
		if (i != subject &&
		    X509_check_issued(sk_X509_value(check->chain, i), cert) ==
			    X509_V_OK)
			return true;
	return false;
}

static int check_order(const struct check *check)
{
	const char *chain = check->ke->certificate_chain_path;
	int i;

	for (i = 0; i + 1 < sk_X509_num(check->chain); i++) {
		if (X509_check_issued(sk_X509_value(check->chain, i + 1),
				      sk_X509_value(check->chain, i)) ==
		    X509_V_OK)
			continue;
		if (signed_by_other(check, i))
			return refuse(check, "certificate-chain-path \"%s\" is "
				      "in the wrong order: certificate %d did "
				      "not sign certificate %d; the server's "
				      "comes first, then the one that signed "
				      "it, and so on", chain, i + 2, i + 1);
		warn(check, "certificate-chain-path \"%s\": certificate %d "
		     "signed none of those before it and is of no use to "
		     "clients: remove it", chain, i + 2);
		break;
	}
	return 0;
}

static void format_time(const ASN1_TIME *time, char *text, size_t size)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 ||
	    !strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(text, size, "a time that cannot be read");
}

static int check_dates(const struct check *check)
{
	const char *chain = check->ke->certificate_chain_path;
	char when[40];

	if (X509_cmp_current_time(X509_get0_notBefore(check->cert)) >= 0) {
		format_time(X509_get0_notBefore(check->cert), when,
			    sizeof(when));
		return refuse(check, "the certificate in \"%s\" is not valid "
			      "before %s: set this machine's clock if it is "
			      "slow, or wait", chain, when);
	}
	if (X509_cmp_current_time(X509_get0_notAfter(check->cert)) <= 0) {
		format_time(X509_get0_notAfter(check->cert), when,
			    sizeof(when));
		refuse(check, "the certificate in \"%s\" has expired at "
		       "%s: renew it", chain, when);
		return -EKEYEXPIRED;
	}
	return 0;
}

static int check_strength(const struct check *check)
{
	const char *chain = check->ke->certificate_chain_path;
	int bits = EVP_PKEY_get_bits(check->key);

	if ((EVP_PKEY_is_a(check->key, "RSA") ||
	     EVP_PKEY_is_a(check->key, "RSA-PSS")) && bits < RSA_MIN_BITS)
		return refuse(check, "private-key-path \"%s\" is an RSA key of "
			      "%d bits: it must have %d or more, so issue a new "
			      "one", check->ke->private_key_path, bits,
			      RSA_MIN_BITS);
	/* And whatever else OpenSSL would refuse when it comes to serving. */
	if (tls_can_serve(check->chain, check->key))
		return 0;
	return refuse(check, "TLS 1.3 cannot use the certificate in \"%s\" "
		      "(%s): issue one with an RSA, P-256, P-384 or Ed25519 "
		      "key and a SHA-2 signature", chain,
		      ERR_reason_error_string(ERR_get_error()) ?: "its key");
}

static void check_usage(const struct check *check)
{
	const char *chain = check->ke->certificate_chain_path;
	uint32_t extended = X509_get_extended_key_usage(check->cert);

	if (!(X509_get_key_usage(check->cert) & KU_DIGITAL_SIGNATURE))
		warn(check, "the certificate in \"%s\" has a keyUsage without "
		     "digitalSignature: chronyd and other clients with GnuTLS "
		     "will refuse it, those with OpenSSL or rustls take it; "
		     "issue it anew with keyUsage = digitalSignature, as "
		     "'knts-ca issue' does", chain);
	if (!(extended & (XKU_SSL_SERVER | XKU_ANYEKU)))
		warn(check, "the certificate in \"%s\" has an extendedKeyUsage "
		     "without serverAuth: most clients will refuse it; issue "
		     "it anew with extendedKeyUsage = serverAuth", chain);
	if (X509_get_ext_by_NID(check->cert, NID_subject_alt_name, -1) < 0)
		warn(check, "the certificate in \"%s\" has no subjectAltName: "
		     "most clients will refuse it; issue it anew with the "
		     "names and addresses that clients use, as 'knts-ca issue "
		     "NAME' does", chain);
}

int certs_check(STACK_OF(X509) *chain, EVP_PKEY *key,
		const struct config_ke *ke, certs_warn_fn warn_fn, void *arg,
		char *error, size_t error_size)
{
	const struct check check = {
		.chain = chain,
		.cert = sk_X509_value(chain, 0),
		.key = key,
		.ke = ke,
		.warn = warn_fn,
		.arg = arg,
		.error = error,
		.error_size = error_size,
	};
	int ret;

	ret = check_key(&check);
	if (!ret)
		ret = check_order(&check);
	if (!ret)
		ret = check_strength(&check);
	if (!ret)
		check_usage(&check);
	if (!ret)
		ret = check_dates(&check);
	ERR_clear_error();
	return ret;
}

static void describe_key(struct certs *certs, EVP_PKEY *key)
{
	char group[sizeof(certs->kind)];
	size_t len;

	if (EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1) {
		const char *nist = EC_curve_nid2nist(OBJ_txt2nid(group));

		snprintf(certs->kind, sizeof(certs->kind), "%s", nist ?: group);
	} else if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")) {
		snprintf(certs->kind, sizeof(certs->kind), "RSA %d",
			 EVP_PKEY_get_bits(key));
	} else {
		snprintf(certs->kind, sizeof(certs->kind), "%s",
			 EVP_PKEY_is_a(key, "ED25519") ? "Ed25519" :
			 EVP_PKEY_get0_type_name(key));
	}
}

/* Return: the name in memory of its own; NULL if it is of another kind. */
static char *copy_name(const GENERAL_NAME *name)
{
	char text[INET6_ADDRSTRLEN];
	const ASN1_STRING *string;
	const void *data;
	int type, len;

	string = GENERAL_NAME_get0_value(name, &type);
	if (type != GEN_DNS && type != GEN_IPADD)
		return NULL;
	data = ASN1_STRING_get0_data(string);
	len = ASN1_STRING_length(string);
	if (type == GEN_DNS)
		return strndup(data, (size_t)len);
	if (len != 4 && len != 16)
		return NULL;
	inet_ntop(len == 4 ? AF_INET : AF_INET6, data, text, sizeof(text));
	return strdup(text);
}

static char *copy_issuer(X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *issuer = NULL;
	char *text;
	long len;

	if (bio && X509_NAME_print_ex(bio, X509_get_issuer_name(cert), 0,
				      XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ) >= 0) {
		len = BIO_get_mem_data(bio, &text);
		issuer = strndup(text, (size_t)len);
	}
	BIO_free(bio);
	return issuer;
}

static time_t read_time(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? timegm(&tm) : 0;
}

int certs_describe(struct certs *certs, STACK_OF(X509) *chain, EVP_PKEY *key)
{
	X509 *cert = sk_X509_value(chain, 0);
	GENERAL_NAMES *names;
	char *name;
	int i;

	describe_key(certs, key);
	certs->not_before = read_time(X509_get0_notBefore(cert));
	certs->not_after = read_time(X509_get0_notAfter(cert));
	certs->issuer = copy_issuer(cert);

	names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	certs->names = calloc((size_t)sk_GENERAL_NAME_num(names) + 2,
			      sizeof(*certs->names));
	for (i = 0; certs->names && i < sk_GENERAL_NAME_num(names); i++) {
		name = copy_name(sk_GENERAL_NAME_value(names, i));
		if (name)
			certs->names[certs->names_count++] = name;
	}
	GENERAL_NAMES_free(names);
	return certs->names && certs->issuer ? 0 : -ENOMEM;
}
