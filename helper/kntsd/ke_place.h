/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which NTP server a client is sent to (R20, R21).
 */
#ifndef KNTSD_KE_PLACE_H
#define KNTSD_KE_PLACE_H

#include "ke_server.h"

/**
 * ke_place_server() - what the Server record says
 * @listener: where the client connected
 * @section: which section serves it
 * @asked: the client's own Server record, or ""
 * @fd: its connection
 *
 * Return: as written by the client or in the configuration; NULL for no
 * record: the client then uses the address that it connected to.
 */
const char *ke_place_server(const struct ke_listener *listener,
			    const struct ke_section *section,
			    const char *asked, int fd);

#endif
