/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who answers the requests of core.c: each program of the benchmark is linked with
 * one contestant.
 */
#ifndef KNTS_SELFTESTS_BENCH_CORE_H
#define KNTS_SELFTESTS_BENCH_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The cookie key of every contestant: so many octets of this value, and its id. */
#define CORE_KEY_OCTET 0x31
#define CORE_KEY_LEN 32
#define CORE_KEY_ID 0x1001

/** contestant_setup() - once, before the first request */
void contestant_setup(void);

/**
 * contestant_answer() - open the cookie, verify, seal new cookies and the reply
 * @pkt: request, becomes the reply, of the same length
 * @len: its length
 * @aead: AEAD id of its session
 *
 * Return: false if it cannot, or the request is not authentic.
 */
bool contestant_answer(uint8_t *pkt, size_t len, uint16_t aead);

#endif
