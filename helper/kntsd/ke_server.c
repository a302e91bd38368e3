// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ke_connection.h"
#include "ke_server.h"

static const struct timeval retry_delay = { .tv_usec = 100000 };

static unsigned int cap_of(const struct ke_listener *listener)
{
	return listener->sections[0]->connections_max;
}

/*
 * A listening socket that is readable and not accepted from would wake the
 * loop without end: while there is no room it is not looked at (R25).
 */
static void pause_accepting(struct ke_listener *listener)
{
	if (!listener->paused)
		event_del(listener->readable);
	listener->paused = true;
}

static void resume_accepting(struct ke_listener *listener)
{
	if (!listener->paused || listener->server->draining ||
	    listener->connections >= cap_of(listener))
		return;
	listener->paused = false;
	event_add(listener->readable, NULL);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	resume_accepting(arg);
}

static void on_accept_error(struct ke_listener *listener, int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		ke_server_count(listener->server, KE_STAT_NO_DESCRIPTORS);
		pause_accepting(listener);
		event_add(listener->retry, &retry_delay);
		break;
	default:
		/* The client, or another worker, was faster. */
		break;
	}
}

/*
 * One at a time: workers that share a socket share the work as well, and none
 * asks for a connection that is not there.
 */
static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct ke_listener *listener = arg;
	struct ke_server *server = listener->server;
	int accepted;

	if (listener->connections >= cap_of(listener)) {
		ke_server_count(server, KE_STAT_PAUSED);
		pause_accepting(listener);
		return;
	}
	accepted = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (accepted < 0) {
		on_accept_error(listener, errno);
		return;
	}
	if (ke_connection_start(listener, accepted)) {
		close(accepted);
		on_accept_error(listener, ENOMEM);
		return;
	}
	ke_server_count(server, KE_STAT_ACCEPTED);
	listener->connections++;
	server->connections++;
}

int ke_server_start(struct ke_server *server)
{
	struct ke_listener *listener;
	size_t i;

	for (i = 0; i < server->listeners_count; i++) {
		listener = &server->listeners[i];
		listener->readable = event_new(server->base, listener->fd,
					       EV_READ | EV_PERSIST,
					       on_readable, listener);
		listener->retry = evtimer_new(server->base, on_retry, listener);
		if (!listener->readable || !listener->retry ||
		    event_add(listener->readable, NULL))
			return -ENOMEM;
	}
	return 0;
}

/* Fronts that do not show the identity are made anew for nothing. */
static int renew_fronts(struct ke_server *server)
{
	int ret = 0;
	size_t i;

	for (i = 0; !ret && i < server->listeners_count; i++)
		ret = tls_front_renew(&server->listeners[i].front);
	return ret;
}

int ke_server_renew(struct ke_server *server, size_t section, const char *chain,
		    size_t chain_size, const char *key, size_t key_size)
{
	struct tls_identity *identity = &server->sections[section].identity;
	struct tls_identity before = *identity;
	int ret;

	ret = tls_identity_load(identity, chain, chain_size, key, key_size);
	if (!ret)
		ret = renew_fronts(server);
	if (ret) {
		tls_identity_unload(identity);
		*identity = before;
		renew_fronts(server);
		return ret;
	}
	tls_identity_unload(&before);
	return 0;
}

static void end_if_drained(struct ke_server *server)
{
	if (server->draining && !server->connections)
		server->drained(server->base);
}

void ke_server_drain(struct ke_server *server)
{
	size_t i;

	server->draining = true;
	for (i = 0; i < server->listeners_count; i++) {
		pause_accepting(&server->listeners[i]);
		event_del(server->listeners[i].retry);
		close(server->listeners[i].fd);
	}
	end_if_drained(server);
}

void ke_server_left(struct ke_listener *listener)
{
	listener->connections--;
	listener->server->connections--;
	resume_accepting(listener);
	end_if_drained(listener->server);
}
