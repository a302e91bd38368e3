/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/knts.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_KNTS_GEN_H
#define _LINUX_KNTS_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <linux/knts.h>

/* Common nested types */
extern const struct nla_policy knts_ring_key_nl_policy[KNTS_A_KEY_CREATED + 1];
extern const struct nla_policy knts_set_line_nl_policy[KNTS_A_LINE_LIFETIME_MS + 1];

int knts_nl_histogram_get_start(struct netlink_callback *cb);

int knts_nl_server_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int knts_nl_server_add_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_server_set_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_server_del_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_clock_get_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_clock_set_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_key_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int knts_nl_ring_set_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_phc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int knts_nl_phc_set_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_phc_del_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_interleave_get_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_interleave_set_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_histogram_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int knts_nl_client_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int knts_nl_clients_get_doit(struct sk_buff *skb, struct genl_info *info);
int knts_nl_clients_set_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	KNTS_NLGRP_EVENTS,
};

extern struct genl_family knts_nl_family;

#endif /* _LINUX_KNTS_GEN_H */
