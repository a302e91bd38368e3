/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listening sockets. The keymaster keeps them, so that a worker's end, or
 * a reload, loses no client that waits to be accepted.
 */
#ifndef KNTSD_LISTENERS_H
#define KNTSD_LISTENERS_H

#include "config.h"
#include "ipc.h"

#define LISTENERS_TEXT_SIZE 56

/**
 * struct listener - one socket
 * @address: IPv4 as sockaddr_in in the same room
 * @text: the same for people, as "[::1]:4460"
 * @fd: the socket, or -1 if none was wanted
 * @dual: it is [::] and takes IPv4 as well
 */
struct listener {
	struct sockaddr_in6 address;
	char text[LISTENERS_TEXT_SIZE];
	int fd;
	bool dual;
};

struct listeners {
	struct listener items[IPC_LISTENERS_MAX];
	size_t count;
};

/**
 * listeners_plan() - which sockets does a configuration need
 * @listeners: filled in, without sockets; each address once
 *
 * [::] means 0.0.0.0 as well, on a socket of its own.
 *
 * Return: 0, or -E2BIG with a sentence.
 */
int listeners_plan(struct listeners *listeners, const struct config *config,
		   char *error, size_t error_size);

/**
 * listeners_mask() - which of the sockets serve a section, one bit for each
 */
uint64_t listeners_mask(const struct listeners *listeners,
			const struct config_ke *ke);

/**
 * listeners_take() - add a socket that is open
 * @address: its own
 *
 * Return: 0; -E2BIG or -EADDRINUSE, and it is still the caller's.
 */
int listeners_take(struct listeners *listeners,
		   const struct sockaddr_in6 *address, int fd);

/**
 * listeners_open() - open what was planned
 * @handed: sockets to use where the address is the same; may be NULL
 * @old: sockets to go on with where the address is the same; may be NULL
 *
 * Return: 0 or -errno with a sentence and nothing left open.
 */
int listeners_open(struct listeners *listeners, const struct listeners *handed,
		   const struct listeners *old, char *error,
		   size_t error_size);

/** listeners_close() - close all */
void listeners_close(struct listeners *listeners);

#endif
