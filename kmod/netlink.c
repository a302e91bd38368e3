// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of the netlink family. Types and ranges of attributes have been
 * checked against the generated policies when a handler is called; here is what
 * these cannot say.
 */
#include <linux/bitops.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/sock.h>

#include "clock.h"
#include "compat/extack.h"
#include "endpoint.h"
#include "keyring.h"
#include "netlink.h"
#include "netlink_gen.h"

int knts_netlink_check_once(const struct nlattr *head, int len, int repeatable,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	unsigned long seen = 0;
	int rem;

	nla_for_each_attr(attr, head, len, rem) {
		int type = nla_type(attr);

		if (type == repeatable || type >= BITS_PER_LONG ||
		    !__test_and_set_bit(type, &seen))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an attribute is there twice; it may be there once");
		return -EINVAL;
	}

	return 0;
}

int knts_netlink_check_message(const struct genl_info *info, int repeatable)
{
	return knts_netlink_check_once(genlmsg_data(info->genlhdr),
				       genlmsg_len(info->genlhdr), repeatable,
				       info->extack);
}

int knts_netlink_check_most(const struct nlattr *attr, u32 most,
			    struct netlink_ext_ack *extack)
{
	if (!attr || nla_get_u32(attr) <= most)
		return 0;

	knts_compat_refuse(extack, attr, "this is too much",
			   ": %u; at most %u", nla_get_u32(attr), most);
	return -ERANGE;
}

static int read_device(struct genl_info *info, struct knts_net *knet,
		       struct knts_endpoint *like)
{
	const struct nlattr *attr = info->attrs[KNTS_A_SERVER_DEVICE];
	const struct net_device *dev;

	if (!attr)
		return 0;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(knet->net, nla_data(attr));
	if (dev) {
		like->address.ifindex = dev->ifindex;
		strscpy(like->device, dev->name, sizeof(like->device));
	}
	rcu_read_unlock();
	if (dev)
		return 0;

	knts_compat_refuse(info->extack, attr,
			   "there is no such device in this network namespace",
			   ": %s", (const char *)nla_data(attr));
	return -ENODEV;
}

static int read_server(struct genl_info *info, struct knts_net *knet,
		       struct knts_endpoint *like)
{
	struct nlattr **attrs = info->attrs;
	int ip_len;
	int err;

	memset(like, 0, sizeof(*like));
	err = knts_netlink_check_message(info, 0);
	if (err)
		return err;
	if (knts_netlink_is_missing(info, KNTS_A_SERVER_ADDRESS, "the address") ||
	    knts_netlink_is_missing(info, KNTS_A_SERVER_PORT, "the port"))
		return -EINVAL;

	ip_len = nla_len(attrs[KNTS_A_SERVER_ADDRESS]);
	if (ip_len != sizeof(struct in_addr) &&
	    ip_len != sizeof(struct in6_addr)) {
		knts_compat_refuse(info->extack, attrs[KNTS_A_SERVER_ADDRESS],
				   "an address has 4 octets or 16",
				   ", not %d", ip_len);
		return -EINVAL;
	}

	like->address.family = ip_len == sizeof(struct in_addr) ? AF_INET :
								  AF_INET6;
	nla_memcpy(&like->address.ip, attrs[KNTS_A_SERVER_ADDRESS], ip_len);
	like->address.port = nla_get_u16(attrs[KNTS_A_SERVER_PORT]);
	return read_device(info, knet, like);
}

static void read_policy(const struct genl_info *info,
			struct knts_endpoint *endpoint)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[KNTS_A_SERVER_REQUIRE_NTS])
		WRITE_ONCE(endpoint->require_nts,
			   nla_get_u32(attrs[KNTS_A_SERVER_REQUIRE_NTS]));
	if (attrs[KNTS_A_SERVER_SERVE_OWN_PORT])
		WRITE_ONCE(endpoint->serve_own_port,
			   nla_get_u8(attrs[KNTS_A_SERVER_SERVE_OWN_PORT]));
}

/* The server that a message names. */
static struct knts_endpoint *find_server(struct genl_info *info,
					 struct knts_net *knet)
{
	struct knts_endpoint *endpoint;
	struct knts_endpoint like;
	int err;

	err = read_server(info, knet, &like);
	if (err)
		return ERR_PTR(err);

	endpoint = knts_endpoint_find(knet, &like.address);
	if (endpoint)
		return endpoint;

	knts_compat_refuse(info->extack, info->attrs[KNTS_A_SERVER_ADDRESS],
			   "no server is open at this address, port and device",
			   ": port %u", like.address.port);
	return ERR_PTR(-ENOENT);
}

