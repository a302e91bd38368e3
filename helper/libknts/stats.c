// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The counters of a network namespace.
 */
#include <errno.h>
#include <stdlib.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_COUNTER_MAX + 1] = {
	[KNTS_A_COUNTER_NAME] = { .type = NLA_STRING },
	[KNTS_A_COUNTER_VALUE] = { .type = NLA_U64 },
};

static int parse_counter(struct nlattr *nest, struct knts_counter *counter)
{
	struct nlattr *tb[KNTS_A_COUNTER_MAX + 1];

	if (nla_parse_nested(tb, KNTS_A_COUNTER_MAX, nest, policy) ||
	    !tb[KNTS_A_COUNTER_NAME] || !tb[KNTS_A_COUNTER_VALUE])
		return -EBADMSG;
	nla_strlcpy(counter->name, tb[KNTS_A_COUNTER_NAME],
		    sizeof(counter->name));
	counter->value = nla_get_u64(tb[KNTS_A_COUNTER_VALUE]);
	return 0;
}

static int parse_stats(struct nlattr *attrs, int len, void *arg)
{
	struct knts_counter *counter;
	struct knts_list *list = arg;
	struct nlattr *attr;
	int err, rest;

	nla_for_each_attr(attr, attrs, len, rest) {
		if (nla_type(attr) != KNTS_A_STATS_COUNTER)
			continue;
		counter = knts_list_add(list);
		if (!counter)
			return -ENOMEM;
		err = parse_counter(attr, counter);
		if (err)
			return err;
	}
	return 0;
}

int knts_stats_get(struct knts_conn *conn, struct knts_counter **counters,
		   size_t *count)
{
	struct knts_list list = { .item_size = sizeof(**counters) };
	struct nl_msg *msg;
	int err;

	msg = knts_conn_request(conn, KNTS_CMD_STATS_GET, 0);
	if (!msg)
		return -ENOMEM;
	err = knts_conn_talk(conn, msg, parse_stats, &list);
	if (err) {
		free(list.items);
		return err;
	}
	*counters = list.items;
	*count = list.count;
	return 0;
}
