// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands by which one watches it serve: counters, histograms, clients.
 */
#include <linux/slab.h>
#include <net/sock.h>

#include "clients.h"
#include "histogram.h"
#include "netlink.h"
#include "netlink_gen.h"

/* A message with every bucket; each is a nest of three numbers. */
#define HISTOGRAM_MAX_LEN                                                 \
	(GENL_HDRLEN + NLMSG_HDRLEN + nla_total_size(32) +                \
	 2 * nla_total_size(sizeof(u64)) +                                \
	 KNTS_BUCKETS * nla_total_size(3 * nla_total_size(sizeof(u64))))

static_assert(KNTS_BUCKETS == KNTS_BUCKETS_MAX);

int knts_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return knts_netlink_reply(info, knts_report_stats);
}

int knts_nl_histogram_get_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = HISTOGRAM_MAX_LEN;
	return 0;
}

int knts_nl_histogram_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knts_net *knet = knts_main_net(sock_net(skb->sk));
	struct knts_histogram_sum *sum;
	struct knts_report_target to;

	sum = kmalloc(sizeof(*sum), GFP_KERNEL);
	if (!sum)
		return -ENOMEM;

	to = knts_netlink_dump_target(skb, cb, KNTS_CMD_HISTOGRAM_GET);
	mutex_lock(&knet->lock);
	for (; cb->args[0] < KNTS_HISTOGRAM_COUNT; cb->args[0]++) {
		knts_histogram_read(knet, cb->args[0], sum);
		if (knts_report_histogram(&to, knts_histogram_name(cb->args[0]),
					  sum))
			break;
	}
	mutex_unlock(&knet->lock);

	kfree(sum);
	return skb->len;
}

int knts_nl_client_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knts_net *knet = knts_main_net(sock_net(skb->sk));
	struct knts_clients_place *place = (void *)cb->ctx;
	struct knts_clients_place next = *place;
	struct knts_report_target to;
	struct knts_client client;

	BUILD_BUG_ON(sizeof(*place) > sizeof(cb->ctx));
	to = knts_netlink_dump_target(skb, cb, KNTS_CMD_CLIENT_GET);
	mutex_lock(&knet->lock);
	cb->seq = knet->clients_seq;
	while (knts_clients_next(knet, &next, &client)) {
		if (knts_report_client(&to, &client))
			break;
		*place = next;
	}
	mutex_unlock(&knet->lock);

	return knts_netlink_dump_end(skb, cb);
}

int knts_nl_clients_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return knts_netlink_reply(info, knts_report_clients);
}

int knts_nl_clients_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	const struct nlattr *entries = info->attrs[KNTS_A_CLIENTS_ENTRIES];
	int err;

	err = knts_netlink_check_message(info, 0);
	if (err)
		return err;
	if (knts_netlink_is_missing(info, KNTS_A_CLIENTS_ENTRIES,
				    "the number of entries"))
		return -EINVAL;
	err = knts_netlink_check_most(entries, KNTS_CLIENTS_MAX, info->extack);
	if (err)
		return err;

	mutex_lock(&knet->lock);
	err = knts_clients_set(knet, nla_get_u32(entries));
	mutex_unlock(&knet->lock);
	return err;
}
