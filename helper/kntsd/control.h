/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: a line with a command in, a line with one JSON object
 * out, any number of times. For root and for kntsd's own user only.
 */
#ifndef KNTSD_CONTROL_H
#define KNTSD_CONTROL_H

#include <event2/event.h>
#include <json-c/json_types.h>

struct control;

/**
 * typedef control_fn - carry out a command
 * @command: one line, without its end
 * @arg: as given to control_start()
 *
 * Return: the answer, a new reference, never NULL.
 */
typedef struct json_object *(*control_fn)(const char *command, void *arg);

/**
 * control_start() - listen
 * @control: set on success
 * @base: event loop
 * @path: the socket's; its folder is made if only that one is missing
 * @handle: called for each line
 * @arg: for @handle
 * @error: on failure one sentence
 * @error_size: room for it
 *
 * Return: 0; -EADDRINUSE if another kntsd listens there; or another -errno.
 */
int control_start(struct control **control, struct event_base *base,
		  const char *path, control_fn handle, void *arg, char *error,
		  size_t error_size);

/** control_stop() - drop all connections, remove the socket; NULL is allowed */
void control_stop(struct control *control);

#endif