int knts_nl_server_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	bool bound = info->attrs[KNTS_A_SERVER_DEVICE];
	struct knts_endpoint like;
	int err;

	if (bound)
		rtnl_lock();
	mutex_lock(&knet->lock);
	err = read_server(info, knet, &like);
	if (err)
		goto out_unlock;
	read_policy(info, &like);
	err = knts_endpoint_open(knet, &like, info->extack);
	if (err && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[KNTS_A_SERVER_ADDRESS]);

out_unlock:
	mutex_unlock(&knet->lock);
	if (bound)
		rtnl_unlock();
	return err;
}

int knts_nl_server_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	struct knts_endpoint *endpoint;

	mutex_lock(&knet->lock);
	endpoint = find_server(info, knet);
	if (!IS_ERR(endpoint))
		read_policy(info, endpoint);
	mutex_unlock(&knet->lock);
	return PTR_ERR_OR_ZERO(endpoint);
}

int knts_nl_server_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	struct knts_endpoint *endpoint;
	int err;

	mutex_lock(&knet->lock);
	endpoint = find_server(info, knet);
	err = PTR_ERR_OR_ZERO(endpoint);
	if (!err)
		knts_endpoint_close(endpoint);
	mutex_unlock(&knet->lock);
	return err;
}

struct knts_report_target
knts_netlink_dump_target(struct sk_buff *skb, const struct netlink_callback *cb,
			 u8 cmd)
{
	return (struct knts_report_target){
		.skb = skb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
	};
}

/* One mark in all its messages tells the reader to begin anew. */
int knts_netlink_dump_end(struct sk_buff *skb, struct netlink_callback *cb)
{
	if (skb->len)
		nl_dump_check_consistent(cb, nlmsg_hdr(skb));
	return skb->len;
}

int knts_nl_server_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knts_net *knet = knts_main_net(sock_net(skb->sk));
	struct knts_report_target to;
	struct knts_endpoint *endpoint;
	long index = 0;

	to = knts_netlink_dump_target(skb, cb, KNTS_CMD_SERVER_GET);
	mutex_lock(&knet->lock);
	cb->seq = knet->endpoint_seq;
	list_for_each_entry(endpoint, &knet->endpoints, node) {
		if (index >= cb->args[0] && knts_report_server(&to, endpoint))
			break;
		index++;
	}
	mutex_unlock(&knet->lock);

	cb->args[0] = max(cb->args[0], index);
	return knts_netlink_dump_end(skb, cb);
}

int knts_nl_key_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knts_net *knet = knts_main_net(sock_net(skb->sk));
	struct knts_report_target to;
	const struct knts_ring *ring;

	to = knts_netlink_dump_target(skb, cb, KNTS_CMD_KEY_GET);
	mutex_lock(&knet->lock);
	ring = rcu_dereference_protected(knet->ring,
					 lockdep_is_held(&knet->lock));
	for (; ring && cb->args[0] < ring->count; cb->args[0]++) {
		const struct knts_key *key = ring->keys[cb->args[0]];

		if (knts_report_key(&to, key, key == ring->active))
			break;
	}
	mutex_unlock(&knet->lock);

	return skb->len;
}

int knts_netlink_reply(struct genl_info *info,
		       int (*report)(const struct knts_report_target *to,
				     struct knts_net *knet))
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	struct knts_report_target to = {
		.skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
	int err;

	if (!to.skb)
		return -ENOMEM;

	mutex_lock(&knet->lock);
	err = report(&to, knet);
	mutex_unlock(&knet->lock);
	if (!err)
		return genlmsg_reply(to.skb, info);

	nlmsg_free(to.skb);
	return err;
}

int knts_nl_clock_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err = knts_netlink_reply(info, knts_report_clock);

	if (err == -ENODATA)
		NL_SET_ERR_MSG(info->extack,
			       "the clock state has not been set yet");
	return err;
}

