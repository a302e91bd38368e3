// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <json-c/json.h>

#include "fail.h"

#define CONNECTIONS_MAX 16
#define LINE_MAX_LEN 256
#define TIMEOUT_S 10

struct connection {
	struct control *control;
	struct bufferevent *buffer;
	struct connection *next;
	bool closing;
};

struct control {
	struct evconnlistener *listener;
	struct connection *connections;
	size_t count;
	control_fn handle;
	void *arg;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

static void drop(struct connection *connection)
{
	struct control *control = connection->control;
	struct connection **link = &control->connections;

	while (*link != connection)
		link = &(*link)->next;
	*link = connection->next;
	control->count--;
	bufferevent_free(connection->buffer);
	free(connection);
	evconnlistener_enable(control->listener);
}

static void answer(struct connection *connection, const char *line)
{
	struct evbuffer *out = bufferevent_get_output(connection->buffer);
	struct control *control = connection->control;
	struct json_object *reply;

	reply = control->handle(line, control->arg);
	evbuffer_add_printf(out, "%s\n", json_object_to_json_string_ext(
			    reply, JSON_C_TO_STRING_PLAIN |
			    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(reply);
}

static void refuse(struct connection *connection, const char *why)
{
	struct evbuffer *out = bufferevent_get_output(connection->buffer);

	evbuffer_add_printf(out, "{\"ok\":false,\"error\":\"%s\"}\n", why);
	bufferevent_disable(connection->buffer, EV_READ);
	connection->closing = true;
}

static void on_read(struct bufferevent *buffer, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(buffer);
	struct connection *connection = arg;
	size_t len;
	char *line;

	while ((line = evbuffer_readln(in, &len, EVBUFFER_EOL_CRLF))) {
		answer(connection, line);
		free(line);
	}
	if (evbuffer_get_length(in) > LINE_MAX_LEN)
		refuse(connection, "a command has at most 256 octets");
}

static void on_written(struct bufferevent *buffer, void *arg)
{
	struct connection *connection = arg;

	if (connection->closing)
		drop(connection);
}

static void on_event(struct bufferevent *buffer, short what, void *arg)
{
	struct evbuffer *out = bufferevent_get_output(buffer);
	struct connection *connection = arg;

	/* A client that is done sending still wants its answer. */
	if ((what & BEV_EVENT_EOF) && evbuffer_get_length(out)) {
		bufferevent_disable(buffer, EV_READ);
		connection->closing = true;
		return;
	}
	drop(connection);
}

static bool may_command(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *address, int len, void *arg)
{
	struct timeval timeout = { .tv_sec = TIMEOUT_S };
	struct control *control = arg;
	struct connection *connection;

	connection = calloc(1, sizeof(*connection));
	if (!connection)
		goto err_close;
	connection->control = control;
	connection->buffer = bufferevent_socket_new(
		evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
	if (!connection->buffer)
		goto err_free;
	connection->next = control->connections;
	control->connections = connection;
	if (++control->count == CONNECTIONS_MAX)
		evconnlistener_disable(listener);
	bufferevent_setcb(connection->buffer, on_read, on_written, on_event,
			  connection);
	bufferevent_setwatermark(connection->buffer, EV_READ, 0,
				 2 * LINE_MAX_LEN);
	bufferevent_set_timeouts(connection->buffer, &timeout, &timeout);
	bufferevent_enable(connection->buffer, EV_READ | EV_WRITE);
	if (!may_command(fd))
		refuse(connection, "only root may control kntsd");
	return;

err_free:
	free(connection);
err_close:
	evutil_closesocket(fd);
}

/* A socket that nobody listens on was left by one that died. */
static int clear_path(const struct sockaddr_un *sun, char *error,
		      size_t error_size)
{
	struct stat st;
	int err;
	int fd;

	if (lstat(sun->sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return fail(-EEXIST, error, error_size,
			    "control-path %s exists and is not a socket",
			    sun->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(-errno, error, error_size, "no socket: %s",
			    strerror(errno));
	err = connect(fd, (const struct sockaddr *)sun, sizeof(*sun));
	close(fd);
	if (!err)
		return fail(-EADDRINUSE, error, error_size,
			    "another kntsd is running: it listens on %s",
			    sun->sun_path);
	unlink(sun->sun_path);
	return 0;
}

static int open_socket(const char *path, char *error, size_t error_size)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char copy[PATH_MAX];
	mode_t mask;
	int err;
	int fd;

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	snprintf(copy, sizeof(copy), "%s", path);
	mkdir(dirname(copy), 0755);
	err = clear_path(&sun, error, error_size);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(-errno, error, error_size, "no socket: %s",
			    strerror(errno));
	mask = umask(0177);
	err = bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 ? -errno : 0;
	umask(mask);
	if (!err && listen(fd, CONNECTIONS_MAX) < 0)
		err = -errno;
	if (err) {
		close(fd);
		return fail(err, error, error_size,
			    "cannot listen on control-path %s: %s", path,
			    strerror(-err));
	}
	return fd;
}

int control_start(struct control **control, struct event_base *base,
		  const char *path, control_fn handle, void *arg, char *error,
		  size_t error_size)
{
	struct control *new;
	int fd;

	new = calloc(1, sizeof(*new));
	if (!new)
		return fail(-ENOMEM, error, error_size, "out of memory");
	new->handle = handle;
	new->arg = arg;
	snprintf(new->path, sizeof(new->path), "%s", path);
	fd = open_socket(path, error, error_size);
	if (fd < 0)
		goto err_free;
	new->listener = evconnlistener_new(base, on_accept, new,
					   LEV_OPT_CLOSE_ON_FREE |
					   LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (!new->listener) {
		close(fd);
		unlink(path);
		fd = fail(-ENOMEM, error, error_size, "out of memory");
		goto err_free;
	}
	*control = new;
	return 0;

err_free:
	free(new);
	return fd;
}

void control_stop(struct control *control)
{
	if (!control)
		return;
	while (control->connections)
		drop(control->connections);
	evconnlistener_free(control->listener);
	unlink(control->path);
	free(control);
}
