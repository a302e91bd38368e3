// SPDX-License-Identifier: GPL-2.0-only
#include <linux/skbuff.h>

#include "drop.h"

/* D(verdict, its function's name after knts_drop_, the kernel's nearest reason) */
#define DROPS(D)                                                \
	D(DROP_NTS_REQUIRED, nts_required, SOCKET_FILTER)       \
	D(DROP_SOURCE, source, IP_INADDRERRORS)                 \
	D(DROP_OWN_PORT, own_port, SOCKET_FILTER)               \
	D(DROP_SHORT, short, PKT_TOO_SMALL)                     \
	D(DROP_LONG, long, PKT_TOO_BIG)                         \
	D(DROP_VERSION, version, UNHANDLED_PROTO)               \
	D(DROP_MODE, mode, UNHANDLED_PROTO)                     \
	D(DROP_LENGTH, length, HDR_TRUNC)                       \
	D(DROP_MAC, mac, UNHANDLED_PROTO)                       \
	D(DROP_FIELD, field, HDR_TRUNC)                         \
	D(DROP_UID_SHORT, uid_short, INVALID_PROTO)             \
	D(DROP_UID_TWICE, uid_twice, INVALID_PROTO)             \
	D(DROP_NO_UID, no_uid, INVALID_PROTO)                   \
	D(DROP_COOKIE_TWICE, cookie_twice, INVALID_PROTO)       \
	D(DROP_NO_COOKIE, no_cookie, INVALID_PROTO)             \
	D(DROP_NO_AUTH, no_auth, INVALID_PROTO)                 \
	D(DROP_AUTH_LENGTH, auth_length, HDR_TRUNC)             \
	D(DROP_AUTH_PADDING, auth_padding, HDR_TRUNC)           \
	D(DROP_PLAINTEXT, plaintext, HDR_TRUNC)                 \
	D(DROP_NO_MEMORY, no_memory, NOMEM)                     \
	D(DROP_NO_ROUTE, no_route, IP_OUTNOROUTES)              \
	D(DROP_DEAD, dead, NO_SOCKET)

/*
 * A tail call would put the caller's name in the place of its own, and functions
 * that do the same would become one: hence the line that is none, of each its
 * own, behind the call.
 */
#define DROP_FUNCTION(verdict, name, reason)                            \
static noinline void knts_drop_##name(struct sk_buff *skb)              \
{                                                                       \
	kfree_skb_reason(skb, SKB_DROP_REASON_##reason);                \
	asm volatile("# " #name);                                       \
}

DROPS(DROP_FUNCTION)

static void (*const drops[])(struct sk_buff *skb) = {
#define DROP_ENTRY(verdict, name, reason)                               \
	[KNTS_##verdict - KNTS_DROP_NTS_REQUIRED] = knts_drop_##name,
	DROPS(DROP_ENTRY)
};

enum {
#define DROP_NUMBER(verdict, name, reason) NUMBER_OF_##verdict,
	DROPS(DROP_NUMBER)
	DROPS_COUNT,
};

/* None of them is missing. */
static_assert(KNTS_VERDICT_COUNT - KNTS_DROP_NTS_REQUIRED == DROPS_COUNT);

void knts_drop_skb(struct sk_buff *skb, enum knts_verdict verdict)
{
	drops[verdict - KNTS_DROP_NTS_REQUIRED](skb);
}
