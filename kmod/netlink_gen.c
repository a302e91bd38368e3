// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/knts.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <linux/knts.h>

/* Common nested types */
const struct nla_policy knts_ring_key_nl_policy[KNTS_A_KEY_CREATED + 1] = {
	[KNTS_A_KEY_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[KNTS_A_KEY_ALGORITHM] = NLA_POLICY_RANGE(NLA_U16, 15, 15),
	[KNTS_A_KEY_SECRET] = NLA_POLICY_EXACT_LEN(KNTS_KEY_SECRET_LEN),
	[KNTS_A_KEY_CREATED] = { .type = NLA_U64, },
};

const struct nla_policy knts_set_line_nl_policy[KNTS_A_LINE_LIFETIME_MS + 1] = {
	[KNTS_A_LINE_PHC_NS] = { .type = NLA_U64, },
	[KNTS_A_LINE_RAW_NS] = { .type = NLA_U64, },
	[KNTS_A_LINE_RATE_PPT] = { .type = NLA_S32, },
	[KNTS_A_LINE_ERROR_NS] = { .type = NLA_U32, },
	[KNTS_A_LINE_LIFETIME_MS] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* KNTS_CMD_SERVER_ADD - do */
static const struct nla_policy knts_server_add_nl_policy[KNTS_A_SERVER_SERVE_OWN_PORT + 1] = {
	[KNTS_A_SERVER_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[KNTS_A_SERVER_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[KNTS_A_SERVER_DEVICE] = { .type = NLA_NUL_STRING, .len = 15, },
	[KNTS_A_SERVER_REQUIRE_NTS] = NLA_POLICY_MAX(NLA_U32, 2),
	[KNTS_A_SERVER_SERVE_OWN_PORT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* KNTS_CMD_SERVER_SET - do */
static const struct nla_policy knts_server_set_nl_policy[KNTS_A_SERVER_SERVE_OWN_PORT + 1] = {
	[KNTS_A_SERVER_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[KNTS_A_SERVER_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[KNTS_A_SERVER_DEVICE] = { .type = NLA_NUL_STRING, .len = 15, },
	[KNTS_A_SERVER_REQUIRE_NTS] = NLA_POLICY_MAX(NLA_U32, 2),
	[KNTS_A_SERVER_SERVE_OWN_PORT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* KNTS_CMD_SERVER_DEL - do */
static const struct nla_policy knts_server_del_nl_policy[KNTS_A_SERVER_DEVICE + 1] = {
	[KNTS_A_SERVER_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[KNTS_A_SERVER_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[KNTS_A_SERVER_DEVICE] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* KNTS_CMD_CLOCK_SET - do */
static const struct nla_policy knts_clock_set_nl_policy[KNTS_A_CLOCK_LIFETIME_MS + 1] = {
	[KNTS_A_CLOCK_LEAP] = NLA_POLICY_MAX(NLA_U8, 3),
	[KNTS_A_CLOCK_STRATUM] = NLA_POLICY_RANGE(NLA_U8, 1, 15),
	[KNTS_A_CLOCK_PRECISION] = NLA_POLICY_RANGE(NLA_S32, KNTS_PRECISION_MIN, 0),
	[KNTS_A_CLOCK_ROOT_DELAY] = { .type = NLA_U32, },
	[KNTS_A_CLOCK_ROOT_DISPERSION] = { .type = NLA_U32, },
	[KNTS_A_CLOCK_REFERENCE_ID] = { .type = NLA_U32, },
	[KNTS_A_CLOCK_REFERENCE_TIME] = { .type = NLA_U64, },
	[KNTS_A_CLOCK_DISPERSION_RATE_PPB] = { .type = NLA_U32, },
	[KNTS_A_CLOCK_LIFETIME_MS] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* KNTS_CMD_RING_SET - do */
static const struct nla_policy knts_ring_set_nl_policy[KNTS_A_RING_ACTIVE_ID + 1] = {
	[KNTS_A_RING_KEY] = NLA_POLICY_NESTED(knts_ring_key_nl_policy),
	[KNTS_A_RING_ACTIVE_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* KNTS_CMD_PHC_SET - do */
static const struct nla_policy knts_phc_set_nl_policy[KNTS_A_PHC_DELAY_MAX_NS + 1] = {
	[KNTS_A_PHC_DEVICE] = { .type = NLA_NUL_STRING, .len = 15, },
	[KNTS_A_PHC_INDEX] = { .type = NLA_U32, },
	[KNTS_A_PHC_LINE] = NLA_POLICY_NESTED(knts_set_line_nl_policy),
	[KNTS_A_PHC_RX_CORRECTION_NS] = { .type = NLA_S32, },
	[KNTS_A_PHC_TX_CORRECTION_NS] = { .type = NLA_S32, },
	[KNTS_A_PHC_LINK_SPEED_MBPS] = { .type = NLA_U32, },
	[KNTS_A_PHC_DELAY_MAX_NS] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* KNTS_CMD_PHC_DEL - do */
static const struct nla_policy knts_phc_del_nl_policy[KNTS_A_PHC_DEVICE + 1] = {
	[KNTS_A_PHC_DEVICE] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* KNTS_CMD_INTERLEAVE_SET - do */
static const struct nla_policy knts_interleave_set_nl_policy[KNTS_A_INTERLEAVE_PAIRS + 1] = {
	[KNTS_A_INTERLEAVE_PAIRS] = { .type = NLA_U32, },
};

/* KNTS_CMD_CLIENTS_SET - do */
static const struct nla_policy knts_clients_set_nl_policy[KNTS_A_CLIENTS_ENTRIES + 1] = {
	[KNTS_A_CLIENTS_ENTRIES] = { .type = NLA_U32, },
};

/* Ops table for knts */
static const struct genl_ops knts_nl_ops[] = {
	{
		.cmd	= KNTS_CMD_SERVER_GET,
		.dumpit	= knts_nl_server_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_SERVER_ADD,
		.doit		= knts_nl_server_add_doit,
		.policy		= knts_server_add_nl_policy,
		.maxattr	= KNTS_A_SERVER_SERVE_OWN_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_SERVER_SET,
		.doit		= knts_nl_server_set_doit,
		.policy		= knts_server_set_nl_policy,
		.maxattr	= KNTS_A_SERVER_SERVE_OWN_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_SERVER_DEL,
		.doit		= knts_nl_server_del_doit,
		.policy		= knts_server_del_nl_policy,
		.maxattr	= KNTS_A_SERVER_DEVICE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_CLOCK_GET,
		.doit	= knts_nl_clock_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_CLOCK_SET,
		.doit		= knts_nl_clock_set_doit,
		.policy		= knts_clock_set_nl_policy,
		.maxattr	= KNTS_A_CLOCK_LIFETIME_MS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_KEY_GET,
		.dumpit	= knts_nl_key_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_RING_SET,
		.doit		= knts_nl_ring_set_doit,
		.policy		= knts_ring_set_nl_policy,
		.maxattr	= KNTS_A_RING_ACTIVE_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_STATS_GET,
		.doit	= knts_nl_stats_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_PHC_GET,
		.dumpit	= knts_nl_phc_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_PHC_SET,
		.doit		= knts_nl_phc_set_doit,
		.policy		= knts_phc_set_nl_policy,
		.maxattr	= KNTS_A_PHC_DELAY_MAX_NS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_PHC_DEL,
		.doit		= knts_nl_phc_del_doit,
		.policy		= knts_phc_del_nl_policy,
		.maxattr	= KNTS_A_PHC_DEVICE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_INTERLEAVE_GET,
		.doit	= knts_nl_interleave_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_INTERLEAVE_SET,
		.doit		= knts_nl_interleave_set_doit,
		.policy		= knts_interleave_set_nl_policy,
		.maxattr	= KNTS_A_INTERLEAVE_PAIRS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_HISTOGRAM_GET,
		.start	= knts_nl_histogram_get_start,
		.dumpit	= knts_nl_histogram_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_CLIENT_GET,
		.dumpit	= knts_nl_client_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= KNTS_CMD_CLIENTS_GET,
		.doit	= knts_nl_clients_get_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= KNTS_CMD_CLIENTS_SET,
		.doit		= knts_nl_clients_set_doit,
		.policy		= knts_clients_set_nl_policy,
		.maxattr	= KNTS_A_CLIENTS_ENTRIES,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group knts_nl_mcgrps[] = {
	[KNTS_NLGRP_EVENTS] = { "events", },
};

struct genl_family knts_nl_family __ro_after_init = {
	.name		= KNTS_FAMILY_NAME,
	.version	= KNTS_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= knts_nl_ops,
	.n_ops		= ARRAY_SIZE(knts_nl_ops),
	.mcgrps		= knts_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(knts_nl_mcgrps),
};
