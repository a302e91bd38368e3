/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal of kntsctl top.
 */
#ifndef KNTSCTL_TOP_SCREEN_H
#define KNTSCTL_TOP_SCREEN_H

#include "kntsctl/top_view.h"

/* What a key asks for. */
enum top_key {
	TOP_KEY_NONE,
	TOP_KEY_QUIT,
	TOP_KEY_SORT,
	TOP_KEY_PAUSE,
	TOP_KEY_SLOWER,
	TOP_KEY_FASTER,
	TOP_KEY_REDRAW,
};

/** top_screen_open() - take the terminal; Return: 0, or 2 after usage_error() */
int top_screen_open(void);

/** top_screen_close() - give it back as it was */
void top_screen_close(void);

/**
 * top_screen_draw() - show a frame
 * @frame: as many clients as there is room for
 * @status: last line
 */
void top_screen_draw(const struct top_frame *frame, const char *status);

/** top_screen_key() - wait for a key; TOP_KEY_NONE when time is up */
enum top_key top_screen_key(double wait_s);

#endif
