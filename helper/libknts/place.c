// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a refusal is about: a place in the request, named with its value.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libknts/place.h"

/* Look for the attribute that begins at @target, at most one level down. */
static bool search(const struct nlattr *attrs, int len, const char *target,
		   struct knts_place *place)
{
	const struct nlattr *attr;
	const char *begin;
	int rest;

	nla_for_each_attr(attr, attrs, len, rest) {
		begin = (const char *)attr;
		if (begin == target) {
			place->attr = attr;
			return true;
		}
		if (place->nested || !(attr->nla_type & NLA_F_NESTED) ||
		    target < begin || target >= begin + attr->nla_len)
			continue;
		place->nested = true;
		return search(nla_data(attr), nla_len(attr), target, place);
	}
	return false;
}

bool knts_place_find(const struct nlmsghdr *request, uint32_t offset,
		     struct knts_place *place)
{
	struct genlmsghdr *genl = nlmsg_data(request);

	if (offset >= request->nlmsg_len)
		return false;
	place->cmd = genl->cmd;
	place->nested = false;
	return search(genlmsg_attrdata(genl, 0), genlmsg_attrlen(genl, 0),
		      (const char *)request + offset, place);
}

static bool is_server(const struct knts_place *place)
{
	return place->cmd == KNTS_CMD_SERVER_ADD ||
	       place->cmd == KNTS_CMD_SERVER_SET ||
	       place->cmd == KNTS_CMD_SERVER_DEL;
}

static bool is_key(const struct knts_place *place)
{
	return place->cmd == KNTS_CMD_RING_SET && !place->nested &&
	       nla_type(place->attr) == KNTS_A_RING_KEY;
}

static bool is_phc(const struct knts_place *place)
{
	return place->cmd == KNTS_CMD_PHC_SET || place->cmd == KNTS_CMD_PHC_DEL;
}

static bool is_device(const struct knts_place *place)
{
	int type = nla_type(place->attr);

	if (place->nested)
		return false;
	return (is_server(place) && type == KNTS_A_SERVER_DEVICE) ||
	       (is_phc(place) && type == KNTS_A_PHC_DEVICE);
}

static bool is_signed(const struct knts_place *place)
{
	int type = nla_type(place->attr);

	if (is_phc(place))
		return place->nested ? type == KNTS_A_LINE_RATE_PPT :
				       type == KNTS_A_PHC_RX_CORRECTION_NS ||
				       type == KNTS_A_PHC_TX_CORRECTION_NS;
	return place->cmd == KNTS_CMD_CLOCK_SET &&
	       type == KNTS_A_CLOCK_PRECISION;
}

static bool is_secret(const struct knts_place *place)
{
	return place->cmd == KNTS_CMD_RING_SET && place->nested &&
	       nla_type(place->attr) == KNTS_A_KEY_SECRET;
}

/* A server is complained about by its address, a key by its nest. */
static bool names_server(const struct knts_place *place)
{
	int len = nla_len(place->attr);

	return is_server(place) &&
	       nla_type(place->attr) == KNTS_A_SERVER_ADDRESS &&
	       (len == 4 || len == 16);
}

const char *knts_place_name(const struct knts_place *place)
{
	if (names_server(place))
		return "server";
	return knts_names_attribute(place->cmd, place->nested,
				    nla_type(place->attr));
}

static void print_server(const struct nlmsghdr *request, char *value)
{
	struct genlmsghdr *genl = nlmsg_data(request);
	struct knts_server server = { 0 };

	if (!knts_server_parse(genlmsg_attrdata(genl, 0),
			       genlmsg_attrlen(genl, 0), &server))
		knts_server_format(&server, value, KNTS_PLACE_SIZE);
}

static void print_key(const struct nlattr *nest, char *value)
{
	const struct nlattr *id;

	id = nla_find(nla_data(nest), nla_len(nest), KNTS_A_KEY_ID);
	if (id && nla_len(id) == sizeof(uint32_t))
		snprintf(value, KNTS_PLACE_SIZE, "%08" PRIx32, nla_get_u32(id));
}

static void print_number(const struct nlattr *attr, bool negative, char *value)
{
	switch (nla_len(attr)) {
	case sizeof(uint8_t):
		snprintf(value, KNTS_PLACE_SIZE, "%u", nla_get_u8(attr));
		break;
	case sizeof(uint16_t):
		snprintf(value, KNTS_PLACE_SIZE, "%u", nla_get_u16(attr));
		break;
	case sizeof(uint32_t):
		snprintf(value, KNTS_PLACE_SIZE, "%" PRId64,
			 negative ? nla_get_s32(attr) :
				    (int64_t)nla_get_u32(attr));
		break;
	case sizeof(uint64_t):
		snprintf(value, KNTS_PLACE_SIZE, "%" PRIu64, nla_get_u64(attr));
		break;
	}
}

void knts_place_value(const struct nlmsghdr *request,
		      const struct knts_place *place, char *value)
{
	const struct nlattr *attr = place->attr;

	value[0] = '\0';
	if (names_server(place))
		print_server(request, value);
	else if (is_key(place))
		print_key(attr, value);
	else if (is_device(place))
		snprintf(value, KNTS_PLACE_SIZE, "%.*s", nla_len(attr),
			 (const char *)nla_data(attr));
	else if (!is_secret(place))
		print_number(attr, is_signed(place), value);
}
