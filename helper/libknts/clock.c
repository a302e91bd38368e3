// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clock state of a network namespace.
 */
#include <errno.h>

#include "libknts/conn.h"

static struct nla_policy policy[KNTS_A_CLOCK_MAX + 1] = {
	[KNTS_A_CLOCK_LEAP] = { .type = NLA_U8 },
	[KNTS_A_CLOCK_STRATUM] = { .type = NLA_U8 },
	[KNTS_A_CLOCK_PRECISION] = { .type = NLA_S32 },
	[KNTS_A_CLOCK_ROOT_DELAY] = { .type = NLA_U32 },
	[KNTS_A_CLOCK_ROOT_DISPERSION] = { .type = NLA_U32 },
	[KNTS_A_CLOCK_REFERENCE_ID] = { .type = NLA_U32 },
	[KNTS_A_CLOCK_REFERENCE_TIME] = { .type = NLA_U64 },
	[KNTS_A_CLOCK_DISPERSION_RATE_PPB] = { .type = NLA_U32 },
	[KNTS_A_CLOCK_LIFETIME_MS] = { .type = NLA_U32 },
	[KNTS_A_CLOCK_AGE_MS] = { .type = NLA_U64 },
	[KNTS_A_CLOCK_SYNCHRONISED] = { .type = NLA_U8 },
};

int knts_clock_parse(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_CLOCK_MAX + 1];
	struct knts_clock *clock = arg;
	int i;

	if (nla_parse(tb, KNTS_A_CLOCK_MAX, attrs, len, policy))
		return -EBADMSG;
	for (i = 1; i <= KNTS_A_CLOCK_MAX; i++)
		if (!tb[i])
			return -EBADMSG;

	clock->leap = nla_get_u8(tb[KNTS_A_CLOCK_LEAP]);
	clock->stratum = nla_get_u8(tb[KNTS_A_CLOCK_STRATUM]);
	clock->precision = nla_get_s32(tb[KNTS_A_CLOCK_PRECISION]);
	clock->root_delay = nla_get_u32(tb[KNTS_A_CLOCK_ROOT_DELAY]);
	clock->root_dispersion = nla_get_u32(tb[KNTS_A_CLOCK_ROOT_DISPERSION]);
	clock->reference_id = nla_get_u32(tb[KNTS_A_CLOCK_REFERENCE_ID]);
	clock->reference_time = nla_get_u64(tb[KNTS_A_CLOCK_REFERENCE_TIME]);
	clock->dispersion_rate_ppb =
		nla_get_u32(tb[KNTS_A_CLOCK_DISPERSION_RATE_PPB]);
	clock->lifetime_ms = nla_get_u32(tb[KNTS_A_CLOCK_LIFETIME_MS]);
	clock->age_ms = nla_get_u64(tb[KNTS_A_CLOCK_AGE_MS]);
	clock->synchronised = nla_get_u8(tb[KNTS_A_CLOCK_SYNCHRONISED]);
	return 0;
}

static int put_clock(struct nl_msg *msg, const struct knts_clock *clock)
{
	int err;

	err = nla_put_u8(msg, KNTS_A_CLOCK_LEAP, clock->leap);
	err |= nla_put_u8(msg, KNTS_A_CLOCK_STRATUM, clock->stratum);
	err |= nla_put_s32(msg, KNTS_A_CLOCK_PRECISION, clock->precision);
	err |= nla_put_u32(msg, KNTS_A_CLOCK_ROOT_DELAY, clock->root_delay);
	err |= nla_put_u32(msg, KNTS_A_CLOCK_ROOT_DISPERSION,
			   clock->root_dispersion);
	err |= nla_put_u32(msg, KNTS_A_CLOCK_REFERENCE_ID, clock->reference_id);
	err |= nla_put_u64(msg, KNTS_A_CLOCK_REFERENCE_TIME,
			   clock->reference_time);
	err |= nla_put_u32(msg, KNTS_A_CLOCK_DISPERSION_RATE_PPB,
			   clock->dispersion_rate_ppb);
	err |= nla_put_u32(msg, KNTS_A_CLOCK_LIFETIME_MS, clock->lifetime_ms);
	return err;
}

int knts_clock_set(struct knts_conn *conn, const struct knts_clock *clock)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_CLOCK_SET, 0);
	if (!msg)
		return -ENOMEM;
	if (put_clock(msg, clock))
		return knts_conn_full(conn, msg);
	return knts_conn_talk(conn, msg, NULL, NULL);
}

int knts_clock_get(struct knts_conn *conn, struct knts_clock *clock)
{
	struct nl_msg *msg;

	msg = knts_conn_request(conn, KNTS_CMD_CLOCK_GET, 0);
	if (!msg)
		return -ENOMEM;
	return knts_conn_talk(conn, msg, knts_clock_parse, clock);
}
