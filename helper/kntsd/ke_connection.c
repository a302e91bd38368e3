// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/event_struct.h>
#include <openssl/err.h>

#include "ke_connection.h"
#include "ke_failure.h"
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

/*
 * Any call of a function that takes a connection to another state may free it,
 * so it is the last that its caller does.
 */
struct ke_connection {
	struct ke_listener *listener;
	const struct ke_section *section;
	SSL *ssl;
	int fd;
	struct event io;
	struct event timer;
	struct tls_peer peer;
	struct ke_request request;
	struct ke_seals_wait wait;
	struct timespec started;
	enum state state;
	bool answers;	/* the response has cookies */
	size_t response_len;
	uint8_t response[KE_RESPONSE_MAX_LEN];
};

static void count(struct ke_connection *connection, enum ke_stat stat)
{
	ke_server_count(connection->listener->server, stat);
}

static void connection_free(struct ke_connection *connection)
{
	struct ke_listener *listener = connection->listener;

	if (connection->peer.unknown_name)
		count(connection, KE_STAT_UNKNOWN_NAME);
	ke_seals_cancel(listener->server->seals, &connection->wait);
	event_del(&connection->timer);
	event_del(&connection->io);
	SSL_free(connection->ssl);
	close(connection->fd);
	free(connection);
	ke_server_left(listener);
}

static void set_timer(struct ke_connection *connection, long ms)
{
	const struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	event_add(&connection->timer, &tv);
}

static int64_t elapsed_ns(const struct ke_connection *connection)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - connection->started.tv_sec) * 1000000000LL +
	       now.tv_nsec - connection->started.tv_nsec;
}

/* The section's time-out is for the whole connection. */
static void set_deadline(struct ke_connection *connection, long at_most_ms)
{
	long left_ms = (long)connection->section->timeout_ms -
		       (long)(elapsed_ns(connection) / 1000000);

	if (left_ms < 0)
		left_ms = 0;
	set_timer(connection, left_ms < at_most_ms ? left_ms : at_most_ms);
}

static void on_io(evutil_socket_t fd, short what, void *arg);

/* Return: true, or false if there is no memory for it. */
static bool wait_for(struct ke_connection *connection, short what)
{
	struct event_base *base = connection->listener->server->base;

	if (event_pending(&connection->io, what, NULL))
		return true;
	event_del(&connection->io);
	event_assign(&connection->io, base, connection->fd, what | EV_PERSIST,
		     on_io, connection);
	return !event_add(&connection->io, NULL);
}

/*
 * Wait for what OpenSSL needs to go on after it returned @result.
 * Return: false if nothing makes it go on.
 */
