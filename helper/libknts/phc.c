// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The network devices of a network namespace that make timestamps by a PHC.
 */
#include <errno.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_PHC_MAX + 1] = {
	[KNTS_A_PHC_DEVICE] = { .type = NLA_STRING },
	[KNTS_A_PHC_INDEX] = { .type = NLA_U32 },
	[KNTS_A_PHC_LINE] = { .type = NLA_NESTED },
	[KNTS_A_PHC_RX_CORRECTION_NS] = { .type = NLA_S32 },
	[KNTS_A_PHC_TX_CORRECTION_NS] = { .type = NLA_S32 },
	[KNTS_A_PHC_LINK_SPEED_MBPS] = { .type = NLA_U32 },
	[KNTS_A_PHC_DELAY_MAX_NS] = { .type = NLA_U32 },
	[KNTS_A_PHC_DEPARTURES] = { .type = NLA_U64 },
	[KNTS_A_PHC_DEPARTURE_DELAY_NS] = { .type = NLA_U32 },
	[KNTS_A_PHC_DEPARTURE_ERROR_NS] = { .type = NLA_U32 },
	[KNTS_A_PHC_DEPARTURE_DEVIATION_NS] = { .type = NLA_U32 },
};

static struct nla_policy line_policy[KNTS_A_LINE_MAX + 1] = {
	[KNTS_A_LINE_PHC_NS] = { .type = NLA_U64 },
	[KNTS_A_LINE_RAW_NS] = { .type = NLA_U64 },
	[KNTS_A_LINE_RATE_PPT] = { .type = NLA_S32 },
	[KNTS_A_LINE_ERROR_NS] = { .type = NLA_U32 },
	[KNTS_A_LINE_LIFETIME_MS] = { .type = NLA_U32 },
	[KNTS_A_LINE_AGE_MS] = { .type = NLA_U64 },
};

static int parse_line(struct nlattr *nest, struct knts_line *line)
{
	struct nlattr *tb[KNTS_A_LINE_MAX + 1];
	int i;

	if (nla_parse_nested(tb, KNTS_A_LINE_MAX, nest, line_policy))
		return -EBADMSG;
	for (i = KNTS_A_LINE_PHC_NS; i <= KNTS_A_LINE_LIFETIME_MS; i++)
		if (!tb[i])
			return -EBADMSG;

	line->phc_ns = nla_get_u64(tb[KNTS_A_LINE_PHC_NS]);
	line->raw_ns = nla_get_u64(tb[KNTS_A_LINE_RAW_NS]);
	line->rate_ppt = nla_get_s32(tb[KNTS_A_LINE_RATE_PPT]);
	line->error_ns = nla_get_u32(tb[KNTS_A_LINE_ERROR_NS]);
	line->lifetime_ms = nla_get_u32(tb[KNTS_A_LINE_LIFETIME_MS]);
	if (tb[KNTS_A_LINE_AGE_MS])
		line->age_ms = nla_get_u64(tb[KNTS_A_LINE_AGE_MS]);
	return 0;
}

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static int32_t get_s32(struct nlattr *attr)
{
	return attr ? nla_get_s32(attr) : 0;
}

int knts_phc_parse(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_PHC_MAX + 1];
	struct knts_phc *phc = arg;

	if (nla_parse(tb, KNTS_A_PHC_MAX, attrs, len, policy) ||
	    !tb[KNTS_A_PHC_DEVICE])
		return -EBADMSG;

	nla_strlcpy(phc->device, tb[KNTS_A_PHC_DEVICE], sizeof(phc->device));
	phc->index = get_u32(tb[KNTS_A_PHC_INDEX]);
	phc->rx_correction_ns = get_s32(tb[KNTS_A_PHC_RX_CORRECTION_NS]);
	phc->tx_correction_ns = get_s32(tb[KNTS_A_PHC_TX_CORRECTION_NS]);
	phc->link_speed_mbps = get_u32(tb[KNTS_A_PHC_LINK_SPEED_MBPS]);
	phc->delay_max_ns = get_u32(tb[KNTS_A_PHC_DELAY_MAX_NS]);
	if (tb[KNTS_A_PHC_DEPARTURES])
		phc->departures = nla_get_u64(tb[KNTS_A_PHC_DEPARTURES]);
	phc->departure_delay_ns = get_u32(tb[KNTS_A_PHC_DEPARTURE_DELAY_NS]);
	phc->departure_error_ns = get_u32(tb[KNTS_A_PHC_DEPARTURE_ERROR_NS]);
	phc->departure_deviation_ns =
		get_u32(tb[KNTS_A_PHC_DEPARTURE_DEVIATION_NS]);
	phc->has_line = tb[KNTS_A_PHC_LINE];
	return phc->has_line ? parse_line(tb[KNTS_A_PHC_LINE], &phc->line) : 0;
}

static int put_line(struct nl_msg *msg, const struct knts_line *line)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(msg, KNTS_A_PHC_LINE);
	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u64(msg, KNTS_A_LINE_PHC_NS, line->phc_ns);
	err |= nla_put_u64(msg, KNTS_A_LINE_RAW_NS, line->raw_ns);
	err |= nla_put_s32(msg, KNTS_A_LINE_RATE_PPT, line->rate_ppt);
	err |= nla_put_u32(msg, KNTS_A_LINE_ERROR_NS, line->error_ns);
	err |= nla_put_u32(msg, KNTS_A_LINE_LIFETIME_MS, line->lifetime_ms);
	nla_nest_end(msg, nest);
	return err;
}

static int put_phc(struct nl_msg *msg, const struct knts_phc *phc)
{
	int err;

	err = nla_put_string(msg, KNTS_A_PHC_DEVICE, phc->device);
	err |= nla_put_u32(msg, KNTS_A_PHC_INDEX, phc->index);
	err |= nla_put_s32(msg, KNTS_A_PHC_RX_CORRECTION_NS,
			   phc->rx_correction_ns);
	err |= nla_put_s32(msg, KNTS_A_PHC_TX_CORRECTION_NS,
			   phc->tx_correction_ns);
	err |= nla_put_u32(msg, KNTS_A_PHC_LINK_SPEED_MBPS,
			   phc->link_speed_mbps);
	err |= nla_put_u32(msg, KNTS_A_PHC_DELAY_MAX_NS, phc->delay_max_ns);
	if (phc->has_line)
		err |= put_line(msg, &phc->line);
	return err;
}

int knts_phc_set(struct knts_conn *conn, const struct knts_phc *phc)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_PHC_SET, 0);
	if (!msg)
		return -ENOMEM;
	if (put_phc(msg, phc))
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_phc_del(struct knts_conn *conn, const char *device)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_PHC_DEL, 0);
	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, KNTS_A_PHC_DEVICE, device))
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_phc_list(struct knts_conn *conn, struct knts_phc **phcs, size_t *count)
{
	void *items;
	int err;

	err = knts_conn_dump(conn, KNTS_CMD_PHC_GET, sizeof(**phcs),
			     knts_phc_parse, &items, count);
	if (!err)
		*phcs = items;
	return err;
}
