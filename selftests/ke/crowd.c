// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "crowd.h"

static void *exchange(void *arg)
{
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct nts_session session;
	struct crowd *crowd = arg;

	while (!crowd->end) {
		if (ke_client_exchange(&crowd->options, 15, &session,
				       cookies) == 8)
			crowd->done++;
		else
			crowd->failed++;
	}
	return NULL;
}

void crowd_start(struct crowd *crowd, const struct ke_options *options)
{
	size_t i;

	memset(crowd, 0, sizeof(*crowd));
	crowd->options = *options;
	for (i = 0; i < CROWD_SIZE; i++)
		if (pthread_create(&crowd->threads[i], NULL, exchange, crowd))
			abort();
}

void crowd_stop(struct crowd *crowd)
{
	size_t i;

	crowd->end = true;
	for (i = 0; i < CROWD_SIZE; i++)
		pthread_join(crowd->threads[i], NULL);
}
