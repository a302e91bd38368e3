// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>

#include <linux/knts.h>

#include "nlraw.h"
#include "rig.h"
#include "test.h"

#define SEQUENCE 1

static void note_sentence(struct nlraw *nl, struct nlmsghdr *header)
{
	struct nlmsgerr *error = nlmsg_data(header);
	size_t skip = sizeof(*error);
	struct nlattr *words;

	nl->sentence[0] = '\0';
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - NLMSG_HDRLEN;
	words = nla_find((struct nlattr *)((char *)error + skip),
			 (int)(header->nlmsg_len - NLMSG_HDRLEN - skip),
			 NLMSGERR_ATTR_MSG);
	if (words)
		nla_strlcpy(nl->sentence, words, sizeof(nl->sentence));
}

/* Return: 1 to read on, 0 or -errno at the end. */
static int take(struct nlraw *nl, struct nlmsghdr *header)
{
	if (header->nlmsg_type == NLMSG_DONE)
		return *(int *)nlmsg_data(header);
	if (header->nlmsg_type != NLMSG_ERROR)
		return 1;
	note_sentence(nl, header);
	return ((struct nlmsgerr *)nlmsg_data(header))->error;
}

static int receive(struct nlraw *nl)
{
	uint8_t *at = nl->got + nl->got_len;
	ssize_t len = recv(nl->fd, at, sizeof(nl->got) - nl->got_len, 0);
	struct nlmsghdr *header = (struct nlmsghdr *)at;
	int left = (int)len, result;

	if (len < 0)
		fail_msg("netlink: %s", strerror(errno));
	nl->got_len += NLMSG_ALIGN((size_t)len);
	assert_true(nl->got_len < sizeof(nl->got));
	for (; nlmsg_ok(header, left); header = nlmsg_next(header, &left)) {
		result = take(nl, header);
		if (result <= 0)
			return result;
	}
	return 1;
}

int nlraw_talk(struct nlraw *nl, struct nl_msg *msg)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	int result;

	nl->got_len = 0;
	if (send(nl->fd, header, header->nlmsg_len, 0) < 0)
		fail_msg("netlink: %s", strerror(errno));
	nlmsg_free(msg);
	do {
		result = receive(nl);
	} while (result > 0);
	return result;
}

struct nl_msg *nlraw_message(const struct nlraw *nl, int cmd, bool dump)
{
	struct genlmsghdr genl = { .cmd = (uint8_t)cmd,
				   .version = KNTS_FAMILY_VERSION };
	int flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	struct nl_msg *msg = nlmsg_alloc_size(16384);

	assert_non_null(msg);
	nlmsg_put(msg, 0, SEQUENCE, nl->family, 0, flags);
	assert_int_equal(nlmsg_append(msg, &genl, sizeof(genl), NLMSG_ALIGNTO), 0);
	return msg;
}

static void find_family(struct nlraw *nl)
{
	struct nlmsghdr *header;
	struct nlattr *id;
	struct nl_msg *msg;

	nl->family = GENL_ID_CTRL;
	msg = nlraw_message(nl, CTRL_CMD_GETFAMILY, false);
	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, KNTS_FAMILY_NAME);
	if (nlraw_talk(nl, msg))
		fail_msg("the kernel has no family " KNTS_FAMILY_NAME);
	header = (struct nlmsghdr *)nl->got;
	id = nlmsg_find_attr(header, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	assert_non_null(id);
	nl->family = nla_get_u16(id);
}

void nlraw_open(struct nlraw *nl, const char *netns)
{
	int on = 1;

	nl->fd = rig_socket(netns, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	assert_int_equal(setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on,
				    sizeof(on)), 0);
	find_family(nl);
}

void nlraw_close(struct nlraw *nl)
{
	close(nl->fd);
}
