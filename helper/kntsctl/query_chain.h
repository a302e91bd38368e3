/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: the certificates that a server shows, and what speaks against
 * them.
 */
#ifndef KNTSCTL_QUERY_CHAIN_H
#define KNTSCTL_QUERY_CHAIN_H

#include "kntsctl/query_tls.h"

#define QUERY_CERTIFICATES_MAX 8
#define QUERY_NAMES_MAX 16

/**
 * struct query_certificate - one of the chain
 * @subject: on one line, "CN = time.example"
 * @issuer: the same of who signed it
 * @names: of subjectAltName: DNS names and addresses
 * @names_count: how many of them are kept
 * @key: such as "EC 256 bits"
 * @not_before: seconds since 1970
 * @not_after: the same
 */
struct query_certificate {
	char subject[QUERY_TEXT_SIZE];
	char issuer[QUERY_TEXT_SIZE];
	char names[QUERY_NAMES_MAX][QUERY_TEXT_SIZE];
	size_t names_count;
	char key[32];
	int64_t not_before;
	int64_t not_after;
};

/**
 * struct query_chain - what the server showed
 * @certificates: its own first
 * @count: how many are kept
 * @name_matches: the server's own is for the host
 * @verify: X509_V_OK if they lead to a trusted CA, else OpenSSL's reason
 */
struct query_chain {
	struct query_certificate certificates[QUERY_CERTIFICATES_MAX];
	size_t count;
	bool name_matches;
	long verify;
};

/**
 * query_chain_read() - look at the certificates of a handshake
 * @host: name or address that they should be for
 */
void query_chain_read(struct query_chain *chain, const SSL *ssl,
		      const char *host);

#endif
