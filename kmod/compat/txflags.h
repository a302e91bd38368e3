/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flag of an skb that asks the device for a transmit timestamp.
 *
 * From 6.15 on SKBTX_HW_TSTAMP is a macro for two flags, one of which means that
 * a BPF program asks. Goes with 6.14.
 */
#ifndef KNTS_COMPAT_TXFLAGS_H
#define KNTS_COMPAT_TXFLAGS_H

#include <linux/skbuff.h>

#ifdef SKBTX_HW_TSTAMP
#define KNTS_COMPAT_TX_HW_TSTAMP SKBTX_HW_TSTAMP_NOBPF
#else
#define KNTS_COMPAT_TX_HW_TSTAMP SKBTX_HW_TSTAMP
#endif

#endif
