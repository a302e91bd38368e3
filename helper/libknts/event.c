// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel reports by itself.
 */
#include <errno.h>
#include <string.h>

#include "libknts/conn.h"

/* Whom the events go to. */
struct delivery {
	struct knts_conn *conn;
	void (*handler)(const struct knts_event *event, void *arg);
	void *arg;
};

int knts_events_open(struct knts_conn *conn)
{
	int err, group;

	group = genl_ctrl_resolve_grp(conn->sock, KNTS_FAMILY_NAME,
				      KNTS_MCGRP_EVENTS);
	if (group < 0)
		return knts_conn_fail(conn, -ENOENT, "cannot look up the group"
				      " of events: %s", nl_geterror(group));
	err = nl_socket_add_membership(conn->sock, group);
	if (err)
		return knts_conn_fail(conn, -EPERM, "cannot subscribe to events:"
				      " %s", nl_geterror(err));

	/* Events answer no request. */
	nl_socket_disable_seq_check(conn->sock);
	nl_socket_disable_auto_ack(conn->sock);
	err = nl_socket_set_nonblocking(conn->sock);
	if (err)
		return knts_conn_fail(conn, -EIO, "cannot wait for events: %s",
				      nl_geterror(err));
	return nl_socket_get_fd(conn->sock);
}

static int parse_event(struct genlmsghdr *genl, struct knts_event *event)
{
	struct nlattr *attrs = genlmsg_attrdata(genl, 0);
	int len = genlmsg_attrlen(genl, 0);

	event->cmd = genl->cmd;
	switch (genl->cmd) {
	case KNTS_CMD_SERVER_UP_NTF:
	case KNTS_CMD_SERVER_DOWN_NTF:
		return knts_server_parse(attrs, len, &event->server);
	case KNTS_CMD_CLOCK_CHANGE_NTF:
		return knts_clock_parse(attrs, len, &event->clock);
	case KNTS_CMD_KEY_ADD_NTF:
	case KNTS_CMD_KEY_ACTIVATE_NTF:
	case KNTS_CMD_KEY_DEL_NTF:
		return knts_key_parse(attrs, len, &event->key);
	default:
		return -EOPNOTSUPP;
	}
}

/* An event that a newer kernel has, or that cannot be read, is passed over. */
static int on_event(struct nl_msg *msg, void *arg)
{
	struct delivery *delivery = arg;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct knts_event event;

	if (header->nlmsg_type != delivery->conn->family)
		return NL_OK;
	memset(&event, 0, sizeof(event));
	if (!parse_event(nlmsg_data(header), &event))
		delivery->handler(&event, delivery->arg);
	return NL_OK;
}

static int accept_sequence(struct nl_msg *msg,
			   void *arg)
{
	return NL_OK;
}

int knts_events_read(struct knts_conn *conn,
		     void (*handler)(const struct knts_event *event, void *arg),
		     void *arg)
{
	struct delivery delivery = {
		.conn = conn,
		.handler = handler,
		.arg = arg,
	};
	struct nl_cb *cb;
	int err;

	cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!cb)
		return knts_conn_fail(conn, -ENOMEM, "out of memory");
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_event, &delivery);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, accept_sequence, NULL);

	do {
		err = nl_recvmsgs(conn->sock, cb);
	} while (err >= 0);
	nl_cb_put(cb);

	/* What libnl makes of ENOBUFS; what came later still waits. */
	if (err == -NLE_NOMEM)
		return knts_conn_fail(conn, -ENOBUFS, "events were lost: they came"
				      " faster than they were read");
	if (err != -NLE_AGAIN)
		return knts_conn_fail(conn, -EIO, "cannot read events: %s",
				      nl_geterror(err));
	return 0;
}