int knts_nl_clock_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	struct nlattr **attrs = info->attrs;
	struct knts_clock_state state;
	int err;

	err = knts_netlink_check_message(info, 0);
	if (err)
		return err;
	if (knts_netlink_is_missing(info, KNTS_A_CLOCK_LEAP, "leap") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_STRATUM, "stratum") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_PRECISION, "precision") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_ROOT_DELAY, "root-delay") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_ROOT_DISPERSION,
				    "root-dispersion") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_REFERENCE_ID, "reference-id") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_REFERENCE_TIME, "reference-time") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_DISPERSION_RATE_PPB,
				    "dispersion-rate-ppb") ||
	    knts_netlink_is_missing(info, KNTS_A_CLOCK_LIFETIME_MS, "lifetime-ms"))
		return -EINVAL;

	state = (struct knts_clock_state){
		.header.leap = nla_get_u8(attrs[KNTS_A_CLOCK_LEAP]),
		.header.stratum = nla_get_u8(attrs[KNTS_A_CLOCK_STRATUM]),
		.header.precision = nla_get_s32(attrs[KNTS_A_CLOCK_PRECISION]),
		.header.root_delay = nla_get_u32(attrs[KNTS_A_CLOCK_ROOT_DELAY]),
		.header.root_dispersion =
			nla_get_u32(attrs[KNTS_A_CLOCK_ROOT_DISPERSION]),
		.header.reference_id =
			nla_get_u32(attrs[KNTS_A_CLOCK_REFERENCE_ID]),
		.header.reference =
			nla_get_u64(attrs[KNTS_A_CLOCK_REFERENCE_TIME]),
		.dispersion_rate_ppb =
			nla_get_u32(attrs[KNTS_A_CLOCK_DISPERSION_RATE_PPB]),
		.lifetime_ms = nla_get_u32(attrs[KNTS_A_CLOCK_LIFETIME_MS]),
	};

	mutex_lock(&knet->lock);
	err = knts_clock_set(knet, &state);
	mutex_unlock(&knet->lock);
	return err;
}

static int read_key(const struct nlattr *nest, struct knts_key_wanted *wanted,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[ARRAY_SIZE(knts_ring_key_nl_policy)];
	int err;

	err = knts_netlink_check_once(nla_data(nest), nla_len(nest), 0, extack);
	if (err)
		return err;
	err = nla_parse_nested(attrs, ARRAY_SIZE(attrs) - 1, nest,
			       knts_ring_key_nl_policy, extack);
	if (err)
		return err;

	if (!attrs[KNTS_A_KEY_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "the key's id is missing");
		return -EINVAL;
	}
	*wanted = (struct knts_key_wanted){
		.id = nla_get_u32(attrs[KNTS_A_KEY_ID]),
		.attr = nest,
	};
	if (!attrs[KNTS_A_KEY_SECRET])
		return 0;

	if (!attrs[KNTS_A_KEY_ALGORITHM] || !attrs[KNTS_A_KEY_CREATED]) {
		knts_compat_refuse(extack, nest,
				   "a key with a secret needs algorithm and created",
				   ": %u", wanted->id);
		return -EINVAL;
	}
	wanted->secret = nla_data(attrs[KNTS_A_KEY_SECRET]);
	wanted->created_s = nla_get_u64(attrs[KNTS_A_KEY_CREATED]);
	return 0;
}

static int ring_set(struct genl_info *info)
{
	struct knts_net *knet = knts_main_net(genl_info_net(info));
	const struct nlattr *active = info->attrs[KNTS_A_RING_ACTIVE_ID];
	struct knts_key_wanted wanted[KNTS_KEYS_MAX];
	const struct nlattr *attr;
	unsigned int count = 0;
	int err;
	int rem;

	err = knts_netlink_check_message(info, KNTS_A_RING_KEY);
	if (err)
		return err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(attr) != KNTS_A_RING_KEY)
			continue;
		if (count == KNTS_KEYS_MAX) {
			knts_compat_refuse(info->extack, attr,
					   "a ring has no more keys",
					   " than %u", KNTS_KEYS_MAX);
			return -ENOSPC;
		}
		err = read_key(attr, &wanted[count++], info->extack);
		if (err)
			return err;
	}

	if (!count && active) {
		NL_SET_ERR_MSG_ATTR(info->extack, active,
				    "an active id without any key; leave it out");
		return -EINVAL;
	}
	if (count && knts_netlink_is_missing(info, KNTS_A_RING_ACTIVE_ID,
					     "the active id"))
		return -EINVAL;

	mutex_lock(&knet->lock);
	err = knts_keyring_set(knet, wanted, count,
			       active ? nla_get_u32(active) : 0, info->extack);
	mutex_unlock(&knet->lock);
	return err;
}

/*
 * The message is the kernel's own copy, and goes when this returns. An error's
 * acknowledgement would quote it.
 */
int knts_nl_ring_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr;
	int err;
	int rem;

	err = ring_set(info);
	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem)
		if (nla_type(attr) == KNTS_A_RING_KEY)
			memzero_explicit(nla_data(attr), nla_len(attr));
	return err;
}
