/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keymaster and worker say to each other: one message per packet of a
 * SOCK_SEQPACKET pair. Both are the same binary, so structs go as they are.
 */
#ifndef KNTSD_IPC_H
#define KNTSD_IPC_H

#include <sys/types.h>
#include <sys/uio.h>

#include "certs.h"
#include "core/cookie.h"
#include "ke_message.h"
#include "ke_stats.h"

/* The worker's end, in the worker. */
#define IPC_FD 3
#define IPC_SECTIONS_MAX 64
#define IPC_LISTENERS_MAX 64
#define IPC_AEADS_MAX 8
#define IPC_NAMES_MAX_SIZE 16384
/* So many SEAL of one worker may be unanswered. */
#define IPC_SEALS_MAX 32

enum ipc_type {
	/* to the worker: what to do, in this order, ... */
	IPC_SETTINGS = 1,
	IPC_LISTENER,
	IPC_SECTION,
	IPC_GO,
	/* ... then these at any time */
	IPC_SEALED,
	IPC_CERTS,
	IPC_DRAIN,
	/* to the keymaster */
	IPC_READY = 101,
	IPC_SEAL,
	IPC_STATS,
};

/**
 * struct ipc_settings - first of all
 * @drop: become @uid and @gid
 * @descriptors: so many may be open at once
 * @listeners: so many IPC_LISTENER follow
 * @sections: and so many IPC_SECTION
 */
struct ipc_settings {
	uint32_t type;
	uint32_t drop;
	uid_t uid;
	gid_t gid;
	uint32_t descriptors;
	uint32_t listeners;
	uint32_t sections;
};

/** struct ipc_listener - bears the listening socket as its descriptor */
struct ipc_listener {
	uint32_t type;
	uint32_t index;
};

/**
 * struct ipc_section - a section nts-ke-server; four texts follow
 * @listeners: one bit for each listener where it serves
 * @timeout_ms: for a whole connection
 * @connections_max: this worker's share of the cap
 * @port: for the Port record
 * @aeads: those that clients may choose, @aeads_count of them
 * @chain_size: PEM, the first text
 * @key_size: PEM, the second; secret
 * @server_size: for the Server record, the third; 0 for none
 * @names_size: each with its NUL, the fourth
 */
struct ipc_section {
	uint32_t type;
	uint32_t timeout_ms;
	uint64_t listeners;
	uint32_t connections_max;
	uint16_t port;
	uint16_t aeads_count;
	uint16_t aeads[IPC_AEADS_MAX];
	uint32_t chain_size;
	uint32_t key_size;
	uint32_t server_size;
	uint32_t names_size;
};

/**
 * struct ipc_certs - a section's certificate was renewed; two texts follow
 * @section: in the order of IPC_SECTION
 * @chain_size: PEM, the first text
 * @key_size: PEM, the second; secret
 */
struct ipc_certs {
	uint32_t type;
	uint32_t section;
	uint32_t chain_size;
	uint32_t key_size;
};

/** struct ipc_signal - IPC_GO, IPC_DRAIN, IPC_READY: the type says it all */
struct ipc_signal {
	uint32_t type;
};

/**
 * struct ipc_seal - cookies, please
 * @id: comes back
 * @session: secret
 */
struct ipc_seal {
	uint32_t type;
	uint32_t id;
	struct knts_session session;
};

/**
 * struct ipc_sealed - the answer
 * @error: 0 or -errno
 * @cookies: one after another, each knts_cookie_len() octets
 */
struct ipc_sealed {
	uint32_t type;
	uint32_t id;
	int32_t error;
	uint8_t cookies[KNTS_COOKIES_MAX * KNTS_COOKIE_MAX_LEN];
};

/**
 * struct ipc_stats - all since the worker began
 * @connections: open now
 */
struct ipc_stats {
	uint32_t type;
	uint32_t connections;
	struct ke_stats stats;
};

#define IPC_MAX_SIZE (sizeof(struct ipc_section) + CERTS_CHAIN_MAX_SIZE + \
		      CERTS_KEY_MAX_SIZE + KE_SERVER_MAX_LEN + \
		      IPC_NAMES_MAX_SIZE)

/**
 * ipc_send() - send a message
 * @passed: a descriptor to send along, or -1
 *
 * Does not wait.
 *
 * Return: 0 or -errno, -EAGAIN if the other side must read first.
 */
int ipc_send(int fd, const struct iovec *parts, size_t count, int passed);

/** ipc_send_one() - ipc_send() of one part and no descriptor */
int ipc_send_one(int fd, const void *message, size_t size);

/**
 * ipc_receive() - receive a message
 * @size: room in @buf
 * @passed: set to the descriptor that came along, or -1; NULL if none may
 * @wait: wait for one
 *
 * Return: its size; 0 if the other side has closed; -EPROTO if it is too large
 * or bears a descriptor it must not; another -errno.
 */
ssize_t ipc_receive(int fd, void *buf, size_t size, int *passed, bool wait);

#endif
