// SPDX-License-Identifier: GPL-2.0-or-later
#include "ask.h"

const char *ask_case(const struct ke_options *options,
		     const struct ke_case *kase, size_t piece)
{
	uint8_t request[CASE_MAX_LEN];
	size_t len = case_request(kase, request);
	const char *wrong = "no TLS";
	struct ke_client client;

	if (ke_client_open(&client, options)) {
		/* A refusal may come, and end it, while it is still sent. */
		ke_client_send_split(&client, request, len, piece);
		ke_client_receive(&client);
		wrong = case_check(kase, client.response, client.response_len);
		if (!wrong && !client.close_notify)
			wrong = "no close_notify";
	}
	ke_client_close(&client);
	return wrong;
}
