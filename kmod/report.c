// SPDX-License-Identifier: GPL-2.0-only
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "clients.h"
#include "clock.h"
#include "core/cookie.h"
#include "endpoint.h"
#include "histogram.h"
#include "interleave.h"
#include "keyring.h"
#include "netlink_gen.h"
#include "phc.h"
#include "report.h"
#include "stats.h"

static void *begin(const struct knts_report_target *to)
{
	return genlmsg_put(to->skb, to->portid, to->seq, &knts_nl_family,
			   to->flags, to->cmd);
}

/* Without the padding that would align it: the family has no attribute for it. */
static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put(skb, type, sizeof(value), &value);
}

int knts_report_server(const struct knts_report_target *to,
		       const struct knts_endpoint *endpoint)
{
	const struct knts_address *address = &endpoint->address;
	size_t ip_len = address->family == AF_INET ? sizeof(struct in_addr) :
						     sizeof(struct in6_addr);
	struct sk_buff *skb = to->skb;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	if (nla_put(skb, KNTS_A_SERVER_ADDRESS, ip_len, &address->ip) ||
	    nla_put_u16(skb, KNTS_A_SERVER_PORT, address->port) ||
	    (address->ifindex &&
	     nla_put_string(skb, KNTS_A_SERVER_DEVICE, endpoint->device)) ||
	    nla_put_u32(skb, KNTS_A_SERVER_REQUIRE_NTS,
			endpoint->require_nts) ||
	    nla_put_u8(skb, KNTS_A_SERVER_SERVE_OWN_PORT,
		       endpoint->serve_own_port)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, header);
	return 0;
}

int knts_report_key(const struct knts_report_target *to, const struct knts_key *key,
		    bool active)
{
	struct sk_buff *skb = to->skb;
	u64 opened, sealed;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	knts_keyring_read(key, &opened, &sealed);
	if (nla_put_u32(skb, KNTS_A_KEY_ID, key->id) ||
	    nla_put_u16(skb, KNTS_A_KEY_ALGORITHM,
			KNTS_AEAD_AES_SIV_CMAC_256) ||
	    put_u64(skb, KNTS_A_KEY_CREATED, key->created_s) ||
	    nla_put_u8(skb, KNTS_A_KEY_ACTIVE, active) ||
	    put_u64(skb, KNTS_A_KEY_OPENED, opened) ||
	    put_u64(skb, KNTS_A_KEY_SEALED, sealed)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, header);
	return 0;
}

int knts_report_clock(const struct knts_report_target *to, struct knts_net *knet)
{
	struct sk_buff *skb = to->skb;
	struct knts_clock_state state;
	const struct knts_ntp_header *ntp = &state.header;
	u64 age_ms;
	void *header;

	if (!knts_clock_get(knet, &state, &age_ms))
		return -ENODATA;
	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	if (nla_put_u8(skb, KNTS_A_CLOCK_LEAP, ntp->leap) ||
	    nla_put_u8(skb, KNTS_A_CLOCK_STRATUM, ntp->stratum) ||
	    nla_put_s32(skb, KNTS_A_CLOCK_PRECISION, ntp->precision) ||
	    nla_put_u32(skb, KNTS_A_CLOCK_ROOT_DELAY, ntp->root_delay) ||
	    nla_put_u32(skb, KNTS_A_CLOCK_ROOT_DISPERSION,
			ntp->root_dispersion) ||
	    nla_put_u32(skb, KNTS_A_CLOCK_REFERENCE_ID, ntp->reference_id) ||
	    put_u64(skb, KNTS_A_CLOCK_REFERENCE_TIME, ntp->reference) ||
	    nla_put_u32(skb, KNTS_A_CLOCK_DISPERSION_RATE_PPB,
			state.dispersion_rate_ppb) ||
	    nla_put_u32(skb, KNTS_A_CLOCK_LIFETIME_MS, state.lifetime_ms) ||
	    put_u64(skb, KNTS_A_CLOCK_AGE_MS, age_ms) ||
	    nla_put_u8(skb, KNTS_A_CLOCK_SYNCHRONISED,
		       ntp->leap != KNTS_NTP_LEAP_UNSYNC)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, header);
	return 0;
}

