/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the keymaster tells a worker before it serves, up to IPC_GO.
 */
#ifndef KNTSD_WORKER_SETUP_H
#define KNTSD_WORKER_SETUP_H

#include "ke_server.h"

/**
 * worker_setup_settings() - wait for the first message
 *
 * Return: 0; -EPIPE if the keymaster has closed; another -errno.
 */
int worker_setup_settings(struct ipc_settings *settings);

/**
 * worker_setup_limits() - room for as many descriptors as may be needed
 *
 * Before privileges are dropped. What cannot be had is done without.
 *
 * Return: 0.
 */
int worker_setup_limits(const struct ipc_settings *settings);

/**
 * worker_setup_server() - receive listeners and sections, wait for IPC_GO
 * @server: its @base, @listeners and @sections are filled in
 *
 * Return: as worker_setup_settings().
 */
int worker_setup_server(struct ke_server *server,
			const struct ipc_settings *settings);

#endif
