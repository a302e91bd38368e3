// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ring of cookie keys of a network namespace.
 */
#include <errno.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_KEY_MAX + 1] = {
	[KNTS_A_KEY_ID] = { .type = NLA_U32 },
	[KNTS_A_KEY_ALGORITHM] = { .type = NLA_U16 },
	[KNTS_A_KEY_CREATED] = { .type = NLA_U64 },
	[KNTS_A_KEY_ACTIVE] = { .type = NLA_U8 },
	[KNTS_A_KEY_OPENED] = { .type = NLA_U64 },
	[KNTS_A_KEY_SEALED] = { .type = NLA_U64 },
};

int knts_key_parse(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_KEY_MAX + 1];
	struct knts_key *key = arg;

	if (nla_parse(tb, KNTS_A_KEY_MAX, attrs, len, policy) ||
	    !tb[KNTS_A_KEY_ID])
		return -EBADMSG;

	key->id = nla_get_u32(tb[KNTS_A_KEY_ID]);
	if (tb[KNTS_A_KEY_ALGORITHM])
		key->algorithm = nla_get_u16(tb[KNTS_A_KEY_ALGORITHM]);
	if (tb[KNTS_A_KEY_CREATED])
		key->created_s = nla_get_u64(tb[KNTS_A_KEY_CREATED]);
	if (tb[KNTS_A_KEY_ACTIVE])
		key->active = nla_get_u8(tb[KNTS_A_KEY_ACTIVE]);
	if (tb[KNTS_A_KEY_OPENED])
		key->opened = nla_get_u64(tb[KNTS_A_KEY_OPENED]);
	if (tb[KNTS_A_KEY_SEALED])
		key->sealed = nla_get_u64(tb[KNTS_A_KEY_SEALED]);
	return 0;
}

static int put_key(struct nl_msg *msg, const struct knts_key *key)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(msg, KNTS_A_RING_KEY);
	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u32(msg, KNTS_A_KEY_ID, key->id);
	err |= nla_put_u16(msg, KNTS_A_KEY_ALGORITHM, key->algorithm);
	err |= nla_put_u64(msg, KNTS_A_KEY_CREATED, key->created_s);
	if (key->secret)
		err |= nla_put(msg, KNTS_A_KEY_SECRET, KNTS_KEY_SECRET_LEN,
			       key->secret);
	nla_nest_end(msg, nest);
	return err;
}

int knts_ring_set(struct knts_conn *conn, const struct knts_key *keys,
		  size_t count, uint32_t active_id)
{
	struct nl_msg *msg;
	int err = 0;
	size_t i;

	if (count > KNTS_KEYS_MAX)
		return knts_conn_fail(conn, -E2BIG, "ring-set: %zu keys: a ring"
				      " holds at most %d", count, KNTS_KEYS_MAX);

	msg = knts_conn_request(conn, KNTS_CMD_RING_SET, 0);
	if (!msg)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		err |= put_key(msg, &keys[i]);
	if (count)
		err |= nla_put_u32(msg, KNTS_A_RING_ACTIVE_ID, active_id);
	if (err)
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_ring_get(struct knts_conn *conn, struct knts_key **keys, size_t *count)
{
	void *items;
	int err;

	err = knts_conn_dump(conn, KNTS_CMD_KEY_GET, sizeof(**keys),
			     knts_key_parse, &items, count);
	if (!err)
		*keys = items;
	return err;
}
