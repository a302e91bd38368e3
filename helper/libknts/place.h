/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a refusal is about: a place in the request, named with its value.
 */
#ifndef KNTS_LIBKNTS_PLACE_H
#define KNTS_LIBKNTS_PLACE_H

#include "libknts/conn.h"

#define KNTS_PLACE_SIZE 128

/**
 * struct knts_place - an attribute of a request
 * @cmd: the request's operation
 * @attr: the attribute
 * @nested: it stands inside another one
 */
struct knts_place {
	int cmd;
	const struct nlattr *attr;
	bool nested;
};

/**
 * knts_place_find() - what stands at an offset that the kernel complains about
 * @request: the whole message
 * @offset: octets from its beginning
 * @place: filled in
 *
 * Return: whether there is an attribute.
 */
bool knts_place_find(const struct nlmsghdr *request, uint32_t offset,
		     struct knts_place *place);

/** knts_place_name() - what it is: "port", "server", "key" */
const char *knts_place_name(const struct knts_place *place);

/**
 * knts_place_value() - its value as people write it
 * @request: the whole message
 * @value: "" if it has none that could be told; KNTS_PLACE_SIZE octets
 */
void knts_place_value(const struct nlmsghdr *request,
		      const struct knts_place *place, char *value);

#endif
