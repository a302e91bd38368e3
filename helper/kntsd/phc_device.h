/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says of a network device that makes timestamps, and turning
 * them on.
 */
#ifndef KNTSD_PHC_DEVICE_H
#define KNTSD_PHC_DEVICE_H

#include "config.h"

/**
 * struct phc_stamping - how a device makes timestamps
 * @settled: it was set up as @wanted, and that is what came of it
 * @wanted: the configuration's filter
 * @phc_index: its PHC's number
 * @rx_filter: which packets get a receive timestamp, HWTSTAMP_FILTER_*
 * @tx_type: which get one on transmit, HWTSTAMP_TX_*
 * @kept: it was found as it is, nothing was turned on
 */
struct phc_stamping {
	bool settled;
	enum config_rx_filter wanted;
	int phc_index;
	int rx_filter;
	int tx_type;
	bool kept;
};

/**
 * phc_device_phc() - number of a device's PHC
 *
 * Return: it; -ENODEV if there is no such device; -EOPNOTSUPP if it has none;
 * or another -errno.
 */
int phc_device_phc(const char *device);

/**
 * phc_device_setup() - turn timestamps on
 * @wanted: which packets, or CONFIG_RX_FILTER_BEST
 * @stamping: what came of it the last time, or zeros; filled in
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * What another program has turned on stays, unless @wanted says otherwise.
 *
 * Return: 0, or as phc_device_phc().
 */
int phc_device_setup(const char *device, enum config_rx_filter wanted,
		     struct phc_stamping *stamping, char *error,
		     size_t error_size);

/** phc_device_speed_mbps() - of its link; 0 if it is unknown or down */
unsigned int phc_device_speed_mbps(const char *device);

/** phc_device_filter_has_ntp() - do NTP packets get a receive timestamp? */
bool phc_device_filter_has_ntp(int rx_filter);

/** phc_device_filter_name() - for people, as ethtool has it */
const char *phc_device_filter_name(int rx_filter);

/**
 * phc_device_lowest() - the devices that make a device's timestamps
 * @lowest: filled in: its lowest devices, or itself if it stands on none
 * @max: room for so many
 *
 * Return: how many.
 */
size_t phc_device_lowest(const char *device, char (*lowest)[IFNAMSIZ],
			 size_t max);

/** phc_device_is_virtual() - no hardware stands behind it */
bool phc_device_is_virtual(const char *device);

#endif
