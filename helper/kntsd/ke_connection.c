// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>

#include "ke_connection.h"
#include "ke_place.h"
#include "ke_seals.h"

/* The keymaster answers at once, or is in trouble (R14). */
#define SEAL_TIMEOUT_MS 1000
/* For a response that finds no way out, and for the client to close. */
#define CLOSE_TIMEOUT_MS 1000
#define READ_SIZE 4096

enum state {
	HANDSHAKE,	/* until TLS is up */
	READING,	/* until End of Message */
	SEALING,	/* until the keymaster has answered */
	WRITING,	/* until the response is with the kernel */
	CLOSING,	/* until the client has closed as well */
};

struct ke_connection {
	struct ke_listener *listener;
	const struct ke_section *section;
	struct bufferevent *tls;
	SSL *ssl;
	struct event *timer;
	struct event *closing;
	struct tls_peer peer;
	struct ke_request request;
	struct ke_seals_wait wait;
	struct timespec started;
	enum state state;
};

static void count(struct ke_connection *connection, enum ke_stat stat)
{
	ke_server_count(connection->listener->server, stat);
}

static void connection_free(struct ke_connection *connection)
{
	struct ke_listener *listener = connection->listener;

	ke_seals_cancel(listener->server->seals, &connection->wait);
	if (connection->closing)
		event_free(connection->closing);
	if (connection->timer)
		event_free(connection->timer);
	/* libevent may free the TLS side later than us. */
	tls_forget(connection->ssl);
	bufferevent_free(connection->tls);
	free(connection);
	ke_server_left(listener);
}

static void set_timer(struct ke_connection *connection, long ms)
{
	const struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	event_add(connection->timer, &tv);
}

/* The section's time-out is for the whole connection. */
static void set_deadline(struct ke_connection *connection, long at_most_ms)
{
	struct timespec now;
	long left_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left_ms = (long)connection->section->timeout_ms -
		  (now.tv_sec - connection->started.tv_sec) * 1000 -
		  (now.tv_nsec - connection->started.tv_nsec) / 1000000;
	if (left_ms < 0)
		left_ms = 0;
	set_timer(connection, left_ms < at_most_ms ? left_ms : at_most_ms);
}

static void on_closing(evutil_socket_t fd, short what, void *arg)
{
	uint8_t rest[READ_SIZE];
	ssize_t n;

	n = recv(fd, rest, sizeof(rest), MSG_DONTWAIT | MSG_TRUNC);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		connection_free(arg);
}

/*
 * close_notify and FIN go out at once, whatever the client does (R4). But the
 * socket stays until the client has closed too, or a moment has passed:
 * closing it while the client still sends would reset the connection, and a
 * reset destroys a response that the client has not read yet.
 */
static void say_goodbye(struct ke_connection *connection)
{
	struct event_base *base = connection->listener->server->base;
	int fd = bufferevent_getfd(connection->tls);

	SSL_shutdown(connection->ssl);
	shutdown(fd, SHUT_WR);
	bufferevent_disable(connection->tls, EV_READ | EV_WRITE);

	connection->state = CLOSING;
	connection->closing = event_new(base, fd, EV_READ | EV_PERSIST,
					on_closing, connection);
	if (!connection->closing || event_add(connection->closing, NULL)) {
		connection_free(connection);
		return;
	}
	set_timer(connection, CLOSE_TIMEOUT_MS);
}

static void respond(struct ke_connection *connection, const uint8_t *response,
		    size_t len)
{
	connection->state = WRITING;
	bufferevent_disable(connection->tls, EV_READ);
	set_timer(connection, CLOSE_TIMEOUT_MS);
	bufferevent_write(connection->tls, response, len);
	/* After the client's close_notify libevent had stopped writing, too. */
	bufferevent_enable(connection->tls, EV_WRITE);
}

static void respond_error(struct ke_connection *connection,
			  enum ke_error error)
{
	uint8_t response[KE_RESPONSE_MAX_LEN];

	respond(connection, response, ke_message_error(response, error));
}

static void respond_answer(struct ke_connection *connection,
			   const uint8_t *cookies)
{
	const struct ke_request *request = &connection->request;
	const struct ke_section *section = connection->section;
	int fd = bufferevent_getfd(connection->tls);
	struct ke_answer answer = {
		.server = ke_place_server(connection->listener, section,
					  request->server, ke_place_family(fd)),
		.port = section->port,
		.cookies = cookies,
		.cookies_count = KNTS_COOKIES_MAX,
		.cookie_len = knts_cookie_len(request->aead),
	};
	uint8_t response[KE_RESPONSE_MAX_LEN];
	size_t len;

	len = ke_message_answer(response, request, &answer);
	respond(connection, response, len);
}

bool ke_connection_session(struct ke_connection *connection,
			   struct knts_session *session)
{
	const struct ke_request *request = &connection->request;

	session->aead = request->aead;
	return tls_export(connection->ssl, ke_message_context_aead(request),
			  session);
}

