/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka with what it needs before it, and buffers of an exact length. */
#ifndef KNTS_UNIT_UNIT_H
#define KNTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/*
 * A copy in a block of exactly @len octets, where the address sanitizer sees
 * any access beyond. Free it.
 */
static inline uint8_t *unit_exact(const void *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, data, len);

	return copy;
}

#endif
