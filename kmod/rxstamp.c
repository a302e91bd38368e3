// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "rxstamp.h"

/* Software timestamps are made so long before a packet is here, at most. */
#define SOFTWARE_AGE_MAX_NS NSEC_PER_SEC
/*
 * So long after a step of CLOCK_REALTIME was seen, there may still be packets
 * whose software timestamp is from before it.
 */
#define STEP_SHADOW_NS (10 * NSEC_PER_MSEC)

/**
 * struct era - when a CPU saw CLOCK_REALTIME stepped last
 * @era: of the last packet
 * @since_raw_ns: its beginning, in CLOCK_MONOTONIC_RAW
 */
struct era {
	u32 era;
	u64 since_raw_ns;
};

static DEFINE_PER_CPU(struct era, eras);

/* Is no packet that comes now from before a step? */
static bool is_settled(const struct knts_now *now)
{
	struct era *era = this_cpu_ptr(&eras);

	if (era->era != now->era) {
		era->era = now->era;
		era->since_raw_ns = now->raw_ns;
	}
	return now->raw_ns - era->since_raw_ns >= STEP_SHADOW_NS;
}

/* Return: how long ago the stack stamped a packet, or -1 if that is not known. */
static s64 software_age_ns(struct sk_buff *skb, const struct knts_now *now)
{
	u64 age_ns = now->real_ns - ktime_to_ns(skb->tstamp);

	/* Another clock's time, or one before a step, lies far outside. */
	return is_settled(now) && age_ns < SOFTWARE_AGE_MAX_NS ? age_ns : -1;
}

/*
 * As the kernel's own socket code has it. Some drivers leave a pointer in the
 * packet that only they can read.
 */
static u64 hardware_ns(struct sk_buff *skb, const struct knts_phc *phc)
{
	const struct skb_shared_hwtstamps *stamps = skb_hwtstamps(skb);

	if (!(skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP_NETDEV))
		return ktime_to_ns(stamps->hwtstamp);
	return phc ? ktime_to_ns(netdev_get_tstamp(phc->dev, stamps, false)) : 0;
}

/* From a frame's start, where devices stamp it, to its end. */
static u64 frame_ns(struct sk_buff *skb, u32 link_speed_mbps)
{
	unsigned int len = skb->len + ETH_FCS_LEN;

	if (!link_speed_mbps)
		return 0;

	len += skb->data - skb_mac_header(skb);
	if (is_vlan_dev(skb->dev))
		len += VLAN_HLEN;
	return div_u64((u64)max_t(unsigned int, len, ETH_ZLEN + ETH_FCS_LEN) *
		       BITS_PER_BYTE * 1000, link_speed_mbps);
}

/* Return: false if the device has no timestamp that can be trusted. */
static bool read_hardware(struct knts_rxstamp *stamp, struct knts_net *knet,
			  struct sk_buff *skb, const struct knts_phc *phc,
			  const struct knts_phc_setting *setting,
			  const struct knts_now *now, u64 software_raw_ns)
{
	u64 phc_ns = hardware_ns(skb, phc);
	s64 delay_ns, error_ns;
	u64 raw_ns;

	if (!phc_ns)
		return false;
	if (!setting) {
		knts_stats_count(knet, KNTS_STAT_STAMP_NO_LINE);
		return false;
	}

	raw_ns = knts_line_raw(&setting->line, phc_ns);
	delay_ns = software_raw_ns - raw_ns;
	error_ns = setting->line.error_ns;
	if (delay_ns < -error_ns ||
	    delay_ns > error_ns + setting->delay_max_ns) {
		knts_stats_count(knet, KNTS_STAT_STAMP_DISTRUSTED);
		return false;
	}

	raw_ns += setting->rx_correction_ns;
	raw_ns += frame_ns(skb, setting->link_speed_mbps);
	stamp->real_ns = now->real_ns - (now->raw_ns - raw_ns);
	stamp->source = KNTS_STAT_STAMP_HARDWARE;
	return true;
}

void knts_rxstamp_read(struct knts_rxstamp *stamp, struct knts_net *knet,
		       struct sk_buff *skb, const struct knts_phc *phc,
		       const struct knts_phc_setting *setting,
		       const struct knts_now *now)
{
	s64 age_ns = software_age_ns(skb, now);
	u64 software_raw_ns = now->raw_ns - max_t(s64, age_ns, 0);

	if (!read_hardware(stamp, knet, skb, phc, setting, now,
			   software_raw_ns)) {
		stamp->real_ns = now->real_ns - max_t(s64, age_ns, 0);
		stamp->source = age_ns < 0 ? KNTS_STAT_STAMP_NOW :
					     KNTS_STAT_STAMP_SOFTWARE;
	}
	knts_stats_count(knet, stamp->source);
}

/* Nothing was stepped before the module came. */
void knts_rxstamp_init(void)
{
	struct knts_now now;
	int cpu;

	knts_clock_now(&now);
	for_each_possible_cpu(cpu) {
		struct era *era = per_cpu_ptr(&eras, cpu);

		era->era = now.era;
		era->since_raw_ns = 0;
	}
}
