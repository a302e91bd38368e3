/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: what is asked, and the report of all that was found out. Each
 * step fills its part; the verdict and the output read it.
 */
#ifndef KNTSCTL_QUERY_H
#define KNTSCTL_QUERY_H

#include <stdio.h>

#include <json-c/json.h>

#include "kntsctl/query_chain.h"
#include "kntsctl/query_net.h"
#include "kntsctl/query_ntp.h"

#define QUERY_VERDICT_SIZE 768

/**
 * struct query - what is asked
 * @host: name or address
 * @port: TCP port of NTS-KE, or without NTS the UDP port of NTP
 * @nts: with NTS
 * @ca: file with the CAs to trust, NULL for the system's
 * @family: AF_UNSPEC, AF_INET or AF_INET6
 * @aeads: AEADs to offer
 * @aeads_count: how many
 * @patience_s: for each answer
 * @ntp: how NTP is to be asked
 */
struct query {
	const char *host;
	uint16_t port;
	bool nts;
	const char *ca;
	int family;
	uint16_t aeads[QUERY_AEADS_MAX];
	size_t aeads_count;
	double patience_s;
	struct query_ntp_plan ntp;
};

/**
 * struct query_report - what was found out
 * @resolve_err: of the host's name, for gai_strerror()
 * @addresses: the host's
 * @addresses_count: how many
 * @tls: not done without NTS, as all up to @ke_end
 * @chain: certificates
 * @ke: the response of NTS-KE; the cookies in it are wiped
 * @ke_end: if no whole response came: QUERY_READ_...
 * @ke_s: from request to response
 * @cookie_len: of the first cookie
 * @ntp_resolve_err: of the NTP server's name, for gai_strerror()
 * @ntp_connect_err: errno of a way to the NTP server, or 0
 * @ntp_address: where NTP was asked, "" for nowhere
 * @ntp_port: its port
 * @exchanges: @query->ntp.count of them, or none
 * @exchanges_count: how many there are
 * @now: seconds since 1970
 */
struct query_report {
	int resolve_err;
	struct query_address addresses[QUERY_ADDRESSES_MAX];
	size_t addresses_count;
	struct query_tls tls;
	struct query_chain chain;
	struct query_ke ke;
	int ke_end;
	double ke_s;
	size_t cookie_len;
	int ntp_resolve_err;
	int ntp_connect_err;
	char ntp_address[QUERY_ADDRESS_SIZE];
	uint16_t ntp_port;
	struct query_exchange *exchanges;
	size_t exchanges_count;
	int64_t now;
};

/* Where something is wrong, in the order in which it would be met. */
enum query_stage {
	QUERY_STAGE_NONE,	/* nothing is */
	QUERY_STAGE_RESOLVE,
	QUERY_STAGE_TCP,
	QUERY_STAGE_TLS,
	QUERY_STAGE_CERTIFICATE,
	QUERY_STAGE_KE,
	QUERY_STAGE_NTP,
	QUERY_STAGE_CLOCK,
};

/**
 * query_verdict() - what is wrong, and what to do
 * @sentence: QUERY_VERDICT_SIZE octets: one sentence; if nothing is wrong, what
 *	is good
 *
 * Return: the first stage where something is wrong.
 */
enum query_stage query_verdict(const struct query *query,
			       const struct query_report *report,
			       char *sentence);

/** query_print() - the report for people */
void query_print(FILE *out, const struct query *query,
		 const struct query_report *report, bool colour);

/** query_to_json() - the report for scripts */
struct json_object *query_to_json(const struct query *query,
				  const struct query_report *report);

#endif
