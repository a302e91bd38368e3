// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's refusal of a request, as one sentence.
 *
 * A handler gives a sentence, but on 6.1 it cannot put a value into it. A
 * policy says only "integer out of range". Both say where in the request it is,
 * so what it is about, and its value, are added here; and what would be right,
 * from the policy that comes along.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "libknts/place.h"

#define RANGE_SIZE 96

static int request_cmd(const struct nlmsghdr *request)
{
	const struct genlmsghdr *genl = nlmsg_data(request);

	return genl->cmd;
}

/* What the policy takes. */
static void print_range(struct nlattr *policy, char *text)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct nlattr *min, *max;

	text[0] = '\0';
	if (nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, policy, NULL))
		return;

	min = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_S];
	max = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_S];
	if (min && max)
		snprintf(text, RANGE_SIZE, ": it may be %" PRId64 " to %" PRId64,
			 (int64_t)nla_get_u64(min), (int64_t)nla_get_u64(max));

	min = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U];
	max = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U];
	if (min && max)
		snprintf(text, RANGE_SIZE, ": it may be %" PRIu64 " to %" PRIu64,
			 nla_get_u64(min), nla_get_u64(max));

	min = tb[NL_POLICY_TYPE_ATTR_MIN_LENGTH];
	max = tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH];
	if (min && max)
		snprintf(text, RANGE_SIZE, ": it may have %" PRIu32 " to %" PRIu32
			 " octets", nla_get_u32(min), nla_get_u32(max));
	else if (max)
		snprintf(text, RANGE_SIZE, ": it may have %" PRIu32
			 " octets at most", nla_get_u32(max));
}

static void describe_place(struct knts_conn *conn,
			   const struct nlmsghdr *request,
			   const struct knts_place *place,
			   struct nlattr *policy, const char *words)
{
	const char *name = knts_place_name(place);
	char value[KNTS_PLACE_SIZE], range[RANGE_SIZE];
	const char *space;

	knts_place_value(request, place, value);
	space = value[0] ? " " : "";
	if (policy) {
		print_range(policy, range);
		knts_conn_fail(conn, 0, "%s: %s%s%s: %s%s",
			       knts_names_operation(place->cmd), name, space,
			       value, words, range);
	} else if (value[0] && strstr(words, value)) {
		/* Newer kernels' sentences have the value. */
		knts_conn_fail(conn, 0, "%s", words);
	} else {
		knts_conn_fail(conn, 0, "%s%s%s: %s", name, space, value, words);
	}
}

static void describe_missing(struct knts_conn *conn,
			     const struct nlmsghdr *request,
			     struct nlattr *tb[])
{
	int type = nla_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]);
	bool nested = tb[NLMSGERR_ATTR_MISS_NEST];
	int cmd = request_cmd(request);

	knts_conn_fail(conn, 0, "%s: %s is missing", knts_names_operation(cmd),
		       knts_names_attribute(cmd, nested, type));
}

static void describe_errno(struct knts_conn *conn,
			   const struct nlmsghdr *request, int err)
{
	const char *name = knts_names_operation(request_cmd(request));

	if (err == -EPERM)
		knts_conn_fail(conn, err, "%s needs CAP_NET_ADMIN in this network"
			       " namespace", name);
	else
		knts_conn_fail(conn, err, "%s: %s", name, strerror(-err));
}

static void parse_tlvs(const struct nlmsghdr *error, struct nlattr *tb[])
{
	const struct nlmsgerr *body = nlmsg_data(error);
	size_t skip = sizeof(*body);
	int len;

	if (!(error->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(error->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(body->msg.nlmsg_len) - sizeof(body->msg);
	len = nlmsg_datalen(error) - (int)skip;
	if (len > 0)
		nla_parse(tb, NLMSGERR_ATTR_MAX,
			  (struct nlattr *)((char *)body + skip), len, NULL);
}

void knts_refusal_describe(struct knts_conn *conn,
			   const struct nlmsghdr *request,
			   const struct nlmsghdr *error)
{
	const struct nlmsgerr *body = nlmsg_data(error);
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	struct knts_place place;
	const char *words;

	parse_tlvs(error, tb);
	if (tb[NLMSGERR_ATTR_MSG]) {
		words = nla_get_string(tb[NLMSGERR_ATTR_MSG]);
		if (tb[NLMSGERR_ATTR_OFFS] &&
		    knts_place_find(request, nla_get_u32(tb[NLMSGERR_ATTR_OFFS]),
				    &place))
			describe_place(conn, request, &place,
				       tb[NLMSGERR_ATTR_POLICY], words);
		else
			knts_conn_fail(conn, body->error, "%s", words);
	} else if (tb[NLMSGERR_ATTR_MISS_TYPE]) {
		describe_missing(conn, request, tb);
	} else {
		describe_errno(conn, request, body->error);
	}
}
