/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of kntsctl exporter.
 */
#ifndef KNTSCTL_EXPORTER_H
#define KNTSCTL_EXPORTER_H

#include <event2/event.h>
#include <json-c/json.h>

struct exporter_http;

/**
 * exporter_read() - what the kernel and kntsd say now
 * @control_path: kntsd's socket
 *
 * Blocks for as long as the kernel and kntsd take, for a second at most where
 * kntsd hangs.
 *
 * Return: an object, to be put, with kernel and, in an object called kntsd, ok:
 * false for what does not answer, why in kernel-error and kntsd-error, and
 * beside them what is known. Its other members are version, serving, servers,
 * counters, histograms, clock, keys, devices, interleave and clients.
 */
struct json_object *exporter_read(const char *control_path);

/**
 * exporter_http_start() - serve metrics
 * @http: set on success
 * @base: whose loop serves
 * @listen: address and port, "127.0.0.1:10123" or "[::1]:10123"
 * @control_path: kntsd's socket
 *
 * Return: EXIT_DONE, or another after one sentence to stderr.
 */
int exporter_http_start(struct exporter_http **http, struct event_base *base,
			const char *listen, const char *control_path);

/** exporter_http_stop() - close all; NULL is allowed */
void exporter_http_stop(struct exporter_http *http);

#endif
