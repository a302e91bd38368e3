/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificate chains and private keys: read, checked, and what is wrong with
 * them said in one sentence that names the file and the mend.
 */
#ifndef KNTSD_CERTS_H
#define KNTSD_CERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <openssl/x509.h>

#include "config.h"

#define CERTS_CHAIN_MAX_SIZE 65536
#define CERTS_KEY_MAX_SIZE 16384

/**
 * struct certs - a pair of files that can be served
 * @chain_path: the file of @chain
 * @key_path: the file of @key
 * @chain: PEM as read, @chain_size octets
 * @key: PEM as read, @key_size octets; secret
 * @kind: "RSA 2048", "P-256", "Ed25519"
 * @names: the subjectAltNames that are names or addresses
 * @names_count: how many
 * @issuer: who signed the server's certificate, as "CN=..., O=..."
 * @not_before: from when on the server's certificate is valid
 * @not_after: when it expires
 */
struct certs {
	char *chain_path;
	char *key_path;
	char *chain;
	size_t chain_size;
	char *key;
	size_t key_size;
	char kind[24];
	char **names;
	size_t names_count;
	char *issuer;
	time_t not_before;
	time_t not_after;
};

/** typedef certs_warn_fn - told one sentence about what is survivable */
typedef void (*certs_warn_fn)(const char *sentence, void *arg);

/**
 * certs_load() - read and check the files of a section
 * @certs: set on success, for certs_free()
 * @ke: which files
 * @warn: called for each thing that keeps some clients away
 * @arg: for @warn
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Return: 0; -EKEYEXPIRED if that is all that is wrong, and @certs is set, too;
 * another -errno.
 */
int certs_load(struct certs **certs, const struct config_ke *ke,
	       certs_warn_fn warn, void *arg, char *error, size_t error_size);

/** certs_same() - do both have the same chain and the same key */
bool certs_same(const struct certs *a, const struct certs *b);

/** certs_free() - wipe and free; NULL is allowed */
void certs_free(struct certs *certs);

/**
 * certs_parse_chain() - all certificates of a PEM text, in its order
 * @damaged: set if the text has a certificate that cannot be read
 *
 * Return: at least one certificate, or NULL.
 */
STACK_OF(X509) *certs_parse_chain(const char *pem, size_t size, bool *damaged);

/**
 * certs_parse_key() - the private key of a PEM text
 * @password: set if it needs one
 *
 * Return: the key, or NULL.
 */
EVP_PKEY *certs_parse_key(const char *pem, size_t size, bool *password);

/**
 * certs_check() - what the certificates say against serving them
 * @chain: the server's first
 * @key: its private key
 *
 * As certs_load(), and called by it.
 */
int certs_check(STACK_OF(X509) *chain, EVP_PKEY *key,
		const struct config_ke *ke, certs_warn_fn warn, void *arg,
		char *error, size_t error_size);

/**
 * certs_describe() - fill in @kind, @names, @issuer and the dates
 *
 * Return: 0 or -ENOMEM.
 */
int certs_describe(struct certs *certs, STACK_OF(X509) *chain, EVP_PKEY *key);

#endif
