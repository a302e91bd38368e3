/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking the keymaster for cookies: connections wait in line, so that it never
 * has more than IPC_SEALS_MAX requests of this worker before it.
 */
#ifndef KNTSD_KE_SEALS_H
#define KNTSD_KE_SEALS_H

#include <stdbool.h>
#include <sys/queue.h>

#include "ipc.h"

struct ke_connection;

/**
 * struct ke_seals_wait - a connection's place in the line
 * @slot: its request is on the way, as this one; -1 if not
 * @waiting: it stands in the line
 */
struct ke_seals_wait {
	TAILQ_ENTRY(ke_seals_wait) entry;
	struct ke_connection *connection;
	int slot;
	bool waiting;
};

/**
 * struct ke_seals - the line
 * @fd: the worker's end of the pair
 * @slots: requests on the way; NULL connection if it has gone meanwhile
 */
struct ke_seals {
	int fd;
	struct {
		bool busy;
		struct ke_seals_wait *wait;
	} slots[IPC_SEALS_MAX];
	TAILQ_HEAD(, ke_seals_wait) line;
};

void ke_seals_init(struct ke_seals *seals, int fd);

/**
 * ke_seals_ask() - ask for cookies
 * @wait: part of @connection; in use until ke_connection_sealed() or
 *	ke_seals_cancel()
 *
 * ke_connection_sealed() may be called before this returns.
 */
void ke_seals_ask(struct ke_seals *seals, struct ke_seals_wait *wait,
		  struct ke_connection *connection);

/** ke_seals_cancel() - the connection asks no more; it need not have asked */
void ke_seals_cancel(struct ke_seals *seals, struct ke_seals_wait *wait);

/**
 * ke_seals_answer() - the keymaster answered
 *
 * Return: 0, or -EPROTO if it was not asked.
 */
int ke_seals_answer(struct ke_seals *seals, const struct ipc_sealed *sealed);

#endif
