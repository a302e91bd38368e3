// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A connection to the family, and one exchange over it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "libknts/conn.h"

/* The objects may change under a dump; an idle server's never do. */
#define DUMP_ATTEMPTS 5

/* One exchange: the request, whom its answer goes to, and how it ended. */
struct talk {
	struct knts_conn *conn;
	const struct nlmsghdr *request;
	knts_parse_fn *parse;
	void *arg;
	int err;
	bool done;
};

int knts_conn_fail(struct knts_conn *conn, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(conn->error, sizeof(conn->error), format, args);
	va_end(args);
	return err;
}

const char *knts_error(const struct knts_conn *conn)
{
	return conn ? conn->error : "out of memory";
}

/* libnl's own codes, where they are not about what the kernel answered. */
static int errno_of(int nl_error)
{
	switch (-nl_error) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_DUMP_INTR:
		return -EINTR;
	default:
		return -EIO;
	}
}

/*
 * Callbacks of our own from the start: libnl's defaults obey an environment
 * variable by which a dump of every message, keys included, goes to stderr.
 */
static struct nl_sock *socket_alloc(void)
{
	struct nl_sock *sock;
	struct nl_cb *cb;

	cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!cb)
		return NULL;
	sock = nl_socket_alloc_cb(cb);
	nl_cb_put(cb);
	return sock;
}

static int socket_connect(struct knts_conn *conn)
{
	int yes = 1;
	int err, fd;

	err = genl_connect(conn->sock);
	if (err)
		return knts_conn_fail(conn, errno_of(err), "no netlink socket: %s",
				      nl_geterror(err));

	/* CAP_ACK, so that no refusal brings a key back into our memory. */
	fd = nl_socket_get_fd(conn->sock);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof(yes)))
		return knts_conn_fail(conn, -errno, "no netlink error texts: %s",
				      strerror(errno));

	err = genl_ctrl_resolve(conn->sock, KNTS_FAMILY_NAME);
	if (err == -NLE_OBJ_NOTFOUND)
		return knts_conn_fail(conn, -ENOENT, "kernel module knts is not"
				      " loaded: run 'modprobe knts'");
	if (err < 0)
		return knts_conn_fail(conn, errno_of(err), "cannot look up the"
				      " netlink family knts: %s",
				      nl_geterror(err));
	conn->family = err;
	return 0;
}

int knts_open(struct knts_conn **conn)
{
	*conn = calloc(1, sizeof(**conn));
	if (!*conn)
		return -ENOMEM;

	(*conn)->sock = socket_alloc();
	if (!(*conn)->sock)
		return knts_conn_fail(*conn, -ENOMEM, "out of memory");
	return socket_connect(*conn);
}

void knts_close(struct knts_conn *conn)
{
	if (!conn)
		return;
	nl_socket_free(conn->sock);
	free(conn);
}

/* Whatever it holds may be a key. */
static void message_free(struct nl_msg *msg)
{
	explicit_bzero(nlmsg_hdr(msg), nlmsg_get_max_size(msg));
	nlmsg_free(msg);
}

struct nl_msg *knts_conn_request(struct knts_conn *conn, int cmd, int flags)
{
	struct nl_msg *msg;

	msg = nlmsg_alloc();
	if (!msg)
		goto err_report;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, conn->family, 0, flags,
			 cmd, KNTS_FAMILY_VERSION))
		goto err_free_msg;
	return msg;

err_free_msg:
	nlmsg_free(msg);
err_report:
	knts_conn_fail(conn, -ENOMEM, "out of memory");
	return NULL;
}

int knts_conn_full(struct knts_conn *conn, struct nl_msg *msg)
{
	message_free(msg);
	return knts_conn_fail(conn, -EMSGSIZE, "the message to the kernel is too"
			      " long");
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *genl = nlmsg_data(nlmsg_hdr(msg));
	struct talk *talk = arg;
	int err;

	if (!talk->parse || talk->err)
		return NL_OK;
	err = talk->parse(genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0),
			  talk->arg);
	if (err)
		talk->err = knts_conn_fail(talk->conn, err, "%s: cannot read the"
					   " kernel's answer: %s",
					   knts_names_operation(genl->cmd),
					   strerror(-err));
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from,
		    struct nlmsgerr *error, void *arg)
{
	const struct nlmsghdr *answer = (const void *)error;
	struct talk *talk = arg;

