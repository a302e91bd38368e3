// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The specification's names, so that a refusal names what it is about.
 */
#include "libknts/conn.h"

#define COUNT(names) (sizeof(names) / sizeof(*(names)))

static const char *const operations[] = {
	[KNTS_CMD_SERVER_GET] = "server-get",
	[KNTS_CMD_SERVER_ADD] = "server-add",
	[KNTS_CMD_SERVER_SET] = "server-set",
	[KNTS_CMD_SERVER_DEL] = "server-del",
	[KNTS_CMD_SERVER_UP_NTF] = "server-up-ntf",
	[KNTS_CMD_SERVER_DOWN_NTF] = "server-down-ntf",
	[KNTS_CMD_CLOCK_GET] = "clock-get",
	[KNTS_CMD_CLOCK_SET] = "clock-set",
	[KNTS_CMD_CLOCK_CHANGE_NTF] = "clock-change-ntf",
	[KNTS_CMD_KEY_GET] = "key-get",
	[KNTS_CMD_KEY_ADD_NTF] = "key-add-ntf",
	[KNTS_CMD_KEY_ACTIVATE_NTF] = "key-activate-ntf",
	[KNTS_CMD_KEY_DEL_NTF] = "key-del-ntf",
	[KNTS_CMD_RING_SET] = "ring-set",
	[KNTS_CMD_PHC_GET] = "phc-get",
	[KNTS_CMD_PHC_SET] = "phc-set",
	[KNTS_CMD_PHC_DEL] = "phc-del",
	[KNTS_CMD_INTERLEAVE_GET] = "interleave-get",
	[KNTS_CMD_INTERLEAVE_SET] = "interleave-set",
	[KNTS_CMD_STATS_GET] = "stats-get",
	[KNTS_CMD_HISTOGRAM_GET] = "histogram-get",
	[KNTS_CMD_CLIENT_GET] = "client-get",
	[KNTS_CMD_CLIENTS_GET] = "clients-get",
	[KNTS_CMD_CLIENTS_SET] = "clients-set",
};

static const char *const server_attributes[] = {
	[KNTS_A_SERVER_ADDRESS] = "address",
	[KNTS_A_SERVER_PORT] = "port",
	[KNTS_A_SERVER_DEVICE] = "device",
	[KNTS_A_SERVER_REQUIRE_NTS] = "require-nts",
	[KNTS_A_SERVER_SERVE_OWN_PORT] = "serve-own-port",
};

static const char *const clock_attributes[] = {
	[KNTS_A_CLOCK_LEAP] = "leap",
	[KNTS_A_CLOCK_STRATUM] = "stratum",
	[KNTS_A_CLOCK_PRECISION] = "precision",
	[KNTS_A_CLOCK_ROOT_DELAY] = "root-delay",
	[KNTS_A_CLOCK_ROOT_DISPERSION] = "root-dispersion",
	[KNTS_A_CLOCK_REFERENCE_ID] = "reference-id",
	[KNTS_A_CLOCK_REFERENCE_TIME] = "reference-time",
	[KNTS_A_CLOCK_DISPERSION_RATE_PPB] = "dispersion-rate-ppb",
	[KNTS_A_CLOCK_LIFETIME_MS] = "lifetime-ms",
	[KNTS_A_CLOCK_AGE_MS] = "age-ms",
	[KNTS_A_CLOCK_SYNCHRONISED] = "synchronised",
};

static const char *const key_attributes[] = {
	[KNTS_A_KEY_ID] = "id",
	[KNTS_A_KEY_ALGORITHM] = "algorithm",
	[KNTS_A_KEY_SECRET] = "secret",
	[KNTS_A_KEY_CREATED] = "created",
	[KNTS_A_KEY_ACTIVE] = "active",
	[KNTS_A_KEY_OPENED] = "opened",
	[KNTS_A_KEY_SEALED] = "sealed",
};

static const char *const ring_attributes[] = {
	[KNTS_A_RING_KEY] = "key",
	[KNTS_A_RING_ACTIVE_ID] = "active-id",
};

