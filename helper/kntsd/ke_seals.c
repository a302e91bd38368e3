// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include <openssl/crypto.h>

#include "ke_connection.h"
#include "ke_seals.h"

void ke_seals_init(struct ke_seals *seals, int fd)
{
	*seals = (struct ke_seals){ .fd = fd };
	TAILQ_INIT(&seals->line);
}

/* Keys are exported as late as here, so that none lie in the line. */
static int send_request(struct ke_seals *seals, struct ke_seals_wait *wait,
			int slot)
{
	struct ipc_seal seal = { .type = IPC_SEAL, .id = (uint32_t)slot };
	int ret = -EIO;

	if (ke_connection_session(wait->connection, &seal.session))
		ret = ipc_send_one(seals->fd, &seal, sizeof(seal));
	OPENSSL_cleanse(&seal, sizeof(seal));
	if (ret)
		return ret;
	seals->slots[slot].busy = true;
	seals->slots[slot].wait = wait;
	wait->slot = slot;
	return 0;
}

static int free_slot(const struct ke_seals *seals)
{
	int slot;

	for (slot = 0; slot < IPC_SEALS_MAX; slot++)
		if (!seals->slots[slot].busy)
			return slot;
	return -1;
}

static void send_next(struct ke_seals *seals)
{
	struct ke_seals_wait *wait;
	int slot, ret;

	while ((wait = TAILQ_FIRST(&seals->line)) &&
	       (slot = free_slot(seals)) >= 0) {
		TAILQ_REMOVE(&seals->line, wait, entry);
		wait->waiting = false;
		ret = send_request(seals, wait, slot);
		if (ret)
			ke_connection_sealed(wait->connection, ret, NULL);
	}
}

void ke_seals_ask(struct ke_seals *seals, struct ke_seals_wait *wait,
		  struct ke_connection *connection)
{
	wait->connection = connection;
	wait->slot = -1;
	wait->waiting = true;
	TAILQ_INSERT_TAIL(&seals->line, wait, entry);
	send_next(seals);
}

void ke_seals_cancel(struct ke_seals *seals, struct ke_seals_wait *wait)
{
	if (wait->waiting)
		TAILQ_REMOVE(&seals->line, wait, entry);
	else if (wait->slot >= 0)
		seals->slots[wait->slot].wait = NULL;
	wait->waiting = false;
	wait->slot = -1;
}

int ke_seals_answer(struct ke_seals *seals, const struct ipc_sealed *sealed)
{
	struct ke_seals_wait *wait;

	if (sealed->id >= IPC_SEALS_MAX || !seals->slots[sealed->id].busy)
		return -EPROTO;
	wait = seals->slots[sealed->id].wait;
	seals->slots[sealed->id].busy = false;
	seals->slots[sealed->id].wait = NULL;
	if (wait) {
		wait->slot = -1;
		ke_connection_sealed(wait->connection, sealed->error,
				     sealed->cookies);
	}
	send_next(seals);
	return 0;
}
