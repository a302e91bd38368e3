/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints on a packet's way. Their names and fields are kept as they are,
 * since programs rely on them; new fields come at the end. Addresses are of
 * IPv6, those of IPv4 mapped. Keys, cookies and identifiers are never told.
 *
 * knts_receive: a packet came to a server
 * knts_reply: it was answered; told when the reply has left
 * knts_drop: or it was not
 * knts_departure: the device has told when a reply left
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM knts

#if !defined(KNTS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KNTS_TRACE_H

#include <linux/if.h>
#include <linux/tracepoint.h>

#include "phc.h"
#include "stats.h"
#include "trace_packet.h"

/* Names of verdicts and of stamps' sources, as the counters have them. */
#define KNTS_TRACE_VERDICT(symbol, name, text) TRACE_DEFINE_ENUM(KNTS_##symbol);
KNTS_VERDICTS(KNTS_TRACE_VERDICT)
#undef KNTS_TRACE_VERDICT
TRACE_DEFINE_ENUM(KNTS_VERDICT_COUNT);
TRACE_DEFINE_ENUM(KNTS_STAT_STAMP_HARDWARE);
TRACE_DEFINE_ENUM(KNTS_STAT_STAMP_SOFTWARE);
TRACE_DEFINE_ENUM(KNTS_STAT_STAMP_NOW);
TRACE_DEFINE_ENUM(KNTS_PHC_PLAIN4);
TRACE_DEFINE_ENUM(KNTS_PHC_PLAIN6);
TRACE_DEFINE_ENUM(KNTS_PHC_NTS4);
TRACE_DEFINE_ENUM(KNTS_PHC_NTS6);

#define KNTS_TRACE_NAME(symbol, name, text) { KNTS_##symbol, name },
#define knts_trace_verdict(verdict)                                     \
	__print_symbolic(verdict, KNTS_VERDICTS(KNTS_TRACE_NAME)        \
			 { KNTS_VERDICT_COUNT, "unknown" })

TRACE_EVENT(knts_receive,
	TP_PROTO(const struct sk_buff *skb, unsigned int stamp, u64 receive_ns),
	TP_ARGS(skb, stamp, receive_ns),
	TP_STRUCT__entry(
		__array(u8, client, 16)
		__array(u8, server, 16)
		__field(u16, client_port)
		__field(u16, server_port)
		__field(u16, len)
		__field(u8, stamp)
		__field(u64, receive_ns)
	),
	TP_fast_assign(
		knts_trace_addresses(skb, __entry->client, __entry->server);
		__entry->client_port = ntohs(udp_hdr(skb)->source);
		__entry->server_port = ntohs(udp_hdr(skb)->dest);
		__entry->len = skb->len - sizeof(struct udphdr);
		__entry->stamp = stamp;
		__entry->receive_ns = receive_ns;
	),
	TP_printk("client=%pI6c client_port=%u server=%pI6c server_port=%u len=%u stamp=%s receive_ns=%llu",
		  __entry->client, __entry->client_port, __entry->server,
		  __entry->server_port, __entry->len,
		  __print_symbolic(__entry->stamp,
				   { KNTS_STAT_STAMP_HARDWARE, "stamp-hardware" },
				   { KNTS_STAT_STAMP_SOFTWARE, "stamp-software" },
				   { KNTS_STAT_STAMP_NOW, "stamp-now" }),
		  __entry->receive_ns)
);

TRACE_EVENT(knts_reply,
	TP_PROTO(const struct knts_trace_reply *reply),
	TP_ARGS(reply),
	TP_STRUCT__entry(
		__array(u8, client, 16)
		__field(u16, client_port)
		__field(u16, request_len)
		__field(u16, reply_len)
		__field(u16, aead)
		__field(u8, verdict)
		__field(u8, cookies)
		__field(u8, interleaved)
		__field(u64, receive_ns)
		__field(u64, transmit_ns)
		__field(s64, service_ns)
	),
	TP_fast_assign(
		memcpy(__entry->client, &reply->client, 16);
		__entry->client_port = reply->client_port;
		__entry->request_len = reply->request_len;
		__entry->reply_len = reply->reply_len;
		__entry->aead = reply->aead;
		__entry->verdict = reply->verdict;
		__entry->cookies = reply->cookies;
		__entry->interleaved = reply->interleaved;
		__entry->receive_ns = reply->receive_ns;
		__entry->transmit_ns = reply->transmit_ns;
		__entry->service_ns = reply->transmit_ns - reply->receive_ns;
	),
	TP_printk("client=%pI6c client_port=%u verdict=%s request_len=%u reply_len=%u aead=%u cookies=%u interleaved=%u receive_ns=%llu transmit_ns=%llu service_ns=%lld",
		  __entry->client, __entry->client_port,
		  knts_trace_verdict(__entry->verdict), __entry->request_len,
		  __entry->reply_len, __entry->aead, __entry->cookies,
		  __entry->interleaved, __entry->receive_ns,
		  __entry->transmit_ns, __entry->service_ns)
);

TRACE_EVENT(knts_drop,
	TP_PROTO(const struct sk_buff *skb, enum knts_verdict verdict),
	TP_ARGS(skb, verdict),
	TP_STRUCT__entry(
		__array(u8, client, 16)
		__array(u8, server, 16)
		__field(u16, client_port)
		__field(u16, server_port)
		__field(u16, len)
		__field(u8, verdict)
	),
	TP_fast_assign(
		knts_trace_addresses(skb, __entry->client, __entry->server);
		__entry->client_port = ntohs(udp_hdr(skb)->source);
		__entry->server_port = ntohs(udp_hdr(skb)->dest);
		__entry->len = skb->len - sizeof(struct udphdr);
		__entry->verdict = verdict;
	),
	TP_printk("client=%pI6c client_port=%u server=%pI6c server_port=%u len=%u verdict=%s",
		  __entry->client, __entry->client_port, __entry->server,
		  __entry->server_port, __entry->len,
		  knts_trace_verdict(__entry->verdict))
);

TRACE_EVENT(knts_departure,
	TP_PROTO(const struct knts_phc *phc, enum knts_phc_kind kind,
		 s64 delay_ns, s64 error_ns),
	TP_ARGS(phc, kind, delay_ns, error_ns),
	TP_STRUCT__entry(
		__array(char, device, IFNAMSIZ)
		__field(u8, kind)
		__field(s64, delay_ns)
		__field(s64, error_ns)
	),
	TP_fast_assign(
		memcpy(__entry->device, phc->dev->name, IFNAMSIZ);
		__entry->kind = kind;
		__entry->delay_ns = delay_ns;
		__entry->error_ns = error_ns;
	),
	TP_printk("device=%s kind=%s delay_ns=%lld error_ns=%lld",
		  __entry->device,
		  __print_symbolic(__entry->kind,
				   { KNTS_PHC_PLAIN4, "plain4" },
				   { KNTS_PHC_PLAIN6, "plain6" },
				   { KNTS_PHC_NTS4, "nts4" },
				   { KNTS_PHC_NTS6, "nts6" }),
		  __entry->delay_ns, __entry->error_ns)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
