/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: the key exchange over a TLS connection, and the keys that come
 * of it.
 */
#ifndef KNTSCTL_QUERY_SESSION_H
#define KNTSCTL_QUERY_SESSION_H

#include "kntsctl/query.h"

/**
 * query_session_run() - ask for keys and cookies
 * @link: with TLS 1.3 and ALPN
 * @report: @ke and what follows it is filled in
 * @session: both keys, if @report->ke.outcome is QUERY_KE_AGREED; wipe it with
 *	query_session_wipe()
 */
void query_session_run(struct query_link *link, const struct query *query,
		       struct query_report *report,
		       struct query_session *session);

/** query_session_wipe() - forget keys and cookies */
void query_session_wipe(struct query_report *report,
			struct query_session *session);

#endif
