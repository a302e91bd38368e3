// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The servers of a network namespace.
 */
#include <errno.h>
#include <string.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_SERVER_MAX + 1] = {
	[KNTS_A_SERVER_PORT] = { .type = NLA_U16 },
	[KNTS_A_SERVER_DEVICE] = { .type = NLA_STRING },
	[KNTS_A_SERVER_REQUIRE_NTS] = { .type = NLA_U32 },
	[KNTS_A_SERVER_SERVE_OWN_PORT] = { .type = NLA_U8 },
};

int knts_server_parse(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_SERVER_MAX + 1];
	struct knts_server *server = arg;
	struct nlattr *address;

	if (nla_parse(tb, KNTS_A_SERVER_MAX, attrs, len, policy))
		return -EBADMSG;
	address = tb[KNTS_A_SERVER_ADDRESS];
	if (!address || !tb[KNTS_A_SERVER_PORT] ||
	    (nla_len(address) != 4 && nla_len(address) != 16))
		return -EBADMSG;

	server->address_len = nla_len(address);
	memcpy(server->address, nla_data(address), server->address_len);
	server->port = nla_get_u16(tb[KNTS_A_SERVER_PORT]);
	if (tb[KNTS_A_SERVER_DEVICE])
		nla_strlcpy(server->device, tb[KNTS_A_SERVER_DEVICE],
			    sizeof(server->device));
	if (tb[KNTS_A_SERVER_REQUIRE_NTS])
		server->require_nts = nla_get_u32(tb[KNTS_A_SERVER_REQUIRE_NTS]);
	if (tb[KNTS_A_SERVER_SERVE_OWN_PORT])
		server->serve_own_port =
			nla_get_u8(tb[KNTS_A_SERVER_SERVE_OWN_PORT]);
	return 0;
}

static int put_name(struct nl_msg *msg, const struct knts_server *server)
{
	int err;

	err = nla_put(msg, KNTS_A_SERVER_ADDRESS, server->address_len,
		      server->address);
	err |= nla_put_u16(msg, KNTS_A_SERVER_PORT, server->port);
	if (server->device[0])
		err |= nla_put_string(msg, KNTS_A_SERVER_DEVICE, server->device);
	return err;
}

static int put_policy(struct nl_msg *msg, const struct knts_server *server)
{
	int err;

	err = nla_put_u32(msg, KNTS_A_SERVER_REQUIRE_NTS, server->require_nts);
	err |= nla_put_u8(msg, KNTS_A_SERVER_SERVE_OWN_PORT,
			  server->serve_own_port);
	return err;
}

static int server_change(struct knts_conn *conn, int cmd,
			 const struct knts_server *server)
{
	struct nl_msg *msg;
	int err;

	if (server->address_len != 4 && server->address_len != 16)
		return knts_conn_fail(conn, -EINVAL, "%s: address has %u octets:"
				      " it must have 4 or 16",
				      knts_names_operation(cmd),
				      server->address_len);

	msg = knts_conn_request(conn, cmd, 0);
	if (!msg)
		return -ENOMEM;
	err = put_name(msg, server);
	if (cmd != KNTS_CMD_SERVER_DEL)
		err |= put_policy(msg, server);
	if (err)
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_server_add(struct knts_conn *conn, const struct knts_server *server)
{
	return server_change(conn, KNTS_CMD_SERVER_ADD, server);
}

int knts_server_set(struct knts_conn *conn, const struct knts_server *server)
{
	return server_change(conn, KNTS_CMD_SERVER_SET, server);
}

int knts_server_del(struct knts_conn *conn, const struct knts_server *server)
{
	return server_change(conn, KNTS_CMD_SERVER_DEL, server);
}

int knts_server_list(struct knts_conn *conn, struct knts_server **servers,
		     size_t *count)
{
	void *items;
	int err;

	err = knts_conn_dump(conn, KNTS_CMD_SERVER_GET, sizeof(**servers),
			     knts_server_parse, &items, count);
	if (!err)
		*servers = items;
	return err;
}
