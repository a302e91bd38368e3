/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling when a file may have become another: by inotify on the folders that
 * its path leads through, since whoever renews a file mostly renames a new one,
 * a symbolic link or a folder into its place.
 */
#ifndef KNTSD_WATCH_H
#define KNTSD_WATCH_H

#include <event2/event.h>

struct watch;

/**
 * watch_start() - begin with no file
 * @changed: called when something has changed in one of the folders, which
 *	need not have been a watched file
 * @arg: for @changed
 *
 * Return: NULL if there is no memory.
 */
struct watch *watch_start(struct event_base *base, void (*changed)(void *arg),
			  void *arg);

/**
 * watch_reset() - forget all files
 *
 * Changes that wait to be told are forgotten, too: look at the files after
 * they were added again.
 */
void watch_reset(struct watch *watch);

/**
 * watch_add() - watch the way to a file
 * @path: absolute; neither it nor what it leads through need be there
 *
 * The way is that of now: where a symbolic link on it changes, it is to be
 * added anew. What cannot be watched is left out.
 */
void watch_add(struct watch *watch, const char *path);

/** watch_stop() - end; NULL is allowed */
void watch_stop(struct watch *watch);

#endif
