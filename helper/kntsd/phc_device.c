// SPDX-License-Identifier: GPL-2.0-or-later
#include "phc_device.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>

#include "fail.h"

/* As many words as a kernel of the next years may have link modes. */
#define LINK_MODE_WORDS 16

static int device_ioctl(const char *device, unsigned long request, void *data)
{
	struct ifreq ifr = { .ifr_data = data };
	int err = 0;
	int fd;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", device);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, request, &ifr) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int read_info(const char *device, struct ethtool_ts_info *info)
{
	int err;

	*info = (struct ethtool_ts_info){ .cmd = ETHTOOL_GET_TS_INFO };
	err = device_ioctl(device, SIOCETHTOOL, info);
	if (err)
		return err;
	return info->phc_index < 0 ? -EOPNOTSUPP : 0;
}

int phc_device_phc(const char *device)
{
	struct ethtool_ts_info info;
	int err = read_info(device, &info);

	return err ? err : info.phc_index;
}

bool phc_device_filter_has_ntp(int rx_filter)
{
	return rx_filter == HWTSTAMP_FILTER_ALL ||
	       rx_filter == HWTSTAMP_FILTER_NTP_ALL;
}

/* Settings to be tried, the best first. */
struct wishes {
	int filters[4];
	size_t count;
};

static void wish(struct wishes *wishes, int filter)
{
	wishes->filters[wishes->count++] = filter;
}

static void make_wishes(struct wishes *wishes, enum config_rx_filter wanted,
			int now)
{
	static const int filters[] = {
		[CONFIG_RX_FILTER_NTP] = HWTSTAMP_FILTER_NTP_ALL,
		[CONFIG_RX_FILTER_ALL] = HWTSTAMP_FILTER_ALL,
		[CONFIG_RX_FILTER_PTP] = HWTSTAMP_FILTER_PTP_V2_EVENT,
		[CONFIG_RX_FILTER_NONE] = HWTSTAMP_FILTER_NONE,
	};

	*wishes = (struct wishes){ .count = 0 };
	if (wanted != CONFIG_RX_FILTER_BEST) {
		wish(wishes, filters[wanted]);
		return;
	}
	if (now != HWTSTAMP_FILTER_NONE)
		wish(wishes, now);
	wish(wishes, HWTSTAMP_FILTER_NTP_ALL);
	wish(wishes, HWTSTAMP_FILTER_ALL);
	wish(wishes, HWTSTAMP_FILTER_NONE);
}

static int apply(const char *device, const struct wishes *wishes, int tx_type,
		 struct hwtstamp_config *now)
{
	struct hwtstamp_config config;
	int err = -ERANGE;
	size_t i;

	for (i = 0; i < wishes->count; i++) {
		config = (struct hwtstamp_config){
			.tx_type = tx_type,
			.rx_filter = wishes->filters[i],
		};
		err = device_ioctl(device, SIOCSHWTSTAMP, &config);
		/* Not this one; drivers differ in how they say so. */
		if (err == -ERANGE || err == -EINVAL || err == -EOPNOTSUPP)
			continue;
		if (!err)
			*now = config;
		break;
	}
	return err;
}

static int refuse(const char *device, int err, char *error, size_t error_size)
{
	switch (-err) {
	case ENODEV:
		return fail(err, error, error_size,
			    "network device %s does not exist", device);
	case EOPNOTSUPP:
		return fail(err, error, error_size,
			    "%s has no PHC: its timestamps stay software",
			    device);
	case EBUSY:
		return fail(err, error, error_size,
			    "%s's timestamps stay software: another program uses its PHC so that they cannot be turned on",
			    device);
	case ERANGE:
		return fail(err, error, error_size,
			    "%s's timestamps stay software: its driver refuses the rx-filter; 'ethtool -T %s' shows what it takes",
			    device, device);
	default:
		return fail(err, error, error_size,
			    "%s's timestamps stay software: they cannot be turned on: %s",
			    device, strerror(-err));
	}
}

/* Nobody has changed it since we set it up. */
static bool is_settled(const struct phc_stamping *stamping,
		       enum config_rx_filter wanted, bool known,
		       const struct hwtstamp_config *now)
{
	return stamping->settled && stamping->wanted == wanted &&
	       (!known || (stamping->tx_type == now->tx_type &&
			   stamping->rx_filter == now->rx_filter));
}

int phc_device_setup(const char *device, enum config_rx_filter wanted,
		     struct phc_stamping *stamping, char *error,
		     size_t error_size)
{
	struct hwtstamp_config config = { 0 };
	struct ethtool_ts_info info;
	struct wishes wishes;
	int tx_type;
	bool known;
	int err;

	err = read_info(device, &info);
	if (err)
		return refuse(device, err, error, error_size);
	stamping->phc_index = info.phc_index;
	known = !device_ioctl(device, SIOCGHWTSTAMP, &config);
	stamping->kept = is_settled(stamping, wanted, known, &config);
	if (stamping->kept)
		return 0;
	make_wishes(&wishes, wanted, config.rx_filter);
	tx_type = config.tx_type;
	if (tx_type == HWTSTAMP_TX_OFF && (info.tx_types & 1 << HWTSTAMP_TX_ON))
		tx_type = HWTSTAMP_TX_ON;
	stamping->kept = known && tx_type == config.tx_type &&
			 wishes.filters[0] == config.rx_filter;
	err = stamping->kept ? 0 : apply(device, &wishes, tx_type, &config);
	stamping->settled = !err;
	if (err)
		return refuse(device, err == -EOPNOTSUPP || err == -EINVAL ?
			      -ERANGE : err, error, error_size);
	stamping->wanted = wanted;
	stamping->rx_filter = config.rx_filter;
	stamping->tx_type = config.tx_type;
	return 0;
}

unsigned int phc_device_speed_mbps(const char *device)
{
	struct {
		struct ethtool_link_settings settings;
		__u32 masks[3 * LINK_MODE_WORDS];
	} link = { .settings.cmd = ETHTOOL_GLINKSETTINGS };
	int words;

	/* First the kernel says, as a negative number, how many words it has. */
	if (device_ioctl(device, SIOCETHTOOL, &link))
		return 0;
	words = -link.settings.link_mode_masks_nwords;
	if (words <= 0 || words > LINK_MODE_WORDS)
		return 0;
	memset(&link, 0, sizeof(link));
	link.settings.cmd = ETHTOOL_GLINKSETTINGS;
	link.settings.link_mode_masks_nwords = words;
	if (device_ioctl(device, SIOCETHTOOL, &link) ||
	    link.settings.speed > INT32_MAX)
		return 0;
	return link.settings.speed;
}

const char *phc_device_filter_name(int rx_filter)
{
	static const char *const names[] = {
		[HWTSTAMP_FILTER_NONE] = "none",
		[HWTSTAMP_FILTER_ALL] = "all",
		[HWTSTAMP_FILTER_SOME] = "some",
		[HWTSTAMP_FILTER_PTP_V1_L4_EVENT] = "ptpv1-l4-event",
		[HWTSTAMP_FILTER_PTP_V1_L4_SYNC] = "ptpv1-l4-sync",
		[HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ] = "ptpv1-l4-delay-req",
		[HWTSTAMP_FILTER_PTP_V2_L4_EVENT] = "ptpv2-l4-event",
		[HWTSTAMP_FILTER_PTP_V2_L4_SYNC] = "ptpv2-l4-sync",
		[HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ] = "ptpv2-l4-delay-req",
		[HWTSTAMP_FILTER_PTP_V2_L2_EVENT] = "ptpv2-l2-event",
		[HWTSTAMP_FILTER_PTP_V2_L2_SYNC] = "ptpv2-l2-sync",
		[HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ] = "ptpv2-l2-delay-req",
		[HWTSTAMP_FILTER_PTP_V2_EVENT] = "ptpv2-event",
		[HWTSTAMP_FILTER_PTP_V2_SYNC] = "ptpv2-sync",
		[HWTSTAMP_FILTER_PTP_V2_DELAY_REQ] = "ptpv2-delay-req",
		[HWTSTAMP_FILTER_NTP_ALL] = "ntp-all",
	};

	if (rx_filter < 0 ||
	    (size_t)rx_filter >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[rx_filter];
}
