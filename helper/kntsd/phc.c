// SPDX-License-Identifier: GPL-2.0-or-later
#include "phc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <json-c/json.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "log.h"
#include "phc_track.h"

/* What nobody reports, such as timestamps that another program turns off. */
#define LOOK_INTERVAL_S 10
/* A device that comes is reported many times. */
#define LOOK_SOON_US 50000
/* Far in the future: it is only to be cancelled. */
#define NEVER_S INT32_MAX

struct phc {
	struct event_base *base;
	struct knts_conn *conn;
	const struct config *config;
	void (*gone)(void *arg);
	void *gone_arg;
	TAILQ_HEAD(phc_tracks, phc_track) tracks;
	struct event *look;
	struct event *links;
	struct event *steps;
	bool soon;
};

struct event_base *phc_base(const struct phc *phc)
{
	return phc->base;
}

struct knts_conn *phc_conn(const struct phc *phc)
{
	return phc->conn;
}

void phc_gone(struct phc *phc)
{
	phc->gone(phc->gone_arg);
}

void phc_look_again(struct phc *phc)
{
	const struct timeval soon = { .tv_usec = LOOK_SOON_US };

	if (!phc->soon)
		evtimer_add(phc->look, &soon);
	phc->soon = true;
}

static struct phc_track *find_track(struct phc *phc, const char *device)
{
	struct phc_track *track;

	TAILQ_FOREACH(track, &phc->tracks, link)
		if (!strcmp(track->device, device))
			return track;
	return NULL;
}

/* A device's own section comes before that of a device above it. */
static bool has_section(const struct phc *phc, const char *device)
{
	size_t i;

	for (i = 0; i < phc->config->phcs_count; i++)
		if (!strcmp(phc->config->phcs[i].device, device))
			return true;
	return false;
}

static void want(struct phc *phc, const struct config_phc *config,
		 const char *device)
{
	struct phc_track *track = find_track(phc, device);

	if (track && track->wanted)
		return;
	if (!track) {
		track = phc_track_alloc(phc, device);
		if (!track)
			return;
		TAILQ_INSERT_TAIL(&phc->tracks, track, link);
	}
	track->wanted = true;
	phc_track_configure(track, config);
}

/* Virtual machines' ports of a bridge, for example, are nobody's loss. */
static void want_lowest(struct phc *phc, const struct config_phc *config)
{
	char lowest[KNTS_PHCS_MAX][IFNAMSIZ];
	size_t count, i, wanted = 0;

	count = phc_device_lowest(config->device, lowest, KNTS_PHCS_MAX);
	for (i = 0; i < count; i++) {
		if (phc_device_phc(lowest[i]) < 0 &&
		    phc_device_is_virtual(lowest[i]))
			continue;
		wanted++;
		if (!strcmp(lowest[i], config->device) ||
		    !has_section(phc, lowest[i]))
			want(phc, config, lowest[i]);
	}
	if (!wanted)
		want(phc, config, config->device);
}

static void look(struct phc *phc)
{
	struct phc_track *track, *next;
	size_t i;

	TAILQ_FOREACH(track, &phc->tracks, link)
		track->wanted = false;
	for (i = 0; i < phc->config->phcs_count; i++)
		want_lowest(phc, &phc->config->phcs[i]);
	for (track = TAILQ_FIRST(&phc->tracks); track; track = next) {
		next = TAILQ_NEXT(track, link);
		if (track->wanted) {
			phc_track_check(track);
			continue;
		}
		TAILQ_REMOVE(&phc->tracks, track, link);
		phc_track_put(track, true);
	}
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval interval = { .tv_sec = LOOK_INTERVAL_S };
	struct phc *phc = arg;

	phc->soon = false;
	evtimer_add(phc->look, &interval);
	look(phc);
}

/* That something has changed is all that we want to know. */
static void on_links(evutil_socket_t fd, short what, void *arg)
{
	struct phc *phc = arg;
	char message[8192];

	while (recv(fd, message, sizeof(message), 0) > 0 || errno == ENOBUFS)
		;
	phc_look_again(phc);
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	const struct itimerspec never = { .it_value.tv_sec = NEVER_S };
	uint64_t expired;

	if (read(fd, &expired, sizeof(expired)) < 0 && errno == ECANCELED)
		log_notice("the system clock was set: PHC lines hold, since they lead to CLOCK_MONOTONIC_RAW");
	timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never,
			NULL);
}

static struct event *watch(struct phc *phc, int fd, event_callback_fn handler)
{
	struct event *event;

	if (fd < 0)
		return NULL;
	event = event_new(phc->base, fd, EV_READ | EV_PERSIST, handler, phc);
	if (event && !event_add(event, NULL))
		return event;
	if (event)
		event_free(event);
	close(fd);
	return NULL;
}

static struct event *watch_links(struct phc *phc)
{
	struct sockaddr_nl links = {
		.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK,
	};
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_ROUTE);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&links, sizeof(links)) < 0) {
		close(fd);
		fd = -1;
	}
	return watch(phc, fd, on_links);
}

static struct event *watch_steps(struct phc *phc)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		on_step(fd, 0, phc);
	return watch(phc, fd, on_step);
}

/* Lines that a kntsd that died has left run on, but for those nobody wants. */
static void forget_others(struct phc *phc)
{
	struct knts_phc *phcs;
	size_t count, i;

	if (knts_phc_list(phc->conn, &phcs, &count))
		return;
	for (i = 0; i < count; i++)
		if (!find_track(phc, phcs[i].device))
			knts_phc_del(phc->conn, phcs[i].device);
	free(phcs);
}

void phc_reload(struct phc *phc, const struct config *config)
{
	phc->config = config;
	on_look(-1, 0, phc);
}

int phc_start(struct phc **phc, struct event_base *base,
	      struct knts_conn *conn, const struct config *config,
	      void (*gone)(void *arg), void *arg)
{
	struct phc *new;

	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->base = base;
	new->conn = conn;
	new->gone = gone;
	new->gone_arg = arg;
	TAILQ_INIT(&new->tracks);
	new->look = evtimer_new(base, on_look, new);
	new->links = watch_links(new);
	new->steps = watch_steps(new);
	if (!new->look || !new->links || !new->steps) {
		phc_stop(new, false);
		return -ENOMEM;
	}
	phc_reload(new, config);
	forget_others(new);
	*phc = new;
	return 0;
}

void phc_status(const struct phc *phc, struct json_object *reply,
		struct json_object *problems)
{
	struct json_object *array = json_object_new_array();
	const struct phc_track *track;

	TAILQ_FOREACH(track, &phc->tracks, link)
		json_object_array_add(array, phc_track_status(track, problems));
	json_object_object_add(reply, "hardware-timestamps", array);
}

static void unwatch(struct event *event)
{
	if (!event)
		return;
	close(event_get_fd(event));
	event_free(event);
}

void phc_stop(struct phc *phc, bool forget)
{
	struct phc_track *track;

	if (!phc)
		return;
	while ((track = TAILQ_FIRST(&phc->tracks))) {
		TAILQ_REMOVE(&phc->tracks, track, link);
		phc_track_put(track, forget);
	}
	unwatch(phc->links);
	unwatch(phc->steps);
	if (phc->look)
		event_free(phc->look);
	free(phc);
}
