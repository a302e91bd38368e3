// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values as text for people.
 */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <linux/knts.h>

#include "core/verdict.h"
#include "kntsctl/format.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const char *const require_nts_texts[] = {
	[KNTS_REQUIRE_NTS_FALSE] = "false",
	[KNTS_REQUIRE_NTS_IGNORE] = "ignore",
	[KNTS_REQUIRE_NTS_DENY] = "deny",
};

#define REQUIRE_NTS_COUNT \
	(sizeof(require_nts_texts) / sizeof(*require_nts_texts))

/* In @unit, and what is left of it in the next smaller one. */
static void two_units(uint64_t age_s, uint64_t unit_s, const char *unit,
		      uint64_t rest_s, const char *rest, char *text)
{
	uint64_t left = age_s % unit_s / rest_s;

	if (left)
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " %s %" PRIu64 " %s",
			 age_s / unit_s, unit, left, rest);
	else
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " %s", age_s / unit_s,
			 unit);
}

const char *format_age(uint64_t age_s, char *text)
{
	if (age_s < MINUTE)
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " s", age_s);
	else if (age_s < HOUR)
		two_units(age_s, MINUTE, "min", 1, "s", text);
	else if (age_s < DAY)
		two_units(age_s, HOUR, "h", MINUTE, "min", text);
	else
		two_units(age_s, DAY, "d", HOUR, "h", text);
	return text;
}

const char *format_short(uint32_t span, char *text)
{
	double seconds = span / 65536.0;

	if (span < 66)
		snprintf(text, FORMAT_SIZE, "%.0f us", seconds * 1e6);
	else if (span < 65536)
		snprintf(text, FORMAT_SIZE, "%.3f ms", seconds * 1e3);
	else
		snprintf(text, FORMAT_SIZE, "%.3f s", seconds);
	return text;
}

const char *format_ns(uint64_t span_ns, char *text)
{
	if (span_ns < 1000)
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " ns", span_ns);
	else if (span_ns < 1000000)
		snprintf(text, FORMAT_SIZE, "%.3f us", span_ns / 1e3);
	else if (span_ns < 1000000000)
		snprintf(text, FORMAT_SIZE, "%.3f ms", span_ns / 1e6);
	else
		snprintf(text, FORMAT_SIZE, "%.3f s", span_ns / 1e9);
	return text;
}

const char *format_signed_ns(double span_ns, char *text)
{
	double size_ns = fabs(span_ns);

	if (size_ns < 999.5)
		snprintf(text, FORMAT_SIZE, "%.0f ns",
			 size_ns < 0.5 ? 0.0 : span_ns);
	else if (size_ns < 999999.5)
		snprintf(text, FORMAT_SIZE, "%.3f us", span_ns / 1e3);
	else if (size_ns < 999999999.5)
		snprintf(text, FORMAT_SIZE, "%.3f ms", span_ns / 1e6);
	else
		snprintf(text, FORMAT_SIZE, "%.3f s", span_ns / 1e9);
	return text;
}

const char *format_rate(double per_s, char *text)
{
	if (per_s <= 0)
		snprintf(text, FORMAT_SIZE, "0");
	else if (per_s < 0.9995)
		snprintf(text, FORMAT_SIZE, "%.3f", per_s);
	else if (per_s < 9.995)
		snprintf(text, FORMAT_SIZE, "%.2f", per_s);
	else if (per_s < 999.95)
		snprintf(text, FORMAT_SIZE, "%.1f", per_s);
	else
		snprintf(text, FORMAT_SIZE, "%.0f", per_s);
	return text;
}

const char *format_len(uint64_t len, char *text)
{
	if (len < 1024 || len % 1024)
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " B", len);
	else if (len < 1 << 20 || len % (1 << 20))
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " KiB", len >> 10);
	else
		snprintf(text, FORMAT_SIZE, "%" PRIu64 " MiB", len >> 20);
	return text;
}

/* Printable octets, then only zeros. */
static bool is_name(const uint8_t octets[4])
{
	int i, len = 0;

	while (len < 4 && isgraph(octets[len]))
		len++;
	for (i = len; i < 4; i++)
		if (octets[i])
			return false;
	return len > 0;
}

const char *format_source(uint32_t reference_id, uint8_t stratum, char *text)
{
	const uint8_t octets[4] = {
		reference_id >> 24,
		reference_id >> 16,
		reference_id >> 8,
		reference_id,
	};

	if (stratum <= 1 && is_name(octets))
		snprintf(text, FORMAT_SIZE, "%.4s", (const char *)octets);
	else if (stratum <= 1)
		snprintf(text, FORMAT_SIZE, "%08" PRIX32, reference_id);
	else
		snprintf(text, FORMAT_SIZE, "%u.%u.%u.%u", octets[0], octets[1],
			 octets[2], octets[3]);
	return text;
}

const char *format_date(int64_t unix_s, char *text)
{
	time_t time = unix_s;
	struct tm tm;

	if (!gmtime_r(&time, &tm) ||
	    !strftime(text, FORMAT_SIZE, "%Y-%m-%d", &tm))
		snprintf(text, FORMAT_SIZE, "%" PRId64, unix_s);
	return text;
}

const char *require_nts_text(uint32_t require_nts)
{
	if (require_nts >= REQUIRE_NTS_COUNT)
		return "unknown";
	return require_nts_texts[require_nts];
}

const char *leap_text(uint8_t leap)
{
	switch (leap) {
	case 0:
		return "none";
	case 1:
		return "insert a second";
	case 2:
		return "delete a second";
	default:
		return "unsynchronised";
	}
}

const char *counter_text(const char *name)
{
#define TEXT_IF_NAMED(symbol, counter, text) \
	if (!strcmp(name, counter))          \
		return text;
	KNTS_VERDICTS(TEXT_IF_NAMED)
	KNTS_STAMPS(TEXT_IF_NAMED)
#undef TEXT_IF_NAMED
	return "";
}
