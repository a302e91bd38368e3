// SPDX-License-Identifier: GPL-2.0-or-later
#include "notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include <systemd/sd-daemon.h>

struct notify {
	struct event *watchdog;
};

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	sd_notify(0, "WATCHDOG=1");
}

int notify_start(struct notify **notify, struct event_base *base)
{
	struct timeval interval;
	struct notify *new;
	uint64_t usec;

	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	*notify = new;
	if (sd_watchdog_enabled(0, &usec) <= 0)
		return 0;
	usec /= 2;
	interval.tv_sec = usec / 1000000;
	interval.tv_usec = usec % 1000000;
	new->watchdog = event_new(base, -1, EV_PERSIST, on_watchdog, NULL);
	if (!new->watchdog || event_add(new->watchdog, &interval) < 0) {
		notify_stop(new);
		*notify = NULL;
		return -ENOMEM;
	}
	return 0;
}

void notify_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void notify_reloading(void)
{
	struct timespec ts;

	/* Type=notify-reload wants to know when (sd_notify(3)). */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		   (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void notify_stop(struct notify *notify)
{
	if (!notify)
		return;
	if (notify->watchdog)
		event_free(notify->watchdog);
	free(notify);
}
