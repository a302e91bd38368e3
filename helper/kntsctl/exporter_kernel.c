// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel knows, as metrics.
 */
#include "kntsctl/exporter_metrics.h"

#define MS_PER_S 1e3
#define NS_PER_S 1e9
#define PER_PPB 1e9
#define PER_PPT 1e12

static void write_clock_info(struct family *family, const struct metric *metric,
			     struct json_object *reading)
{
	const struct labels labels = {
		2,
		{ { "source", metric_text(reading, "clock/source") },
		  { "reference_id", metric_text(reading, "clock/reference-id") } },
	};

	if (labels.items[0].value && labels.items[1].value)
		text_integer(family, "", &labels, 1);
}

#define COUNTERS .type = "counter", .write = write_counters, .path = "counters"
#define COUNTER .type = "counter", .write = write_value
#define GAUGE .type = "gauge", .write = write_value
#define KEYS .write = write_each, .path = "keys", .label = "key", .label_key = "id"
#define DEVICES .write = write_each, .path = "devices", .label = "device", \
	.label_key = "device"

const struct metric exporter_kernel[] = {
	{ .name = "knts_up", GAUGE, .path = "kernel",
	  .help = "Whether the kernel module is there and tells." },
	{ .name = "knts_exporter_build_info", .type = "gauge", .write = write_info,
	  .path = "version", .label = "version",
	  .help = "Version of kntsctl, which serves these metrics." },
	{ .name = "knts_serving", GAUGE, .path = "serving",
	  .help = "Whether an NTP server is open and replies say synchronised." },
	{ .name = "knts_servers", .type = "gauge", .write = write_count,
	  .path = "servers", .help = "NTP servers that are open." },

	{ .name = "knts_answers_total", COUNTERS, .key = "answer-",
	  .label = "protocol", .help = "Requests answered, without NTS and with it." },
	{ .name = "knts_kisses_total", COUNTERS, .key = "kiss-", .label = "reason",
	  .help = "Requests answered by a kiss code, NTSN or DENY." },
	{ .name = "knts_drops_total", COUNTERS, .key = "drop-", .label = "reason",
	  .help = "Packets that got no reply." },
	{ .name = "knts_service_time_seconds", .type = "histogram",
	  .write = write_service_time, .label = "protocol",
	  .help = "From receive to transmit timestamp of answered requests." },
	{ .name = "knts_aes_library_requests_total", COUNTER,
	  .path = "counters/aes-library",
	  .help = "NTS requests served without the CPU's AES instructions." },

	{ .name = "knts_receive_timestamps_total", COUNTERS, .key = "stamp-",
	  .names = "hardware software now", .label = "source",
	  .help = "Receive timestamps, by what made them." },
	{ .name = "knts_receive_timestamps_refused_total", COUNTERS,
	  .key = "stamp-", .names = "no-line distrusted", .label = "reason",
	  .help = "Hardware receive timestamps in whose place another was used." },
	{ .name = "knts_transmit_timestamps_asked_total", COUNTER,
	  .path = "counters/transmit-asked",
	  .help = "Hardware transmit timestamps asked for." },
	{ .name = "knts_transmit_timestamps_total", COUNTERS, .key = "transmit-",
	  .names = "used lost late no-line distrusted", .label = "outcome",
	  .help = "Hardware transmit timestamps, by what became of them." },
	{ .name = "knts_transmit_error_seconds", .type = "histogram",
	  .write = write_transmit_error,
	  .help = "By how much transmit timestamps were early, as the hardware says." },

	{ .name = "knts_interleaved_answers_total", COUNTER,
	  .path = "counters/interleaved",
	  .help = "Of the answers, those in interleaved mode." },
	{ .name = "knts_interleave_pairs_saved_total", COUNTER,
	  .path = "counters/pair-saved",
	  .help = "Pairs of timestamps saved for interleaved mode." },
	{ .name = "knts_interleave_pairs_evicted_total", COUNTER,
	  .path = "counters/pair-evicted",
	  .help = "Pairs of timestamps that made room before they served." },
	{ .name = "knts_interleave_pairs", GAUGE, .path = "interleave/pairs",
	  .help = "Pairs of timestamps kept at most; 0 if interleaved mode is off." },
	{ .name = "knts_interleave_memory_bytes", GAUGE,
	  .path = "interleave/memory-len",
	  .help = "Memory that pairs of timestamps take." },

	{ .name = "knts_client_table_entries", GAUGE, .path = "clients/entries",
	  .help = "Clients that each CPU remembers at most; 0 for none." },
	{ .name = "knts_client_table_memory_bytes", GAUGE,
	  .path = "clients/memory-len",
	  .help = "Memory that remembering clients takes." },
	{ .name = "knts_client_table_evictions_total", COUNTER,
	  .path = "clients/evicted",
	  .help = "Clients that were forgotten to make room for others." },

	{ .name = "knts_clock_synchronised", GAUGE, .path = "clock/synchronised",
	  .help = "Whether replies say that the clock is synchronised." },
	{ .name = "knts_clock_info", .type = "gauge", .write = write_clock_info,
	  .help = "Where the clock has its time from." },
	{ .name = "knts_clock_stratum", GAUGE, .path = "clock/stratum",
	  .help = "Stratum, distance from a primary clock." },
	{ .name = "knts_clock_leap_indicator", GAUGE, .path = "clock/leap",
	  .help = "0 no leap second, 1 insert, 2 delete, 3 unsynchronised." },
	{ .name = "knts_clock_root_delay_seconds", GAUGE,
	  .path = "clock/root-delay-s",
	  .help = "Round trip to the primary clock." },
	{ .name = "knts_clock_root_dispersion_seconds", GAUGE,
	  .path = "clock/root-dispersion-s",
	  .help = "Greatest error of the clock, beside half the root delay, now." },
	{ .name = "knts_clock_dispersion_rate_ratio", GAUGE,
	  .path = "clock/dispersion-rate-ppb", .divisor = PER_PPB,
	  .help = "How fast the root dispersion grows, seconds in a second." },
	{ .name = "knts_clock_state_age_seconds", GAUGE, .path = "clock/age-ms",
	  .divisor = MS_PER_S, .help = "How long ago kntsd told the clock's state." },
	{ .name = "knts_clock_state_lifetime_seconds", GAUGE,
	  .path = "clock/lifetime-ms", .divisor = MS_PER_S,
	  .help = "How long the clock's state is good for." },

	{ .name = "knts_keys", .type = "gauge", .write = write_count,
	  .path = "keys", .help = "Cookie keys in the ring." },
	{ .name = "knts_key_active", .type = "gauge", KEYS, .key = "active",
	  .help = "Whether new cookies are sealed with this key." },
	{ .name = "knts_key_created_timestamp_seconds", .type = "gauge", KEYS,
	  .key = "created", .help = "When the cookie key was made." },
	{ .name = "knts_key_cookies_opened_total", .type = "counter", KEYS,
	  .key = "opened", .help = "Cookies opened with this key." },
	{ .name = "knts_key_cookies_sealed_total", .type = "counter", KEYS,
	  .key = "sealed", .help = "Cookies that the kernel sealed with this key." },

	{ .name = "knts_phc_line_age_seconds", .type = "gauge", DEVICES,
	  .key = "line/age-ms", .divisor = MS_PER_S,
	  .help = "How long ago the device's PHC was last compared." },
	{ .name = "knts_phc_line_lifetime_seconds", .type = "gauge", DEVICES,
	  .key = "line/lifetime-ms", .divisor = MS_PER_S,
	  .help = "How old that may be for its timestamps to be used." },
	{ .name = "knts_phc_line_error_seconds", .type = "gauge", DEVICES,
	  .key = "line/error-ns", .divisor = NS_PER_S,
	  .help = "Bound of the error of the PHC's time." },
	{ .name = "knts_phc_rate_difference_ratio", .type = "gauge", DEVICES,
	  .key = "line/rate-ppt", .divisor = -PER_PPT,
	  .help = "How much faster the PHC runs than CLOCK_MONOTONIC_RAW." },
	{ .name = "knts_phc_departures_total", .type = "counter", DEVICES,
	  .key = "departures",
	  .help = "Hardware transmit timestamps that taught the departure delay." },
	{ .name = "knts_phc_departure_delay_seconds", .type = "gauge", DEVICES,
	  .key = "departure-delay-ns", .divisor = NS_PER_S,
	  .help = "Time until a reply leaves the device, added to its transmit timestamp." },
	{ .name = "knts_phc_departure_error_seconds", .type = "gauge", DEVICES,
	  .key = "departure-error-ns", .divisor = NS_PER_S,
	  .help = "By how much transmit timestamps are still early, on average." },
	{ .name = "knts_phc_departure_deviation_seconds", .type = "gauge", DEVICES,
	  .key = "departure-deviation-ns", .divisor = NS_PER_S,
	  .help = "Standard deviation of that." },
	{ 0 },
};
