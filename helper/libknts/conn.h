/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of libknts share: a connection, and one exchange over it.
 */
#ifndef KNTS_LIBKNTS_CONN_H
#define KNTS_LIBKNTS_CONN_H

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "libknts/libknts.h"

#define KNTS_ERROR_SIZE 320

/**
 * struct knts_conn - a netlink socket and what went wrong on it last
 * @sock: the socket
 * @family: the family's id in this kernel
 * @error: the sentence that knts_error() returns
 */
struct knts_conn {
	struct nl_sock *sock;
	int family;
	char error[KNTS_ERROR_SIZE];
};

/** knts_parse_fn - read one message's attributes into what @arg points to */
typedef int knts_parse_fn(struct nlattr *attrs, int len, void *arg);

/**
 * struct knts_list - a growing array of what a dump delivers
 * @items: @count items of @item_size octets
 */
struct knts_list {
	void *items;
	size_t count;
	size_t item_size;
};

/** knts_conn_fail() - note the sentence; Return: @err */
int knts_conn_fail(struct knts_conn *conn, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * knts_conn_request() - begin a message
 * @cmd: enum of the family's operations
 * @flags: NLM_F_*, NLM_F_REQUEST is understood
 *
 * Return: the message, or NULL after knts_conn_fail().
 */
struct nl_msg *knts_conn_request(struct knts_conn *conn, int cmd, int flags);

/**
 * knts_conn_talk() - send a message, read the answer to its end
 * @msg: wiped and freed in any case
 * @parse: called for each message of the answer; may be NULL
 * @arg: for it
 *
 * Return: 0, or -errno after knts_conn_fail().
 */
int knts_conn_talk(struct knts_conn *conn, struct nl_msg *msg,
		   knts_parse_fn *parse, void *arg);

/**
 * knts_conn_dump() - read all objects of a kind into a new array
 * @cmd: a dump operation
 * @item_size: octets of an array's item
 * @parse: fills in one item, zeroed before
 * @items: set to the array, for the caller to free(); never NULL on success
 * @count: set to its length
 *
 * Starts anew when the kernel says that the objects changed meanwhile.
 */
int knts_conn_dump(struct knts_conn *conn, int cmd, size_t item_size,
		   knts_parse_fn *parse, void **items, size_t *count);

/** knts_conn_full() - drop a message that its attributes did not fit in */
int knts_conn_full(struct knts_conn *conn, struct nl_msg *msg);

/** knts_list_add() - Return: a new, zeroed item at the end, or NULL */
void *knts_list_add(struct knts_list *list);

/**
 * knts_refusal_describe() - put the kernel's refusal into one sentence
 * @conn: gets it, by knts_conn_fail()
 * @request: the message that was refused
 * @error: the kernel's answer
 */
void knts_refusal_describe(struct knts_conn *conn,
			   const struct nlmsghdr *request,
			   const struct nlmsghdr *error);

/** knts_names_operation() - the specification's name of an operation */
const char *knts_names_operation(int cmd);

/**
 * knts_names_attribute() - the specification's name of an attribute
 * @cmd: the operation whose attribute it is
 * @nested: it stands inside another one
 * @type: its number
 */
const char *knts_names_attribute(int cmd, bool nested, int type);

int knts_server_parse(struct nlattr *attrs, int len, void *server);
int knts_clock_parse(struct nlattr *attrs, int len, void *clock);
int knts_phc_parse(struct nlattr *attrs, int len, void *phc);
int knts_interleave_parse(struct nlattr *attrs, int len, void *interleave);
int knts_key_parse(struct nlattr *attrs, int len, void *key);

#endif
