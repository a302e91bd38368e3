/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the handlers of the netlink family share.
 */
#ifndef KNTS_NETLINK_H
#define KNTS_NETLINK_H

#include <net/genetlink.h>

#include "report.h"

/* Is an attribute missing? Says so in one sentence if it is. */
#define knts_netlink_is_missing(info, attr, what)                          \
	(GENL_REQ_ATTR_CHECK(info, attr) && ({                             \
		NL_SET_ERR_MSG((info)->extack, what " is missing");        \
		true;                                                      \
	}))

/**
 * knts_netlink_check_once() - refuse attributes that are there twice
 * @head: the first attribute
 * @len: length of all
 * @repeatable: type of the one that may be there more often, or 0
 * @extack: gets the sentence of a refusal
 *
 * Where an attribute is there twice, the parser takes the last in silence.
 *
 * Return: 0 or -EINVAL.
 */
int knts_netlink_check_once(const struct nlattr *head, int len, int repeatable,
			    struct netlink_ext_ack *extack);

/**
 * knts_netlink_check_message() - refuse a message's attributes that are there twice
 * @info: the message
 * @repeatable: type of the one that may be there more often, or 0
 *
 * Return: 0 or -EINVAL.
 */
int knts_netlink_check_message(const struct genl_info *info, int repeatable);

/**
 * knts_netlink_check_most() - refuse a number that is too great
 * @attr: a u32, or NULL
 * @most: the greatest that is good
 * @extack: gets the sentence of a refusal
 *
 * For a limit that the policies cannot say on all kernels.
 *
 * Return: 0 or -ERANGE.
 */
int knts_netlink_check_most(const struct nlattr *attr, u32 most,
			    struct netlink_ext_ack *extack);

/**
 * knts_netlink_dump_target() - where a dump's next message goes
 * @skb: the dump's
 * @cb: the dump
 * @cmd: KNTS_CMD_...
 *
 * Return: the target.
 */
struct knts_report_target
knts_netlink_dump_target(struct sk_buff *skb, const struct netlink_callback *cb,
			 u8 cmd);

/**
 * knts_netlink_dump_end() - what a dump's handler returns
 * @skb: the dump's
 * @cb: the dump; @cb->seq is set, if what it lists may change meanwhile
 *
 * Return: @skb's length.
 */
int knts_netlink_dump_end(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * knts_netlink_reply() - answer a command that reads
 * @info: the command
 * @report: appends what is read, with knts_net.lock held; returns 0 or -errno
 *
 * Context: process.
 * Return: 0 or -errno.
 */
int knts_netlink_reply(struct genl_info *info,
		       int (*report)(const struct knts_report_target *to,
				     struct knts_net *knet));

#endif
