/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row of the table of key exchanges, asked of a server over TLS. */
#ifndef KNTS_SELFTESTS_KE_ASK_H
#define KNTS_SELFTESTS_KE_ASK_H

#include "../client/ke.h"
#include "cases.h"

/**
 * ask_case() - send the request, check response and close_notify
 * @piece: octets of the request in each TLS record
 *
 * Return: NULL, or what is wrong.
 */
const char *ask_case(const struct ke_options *options,
		     const struct ke_case *kase, size_t piece);

#endif