static bool wait_for_tls(struct ke_connection *connection, int result)
{
	switch (SSL_get_error(connection->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return wait_for(connection, EV_READ);
	case SSL_ERROR_WANT_WRITE:
		return wait_for(connection, EV_WRITE);
	default:
		return false;
	}
}

/* The client's end mostly comes right behind its close_notify. */
static void await_close(struct ke_connection *connection)
{
	uint8_t rest[READ_SIZE];
	ssize_t n = 1;
	int i;

	for (i = 0; i < 2 && n > 0; i++)
		n = recv(connection->fd, rest, sizeof(rest),
			 MSG_DONTWAIT | MSG_TRUNC);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		connection_free(connection);
}

/*
 * close_notify and FIN go out at once, whatever the client does (R4). But the
 * socket stays until the client has closed too, or a moment has passed:
 * closing it while the client still sends would reset the connection, and a
 * reset destroys a response that the client has not read yet.
 */
static void say_goodbye(struct ke_connection *connection)
{
	SSL_shutdown(connection->ssl);
	shutdown(connection->fd, SHUT_WR);
	SSL_free(connection->ssl);
	connection->ssl = NULL;

	connection->state = CLOSING;
	set_timer(connection, CLOSE_TIMEOUT_MS);
	if (!wait_for(connection, EV_READ))
		connection_free(connection);
}

static void write_response(struct ke_connection *connection)
{
	int n;

	ERR_clear_error();
	n = SSL_write(connection->ssl, connection->response,
		      (int)connection->response_len);
	if (n <= 0) {
		if (!wait_for_tls(connection, n))
			connection_free(connection);
		return;
	}
	if (connection->answers)
		ke_stats_duration(&connection->listener->server->stats,
				  (uint64_t)elapsed_ns(connection));
	say_goodbye(connection);
}

/* Response, close_notify and FIN are one segment: the last lets them go. */
static void respond(struct ke_connection *connection, size_t len)
{
	const int on = 1;

	connection->state = WRITING;
	connection->response_len = len;
	set_timer(connection, CLOSE_TIMEOUT_MS);
	setsockopt(connection->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
	write_response(connection);
}

static void respond_error(struct ke_connection *connection,
			  enum ke_error error)
{
	respond(connection, ke_message_error(connection->response, error));
}

static void respond_answer(struct ke_connection *connection,
			   const uint8_t *cookies)
{
	const struct ke_request *request = &connection->request;
	const struct ke_section *section = connection->section;
	struct ke_answer answer = {
		.server = ke_place_server(connection->listener, section,
					  request->server, connection->fd),
		.port = section->port,
		.cookies = cookies,
		.cookies_count = KNTS_COOKIES_MAX,
		.cookie_len = knts_cookie_len(request->aead),
	};

	respond(connection, ke_message_answer(connection->response, request,
					      &answer));
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
	connection->answers = true;
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
	set_deadline(connection, SEAL_TIMEOUT_MS);
	ke_seals_ask(seals, &connection->wait, connection);
}

static void on_refused(struct ke_connection *connection)
{
	enum ke_error error = connection->request.error;

	count(connection, error == KE_ERROR_UNRECOGNISED ?
			  KE_STAT_UNRECOGNISED : KE_STAT_BAD_REQUEST);
	respond_error(connection, error);
}

/* No more will come of the request. */
static void on_cut(struct ke_connection *connection, int result)
{
	enum ke_stat failure = ke_failure_of(connection->ssl, result);

	if (SSL_get_error(connection->ssl, result) == SSL_ERROR_ZERO_RETURN) {
		/* One that ends before its end is incomplete (R13). */
		count(connection, KE_STAT_BAD_REQUEST);
		respond_error(connection, KE_ERROR_BAD_REQUEST);
		return;
	}
	count(connection, ke_failure_is_verdict(failure) ? failure :
							   KE_STAT_ABANDONED);
	connection_free(connection);
}

static void read_request(struct ke_connection *connection)
{
	enum ke_progress progress = KE_MORE;
	uint8_t octets[READ_SIZE];
	int n;

	do {
		ERR_clear_error();
		n = SSL_read(connection->ssl, octets, sizeof(octets));
		if (n > 0)
			progress = ke_message_read(&connection->request, octets,
						   (size_t)n);
	} while (n > 0 && progress == KE_MORE);

	if (progress == KE_COMPLETE)
		on_complete(connection);
	else if (progress == KE_REFUSED)
		on_refused(connection);
	else if (!wait_for_tls(connection, n))
		on_cut(connection, n);
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
	/* The request may have come along. */
	read_request(connection);
}

static void shake_hands(struct ke_connection *connection)
{
	int result;

	ERR_clear_error();
	result = SSL_accept(connection->ssl);
	if (result == 1) {
		on_connected(connection);
		return;
	}
	if (wait_for_tls(connection, result))
		return;
	count(connection, connection->peer.no_alpn ?
			  KE_STAT_NO_ALPN :
			  ke_failure_of(connection->ssl, result));
	connection_free(connection);
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
	struct ke_connection *connection = arg;

	switch (connection->state) {
	case HANDSHAKE:
		shake_hands(connection);
		return;
	case READING:
		read_request(connection);
		return;
	case SEALING:
		/* Nothing that the client may say now matters. */
		event_del(&connection->io);
		return;
	case WRITING:
		write_response(connection);
		return;
	case CLOSING:
		await_close(connection);
		return;
	}
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
	connection->peer.front = &listener->front;
	connection->fd = fd;
	connection->wait.slot = -1;
	clock_gettime(CLOCK_MONOTONIC, &connection->started);

	connection->ssl = tls_accept(tls_front_context(&listener->front),
				     &connection->peer, fd);
	if (!connection->ssl)
		goto err_free;
	event_assign(&connection->io, base, fd, EV_READ | EV_PERSIST, on_io,
		     connection);
	evtimer_assign(&connection->timer, base, on_timeout, connection);
	if (event_add(&connection->io, NULL))
		goto err_free;
	set_deadline(connection, connection->section->timeout_ms);
	return 0;

err_free:
	SSL_free(connection->ssl);
	free(connection);
	return -ENOMEM;
}
