// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's refusal of a request, as one sentence.
 *
 * A handler's own sentence is passed on. A policy's refusal says only "integer
 * out of range" and where; the attribute's name, its value and what would be
 * right come from the request and from the policy that comes along.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "libknts/conn.h"

/* What stands in the request at the offset that the kernel complains about. */
struct place {
	const struct nlattr *attr;
	bool nested;
};

static int request_cmd(const struct nlmsghdr *request)
{
	const struct genlmsghdr *genl = nlmsg_data(request);

	return genl->cmd;
}

/* Look for the attribute that begins at @target, at most one level down. */
static bool place_find(const struct nlattr *attrs, int len, const void *target,
		       bool nested, struct place *place)
{
	const struct nlattr *attr;
	const char *end;
	int rest;

	nla_for_each_attr(attr, attrs, len, rest) {
		end = (const char *)attr + nla_len(attr) + NLA_HDRLEN;
		if ((const void *)attr == target) {
			place->attr = attr;
			place->nested = nested;
			return true;
		}
		if (nested || !(attr->nla_type & NLA_F_NESTED) ||
		    (const char *)target < (const char *)attr ||
		    (const char *)target >= end)
			continue;
		return place_find(nla_data(attr), nla_len(attr), target, true,
				  place);
	}
	return false;
}

static bool place_at(const struct nlmsghdr *request, uint32_t offset,
		     struct place *place)
{
	struct genlmsghdr *genl = nlmsg_data(request);

	if (offset >= request->nlmsg_len)
		return false;
	return place_find(genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0),
			  (const char *)request + offset, false, place);
}

static const char *place_name(const struct nlmsghdr *request,
			      const struct place *place)
{
	return knts_names_attribute(request_cmd(request), place->nested,
				    nla_type(place->attr));
}

/* The value, where it is a number whose type the policy tells. */
static void value_print(const struct nlattr *attr, uint32_t policy_type,
			char *text, size_t size)
{
	text[0] = '\0';
	switch (policy_type) {
	case NL_ATTR_TYPE_U8:
		if (nla_len(attr) == sizeof(uint8_t))
			snprintf(text, size, " %u", nla_get_u8(attr));
		break;
	case NL_ATTR_TYPE_U16:
		if (nla_len(attr) == sizeof(uint16_t))
			snprintf(text, size, " %u", nla_get_u16(attr));
		break;
	case NL_ATTR_TYPE_U32:
		if (nla_len(attr) == sizeof(uint32_t))
			snprintf(text, size, " %" PRIu32, nla_get_u32(attr));
		break;
	case NL_ATTR_TYPE_S32:
		if (nla_len(attr) == sizeof(int32_t))
			snprintf(text, size, " %" PRId32, nla_get_s32(attr));
		break;
	default:
		break;
	}
}

/* What the policy takes. */
static void range_print(struct nlattr *tb[], char *text, size_t size)
{
	struct nlattr *min_s = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_S];
	struct nlattr *max_s = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_S];
	struct nlattr *min_u = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U];
	struct nlattr *max_u = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U];
	struct nlattr *min_len = tb[NL_POLICY_TYPE_ATTR_MIN_LENGTH];
	struct nlattr *max_len = tb[NL_POLICY_TYPE_ATTR_MAX_LENGTH];

	text[0] = '\0';
	if (min_s && max_s)
		snprintf(text, size, ": it may be %" PRId64 " to %" PRId64,
			 (int64_t)nla_get_u64(min_s), (int64_t)nla_get_u64(max_s));
	else if (min_u && max_u)
		snprintf(text, size, ": it may be %" PRIu64 " to %" PRIu64,
			 nla_get_u64(min_u), nla_get_u64(max_u));
	else if (min_len && max_len)
		snprintf(text, size, ": it may have %" PRIu32 " to %" PRIu32
			 " octets", nla_get_u32(min_len), nla_get_u32(max_len));
	else if (max_len)
		snprintf(text, size, ": it may have %" PRIu32 " octets at most",
			 nla_get_u32(max_len));
}

static void describe_policy(struct knts_conn *conn,
			    const struct nlmsghdr *request,
			    const struct place *place, struct nlattr *policy,
			    const char *words)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1] = { NULL };
	uint32_t type = NL_ATTR_TYPE_INVALID;
	char value[32], range[96];

	if (policy &&
	    !nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, policy, NULL) &&
	    tb[NL_POLICY_TYPE_ATTR_TYPE])
		type = nla_get_u32(tb[NL_POLICY_TYPE_ATTR_TYPE]);

	value_print(place->attr, type, value, sizeof(value));
	range_print(tb, range, sizeof(range));
	knts_conn_fail(conn, 0, "%s: %s%s: %s%s",
		       knts_names_operation(request_cmd(request)),
		       place_name(request, place), value, words, range);
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
	struct place place;
	const char *words;

	parse_tlvs(error, tb);
	if (!tb[NLMSGERR_ATTR_MSG]) {
		if (tb[NLMSGERR_ATTR_MISS_TYPE])
			describe_missing(conn, request, tb);
		else
			describe_errno(conn, request, body->error);
		return;
	}

	words = nla_get_string(tb[NLMSGERR_ATTR_MSG]);
	if (tb[NLMSGERR_ATTR_POLICY] && tb[NLMSGERR_ATTR_OFFS] &&
	    place_at(request, nla_get_u32(tb[NLMSGERR_ATTR_OFFS]), &place))
		describe_policy(conn, request, &place, tb[NLMSGERR_ATTR_POLICY],
				words);
	else
		knts_conn_fail(conn, body->error, "%s", words);
}
