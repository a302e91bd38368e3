// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The busiest clients of a network namespace.
 */
#include <errno.h>
#include <string.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_CLIENT_MAX + 1] = {
	[KNTS_A_CLIENT_ADDRESS] = { .type = NLA_BINARY, .minlen = 4,
				    .maxlen = 16 },
	[KNTS_A_CLIENT_PLAIN] = { .type = NLA_U64 },
	[KNTS_A_CLIENT_NTS] = { .type = NLA_U64 },
	[KNTS_A_CLIENT_KISSES] = { .type = NLA_U64 },
	[KNTS_A_CLIENT_DROPS] = { .type = NLA_U64 },
	[KNTS_A_CLIENT_SINCE_MS] = { .type = NLA_U64 },
	[KNTS_A_CLIENT_AGE_MS] = { .type = NLA_U64 },
};

static struct nla_policy clients_policy[KNTS_A_CLIENTS_MAX + 1] = {
	[KNTS_A_CLIENTS_ENTRIES] = { .type = NLA_U32 },
	[KNTS_A_CLIENTS_MEMORY_LEN] = { .type = NLA_U64 },
	[KNTS_A_CLIENTS_EVICTED] = { .type = NLA_U64 },
};

static int parse_client(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_CLIENT_MAX + 1];
	struct knts_client *client = arg;
	int i;

	if (nla_parse(tb, KNTS_A_CLIENT_MAX, attrs, len, policy))
		return -EBADMSG;
	for (i = KNTS_A_CLIENT_ADDRESS; i <= KNTS_A_CLIENT_AGE_MS; i++)
		if (!tb[i])
			return -EBADMSG;

	client->address_len = nla_len(tb[KNTS_A_CLIENT_ADDRESS]);
	memcpy(client->address, nla_data(tb[KNTS_A_CLIENT_ADDRESS]),
	       client->address_len);
	client->plain = nla_get_u64(tb[KNTS_A_CLIENT_PLAIN]);
	client->nts = nla_get_u64(tb[KNTS_A_CLIENT_NTS]);
	client->kisses = nla_get_u64(tb[KNTS_A_CLIENT_KISSES]);
	client->drops = nla_get_u64(tb[KNTS_A_CLIENT_DROPS]);
	client->since_ms = nla_get_u64(tb[KNTS_A_CLIENT_SINCE_MS]);
	client->age_ms = nla_get_u64(tb[KNTS_A_CLIENT_AGE_MS]);
	return 0;
}

int knts_client_list(struct knts_conn *conn, struct knts_client **clients,
		     size_t *count)
{
	void *items;
	int err;

	err = knts_conn_dump(conn, KNTS_CMD_CLIENT_GET, sizeof(**clients),
			     parse_client, &items, count);
	if (!err)
		*clients = items;
	return err;
}

static int parse_clients(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_CLIENTS_MAX + 1];
	struct knts_clients *clients = arg;

	if (nla_parse(tb, KNTS_A_CLIENTS_MAX, attrs, len, clients_policy) ||
	    !tb[KNTS_A_CLIENTS_ENTRIES] || !tb[KNTS_A_CLIENTS_MEMORY_LEN] ||
	    !tb[KNTS_A_CLIENTS_EVICTED])
		return -EBADMSG;

	clients->entries = nla_get_u32(tb[KNTS_A_CLIENTS_ENTRIES]);
	clients->memory_len = nla_get_u64(tb[KNTS_A_CLIENTS_MEMORY_LEN]);
	clients->evicted = nla_get_u64(tb[KNTS_A_CLIENTS_EVICTED]);
	return 0;
}

int knts_clients_set(struct knts_conn *conn, uint32_t entries)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_CLIENTS_SET, 0);
	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, KNTS_A_CLIENTS_ENTRIES, entries))
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_clients_get(struct knts_conn *conn, struct knts_clients *clients)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_CLIENTS_GET, 0);
	if (!msg)
		return -ENOMEM;
	return knts_conn_talk(conn, msg, parse_clients, clients);
}
