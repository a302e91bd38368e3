// SPDX-License-Identifier: GPL-2.0-or-later
/* The core, with whatever AES it is linked with. */
#include "../unit/server.h"
#include "core.h"

static struct server server;

void contestant_setup(void)
{
	server_setup(&server);
}

bool contestant_answer(uint8_t *pkt, size_t len, uint16_t aead)
{
	size_t reply_len;

	return server_answer(&server, pkt, len, &reply_len) == KNTS_ANSWER_NTS;
}
