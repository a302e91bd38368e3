// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interleaved mode of a network namespace.
 */
#include <errno.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_INTERLEAVE_MAX + 1] = {
	[KNTS_A_INTERLEAVE_PAIRS] = { .type = NLA_U32 },
	[KNTS_A_INTERLEAVE_MEMORY_LEN] = { .type = NLA_U64 },
};

int knts_interleave_parse(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_INTERLEAVE_MAX + 1];
	struct knts_interleave *interleave = arg;

	if (nla_parse(tb, KNTS_A_INTERLEAVE_MAX, attrs, len, policy) ||
	    !tb[KNTS_A_INTERLEAVE_PAIRS] || !tb[KNTS_A_INTERLEAVE_MEMORY_LEN])
		return -EBADMSG;

	interleave->pairs = nla_get_u32(tb[KNTS_A_INTERLEAVE_PAIRS]);
	interleave->memory_len =
		nla_get_u64(tb[KNTS_A_INTERLEAVE_MEMORY_LEN]);
	return 0;
}

int knts_interleave_set(struct knts_conn *conn, uint32_t pairs)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_INTERLEAVE_SET, 0);
	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, KNTS_A_INTERLEAVE_PAIRS, pairs))
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_interleave_get(struct knts_conn *conn,
			struct knts_interleave *interleave)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_INTERLEAVE_GET, 0);
	if (!msg)
		return -ENOMEM;
	return knts_conn_talk(conn, msg, knts_interleave_parse, interleave);
}
