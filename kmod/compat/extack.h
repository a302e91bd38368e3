/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals that name a value.
 *
 * NL_SET_ERR_MSG_ATTR_FMT() is not in 6.1. There the sentence stands without
 * the value, and points at the attribute that bears it. Goes with 6.1.
 */
#ifndef KNTS_COMPAT_EXTACK_H
#define KNTS_COMPAT_EXTACK_H

#include <linux/netlink.h>

/*
 * @text is a literal that makes a sentence without @fmt, too. The kernel logs
 * what is longer than 79 characters.
 */
#ifdef NL_SET_ERR_MSG_ATTR_FMT
#define knts_compat_refuse(extack, attr, text, fmt, ...) \
	NL_SET_ERR_MSG_ATTR_FMT(extack, attr, text fmt, __VA_ARGS__)
#else
#define knts_compat_refuse(extack, attr, text, fmt, ...)                 \
	do {                                                             \
		NL_SET_ERR_MSG_ATTR(extack, attr, text);                 \
		if (0)                                                   \
			no_printk(fmt, __VA_ARGS__);                     \
	} while (0)
#endif

#endif
