/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Extension fields (RFC 7822; RFC 8915, 5): a walk that trusts no length.
 */
#ifndef KNTS_CORE_EF_H
#define KNTS_CORE_EF_H

#include "port.h"

#define KNTS_EF_HEADER_LEN 4
/* Shortest field in clear, and shortest rest that can hold a field at all. */
#define KNTS_EF_MIN_LEN 16
#define KNTS_EF_MIN_REST_LEN 28

#define KNTS_EF_UID 0x0104
#define KNTS_EF_COOKIE 0x0204
#define KNTS_EF_PLACEHOLDER 0x0304
#define KNTS_EF_AUTH 0x0404

#define KNTS_EF_UID_MIN_BODY_LEN 32

/**
 * enum knts_ef_step - what a step of the walk found
 * @KNTS_EF_FIELD: a field
 * @KNTS_EF_END: nothing more
 * @KNTS_EF_MAC: a rest that can only be a symmetric-key MAC
 * @KNTS_EF_BAD: a length that cannot be
 */
enum knts_ef_step {
	KNTS_EF_FIELD,
	KNTS_EF_END,
	KNTS_EF_MAC,
	KNTS_EF_BAD,
};

/**
 * struct knts_ef_walk - where a walk over fields stands
 * @buf: what is walked over
 * @end: offset of the end of the fields
 * @next: offset of the next field
 * @encrypted: the fields were encrypted: no shortest length, no MAC (RFC 8915,
 *	5.6)
 * @off: offset of the field found
 * @len: its length, header included; a multiple of 4
 * @type: its type
 *
 * @off, @len and @type are valid after KNTS_EF_FIELD; then @off + @len <= @end.
 */
struct knts_ef_walk {
	const u8 *buf;
	size_t end;
	size_t next;
	bool encrypted;
	size_t off;
	size_t len;
	u16 type;
};

/**
 * knts_ef_next() - go to the next field
 * @walk: with @buf, @end, @next and @encrypted set by the caller to begin with;
 *	@next <= @end
 *
 * Context: any, softirq included.
 * Return: what was found. After anything but KNTS_EF_FIELD the walk is over.
 */
enum knts_ef_step knts_ef_next(struct knts_ef_walk *walk);

/**
 * knts_ef_put_header() - write a field's header
 * @field: 4 octets
 * @type: KNTS_EF_...
 * @len: length of the field, header included
 */
static inline void knts_ef_put_header(u8 *field, u16 type, size_t len)
{
	knts_put_be16(field, type);
	knts_put_be16(field + 2, (u16)len);
}

/**
 * knts_ef_pad() - length with padding to a whole word
 * @len: length of what is padded
 *
 * Return: @len rounded up to a multiple of 4.
 */
static inline size_t knts_ef_pad(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

#endif
