// SPDX-License-Identifier: GPL-2.0-or-later
#include "ke_status.h"

#include <math.h>

#include <json-c/json.h>

static void add_string(struct json_object *object, const char *name,
		       const char *value)
{
	json_object_object_add(object, name, json_object_new_string(value));
}

static struct json_object *describe_certs(const struct certs *certs)
{
	struct json_object *object = json_object_new_object();
	struct json_object *names = json_object_new_array();
	size_t i;

	for (i = 0; i < certs->names_count; i++)
		json_object_array_add(names,
				      json_object_new_string(certs->names[i]));
	add_string(object, "file", certs->chain_path);
	add_string(object, "key-file", certs->key_path);
	json_object_object_add(object, "names", names);
	add_string(object, "issuer", certs->issuer);
	json_object_object_add(object, "not-before",
			       json_object_new_int64(certs->not_before));
	json_object_object_add(object, "not-after",
			       json_object_new_int64(certs->not_after));
	add_string(object, "kind", certs->kind);
	return object;
}

static struct json_object *describe_section(
	const struct ke_setup *setup, const struct ke_setup_section *section)
{
	struct json_object *listen = json_object_new_array();
	struct json_object *certs = json_object_new_array();
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; i < setup->listeners.count; i++)
		if (section->ipc.listeners & 1ULL << i)
			json_object_array_add(listen, json_object_new_string(
				setup->listeners.items[i].text));
	json_object_array_add(certs, describe_certs(section->certs));
	json_object_object_add(object, "listen", listen);
	json_object_object_add(object, "certificates", certs);
	return object;
}

struct json_object *ke_status_sections(const struct ke_setup *setup)
{
	struct json_object *sections = json_object_new_array();
	size_t i;

	for (i = 0; i < setup->sections_count; i++)
		json_object_array_add(sections,
				      describe_section(setup,
						       &setup->sections[i]));
	return sections;
}

struct json_object *ke_status_counters(const struct ipc_stats *stats)
{
#define NAME(id, name) name,
	static const char *const names[] = { KE_STATS(NAME) };
#undef NAME
	struct json_object *object = json_object_new_object();
	size_t i;

	json_object_object_add(object, "connections",
			       json_object_new_uint64(stats->connections));
	for (i = 0; i < KE_STAT_COUNT; i++)
		json_object_object_add(object, names[i], json_object_new_uint64(
					       stats->stats.counters[i]));
	return object;
}

struct json_object *ke_status_duration(const struct ke_stats *stats)
{
	struct json_object *object = json_object_new_object();
	struct json_object *buckets = json_object_new_array();
	struct json_object *bucket;
	uint64_t count = 0;
	int i;

	for (i = 0; i < KE_DURATIONS; i++) {
		count += stats->durations[i];
		bucket = json_object_new_object();
		json_object_object_add(bucket, "le-s", json_object_new_double(
				       ldexp(1, KE_DURATION_MIN_LOG2 + i)));
		json_object_object_add(bucket, "count",
				       json_object_new_uint64(count));
		json_object_array_add(buckets, bucket);
	}
	count += stats->durations[KE_DURATIONS];
	json_object_object_add(object, "count", json_object_new_uint64(count));
	json_object_object_add(object, "sum-s", json_object_new_double(
				       (double)stats->durations_ns / 1e9));
	json_object_object_add(object, "buckets", buckets);
	return object;
}