static int put_line(struct sk_buff *skb, const struct knts_line *line)
{
	struct nlattr *nest = nla_nest_start(skb, KNTS_A_PHC_LINE);
	u64 age_ms = div_u64(ktime_get_raw_ns() - line->set_raw_ns,
			     NSEC_PER_MSEC);

	if (!nest ||
	    put_u64(skb, KNTS_A_LINE_PHC_NS, line->phc_ns) ||
	    put_u64(skb, KNTS_A_LINE_RAW_NS, line->raw_ns) ||
	    nla_put_s32(skb, KNTS_A_LINE_RATE_PPT, line->rate_ppt) ||
	    nla_put_u32(skb, KNTS_A_LINE_ERROR_NS, line->error_ns) ||
	    nla_put_u32(skb, KNTS_A_LINE_LIFETIME_MS, line->lifetime_ms) ||
	    put_u64(skb, KNTS_A_LINE_AGE_MS, age_ms))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

int knts_report_phc(const struct knts_report_target *to,
		    const struct knts_net *knet, const struct knts_phc *phc)
{
	const struct knts_phc_setting *setting =
		rcu_dereference_protected(phc->setting,
					  lockdep_is_held(&knet->lock));
	struct knts_phc_departures departures;
	struct sk_buff *skb = to->skb;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	knts_phc_read_departures(phc, &departures);
	if (nla_put_string(skb, KNTS_A_PHC_DEVICE, phc->device) ||
	    nla_put_u32(skb, KNTS_A_PHC_INDEX, setting->index) ||
	    (setting->has_line && put_line(skb, &setting->line)) ||
	    nla_put_s32(skb, KNTS_A_PHC_RX_CORRECTION_NS,
			setting->rx_correction_ns) ||
	    nla_put_s32(skb, KNTS_A_PHC_TX_CORRECTION_NS,
			setting->tx_correction_ns) ||
	    nla_put_u32(skb, KNTS_A_PHC_LINK_SPEED_MBPS,
			setting->link_speed_mbps) ||
	    nla_put_u32(skb, KNTS_A_PHC_DELAY_MAX_NS, setting->delay_max_ns) ||
	    put_u64(skb, KNTS_A_PHC_DEPARTURES, departures.samples) ||
	    nla_put_u32(skb, KNTS_A_PHC_DEPARTURE_DELAY_NS,
			departures.delay_ns) ||
	    nla_put_u32(skb, KNTS_A_PHC_DEPARTURE_ERROR_NS,
			departures.error_ns) ||
	    nla_put_u32(skb, KNTS_A_PHC_DEPARTURE_DEVIATION_NS,
			departures.deviation_ns)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, header);
	return 0;
}

int knts_report_interleave(const struct knts_report_target *to,
			   struct knts_net *knet)
{
	u32 pairs = knts_interleave_get(knet);
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	if (nla_put_u32(to->skb, KNTS_A_INTERLEAVE_PAIRS, pairs) ||
	    put_u64(to->skb, KNTS_A_INTERLEAVE_MEMORY_LEN,
		    (u64)pairs * sizeof(struct knts_pair))) {
		genlmsg_cancel(to->skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(to->skb, header);
	return 0;
}

static int counter_fill(struct sk_buff *skb, const struct knts_net *knet,
			unsigned int stat)
{
	struct nlattr *nest = nla_nest_start(skb, KNTS_A_STATS_COUNTER);

	if (!nest ||
	    nla_put_string(skb, KNTS_A_COUNTER_NAME, knts_stats_name(stat)) ||
	    put_u64(skb, KNTS_A_COUNTER_VALUE, knts_stats_read(knet, stat)))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

int knts_report_stats(const struct knts_report_target *to, struct knts_net *knet)
{
	unsigned int stat;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	for (stat = 0; stat < KNTS_STAT_COUNT; stat++) {
		if (counter_fill(to->skb, knet, stat)) {
			genlmsg_cancel(to->skb, header);
			return -EMSGSIZE;
		}
	}

	genlmsg_end(to->skb, header);
	return 0;
}

static int bucket_fill(struct sk_buff *skb, unsigned int index, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, KNTS_A_HISTOGRAM_BUCKET);

	if (!nest ||
	    put_u64(skb, KNTS_A_BUCKET_FROM_NS, knts_buckets_from(index)) ||
	    put_u64(skb, KNTS_A_BUCKET_BELOW_NS, knts_buckets_from(index + 1)) ||
	    put_u64(skb, KNTS_A_BUCKET_COUNT, count))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

int knts_report_histogram(const struct knts_report_target *to, const char *name,
			  const struct knts_histogram_sum *sum)
{
	struct sk_buff *skb = to->skb;
	unsigned int i;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	if (nla_put_string(skb, KNTS_A_HISTOGRAM_NAME, name) ||
	    put_u64(skb, KNTS_A_HISTOGRAM_COUNT, sum->count) ||
	    put_u64(skb, KNTS_A_HISTOGRAM_SUM_NS, sum->sum_ns))
		goto err_cancel;
	for (i = 0; i < KNTS_BUCKETS; i++)
		if (sum->buckets[i] && bucket_fill(skb, i, sum->buckets[i]))
			goto err_cancel;

	genlmsg_end(skb, header);
	return 0;

err_cancel:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}

static u64 ago_ms(u64 raw_ns, u64 now_raw_ns)
{
	/* A packet may have come since. */
	return div_u64(now_raw_ns - min(raw_ns, now_raw_ns), NSEC_PER_MSEC);
}

int knts_report_client(const struct knts_report_target *to,
		       const struct knts_client *client)
{
	bool is_ip4 = ipv6_addr_v4mapped(&client->address);
	const u64 *events = client->events;
	u64 now_raw_ns = ktime_get_raw_ns();
	struct sk_buff *skb = to->skb;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	if (nla_put(skb, KNTS_A_CLIENT_ADDRESS,
		    is_ip4 ? sizeof(struct in_addr) : sizeof(struct in6_addr),
		    &client->address.s6_addr[is_ip4 ? 12 : 0]) ||
	    put_u64(skb, KNTS_A_CLIENT_PLAIN, events[KNTS_CLIENTS_PLAIN]) ||
	    put_u64(skb, KNTS_A_CLIENT_NTS, events[KNTS_CLIENTS_NTS]) ||
	    put_u64(skb, KNTS_A_CLIENT_KISSES, events[KNTS_CLIENTS_KISS]) ||
	    put_u64(skb, KNTS_A_CLIENT_DROPS, events[KNTS_CLIENTS_DROP]) ||
	    put_u64(skb, KNTS_A_CLIENT_SINCE_MS,
		    ago_ms(client->since_raw_ns, now_raw_ns)) ||
	    put_u64(skb, KNTS_A_CLIENT_AGE_MS,
		    ago_ms(client->last_raw_ns, now_raw_ns))) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, header);
	return 0;
}

int knts_report_clients(const struct knts_report_target *to,
			struct knts_net *knet)
{
	struct knts_clients_state state;
	void *header;

	header = begin(to);
	if (!header)
		return -EMSGSIZE;

	knts_clients_get(knet, &state);
	if (nla_put_u32(to->skb, KNTS_A_CLIENTS_ENTRIES, state.entries) ||
	    put_u64(to->skb, KNTS_A_CLIENTS_MEMORY_LEN, state.memory_len) ||
	    put_u64(to->skb, KNTS_A_CLIENTS_EVICTED, state.evicted)) {
		genlmsg_cancel(to->skb, header);
		return -EMSGSIZE;
	}

	genlmsg_end(to->skb, header);
	return 0;
}

/* Return: false if nobody listens, or there is no memory. */
static bool event_begin(struct knts_report_target *to, const struct knts_net *knet, u8 cmd)
{
	if (!genl_has_listeners(&knts_nl_family, knet->net, KNTS_NLGRP_EVENTS))
		return false;

	*to = (struct knts_report_target){
		.skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL),
		.cmd = cmd,
	};
	return to->skb;
}

static void event_end(const struct knts_report_target *to, const struct knts_net *knet,
		      int err)
{
	if (err) {
		nlmsg_free(to->skb);
		return;
	}
	genlmsg_multicast_netns(&knts_nl_family, knet->net, to->skb, 0,
				KNTS_NLGRP_EVENTS, GFP_KERNEL);
}

void knts_report_server_ntf(const struct knts_endpoint *endpoint, u8 cmd)
{
	struct knts_report_target to;

	if (event_begin(&to, endpoint->knet, cmd))
		event_end(&to, endpoint->knet, knts_report_server(&to, endpoint));
}

void knts_report_key_ntf(struct knts_net *knet, const struct knts_key *key,
			 bool active, u8 cmd)
{
	struct knts_report_target to;

	if (event_begin(&to, knet, cmd))
		event_end(&to, knet, knts_report_key(&to, key, active));
}

void knts_report_clock_ntf(struct knts_net *knet)
{
	struct knts_report_target to;

	if (event_begin(&to, knet, KNTS_CMD_CLOCK_CHANGE_NTF))
		event_end(&to, knet, knts_report_clock(&to, knet));
}
