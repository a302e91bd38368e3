/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why TLS failed, in the terms of somebody who can mend it.
 */
#ifndef KNTSD_KE_FAILURE_H
#define KNTSD_KE_FAILURE_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "ke_stats.h"

/**
 * ke_failure_of() - which counter a failed call of OpenSSL belongs to
 * @ssl: the connection
 * @result: what the call returned
 *
 * The error queue is that of the call alone.
 *
 * Return: KE_STAT_HANDSHAKE_ABANDONED if the client has gone without a word,
 * else one of the KE_STAT_TLS_...
 */
enum ke_stat ke_failure_of(const struct ssl_st *ssl, int result);

/** ke_failure_is_verdict() - did the client refuse our certificate */
bool ke_failure_is_verdict(enum ke_stat failure);

#endif
