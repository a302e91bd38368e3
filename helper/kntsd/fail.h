/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a failure travels up: an errno and one sentence in the caller's room.
 */
#ifndef KNTSD_FAIL_H
#define KNTSD_FAIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define FAIL_SIZE 512

/**
 * fail() - write the sentence, return the errno
 * @err: -errno
 * @error: room for the sentence
 * @error_size: how much
 * @format: the sentence, without newline
 *
 * Return: @err.
 */
static inline int __attribute__((format(printf, 4, 5)))
fail(int err, char *error, size_t error_size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, error_size, format, args);
	va_end(args);
	return err;
}

#endif
