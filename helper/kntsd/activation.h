/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Socket activation: systemd keeps the listening sockets, so that clients who
 * come while kntsd is restarted wait in them instead of being refused.
 */
#ifndef KNTSD_ACTIVATION_H
#define KNTSD_ACTIVATION_H

#include "listeners.h"

/**
 * activation_take() - take the sockets that we were started with
 * @handed: filled in; open until the end of kntsd, whatever is configured
 *
 * One that is of no use is closed, with a warning.
 */
void activation_take(struct listeners *handed);

/**
 * activation_configure() - make a configuration listen on them
 * @handed: stays
 * @config: its sections without "listen" get all of @handed's addresses, and
 *	those whose addresses are among @handed's will use these
 *
 * Return: 0 or -ENOMEM.
 */
int activation_configure(const struct listeners *handed, struct config *config);

/**
 * activation_problem() - is there a socket that no section listens on
 * @text: one sentence, or empty if all are used
 * @size: room for it
 */
void activation_problem(const struct config *config, char *text, size_t size);

#endif
