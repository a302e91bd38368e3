/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink messages that libknts would not send, and all that comes back.
 */
#ifndef KNTS_SELFTESTS_GUEST_NLRAW_H
#define KNTS_SELFTESTS_GUEST_NLRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netlink/msg.h>

/**
 * struct nlraw - a generic netlink socket and what it got last
 * @fd: the socket, for whoever polls it
 * @family: id of the family
 * @sentence: the kernel's words, "" if it had none
 * @got: everything that came back, octet for octet
 * @got_len: its length
 */
struct nlraw {
	int fd;
	int family;
	char sentence[256];
	uint8_t got[65536];
	size_t got_len;
};

/** nlraw_open() - for the family knts, in a network namespace by name */
void nlraw_open(struct nlraw *nl, const char *netns);

void nlraw_close(struct nlraw *nl);

/** nlraw_message() - begin a message of the family; to be freed by nlraw_talk() */
struct nl_msg *nlraw_message(const struct nlraw *nl, int cmd, bool dump);

/**
 * nlraw_talk() - send it and read the answer to its end
 *
 * Return: 0 or -errno, as the kernel says.
 */
int nlraw_talk(struct nlraw *nl, struct nl_msg *msg);

#endif
