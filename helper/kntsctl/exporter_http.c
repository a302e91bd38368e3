// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The metrics by HTTP: libevent's server, kept within bounds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

#include "kntsctl/control.h"
#include "kntsctl/exporter.h"
#include "kntsctl/exporter_metrics.h"
#include "kntsctl/kntsctl.h"

#define BACKLOG 16
#define LEV_OPTIONS \
	(LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE)
#define HEADERS_MAX_LEN 8192
#define BODY_MAX_LEN 0

/* Who scrapes every minute keeps the connection open for as long. */
#define IDLE_S 90

/*
 * The server takes what connections there are descriptors for. So all that may be
 * open are counted in descriptors, with a few beside for questions to the kernel
 * and to kntsd.
 */
#define DESCRIPTORS_IDLE 64
#define DESCRIPTORS_READING (DESCRIPTORS_IDLE + 8)

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct exporter_http {
	struct evconnlistener *listener;
	struct evhttp *server;
	const char *control_path;
	char kernel_error[CONTROL_ERROR_SIZE];
	char kntsd_error[CONTROL_ERROR_SIZE];
};

static void limit_descriptors(rlim_t count)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static struct json_object *read_with_descriptors(const char *control_path)
{
	struct json_object *reading;

	limit_descriptors(DESCRIPTORS_READING);
	reading = exporter_read(control_path);
	limit_descriptors(DESCRIPTORS_IDLE);
	return reading;
}

/* One line when something begins to be wrong, one when that is over. */
static void log_change(char *last, const char *error, const char *who)
{
	if (!error)
		error = "";
	if (!strcmp(last, error))
		return;
	if (*error)
		fail("%s", error);
	else
		fail("%s tells again", who);
	snprintf(last, CONTROL_ERROR_SIZE, "%s", error);
}

static void on_metrics(struct evhttp_request *request, void *arg)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct evbuffer *text = evbuffer_new();
	struct exporter_http *http = arg;
	struct json_object *reading;

	if (!text) {
		evhttp_send_error(request, HTTP_INTERNAL, NULL);
		return;
	}
	reading = read_with_descriptors(http->control_path);
	log_change(http->kernel_error, metric_text(reading, "kernel-error"),
		   "the kernel");
	log_change(http->kntsd_error, metric_text(reading, "kntsd-error"), "kntsd");
	exporter_write(text, reading);
	json_object_put(reading);
	evhttp_add_header(headers, "Content-Type", CONTENT_TYPE);
	evhttp_send_reply(request, HTTP_OK, NULL, text);
	evbuffer_free(text);
}

static void on_other(struct evhttp_request *request, void *arg)
{
	evhttp_send_error(request, HTTP_NOTFOUND, "only /metrics is here");
}

static void on_retry(evutil_socket_t fd, short what, void *listener)
{
	evconnlistener_enable(listener);
}

/*
 * No descriptor is free: who waits in the backlog waits on. The argument is not
 * ours, but what evhttp_bind_listener() gave the listener for its own callback.
 */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	const struct timeval delay = { .tv_sec = 1 };

	evconnlistener_disable(listener);
	if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT,
			    on_retry, listener, &delay))
		evconnlistener_enable(listener);
}

static int open_listener(struct exporter_http *http, struct event_base *base,
			 const char *listen)
{
	struct sockaddr_storage address = { 0 };
	unsigned int options = LEV_OPTIONS;
	int len = sizeof(address);
	in_port_t port;

	if (evutil_parse_sockaddr_port(listen, (struct sockaddr *)&address,
				       &len))
		goto err_usage;
	if (address.ss_family == AF_INET6) {
		port = ((struct sockaddr_in6 *)&address)->sin6_port;
		options |= LEV_OPT_BIND_IPV6ONLY;
	} else {
		port = ((struct sockaddr_in *)&address)->sin_port;
	}
	if (!port)
		goto err_usage;

	http->listener = evconnlistener_new_bind(
		base, NULL, http, options, BACKLOG, (struct sockaddr *)&address,
		len);
	if (http->listener)
		return EXIT_DONE;
	return fail("cannot listen on %s: %s", listen, strerror(errno));

err_usage:
	return usage_error("--listen '%s': an address and a port are wanted, such as"
			   " 127.0.0.1:10123 or [::1]:10123", listen);
}

static int open_server(struct exporter_http *http, struct event_base *base)
{
	http->server = evhttp_new(base);
	if (!http->server ||
	    !evhttp_bind_listener(http->server, http->listener))
		return fail("out of memory");
	evconnlistener_set_error_cb(http->listener, on_accept_error);
	evhttp_set_allowed_methods(http->server,
				   EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_max_headers_size(http->server, HEADERS_MAX_LEN);
	evhttp_set_max_body_size(http->server, BODY_MAX_LEN);
	evhttp_set_timeout(http->server, IDLE_S);
	evhttp_set_cb(http->server, "/metrics", on_metrics, http);
	evhttp_set_gencb(http->server, on_other, http);
	limit_descriptors(DESCRIPTORS_IDLE);
	return EXIT_DONE;
}

int exporter_http_start(struct exporter_http **http, struct event_base *base,
			const char *listen, const char *control_path)
{
	struct exporter_http *new = calloc(1, sizeof(*new));
	int status;

	if (!new)
		return fail("out of memory");
	new->control_path = control_path;
	status = open_listener(new, base, listen);
	if (status)
		goto err_stop;
	status = open_server(new, base);
	if (status)
		goto err_stop;
	*http = new;
	return EXIT_DONE;

err_stop:
	exporter_http_stop(new);
	return status;
}

void exporter_http_stop(struct exporter_http *http)
{
	if (!http)
		return;
	if (http->server)
		evhttp_free(http->server);
	else if (http->listener)
		evconnlistener_free(http->listener);
	free(http);
}
