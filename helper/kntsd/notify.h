/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What systemd is told (sd_notify(3)); without systemd nothing happens.
 */
#ifndef KNTSD_NOTIFY_H
#define KNTSD_NOTIFY_H

#include <event2/event.h>

struct notify;

/**
 * notify_start() - feed the watchdog if the unit has one
 *
 * Return: 0 or -ENOMEM.
 */
int notify_start(struct notify **notify, struct event_base *base);

/** notify_ready() - start or reload is complete; @status is for people */
void notify_ready(const char *status);

/** notify_reloading() - a reload begins */
void notify_reloading(void);

/** notify_stopping() - the end begins */
void notify_stopping(void);

/** notify_stop() - NULL is allowed */
void notify_stop(struct notify *notify);

#endif