	talk->err = error->error;
	talk->done = true;
	knts_refusal_describe(talk->conn, talk->request, answer - 1);
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct talk *talk = arg;

	talk->done = true;
	return NL_STOP;
}

/* A dump that the kernel had to break off says so in its last message. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *answer = nlmsg_hdr(msg);
	struct talk *talk = arg;
	int err = 0;

	if (nlmsg_datalen(answer) >= (int)sizeof(err))
		memcpy(&err, nlmsg_data(answer), sizeof(err));
	if (err < 0 && !talk->err)
		talk->err = knts_conn_fail(talk->conn, err, "the kernel broke off"
					   " its answer: %s", strerror(-err));
	talk->done = true;
	return NL_STOP;
}

static int receive(struct talk *talk)
{
	struct nl_cb *cb;
	int err = 0;

	cb = nl_cb_alloc(NL_CB_CUSTOM);
	if (!cb)
		return knts_conn_fail(talk->conn, -ENOMEM, "out of memory");
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, talk);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, talk);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, talk);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, talk);

	while (!talk->done && err >= 0)
		err = nl_recvmsgs(talk->conn->sock, cb);
	nl_cb_put(cb);

	if (talk->err)
		return talk->err;
	if (err < 0)
		return knts_conn_fail(talk->conn, errno_of(err), "no answer from"
				      " the kernel: %s", nl_geterror(err));
	return 0;
}

int knts_conn_talk(struct knts_conn *conn, struct nl_msg *msg,
		   knts_parse_fn *parse, void *arg)
{
	struct talk talk = {
		.conn = conn,
		.request = nlmsg_hdr(msg),
		.parse = parse,
		.arg = arg,
	};
	int err;

	err = nl_send_auto(conn->sock, msg);
	if (err < 0)
		err = knts_conn_fail(conn, errno_of(err), "cannot send to the"
				     " kernel: %s", nl_geterror(err));
	else
		err = receive(&talk);
	message_free(msg);
	return err;
}

void *knts_list_add(struct knts_list *list)
{
	size_t size = list->item_size;
	void *items, *item;

	items = reallocarray(list->items, list->count + 1, size);
	if (!items)
		return NULL;
	list->items = items;
	item = (char *)items + list->count * size;
	memset(item, 0, size);
	list->count++;
	return item;
}

/* What parses one item of a dump, and where the items go. */
struct dump {
	knts_parse_fn *parse;
	struct knts_list list;
};

static int dump_item(struct nlattr *attrs, int len, void *arg)
{
	struct dump *dump = arg;
	void *item;

	item = knts_list_add(&dump->list);
	if (!item)
		return -ENOMEM;
	return dump->parse(attrs, len, item);
}

int knts_conn_dump(struct knts_conn *conn, int cmd, size_t item_size,
		   knts_parse_fn *parse, void **items, size_t *count)
{
	struct dump dump = {
		.parse = parse,
		.list.item_size = item_size,
	};
	struct nl_msg *msg;
	int attempt, err;

	/* Room for one, so that an empty list is not NULL. */
	dump.list.items = malloc(item_size);
	if (!dump.list.items)
		return knts_conn_fail(conn, -ENOMEM, "out of memory");

	for (attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
		dump.list.count = 0;
		msg = knts_conn_request(conn, cmd, NLM_F_DUMP);
		if (!msg) {
			err = -ENOMEM;
			break;
		}
		err = knts_conn_talk(conn, msg, dump_item, &dump);
		if (err != -EINTR)
			break;
	}
	if (err) {
		free(dump.list.items);
		return err;
	}
	*items = dump.list.items;
	*count = dump.list.count;
	return 0;
}
