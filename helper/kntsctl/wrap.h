/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences broken into lines.
 */
#ifndef KNTSCTL_WRAP_H
#define KNTSCTL_WRAP_H

#include <stddef.h>
#include <stdio.h>

/**
 * wrap_print() - write words in lines, and a line's end after the last
 * @text: words separated by single spaces or line ends
 * @len: octets of it
 * @indent: the column in which lines begin; the first stands there already
 * @width: columns of a line; 0 for one line however long
 */
void wrap_print(FILE *out, const char *text, size_t len, int indent, int width);

/** wrap_width() - columns of the terminal that stdout is; 0 if it is none */
int wrap_width(void);

#endif
