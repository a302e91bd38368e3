/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of one packet, from the socket that got it to its reply.
 */
#ifndef KNTS_RESPOND_H
#define KNTS_RESPOND_H

struct sk_buff;
struct sock;

/**
 * knts_respond_rcv() - answer a packet or drop it
 * @sk: a server's socket, whose user data is its struct knts_endpoint, or NULL
 *	while it is closed
 * @skb: the packet, from its UDP header; taken
 *
 * The encap_rcv of every server. Every packet moves one counter of enum
 * knts_verdict by one.
 *
 * Context: softirqs disabled, RCU read-side section.
 * Return: 0.
 */
int knts_respond_rcv(struct sock *sk, struct sk_buff *skb);

int knts_respond_init(void);
void knts_respond_exit(void);

#endif
