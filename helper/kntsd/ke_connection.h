/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One client: handshake, request, cookies, response, close.
 */
#ifndef KNTSD_KE_CONNECTION_H
#define KNTSD_KE_CONNECTION_H

#include "ke_server.h"

struct ke_connection;

/**
 * ke_connection_start() - serve an accepted connection
 * @fd: non-blocking; taken over on success
 *
 * The connection frees itself and calls ke_server_left(), but never before
 * this function has returned.
 *
 * Return: 0 or -ENOMEM.
 */
int ke_connection_start(struct ke_listener *listener, int fd);

/**
 * ke_connection_session() - export the keys that cookies are to hold
 * @session: to be wiped
 *
 * Return: true on success.
 */
bool ke_connection_session(struct ke_connection *connection,
			   struct knts_session *session);

/**
 * ke_connection_sealed() - go on with the cookies that ke_seals_ask() wanted
 * @error: 0 or -errno
 * @cookies: KNTS_COOKIES_MAX of them, if @error is 0
 */
void ke_connection_sealed(struct ke_connection *connection, int error,
			  const uint8_t *cookies);

#endif
