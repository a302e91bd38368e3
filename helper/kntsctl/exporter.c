// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl exporter: metrics for Prometheus.
 */
#include <signal.h>

#include "kntsctl/exporter.h"
#include "kntsctl/kntsctl.h"

#define LISTEN "127.0.0.1:10123"

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	event_base_loopexit(arg, NULL);
}

static int serve(struct event_base *base, const char *listen,
		 const char *control_path)
{
	struct event *interrupted = evsignal_new(base, SIGINT, on_signal, base);
	struct event *terminated = evsignal_new(base, SIGTERM, on_signal, base);
	struct exporter_http *http = NULL;
	int status;

	if (!interrupted || !terminated || event_add(interrupted, NULL) ||
	    event_add(terminated, NULL)) {
		status = fail("out of memory");
		goto out_free;
	}
	status = exporter_http_start(&http, base, listen, control_path);
	if (status)
		goto out_free;
	fprintf(stderr, "kntsctl: serving http://%s/metrics\n", listen);
	event_base_dispatch(base);
	exporter_http_stop(http);
out_free:
	if (interrupted)
		event_free(interrupted);
	if (terminated)
		event_free(terminated);
	return status;
}

static const char *address = LISTEN;

static int run(int argc, char **argv)
{
	struct event_base *base;
	int status;

	/* A scraper that goes away early is no reason to die. */
	signal(SIGPIPE, SIG_IGN);
	base = event_base_new();
	if (!base)
		return fail("out of memory");
	status = serve(base, address, common.control);
	event_base_free(base);
	return status;
}

static const struct option_row options[] = {
	{ .name = "listen", .value = "ADDRESS:PORT", .kind = OPTION_TEXT,
	  .text = &address,
	  .help = "where, else " LISTEN "; [::1]:10123 for IPv6." },
	CONTROL_ROW,
	{ 0 },
};

const struct command command_exporter = {
	.name = "exporter",
	.summary = "Serve metrics to Prometheus until it is ended",
	.help = "Metrics are at /metrics, read anew for every request. That the"
		" kernel or kntsd does not tell is no failure: knts_up and"
		" kntsd_up then are 0.\n\n"
		"There is neither TLS nor a password, so an address other than"
		" loopback wants a firewall.",
	.options = options,
	.run = run,
};