static const char *const line_attributes[] = {
	[KNTS_A_LINE_PHC_NS] = "phc-ns",
	[KNTS_A_LINE_RAW_NS] = "raw-ns",
	[KNTS_A_LINE_RATE_PPT] = "rate-ppt",
	[KNTS_A_LINE_ERROR_NS] = "error-ns",
	[KNTS_A_LINE_LIFETIME_MS] = "lifetime-ms",
	[KNTS_A_LINE_AGE_MS] = "age-ms",
};

static const char *const phc_attributes[] = {
	[KNTS_A_PHC_DEVICE] = "device",
	[KNTS_A_PHC_INDEX] = "index",
	[KNTS_A_PHC_LINE] = "line",
	[KNTS_A_PHC_RX_CORRECTION_NS] = "rx-correction-ns",
	[KNTS_A_PHC_TX_CORRECTION_NS] = "tx-correction-ns",
	[KNTS_A_PHC_LINK_SPEED_MBPS] = "link-speed-mbps",
	[KNTS_A_PHC_DELAY_MAX_NS] = "delay-max-ns",
	[KNTS_A_PHC_DEPARTURES] = "departures",
	[KNTS_A_PHC_DEPARTURE_DELAY_NS] = "departure-delay-ns",
	[KNTS_A_PHC_DEPARTURE_ERROR_NS] = "departure-error-ns",
	[KNTS_A_PHC_DEPARTURE_DEVIATION_NS] = "departure-deviation-ns",
};

static const char *const interleave_attributes[] = {
	[KNTS_A_INTERLEAVE_PAIRS] = "pairs",
	[KNTS_A_INTERLEAVE_MEMORY_LEN] = "memory-len",
};

static const char *const clients_attributes[] = {
	[KNTS_A_CLIENTS_ENTRIES] = "entries",
	[KNTS_A_CLIENTS_MEMORY_LEN] = "memory-len",
	[KNTS_A_CLIENTS_EVICTED] = "evicted",
};

_Static_assert(COUNT(operations) == KNTS_CMD_MAX + 1, "operations");
_Static_assert(COUNT(server_attributes) == KNTS_A_SERVER_MAX + 1, "server");
_Static_assert(COUNT(clock_attributes) == KNTS_A_CLOCK_MAX + 1, "clock");
_Static_assert(COUNT(key_attributes) == KNTS_A_KEY_MAX + 1, "key");
_Static_assert(COUNT(ring_attributes) == KNTS_A_RING_MAX + 1, "ring");
_Static_assert(COUNT(line_attributes) == KNTS_A_LINE_MAX + 1, "line");
_Static_assert(COUNT(phc_attributes) == KNTS_A_PHC_MAX + 1, "phc");
_Static_assert(COUNT(interleave_attributes) == KNTS_A_INTERLEAVE_MAX + 1,
	       "interleave");
_Static_assert(COUNT(clients_attributes) == KNTS_A_CLIENTS_MAX + 1, "clients");

static const char *name_of(const char *const *names, size_t count, int i)
{
	if (i <= 0 || (size_t)i >= count || !names[i])
		return "unknown";
	return names[i];
}

const char *knts_names_operation(int cmd)
{
	return name_of(operations, COUNT(operations), cmd);
}

const char *knts_names_attribute(int cmd, bool nested, int type)
{
	switch (cmd) {
	case KNTS_CMD_SERVER_ADD:
	case KNTS_CMD_SERVER_SET:
	case KNTS_CMD_SERVER_DEL:
		return name_of(server_attributes, COUNT(server_attributes), type);
	case KNTS_CMD_CLOCK_SET:
		return name_of(clock_attributes, COUNT(clock_attributes), type);
	case KNTS_CMD_RING_SET:
		if (nested)
			return name_of(key_attributes, COUNT(key_attributes), type);
		return name_of(ring_attributes, COUNT(ring_attributes), type);
	case KNTS_CMD_PHC_SET:
	case KNTS_CMD_PHC_DEL:
		if (nested)
			return name_of(line_attributes, COUNT(line_attributes),
				       type);
		return name_of(phc_attributes, COUNT(phc_attributes), type);
	case KNTS_CMD_INTERLEAVE_SET:
		return name_of(interleave_attributes,
			       COUNT(interleave_attributes), type);
	case KNTS_CMD_CLIENTS_SET:
		return name_of(clients_attributes, COUNT(clients_attributes),
			       type);
	default:
		return "unknown";
	}
}
