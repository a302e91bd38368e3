// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "ef.h"

/* Key id alone (crypto-NAK), with an MD5 digest, with a SHA-1 digest. */
static bool is_mac_len(size_t len)
{
	return len == 4 || len == 20 || len == 24;
}

enum knts_ef_step knts_ef_next(struct knts_ef_walk *walk)
{
	size_t min_len = walk->encrypted ? KNTS_EF_HEADER_LEN : KNTS_EF_MIN_LEN;
	size_t rest_len = walk->end - walk->next;
	const u8 *field;
	size_t len;

	if (!rest_len)
		return KNTS_EF_END;
	if (!walk->encrypted && rest_len < KNTS_EF_MIN_REST_LEN)
		return is_mac_len(rest_len) ? KNTS_EF_MAC : KNTS_EF_BAD;
	if (rest_len < KNTS_EF_HEADER_LEN)
		return KNTS_EF_BAD;

	field = walk->buf + walk->next;
	len = knts_get_be16(field + 2);
	if (len < min_len || len > rest_len || len % 4)
		return KNTS_EF_BAD;

	walk->type = knts_get_be16(field);
	walk->off = walk->next;
	walk->len = len;
	walk->next += len;

	return KNTS_EF_FIELD;
}
