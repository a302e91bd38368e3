// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "kntsctl/query_session.h"

/* Both ways. Return: false if TLS does not give them. */
static bool make_keys(struct query_link *link, const struct query_ke *ke,
		      struct query_session *session)
{
	struct knts_aead_key *const keys[] = { &session->c2s, &session->s2c };
	uint8_t c2s[KNTS_AEAD_KEY_MAX_LEN], s2c[KNTS_AEAD_KEY_MAX_LEN];
	const uint8_t *const raw[] = { c2s, s2c };
	uint16_t context = query_ke_context_aead(ke);
	size_t len = knts_aead_key_len(ke->aead);
	bool made;

	made = query_tls_export(link, context, false, c2s, len) &&
	       query_tls_export(link, context, true, s2c, len);
	if (made)
		knts_aead_expand(keys, raw, 2, ke->aead);
	explicit_bzero(c2s, sizeof(c2s));
	explicit_bzero(s2c, sizeof(s2c));
	return made;
}

/* Read until the message is whole. */
static void read_response(struct query_link *link, const struct query *query,
			  struct query_report *report)
{
	uint8_t *data = malloc(QUERY_KE_RESPONSE_MAX_LEN);
	size_t len = 0;
	int got = 0;

	if (!data)
		abort();
	do {
		got = query_tls_read(link, data + len,
				     QUERY_KE_RESPONSE_MAX_LEN - len);
		if (got <= 0)
			break;
		len += (size_t)got;
		query_ke_read(&report->ke, data, len, query->aeads,
			      query->aeads_count);
	} while (report->ke.outcome == QUERY_KE_MORE &&
		 len < QUERY_KE_RESPONSE_MAX_LEN);
	report->ke_end = got;
	explicit_bzero(data, len);
	free(data);
}

void query_session_run(struct query_link *link, const struct query *query,
		       struct query_report *report,
		       struct query_session *session)
{
	uint8_t request[QUERY_KE_REQUEST_MAX_LEN];
	struct query_ke *ke = &report->ke;
	double begin_s = query_net_now_s();
	size_t len;

	link->deadline_s = begin_s + query->patience_s;
	len = query_ke_request(request, query->aeads, query->aeads_count);
	if (query_tls_write(link, request, len))
		read_response(link, query, report);
	report->ke_s = query_net_now_s() - begin_s;
	if (ke->outcome != QUERY_KE_AGREED)
		return;
	report->cookie_len = ke->cookies[0].len;
	if (!make_keys(link, ke, session)) {
		ke->outcome = QUERY_KE_BAD;
		ke->fault = "has a TLS session that gives no keys";
	}
}

void query_session_wipe(struct query_report *report,
			struct query_session *session)
{
	explicit_bzero(session, sizeof(*session));
	explicit_bzero(report->ke.cookies, sizeof(report->ke.cookies));
}
