/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to kntsd, over its control socket.
 */
#ifndef KNTSCTL_CONTROL_H
#define KNTSCTL_CONTROL_H

#include <stddef.h>

#include <json-c/json.h>

#define CONTROL_PATH "/run/knts/control"
#define CONTROL_ERROR_SIZE 512

/**
 * control_ask() - send one word, read one JSON object
 * @path: the socket
 * @word: "status", "rotate" or "reload"
 * @error: on failure one sentence; CONTROL_ERROR_SIZE octets
 *
 * Return: the answer, to be put, if kntsd says "ok"; else NULL.
 */
struct json_object *control_ask(const char *path, const char *word,
				char *error);

/** control_ask_within() - the same for who has no more patience than that */
struct json_object *control_ask_within(int patience_s, const char *path,
				       const char *word, char *error);

#endif
