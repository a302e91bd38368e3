// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands about timestamps: devices with a PHC, and interleaved mode.
 */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "compat/extack.h"
#include "interleave.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "phc.h"
#include "txstamp.h"

#define DELAY_MAX_DEFAULT_NS NSEC_PER_MSEC

static int read_line(const struct nlattr *nest, struct knts_line *line,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[ARRAY_SIZE(knts_set_line_nl_policy)];
	int err;

	err = knts_netlink_check_once(nla_data(nest), nla_len(nest), 0, extack);
	if (err)
		return err;
	err = nla_parse_nested(attrs, ARRAY_SIZE(attrs) - 1, nest,
			       knts_set_line_nl_policy, extack);
	if (err)
		return err;

	if (!attrs[KNTS_A_LINE_PHC_NS] || !attrs[KNTS_A_LINE_RAW_NS] ||
	    !attrs[KNTS_A_LINE_RATE_PPT] || !attrs[KNTS_A_LINE_ERROR_NS] ||
	    !attrs[KNTS_A_LINE_LIFETIME_MS]) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a line needs phc-ns, raw-ns, rate-ppt, error-ns, lifetime-ms");
		return -EINVAL;
	}

	*line = (struct knts_line){
		.phc_ns = nla_get_u64(attrs[KNTS_A_LINE_PHC_NS]),
		.raw_ns = nla_get_u64(attrs[KNTS_A_LINE_RAW_NS]),
		.rate_ppt = nla_get_s32(attrs[KNTS_A_LINE_RATE_PPT]),
		.error_ns = nla_get_u32(attrs[KNTS_A_LINE_ERROR_NS]),
		.lifetime_ms = nla_get_u32(attrs[KNTS_A_LINE_LIFETIME_MS]),
	};
	return knts_netlink_check_most(attrs[KNTS_A_LINE_LIFETIME_MS],
				       KNTS_LINE_LIFETIME_MAX_MS, extack);
}

static u32 read_u32(const struct genl_info *info, int attr, u32 absent)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : absent;
}

static s32 read_s32(const struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_s32(info->attrs[attr]) : 0;
}

/* A message about a device: does it name one, and everything once? */
static int check_device(struct genl_info *info)
{
	int err;

	err = knts_netlink_check_message(info, 0);
	if (err)
		return err;
	if (knts_netlink_is_missing(info, KNTS_A_PHC_DEVICE, "the device"))
		return -EINVAL;
	return 0;
}

static int read_setting(struct genl_info *info, struct knts_phc_setting *setting)
{
	const struct nlattr *line = info->attrs[KNTS_A_PHC_LINE];
	int err;

	err = check_device(info);
	if (err)
		return err;
	err = knts_netlink_check_most(info->attrs[KNTS_A_PHC_DELAY_MAX_NS],
				      KNTS_DELAY_LIMIT_NS, info->extack);
	if (err)
		return err;

	*setting = (struct knts_phc_setting){
		.index = read_u32(info, KNTS_A_PHC_INDEX, 0),
		.rx_correction_ns = read_s32(info, KNTS_A_PHC_RX_CORRECTION_NS),
		.tx_correction_ns = read_s32(info, KNTS_A_PHC_TX_CORRECTION_NS),
		.link_speed_mbps = read_u32(info, KNTS_A_PHC_LINK_SPEED_MBPS, 0),
		.delay_max_ns = read_u32(info, KNTS_A_PHC_DELAY_MAX_NS,
					 DELAY_MAX_DEFAULT_NS),
		.has_line = line,
	};
	return line ? read_line(line, &setting->line, info->extack) : 0;
}

int knts_nl_phc_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	const struct nlattr *device = info->attrs[KNTS_A_PHC_DEVICE];
	struct knts_phc_setting setting;
	int err;

	err = read_setting(info, &setting);
	if (err)
		return err;

	rtnl_lock();
	mutex_lock(&knet->lock);
	err = knts_txstamp_setup(knet);
	if (!err)
		err = knts_phc_set(knet, nla_data(device), &setting,
				   info->extack);
	mutex_unlock(&knet->lock);
	rtnl_unlock();
	if (err && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack, device);
	return err;
}

int knts_nl_phc_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	const struct nlattr *device = info->attrs[KNTS_A_PHC_DEVICE];
	int err;

	err = check_device(info);
	if (err)
		return err;

	mutex_lock(&knet->lock);
	err = knts_phc_del(knet, nla_data(device));
	mutex_unlock(&knet->lock);
	if (err)
		knts_compat_refuse(info->extack, device,
				   "no PHC is known of this device",
				   ": %s", (const char *)nla_data(device));
	return err;
}

int knts_nl_phc_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knts_net *knet = knts_main_net(sock_net(skb->sk));
	struct knts_report_target to;
	struct knts_phc *phc;
	long index = 0;

	to = knts_netlink_dump_target(skb, cb, KNTS_CMD_PHC_GET);
	mutex_lock(&knet->lock);
	list_for_each_entry(phc, &knet->phcs, node) {
		if (index >= cb->args[0] && knts_report_phc(&to, knet, phc))
			break;
		index++;
	}
	mutex_unlock(&knet->lock);

	cb->args[0] = max(cb->args[0], index);
	return skb->len;
}

int knts_nl_interleave_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	int err;

	err = knts_netlink_check_message(info, 0);
	if (err)
		return err;
	if (knts_netlink_is_missing(info, KNTS_A_INTERLEAVE_PAIRS,
				    "the number of pairs"))
		return -EINVAL;
	err = knts_netlink_check_most(info->attrs[KNTS_A_INTERLEAVE_PAIRS],
				      KNTS_INTERLEAVE_PAIRS_MAX, info->extack);
	if (err)
		return err;

	mutex_lock(&knet->lock);
	err = knts_interleave_set(knet,
				  read_u32(info, KNTS_A_INTERLEAVE_PAIRS, 0));
	mutex_unlock(&knet->lock);
	return err;
}

int knts_nl_interleave_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return knts_netlink_reply(info, knts_report_interleave);
}
