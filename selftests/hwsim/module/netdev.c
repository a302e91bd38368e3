// SPDX-License-Identifier: GPL-2.0-only
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/net_tstamp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "compat.h"
#include "hwsim.h"

/* What a frame takes on the wire beside itself: preamble and gap. */
#define PREAMBLE_GAP_LEN 20

/* The UDP header of a frame, and its offset; NULL if there is none. */
static const struct udphdr *find_udp(const struct sk_buff *skb, int *offset,
				     struct udphdr *udp)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	int off = sizeof(*eth);
	__be16 protocol = eth->h_proto;
	struct ipv6hdr ip6;
	struct iphdr ip4;

	if (protocol == htons(ETH_P_8021Q)) {
		protocol = ((const struct vlan_ethhdr *)eth)
				   ->h_vlan_encapsulated_proto;
		off = sizeof(struct vlan_ethhdr);
	}
	if (protocol == htons(ETH_P_IP)) {
		if (skb_copy_bits(skb, off, &ip4, sizeof(ip4)) ||
		    ip4.protocol != IPPROTO_UDP ||
		    ip_is_fragment(&ip4))
			return NULL;
		off += ip4.ihl * 4;
	} else if (protocol == htons(ETH_P_IPV6)) {
		if (skb_copy_bits(skb, off, &ip6, sizeof(ip6)) ||
		    ip6.nexthdr != IPPROTO_UDP)
			return NULL;
		off += sizeof(ip6);
	} else {
		return NULL;
	}

	*offset = off;
	return skb_copy_bits(skb, off, udp, sizeof(*udp)) ? NULL : udp;
}

/* When the frame leaves, and how long it takes: one after the other. */
static void leave(struct hwsim *sim, struct hwsim_record *record, s64 raw_ns)
{
	s64 mbps = hwsim_knob(sim, HWSIM_LINK_MBPS);
	u32 len = max_t(u32, record->frame_len, ETH_ZLEN) + ETH_FCS_LEN;
	s64 departure_ns = raw_ns + hwsim_knob(sim, HWSIM_TX_DELAY_NS);

	if (mbps) {
		record->serial_ns = len * 8000 / (u32)mbps;
		spin_lock_bh(&sim->wire_lock);
		departure_ns = max(departure_ns, sim->wire_free_raw_ns);
		sim->wire_free_raw_ns = departure_ns +
			(len + PREAMBLE_GAP_LEN) * 8000 / (u32)mbps;
		spin_unlock_bh(&sim->wire_lock);
	}

	record->departure_raw_ns = departure_ns;
	record->arrival_raw_ns = departure_ns +
				 hwsim_knob(sim, HWSIM_WIRE_DELAY_NS);
}

static void record_start(struct hwsim *sim, struct hwsim_record *record,
			 const struct sk_buff *skb,
			 const struct system_time_snapshot *now)
{
	s64 raw_ns = ktime_to_ns(now->raw);
	s64 real_to_raw_ns = ktime_to_ns(now->real) - raw_ns;

	*record = (struct hwsim_record){
		.clock_set_seq = now->clock_was_set_seq,
		.frame_len = skb->len,
		.sender = sim->index,
		.tx_queue = skb_get_queue_mapping(skb),
		.tx_cpu = raw_smp_processor_id(),
	};
	leave(sim, record, raw_ns);
	record->departure_real_ns = record->departure_raw_ns + real_to_raw_ns;
	record->arrival_real_ns = record->arrival_raw_ns + real_to_raw_ns;
}

static void record_udp(struct hwsim_record *record, const struct sk_buff *skb,
		       const struct udphdr *udp, int off)
{
	u32 len = skb->len - off - sizeof(*udp);

	record->source_port = ntohs(udp->source);
	record->dest_port = ntohs(udp->dest);
	record->payload_len = len;
	skb_copy_bits(skb, off + sizeof(*udp), record->payload,
		      min_t(u32, len, HWSIM_PAYLOAD_LEN));
}

/* As a frame comes from a device: in memory of its own, with nothing known. */
static struct sk_buff *copy_frame(struct net_device *dev,
				  const struct sk_buff *skb)
{
	struct sk_buff *copy = netdev_alloc_skb_ip_align(dev, skb->len);

	if (!copy)
		return NULL;

	skb_copy_bits(skb, 0, skb_put(copy, skb->len), skb->len);
	copy->protocol = eth_type_trans(copy, dev);
	skb_reset_network_header(copy);
	return copy;
}

/* One frame: leaves at a known moment, and reaches the peer at another. */
static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct hwsim *sim = netdev_priv(dev);
	struct system_time_snapshot now;
	struct hwsim_record record;
	const struct udphdr *udp;
	struct hwsim_queue *queue;
	struct udphdr udp_header;
	struct sk_buff *copy;
	bool stamped;
	int off;

	/*
	 * The kernel's timestamp comes before the frame leaves, however long an
	 * interrupt takes in between. What only some frames need comes after: it
	 * would make those leave later.
	 */
	skb_tx_timestamp(skb);
	ktime_get_snapshot(&now);
	record_start(sim, &record, skb, &now);
	udp = find_udp(skb, &off, &udp_header);
	if (udp)
		record_udp(&record, skb, udp, off);
	stamped = hwsim_stamps_transmit(sim, skb, &record);
	DEV_STATS_INC(dev, tx_packets);

	copy = copy_frame(sim->peer->dev, skb);
	if (!copy) {
		DEV_STATS_INC(dev, tx_dropped);
		goto out_sent;
	}
	queue = hwsim_receive_queue(sim->peer, copy);
	record.rx_queue = queue - sim->peer->queues;
	record.rx_cpu = queue->cpu;
	hwsim_stamps_receive(sim->peer, copy, &record);
	if (udp)
		hwsim_truth_write(&record);
	hwsim_receive_frame(queue, copy, record.arrival_raw_ns);

