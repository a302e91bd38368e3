// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "dated.h"
#include "files.h"

static FILE *open_file(const char *stem, const char *suffix, const char *mode)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s%s", files_dir(), stem, suffix);
	file = fopen(path, mode);
	if (!file)
		abort();
	return file;
}

static void must(int done)
{
	if (done <= 0)
		abort();
}

static void add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(X509_add_ext(cert, extension, -1));
	X509_EXTENSION_free(extension);
}

static X509 *make(EVP_PKEY *key, long from_s, long to_s)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	long serial;

	must(RAND_bytes((unsigned char *)&serial, sizeof(serial)));
	must(X509_set_version(cert, X509_VERSION_3));
	must(ASN1_INTEGER_set(X509_get_serialNumber(cert),
			      labs(serial / 2) + 1));
	must(X509_gmtime_adj(X509_getm_notBefore(cert), from_s) != NULL);
	must(X509_gmtime_adj(X509_getm_notAfter(cert), to_s) != NULL);
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const unsigned char *)"one.test", -1,
					-1, 0));
	must(X509_set_pubkey(cert, key));
	add_extension(cert, NID_subject_alt_name, "DNS:one.test,IP:127.0.0.1");
	add_extension(cert, NID_key_usage, "digitalSignature");
	return cert;
}

static void sign(X509 *cert)
{
	FILE *file = open_file("ca/ca", ".pem", "re");
	X509 *ca = PEM_read_X509(file, NULL, NULL, NULL);
	EVP_PKEY *key;

	fclose(file);
	file = open_file("ca/ca", ".key", "re");
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	must(ca && key);
	must(X509_set_issuer_name(cert, X509_get_subject_name(ca)));
	must(X509_sign(cert, key, EVP_sha256()));
	EVP_PKEY_free(key);
	X509_free(ca);
}

void dated_write(const char *stem, long from_s, long to_s)
{
	EVP_PKEY *key = EVP_EC_gen("P-384");
	X509 *cert = make(key, from_s, to_s);
	FILE *file;

	sign(cert);
	file = open_file(stem, ".chain.pem", "we");
	must(PEM_write_X509(file, cert));
	fclose(file);
	file = open_file(stem, ".key", "we");
	must(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}
