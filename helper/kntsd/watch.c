// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as the kernel follows. */
#define LINKS_MAX 40
/* A file that is written to in place has changed when its writer is done. */
#define EVENTS (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
		IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

struct watch {
	struct event_base *base;
	void (*changed)(void *arg);
	void *arg;
	struct event *readable;
};

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	char events[4096] __attribute__((aligned(8)));
	struct watch *watch = arg;
	ssize_t n;

	do
		n = read(fd, events, sizeof(events));
	while (n > 0);
	watch->changed(watch->arg);
}

struct watch *watch_start(struct event_base *base, void (*changed)(void *arg),
			  void *arg)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->base = base;
	watch->changed = changed;
	watch->arg = arg;
	return watch;
}

static void close_inotify(struct watch *watch)
{
	if (!watch->readable)
		return;
	close(event_get_fd(watch->readable));
	event_free(watch->readable);
	watch->readable = NULL;
}

void watch_reset(struct watch *watch)
{
	struct event *readable;
	int fd;

	close_inotify(watch);
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (fd < 0)
		return;
	readable = event_new(watch->base, fd, EV_READ | EV_PERSIST, on_readable,
			     watch);
	if (readable && !event_add(readable, NULL)) {
		watch->readable = readable;
		return;
	}
	if (readable)
		event_free(readable);
	close(fd);
}

/*
 * A path on its way to a file: all before @rest is resolved, without symbolic
 * links.
 */
struct way {
	char resolved[PATH_MAX];
	char rest[2 * PATH_MAX];
	unsigned int links;
};

/* Return: whether there was a component before @component's end. */
static bool take_component(struct way *way, char *component, size_t size)
{
	char *start = way->rest + strspn(way->rest, "/");
	size_t len = strcspn(start, "/");

	if (!len || len >= size)
		return false;
	memcpy(component, start, len);
	component[len] = '\0';
	memmove(way->rest, start + len, strlen(start + len) + 1);
	return true;
}

static bool follow(struct way *way, const char *target)
{
	char rest[sizeof(way->rest)];

	if (++way->links > LINKS_MAX ||
	    (size_t)snprintf(rest, sizeof(rest), "%s%s", target, way->rest) >=
		    sizeof(rest))
		return false;
	strcpy(way->rest, rest);
	if (target[0] == '/')
		way->resolved[0] = '\0';
	return true;
}

/* Return: whether there is a further step. */
static bool step(struct watch *watch, struct way *way)
{
	int fd = event_get_fd(watch->readable);
	char target[PATH_MAX], component[NAME_MAX + 1];
	size_t len = strlen(way->resolved);
	struct stat st;
	ssize_t n;

	if (!take_component(way, component, sizeof(component)))
		return false;
	if (!strcmp(component, "."))
		return true;
	if (!strcmp(component, "..")) {
		*(strrchr(way->resolved, '/') ?: way->resolved) = '\0';
		return true;
	}
	if (len + strlen(component) + 2 > sizeof(way->resolved))
		return false;
	sprintf(way->resolved + len, "/%s", component);
	if (!lstat(way->resolved, &st) && S_ISDIR(st.st_mode))
		return true;

	/* A link, the file, or where something is missing: all may change. */
	n = readlink(way->resolved, target, sizeof(target) - 1);
	way->resolved[len] = '\0';
	inotify_add_watch(fd, len ? way->resolved : "/", EVENTS);
	if (n < 0)
		return false;
	target[n] = '\0';
	return follow(way, target);
}

void watch_add(struct watch *watch, const char *path)
{
	struct way way = { .links = 0 };

	if (!watch->readable || strlen(path) >= sizeof(way.rest))
		return;
	strcpy(way.rest, path);
	while (step(watch, &way))
		;
}

void watch_stop(struct watch *watch)
{
	if (!watch)
		return;
	close_inotify(watch);
	free(watch);
}