void ke_connection_sealed(struct ke_connection *connection, int error,
			  const uint8_t *cookies)
{
	if (error) {
		count(connection, KE_STAT_INTERNAL);
		respond_error(connection, KE_ERROR_INTERNAL);
		return;
	}
	count(connection, KE_STAT_ANSWERED);
	respond_answer(connection, cookies);
}

static void on_complete(struct ke_connection *connection)
{
	struct ke_seals *seals = connection->listener->server->seals;

	if (!ke_message_agreed(&connection->request)) {
		count(connection, KE_STAT_NOTHING_AGREED);
		respond_answer(connection, NULL);
		return;
	}
	connection->state = SEALING;
	bufferevent_disable(connection->tls, EV_READ);
	set_deadline(connection, SEAL_TIMEOUT_MS);
	ke_seals_ask(seals, &connection->wait, connection);
}

static void on_read(struct bufferevent *tls, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(tls);
	struct ke_connection *connection = arg;
	enum ke_progress progress = KE_MORE;
	uint8_t octets[READ_SIZE];
	int n;

	if (connection->state != READING)
		return;
	while (progress == KE_MORE &&
	       (n = evbuffer_remove(input, octets, sizeof(octets))) > 0)
		progress = ke_message_read(&connection->request, octets,
					   (size_t)n);

	if (progress == KE_COMPLETE) {
		on_complete(connection);
	} else if (progress == KE_REFUSED) {
		count(connection, connection->request.error ==
				  KE_ERROR_UNRECOGNISED ? KE_STAT_UNRECOGNISED :
							  KE_STAT_BAD_REQUEST);
		respond_error(connection, connection->request.error);
	}
}

static void on_written(struct bufferevent *tls, void *arg)
{
	struct ke_connection *connection = arg;

	if (connection->state == WRITING &&
	    !evbuffer_get_length(bufferevent_get_output(tls)))
		say_goodbye(connection);
}

static void on_connected(struct ke_connection *connection)
{
	const struct ke_listener *listener = connection->listener;

	count(connection, KE_STAT_HANDSHAKES);
	connection->state = READING;
	connection->section = listener->sections[connection->peer.chosen];
	ke_message_init(&connection->request, connection->section->aeads,
			connection->section->aeads_count);
	set_deadline(connection, connection->section->timeout_ms);
}

static void on_event(struct bufferevent *tls, short what, void *arg)
{
	struct ke_connection *connection = arg;

	if (what & BEV_EVENT_CONNECTED) {
		on_connected(connection);
		return;
	}
	if (what & BEV_EVENT_EOF && connection->state == READING) {
		/* A request that ends before its end is incomplete (R13). */
		count(connection, KE_STAT_BAD_REQUEST);
		respond_error(connection, KE_ERROR_BAD_REQUEST);
		return;
	}
	if (what & BEV_EVENT_EOF && connection->state >= SEALING)
		return;

	if (connection->peer.no_alpn)
		count(connection, KE_STAT_NO_ALPN);
	else if (connection->state == HANDSHAKE)
		count(connection, KE_STAT_TLS_FAILED);
	else if (connection->state == READING)
		count(connection, KE_STAT_ABANDONED);
	connection_free(connection);
}

static void on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct ke_connection *connection = arg;

	switch (connection->state) {
	case HANDSHAKE:
		count(connection, KE_STAT_HANDSHAKE_TIMEOUT);
		connection_free(connection);
		return;
	case READING:
		count(connection, KE_STAT_REQUEST_TIMEOUT);
		respond_error(connection, KE_ERROR_BAD_REQUEST);
		return;
	case SEALING:
		ke_seals_cancel(connection->listener->server->seals,
				&connection->wait);
		count(connection, KE_STAT_INTERNAL);
		respond_error(connection, KE_ERROR_INTERNAL);
		return;
	case WRITING:
	case CLOSING:
		connection_free(connection);
		return;
	}
}

int ke_connection_start(struct ke_listener *listener, int fd)
{
	struct event_base *base = listener->server->base;
	struct ke_connection *connection;

	connection = calloc(1, sizeof(*connection));
	if (!connection)
		return -ENOMEM;
	connection->listener = listener;
	connection->section = listener->sections[0];
	connection->peer.identities = listener->identities;
	connection->peer.identities_count = listener->sections_count;
	connection->wait.slot = -1;
	clock_gettime(CLOCK_MONOTONIC, &connection->started);

	connection->ssl = tls_accept(listener->server->tls, &connection->peer);
	connection->timer = evtimer_new(base, on_timeout, connection);
	if (!connection->ssl || !connection->timer)
		goto err_free;
	/* Deferred: a callback never runs below a call of ours. */
	connection->tls = bufferevent_openssl_socket_new(
		base, fd, connection->ssl, BUFFEREVENT_SSL_ACCEPTING,
		BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (!connection->tls)
		goto err_free;

	bufferevent_setcb(connection->tls, on_read, on_written, on_event,
			  connection);
	bufferevent_enable(connection->tls, EV_READ | EV_WRITE);
	set_deadline(connection, connection->section->timeout_ms);
	return 0;

err_free:
	if (connection->timer)
		event_free(connection->timer);
	SSL_free(connection->ssl);
	free(connection);
	return -ENOMEM;
}