out_sent:
	if (stamped)
		hwsim_stamps_sent(sim, skb, &record);
	else
		dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static u16 select_queue(struct net_device *dev, struct sk_buff *skb,
			struct net_device *sb_dev)
{
	return raw_smp_processor_id() % dev->real_num_tx_queues;
}

static int open(struct net_device *dev)
{
	hwsim_receive_open(netdev_priv(dev));
	netif_tx_start_all_queues(dev);
	return 0;
}

static int stop(struct net_device *dev)
{
	struct hwsim *sim = netdev_priv(dev);

	netif_tx_disable(dev);
	hwsim_receive_stop(sim);
	hwsim_stamps_stop(sim);
	return 0;
}

static int hwtstamp_change(struct hwsim *sim, int tx_type, int rx_filter)
{
	if (tx_type != HWTSTAMP_TX_OFF && tx_type != HWTSTAMP_TX_ON)
		return -ERANGE;
	if (!(hwsim_knob(sim, HWSIM_RX_FILTERS) & BIT_ULL(rx_filter)))
		return -ERANGE;

	WRITE_ONCE(sim->tx_type, tx_type);
	WRITE_ONCE(sim->rx_filter, rx_filter);
	return 0;
}

/* 6.6 brought these, and the ioctl is on its way out. */
#ifdef HWSIM_HAS_NDO_HWTSTAMP
static int hwtstamp_get(struct net_device *dev,
			struct kernel_hwtstamp_config *config)
{
	const struct hwsim *sim = netdev_priv(dev);

	config->flags = 0;
	config->tx_type = sim->tx_type;
	config->rx_filter = sim->rx_filter;
	return 0;
}

static int hwtstamp_set(struct net_device *dev,
			struct kernel_hwtstamp_config *config,
			struct netlink_ext_ack *extack)
{
	return hwtstamp_change(netdev_priv(dev), config->tx_type,
			       config->rx_filter);
}
#else
static int eth_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct hwsim *sim = netdev_priv(dev);
	struct hwtstamp_config config = {
		.tx_type = sim->tx_type,
		.rx_filter = sim->rx_filter,
	};
	int err;

	if (cmd == SIOCSHWTSTAMP) {
		if (copy_from_user(&config, ifr->ifr_data, sizeof(config)))
			return -EFAULT;
		err = hwtstamp_change(sim, config.tx_type, config.rx_filter);
		if (err)
			return err;
	} else if (cmd != SIOCGHWTSTAMP) {
		return -EOPNOTSUPP;
	}

	return copy_to_user(ifr->ifr_data, &config, sizeof(config)) ? -EFAULT :
								      0;
}
#endif

static const struct net_device_ops netdev_ops = {
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = start_xmit,
	.ndo_select_queue = select_queue,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
#ifdef HWSIM_HAS_NDO_HWTSTAMP
	.ndo_hwtstamp_get = hwtstamp_get,
	.ndo_hwtstamp_set = hwtstamp_set,
#else
	.ndo_eth_ioctl = eth_ioctl,
#endif
};

static int get_ts_info(struct net_device *dev, struct hwsim_compat_ts_info *info)
{
	struct hwsim *sim = netdev_priv(dev);

	info->so_timestamping = SOF_TIMESTAMPING_TX_SOFTWARE |
				SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE |
				SOF_TIMESTAMPING_TX_HARDWARE |
				SOF_TIMESTAMPING_RX_HARDWARE |
				SOF_TIMESTAMPING_RAW_HARDWARE;
	info->phc_index = ptp_clock_index(sim->phc.ptp);
	info->tx_types = BIT(HWTSTAMP_TX_OFF) | BIT(HWTSTAMP_TX_ON);
	info->rx_filters = hwsim_knob(sim, HWSIM_RX_FILTERS);
	return 0;
}

static int get_link_ksettings(struct net_device *dev,
			      struct ethtool_link_ksettings *settings)
{
	s64 mbps = hwsim_knob(netdev_priv(dev), HWSIM_LINK_MBPS);

	settings->base.speed = mbps ? mbps : SPEED_UNKNOWN;
	settings->base.duplex = DUPLEX_FULL;
	settings->base.port = PORT_OTHER;
	settings->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static const struct ethtool_ops ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.get_ts_info = get_ts_info,
};

struct net_device *hwsim_netdev_alloc(unsigned int index, unsigned int queues)
{
	struct net_device *dev = alloc_etherdev_mq(sizeof(struct hwsim), queues);
	struct hwsim *sim;

	if (!dev)
		return NULL;

	sim = netdev_priv(dev);
	sim->dev = dev;
	sim->index = index;
	spin_lock_init(&sim->wire_lock);
	snprintf(dev->name, sizeof(dev->name), "hwsim%u", index);
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &ethtool_ops;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	eth_hw_addr_random(dev);
	return dev;
}

int hwsim_netdev_register(struct hwsim *sim)
{
	return register_netdev(sim->dev);
}

void hwsim_netdev_unregister(struct hwsim *sim)
{
	unregister_netdev(sim->dev);
}
