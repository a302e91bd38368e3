// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sections hardware-timestamps.
 */
#include <stdlib.h>
#include <string.h>

#include "config_parse.h"
#include "config_sections.h"

static int check(const struct config_phc *phc, cfg_opt_t *sections,
		 size_t index)
{
	if (phc->samples_min > phc->samples_max)
		return config_fail_section(sections, index,
					   "option 'samples-min' is %u; it must be at most samples-max, which is %u",
					   phc->samples_min, phc->samples_max);
	if (phc->lifetime_ms < 2 * phc->sample_interval_ms)
		return config_fail_section(sections, index,
					   "option 'line-lifetime-ms' is %u; it must be at least twice sample-interval-ms, which is %u",
					   phc->lifetime_ms,
					   phc->sample_interval_ms);
	return 0;
}

static int phc_section(struct config_phc *phc, cfg_t *section,
		       cfg_opt_t *sections, size_t index)
{
	const char *device = cfg_title(section);

	if (!config_is_device(device))
		return config_fail_section(sections, index,
					   "section 'hardware-timestamps' is for '%s'; it must be the name of a network device, 1 to 15 octets",
					   device);
	strncpy(phc->device, device, IFNAMSIZ - 1);
	phc->rx_filter = cfg_getint(section, "rx-filter");
	phc->rx_correction_ns = cfg_getint(section, "rx-correction-ns");
	phc->tx_correction_ns = cfg_getint(section, "tx-correction-ns");
	phc->delay_max_ns = cfg_getint(section, "delay-max-ns");
	phc->sample_interval_ms = cfg_getint(section, "sample-interval-ms");
	phc->readings = cfg_getint(section, "readings");
	phc->samples_min = cfg_getint(section, "samples-min");
	phc->samples_max = cfg_getint(section, "samples-max");
	phc->lifetime_ms = cfg_getint(section, "line-lifetime-ms");
	return check(phc, sections, index);
}

int config_phcs(cfg_t *cfg, struct config *config)
{
	cfg_opt_t *sections = cfg_getopt(cfg, "hardware-timestamps");
	size_t count = cfg_opt_size(sections);
	size_t i;

	if (!count)
		return 0;
	if (count > KNTS_PHCS_MAX)
		return config_fail_section(sections, KNTS_PHCS_MAX,
					   "section 'hardware-timestamps' is there %zu times; the kernel holds %u devices",
					   count, KNTS_PHCS_MAX);
	config->phcs = calloc(count, sizeof(*config->phcs));
	if (!config->phcs)
		return -1;
	config->phcs_count = count;
	for (i = 0; i < count; i++) {
		if (phc_section(&config->phcs[i], cfg_opt_getnsec(sections, i),
				sections, i))
			return -1;
	}
	return 0;
}
