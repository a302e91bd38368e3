/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a worker is told: made of a configuration once, told to each.
 */
#ifndef KNTSD_KE_SETUP_H
#define KNTSD_KE_SETUP_H

#include "certs.h"
#include "listeners.h"

/**
 * struct ke_setup_section - a section nts-ke-server
 * @ipc: ready to be sent, @server and @names behind it
 * @certs: PEM, kept so that a new worker gets what was checked
 * @server: for the Server record, or NULL
 * @names: extra names, each with its NUL
 */
struct ke_setup_section {
	struct ipc_section ipc;
	struct certs *certs;
	char *server;
	char *names;
};

/**
 * struct ke_setup - a configuration's NTS-KE side
 * @settings: ready to be sent
 * @workers: how many
 */
struct ke_setup {
	struct ipc_settings settings;
	struct listeners listeners;
	struct ke_setup_section *sections;
	size_t sections_count;
	unsigned int workers;
};

/**
 * ke_setup_load() - read and check certificates; open no socket
 * @setup: set on success, for ke_setup_free()
 * @warn: told what is survivable
 *
 * Return: 0, or -errno with a sentence; if it is -EKEYEXPIRED, that is all that is
 * wrong, and @setup is set, too.
 */
int ke_setup_load(struct ke_setup **setup, const struct config *config,
		  certs_warn_fn warn, void *arg, char *error,
		  size_t error_size);

/** ke_setup_serves() - is it the chain and the key of one of the sections */
bool ke_setup_serves(const struct ke_setup *setup, const struct certs *certs);

/**
 * ke_setup_open() - open the sockets
 * @old: whose sockets to go on with; may be NULL
 *
 * Return: 0, or -errno with a sentence.
 */
int ke_setup_open(struct ke_setup *setup, const struct config *config,
		  const struct ke_setup *old, char *error, size_t error_size);

/** ke_setup_free() - wipe, close and free; NULL is allowed */
void ke_setup_free(struct ke_setup *setup);

/**
 * ke_setup_send() - send one of the messages that begin a worker's life
 * @fd: the keymaster's end
 * @n: which, from 0
 *
 * Return: 0; -ENODATA if there is no @n-th; -EAGAIN if the worker must read
 * first; another -errno.
 */
int ke_setup_send(const struct ke_setup *setup, int fd, size_t n);

/** ke_setup_renew() - serve other certificates in a section; @certs is taken */
void ke_setup_renew(struct ke_setup *setup, size_t section,
		    struct certs *certs);

/**
 * ke_setup_send_certs() - tell a worker what ke_setup_renew() has changed
 *
 * Return: 0; -EAGAIN if the worker must read first; another -errno.
 */
int ke_setup_send_certs(const struct ke_setup *setup, int fd, size_t section);

#endif
