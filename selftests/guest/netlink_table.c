// SPDX-License-Identifier: GPL-2.0-or-later
/* A good message of every command. All numbers are as they go over netlink. */
#include "netlink.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DATA(value) .data = &(value), .len = sizeof(value)

static const uint8_t address[4] = { 10, 77, 1, 1 };
static const uint16_t port = 123, new_port = 2000;
static const uint32_t deny = KNTS_REQUIRE_NTS_DENY;
static const uint8_t yes = 1;

#define POLICY_FIELDS \
	{ KNTS_A_SERVER_REQUIRE_NTS, "require-nts", DATA(deny), \
	  .bad = { 3, 0xffffffff }, .bad_count = 2 }, \
	{ KNTS_A_SERVER_SERVE_OWN_PORT, "serve-own-port", DATA(yes), \
	  .bad = { 2, 255 }, .bad_count = 2 }

static const struct field add_fields[] = {
	{ KNTS_A_SERVER_ADDRESS, "address", DATA(address), .needed = true },
	{ KNTS_A_SERVER_PORT, "port", DATA(new_port), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
	POLICY_FIELDS,
};

static const struct field set_fields[] = {
	{ KNTS_A_SERVER_ADDRESS, "address", DATA(address), .needed = true },
	{ KNTS_A_SERVER_PORT, "port", DATA(port), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
	POLICY_FIELDS,
};

static const struct field del_fields[] = {
	{ KNTS_A_SERVER_ADDRESS, "address", DATA(address), .needed = true },
	{ KNTS_A_SERVER_PORT, "port", DATA(port), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
};

static const uint8_t leap = 1, stratum = 5;
static const int32_t precision = -10;
static const uint32_t delay = 0x777, dispersion = 0x888, reference_id = 0x7f7f0101;
static const uint64_t reference_time = 0xeb00000000000000;
static const uint32_t rate = 10, lifetime = 7200000;

static const struct field clock_fields[] = {
	{ KNTS_A_CLOCK_LEAP, "leap", DATA(leap), .needed = true,
	  .bad = { 4, 255 }, .bad_count = 2 },
	{ KNTS_A_CLOCK_STRATUM, "stratum", DATA(stratum), .needed = true,
	  .bad = { 0, 16, 255 }, .bad_count = 3 },
	{ KNTS_A_CLOCK_PRECISION, "precision", DATA(precision), .needed = true,
	  .bad = { 1, -33, 128 }, .bad_count = 3 },
	{ KNTS_A_CLOCK_ROOT_DELAY, "root-delay", DATA(delay), .needed = true },
	{ KNTS_A_CLOCK_ROOT_DISPERSION, "root-dispersion", DATA(dispersion),
	  .needed = true },
	{ KNTS_A_CLOCK_REFERENCE_ID, "reference-id", DATA(reference_id),
	  .needed = true },
	{ KNTS_A_CLOCK_REFERENCE_TIME, "reference-time", DATA(reference_time),
	  .needed = true },
	{ KNTS_A_CLOCK_DISPERSION_RATE_PPB, "dispersion-rate-ppb", DATA(rate),
	  .needed = true },
	{ KNTS_A_CLOCK_LIFETIME_MS, "lifetime-ms", DATA(lifetime), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
};

static const uint32_t key_id = 900, active_id = 900;
static const uint16_t algorithm = 15;
static const uint8_t secret[KNTS_KEY_SECRET_LEN] = { 9 };
static const uint64_t created = 1700000000;

static const struct field ring_fields[] = {
	{ KNTS_A_RING_ACTIVE_ID, "active-id", DATA(active_id), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
};

static const struct field key_fields[] = {
	{ KNTS_A_KEY_ID, "id", DATA(key_id), .needed = true,
	  .bad = { 0 }, .bad_count = 1 },
	{ KNTS_A_KEY_ALGORITHM, "algorithm", DATA(algorithm), .needed = true,
	  .bad = { 0, 14, 16 }, .bad_count = 3 },
	/* Missing, it speaks of a key that is there already: another refusal. */
	{ KNTS_A_KEY_SECRET, "secret", DATA(secret) },
	{ KNTS_A_KEY_CREATED, "created", DATA(created), .needed = true },
};

static const char device[] = "eth1";
static const uint32_t phc_index = 3, speed = 1000, delay_max = 5000;
static const int32_t rx_correction = -70, tx_correction = 80, line_rate = -50000000;
static const uint64_t phc_time = 1ULL << 60, raw_time = 1000000000;
static const uint32_t error = 40, line_lifetime = 60000;
static const uint32_t pairs = 1000, entries = 3000;

static const struct field phc_fields[] = {
	{ KNTS_A_PHC_DEVICE, "device", DATA(device), .needed = true, .text = true },
	{ KNTS_A_PHC_INDEX, "index", DATA(phc_index) },
	{ KNTS_A_PHC_RX_CORRECTION_NS, "rx-correction-ns", DATA(rx_correction) },
	{ KNTS_A_PHC_TX_CORRECTION_NS, "tx-correction-ns", DATA(tx_correction) },
	{ KNTS_A_PHC_LINK_SPEED_MBPS, "link-speed-mbps", DATA(speed) },
	{ KNTS_A_PHC_DELAY_MAX_NS, "delay-max-ns", DATA(delay_max),
	  .bad = { 0, KNTS_DELAY_LIMIT_NS + 1, 0xffffffff }, .bad_count = 3 },
};

static const struct field line_fields[] = {
	{ KNTS_A_LINE_PHC_NS, "phc-ns", DATA(phc_time), .needed = true },
	{ KNTS_A_LINE_RAW_NS, "raw-ns", DATA(raw_time), .needed = true },
	{ KNTS_A_LINE_RATE_PPT, "rate-ppt", DATA(line_rate), .needed = true },
	{ KNTS_A_LINE_ERROR_NS, "error-ns", DATA(error), .needed = true },
	{ KNTS_A_LINE_LIFETIME_MS, "lifetime-ms", DATA(line_lifetime),
	  .needed = true, .bad = { 0, KNTS_LINE_LIFETIME_MAX_MS + 1 },
	  .bad_count = 2 },
};

static const struct field phc_del_fields[] = {
	{ KNTS_A_PHC_DEVICE, "device", DATA(device), .needed = true, .text = true },
};

static const struct field interleave_fields[] = {
	{ KNTS_A_INTERLEAVE_PAIRS, "pairs", DATA(pairs), .needed = true,
	  .bad = { KNTS_INTERLEAVE_PAIRS_MAX + 1, 0xffffffff }, .bad_count = 2 },
};

static const struct field clients_fields[] = {
	{ KNTS_A_CLIENTS_ENTRIES, "entries", DATA(entries), .needed = true,
	  .bad = { KNTS_CLIENTS_MAX + 1, 0xffffffff }, .bad_count = 2 },
};

#define FIELDS(array) .fields = (array), .field_count = COUNT(array)

const struct command commands[] = {
	{ "server-get", KNTS_CMD_SERVER_GET, .dump = true },
	{ "key-get", KNTS_CMD_KEY_GET, .dump = true },
	{ "clock-get", KNTS_CMD_CLOCK_GET, .dump = false },
	{ "stats-get", KNTS_CMD_STATS_GET, .dump = false },
	{ "phc-get", KNTS_CMD_PHC_GET, .dump = true },
	{ "interleave-get", KNTS_CMD_INTERLEAVE_GET, .dump = false },
	{ "histogram-get", KNTS_CMD_HISTOGRAM_GET, .dump = true },
	{ "client-get", KNTS_CMD_CLIENT_GET, .dump = true },
	{ "clients-get", KNTS_CMD_CLIENTS_GET, .dump = false },
	{ "server-add", KNTS_CMD_SERVER_ADD, FIELDS(add_fields) },
	{ "server-set", KNTS_CMD_SERVER_SET, FIELDS(set_fields) },
	{ "server-del", KNTS_CMD_SERVER_DEL, FIELDS(del_fields) },
	{ "clock-set", KNTS_CMD_CLOCK_SET, FIELDS(clock_fields) },
	{ "ring-set", KNTS_CMD_RING_SET, FIELDS(ring_fields),
	  .nest = KNTS_A_RING_KEY, .nested = key_fields,
	  .nested_count = COUNT(key_fields) },
	{ "phc-set", KNTS_CMD_PHC_SET, FIELDS(phc_fields),
	  .nest = KNTS_A_PHC_LINE, .nested = line_fields,
	  .nested_count = COUNT(line_fields) },
	{ "phc-del", KNTS_CMD_PHC_DEL, FIELDS(phc_del_fields) },
	{ "interleave-set", KNTS_CMD_INTERLEAVE_SET, FIELDS(interleave_fields) },
	{ "clients-set", KNTS_CMD_CLIENTS_SET, FIELDS(clients_fields) },
};
const size_t command_count = COUNT(commands);
