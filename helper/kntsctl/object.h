/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's objects as JSON. Their keys are the specification's names.
 */
#ifndef KNTSCTL_OBJECT_H
#define KNTSCTL_OBJECT_H

#include "kntsctl/kntsctl.h"

struct json_object *server_to_json(const struct knts_server *server);
struct json_object *clock_to_json(const struct knts_clock *clock);
struct json_object *key_to_json(const struct knts_key *key);
struct json_object *phc_to_json(const struct knts_phc *phc);
struct json_object *interleave_to_json(const struct knts_interleave *interleave);

struct json_object *servers_to_json(const struct knts_server *servers,
				    size_t count);
struct json_object *keys_to_json(const struct knts_key *keys, size_t count);
struct json_object *phcs_to_json(const struct knts_phc *phcs, size_t count);

/** counters_to_json() - one object, a key for each counter */
struct json_object *counters_to_json(const struct knts_counter *counters,
				     size_t count);

/** rate_to_json() - a number with three decimals */
struct json_object *rate_to_json(double per_s);

/** json_text() - the member @key as text; NULL if there is none */
const char *json_text(struct json_object *object, const char *key);

/** json_array() - the member @key if it is an array, else NULL */
struct json_object *json_array(struct json_object *object, const char *key);

/** json_number() - the member @key; 0 if there is none */
double json_number(struct json_object *object, const char *key);

#endif
