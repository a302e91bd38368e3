/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink family tells: the same messages as replies, in dumps and as
 * events. Events are built only if somebody listens; one that is lost is lost,
 * listeners then read the state anew.
 */
#ifndef KNTS_REPORT_H
#define KNTS_REPORT_H

#include <linux/knts.h>

#include "knts.h"

struct knts_client;
struct knts_endpoint;
struct knts_histogram_sum;
struct knts_key;
struct knts_phc;
struct sk_buff;

/**
 * struct knts_report_target - where a message goes
 * @skb: it is appended here
 * @portid: who asked, 0 for an event
 * @seq: sequence number of the request, 0 for an event
 * @flags: NLM_F_...
 * @cmd: KNTS_CMD_...
 */
struct knts_report_target {
	struct sk_buff *skb;
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

/**
 * knts_report_server() - append a server
 * @to: the message
 * @endpoint: the server
 *
 * Context: process, knts_net.lock held.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_server(const struct knts_report_target *to,
		       const struct knts_endpoint *endpoint);

/**
 * knts_report_key() - append a key, without its secret
 * @to: the message
 * @key: the key
 * @active: whether it seals
 *
 * Context: process, knts_net.lock held.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_key(const struct knts_report_target *to,
		    const struct knts_key *key, bool active);

/**
 * knts_report_clock() - append the clock state as replies give it now
 * @to: the message
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 * Return: 0, -EMSGSIZE, or -ENODATA if there is none.
 */
int knts_report_clock(const struct knts_report_target *to,
		      struct knts_net *knet);

/**
 * knts_report_phc() - append a device that timestamps
 * @to: the message
 * @knet: namespace
 * @phc: the device
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_phc(const struct knts_report_target *to,
		    const struct knts_net *knet, const struct knts_phc *phc);

/**
 * knts_report_interleave() - append how interleaved mode is set
 * @to: the message
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_interleave(const struct knts_report_target *to,
			   struct knts_net *knet);

/**
 * knts_report_histogram() - append a histogram
 * @to: the message
 * @name: what is measured
 * @sum: the histogram
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_histogram(const struct knts_report_target *to, const char *name,
			  const struct knts_histogram_sum *sum);

/**
 * knts_report_client() - append a client
 * @to: the message
 * @client: the client
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_client(const struct knts_report_target *to,
		       const struct knts_client *client);

/**
 * knts_report_clients() - append how many clients are kept
 * @to: the message
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_clients(const struct knts_report_target *to,
			struct knts_net *knet);

/**
 * knts_report_stats() - append all counters
 * @to: the message
 * @knet: namespace
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int knts_report_stats(const struct knts_report_target *to,
		      struct knts_net *knet);

/**
 * knts_report_server_ntf() - a server was opened or closed
 * @endpoint: the server
 * @cmd: KNTS_CMD_SERVER_UP_NTF or KNTS_CMD_SERVER_DOWN_NTF
 *
 * Context: process, knts_net.lock held.
 */
void knts_report_server_ntf(const struct knts_endpoint *endpoint, u8 cmd);

/**
 * knts_report_key_ntf() - a key came, became active or left
 * @knet: namespace
 * @key: the key; its secret is not looked at
 * @active: it seals new cookies
 * @cmd: KNTS_CMD_KEY_ADD_NTF, KNTS_CMD_KEY_ACTIVATE_NTF or KNTS_CMD_KEY_DEL_NTF
 *
 * Context: process, @knet->lock held.
 */
void knts_report_key_ntf(struct knts_net *knet, const struct knts_key *key,
			 bool active, u8 cmd);

/**
 * knts_report_clock_ntf() - replies have become synchronised, or the opposite
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 */
void knts_report_clock_ntf(struct knts_net *knet);

#endif
