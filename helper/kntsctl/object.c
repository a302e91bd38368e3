// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's objects as JSON.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"

const char *json_text(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return NULL;
	return json_object_get_string(value);
}

struct json_object *json_array(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}

double json_number(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return 0;
	return json_object_get_double(value);
}

static void add_hex(struct json_object *object, const char *key, uint32_t value)
{
	char text[FORMAT_SIZE];

	snprintf(text, sizeof(text), "%08" PRIx32, value);
	json_object_object_add(object, key, json_object_new_string(text));
}

static void add_number(struct json_object *object, const char *key,
		       uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void add_short(struct json_object *object, const char *key,
		      uint32_t span)
{
	char text[FORMAT_SIZE];

	snprintf(text, sizeof(text), "%.6f", span / 65536.0);
	json_object_object_add(object, key,
			       json_object_new_double_s(span / 65536.0, text));
}

struct json_object *rate_to_json(double per_s)
{
	char text[FORMAT_SIZE];

	snprintf(text, sizeof(text), "%.3f", per_s);
	return json_object_new_double_s(per_s, text);
}

struct json_object *server_to_json(const struct knts_server *server)
{
	struct json_object *object = json_object_new_object();
	char address[INET6_ADDRSTRLEN];

	inet_ntop(server->address_len == 16 ? AF_INET6 : AF_INET,
		  server->address, address, sizeof(address));
	add_text(object, "address", address);
	add_number(object, "port", server->port);
	if (server->device[0])
		add_text(object, "device", server->device);
	add_text(object, "require-nts", require_nts_text(server->require_nts));
	add_bool(object, "serve-own-port", server->serve_own_port);
	return object;
}

struct json_object *clock_to_json(const struct knts_clock *clock)
{
	struct json_object *object = json_object_new_object();
	char source[FORMAT_SIZE];

	add_bool(object, "synchronised", clock->synchronised);
	add_number(object, "leap", clock->leap);
	add_number(object, "stratum", clock->stratum);
	json_object_object_add(object, "precision",
			       json_object_new_int(clock->precision));
	add_short(object, "root-delay-s", clock->root_delay);
	add_short(object, "root-dispersion-s", clock->root_dispersion);
	add_hex(object, "reference-id", clock->reference_id);
	add_text(object, "source", format_source(clock->reference_id,
						 clock->stratum, source));
	add_number(object, "reference-time", clock->reference_time);
	add_number(object, "dispersion-rate-ppb", clock->dispersion_rate_ppb);
	add_number(object, "lifetime-ms", clock->lifetime_ms);
	add_number(object, "age-ms", clock->age_ms);
	return object;
}

struct json_object *key_to_json(const struct knts_key *key)
{
	struct json_object *object = json_object_new_object();

	add_hex(object, "id", key->id);
	add_number(object, "algorithm", key->algorithm);
	add_number(object, "created", key->created_s);
	add_bool(object, "active", key->active);
	add_number(object, "opened", key->opened);
	add_number(object, "sealed", key->sealed);
	return object;
}

static struct json_object *line_to_json(const struct knts_line *line)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "phc-ns", line->phc_ns);
	add_number(object, "raw-ns", line->raw_ns);
	json_object_object_add(object, "rate-ppt",
			       json_object_new_int(line->rate_ppt));
	add_number(object, "error-ns", line->error_ns);
	add_number(object, "lifetime-ms", line->lifetime_ms);
	add_number(object, "age-ms", line->age_ms);
	return object;
}

struct json_object *phc_to_json(const struct knts_phc *phc)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "device", phc->device);
	add_number(object, "index", phc->index);
	if (phc->has_line)
		json_object_object_add(object, "line",
				       line_to_json(&phc->line));
	json_object_object_add(object, "rx-correction-ns",
			       json_object_new_int(phc->rx_correction_ns));
	json_object_object_add(object, "tx-correction-ns",
			       json_object_new_int(phc->tx_correction_ns));
	add_number(object, "link-speed-mbps", phc->link_speed_mbps);
	add_number(object, "delay-max-ns", phc->delay_max_ns);
	add_number(object, "departures", phc->departures);
	add_number(object, "departure-delay-ns", phc->departure_delay_ns);
	add_number(object, "departure-error-ns", phc->departure_error_ns);
	add_number(object, "departure-deviation-ns",
		   phc->departure_deviation_ns);
	return object;
}

struct json_object *interleave_to_json(const struct knts_interleave *interleave)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "pairs", interleave->pairs);
	add_number(object, "memory-len", interleave->memory_len);
	return object;
}

struct json_object *servers_to_json(const struct knts_server *servers,
				    size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, server_to_json(&servers[i]));
	return array;
}

struct json_object *keys_to_json(const struct knts_key *keys, size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, key_to_json(&keys[i]));
	return array;
}

struct json_object *phcs_to_json(const struct knts_phc *phcs, size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, phc_to_json(&phcs[i]));
	return array;
}

struct json_object *counters_to_json(const struct knts_counter *counters,
				     size_t count)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < count; i++)
		add_number(object, counters[i].name, counters[i].value);
	return object;
}
