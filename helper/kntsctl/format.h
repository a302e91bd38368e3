/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as text for people.
 */
#ifndef KNTSCTL_FORMAT_H
#define KNTSCTL_FORMAT_H

#include <stdint.h>

#define FORMAT_SIZE 32

/**
 * format_age() - a span of time, in its two largest units
 * @text: "4 s", "12 min 5 s", "2 h 14 min", "3 d 4 h"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_age(uint64_t age_s, char *text);

/**
 * format_short() - a span in NTP's short format, 16.16 seconds
 * @text: "15 us", "1.234 ms", "2.500 s"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_short(uint32_t span, char *text);

/**
 * format_ns() - a number of nanoseconds
 * @text: "85 ns", "1.234 us", "2.500 ms", "1.000 s"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_ns(uint64_t span_ns, char *text);

/**
 * format_signed_ns() - the same of a number that may be negative
 * @text: "85 ns", "-1.234 us", "2.500 ms"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_signed_ns(double span_ns, char *text);

/**
 * format_rate() - how many a second, the fewer the more digits
 * @text: "0", "0.016", "3.14", "314.1", "31415"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_rate(double per_s, char *text);

/**
 * format_len() - a number of octets
 * @text: "512 B", "16 KiB", "1 MiB"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_len(uint64_t len, char *text);

/**
 * format_source() - what the reference id says about the clock's source
 * @reference_id: as a number whose first octet is the highest
 * @stratum: 1 for a clock's name, 2 and up for an address or a hash
 * @text: "GPS", "192.0.2.9", or the number where it is neither; FORMAT_SIZE
 *
 * Return: @text.
 */
const char *format_source(uint32_t reference_id, uint8_t stratum, char *text);

/**
 * format_date() - a day in UTC
 * @text: "2027-01-31"; FORMAT_SIZE octets
 *
 * Return: @text.
 */
const char *format_date(int64_t unix_s, char *text);

/** require_nts_text() - the setting's name for enum knts_require_nts */
const char *require_nts_text(uint32_t require_nts);

/** leap_text() - what a leap indicator announces */
const char *leap_text(uint8_t leap);

/** counter_text() - what a counter tells an operator; "" if it is unknown */
const char *counter_text(const char *name);

#endif
