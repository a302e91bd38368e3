// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ring of cookie keys for people and as JSON.
 */
#include <inttypes.h>

#include "kntsctl/format.h"
#include "kntsctl/keys.h"
#include "kntsctl/object.h"

/* Cookies that the key opened, a second; negative without an earlier reading. */
static double opened_per_s(const struct key_ring *before,
			   const struct key_ring *after,
			   const struct knts_key *key)
{
	double window_s;
	size_t i;

	if (!before || after->at_s <= before->at_s)
		return -1;
	window_s = after->at_s - before->at_s;
	for (i = 0; i < before->count; i++)
		if (before->keys[i].id == key->id &&
		    before->keys[i].opened <= key->opened)
			return (key->opened - before->keys[i].opened) / window_s;
	return key->opened / window_s;
}

void key_ring_print(FILE *out, const struct key_ring *before,
		    const struct key_ring *after, uint64_t now_s)
{
	char age[FORMAT_SIZE], rate[FORMAT_SIZE];
	const int rate_len = before ? 11 : 0;
	const struct knts_key *key;
	double per_s;
	size_t i;

	fprintf(out, "%-8s  %-14s  %-6s  %12s%*s  %12s\n", "id", "age",
		"state", "opened", rate_len, before ? "per s" : "", "sealed");
	for (i = 0; i < after->count; i++) {
		key = &after->keys[i];
		per_s = opened_per_s(before, after, key);
		fprintf(out, "%08" PRIx32 "  %-14s  %-6s  %12" PRIu64 "%*s"
			"  %12" PRIu64 "\n", key->id,
			format_age(now_s > key->created_s ?
					   now_s - key->created_s : 0, age),
			key->active ? "active" : "stale", key->opened, rate_len,
			per_s < 0 ? "" : format_rate(per_s, rate), key->sealed);
	}
}

struct json_object *key_ring_to_json(const struct key_ring *before,
				     const struct key_ring *after)
{
	struct json_object *array = json_object_new_array();
	struct json_object *object;
	double per_s;
	size_t i;

	for (i = 0; i < after->count; i++) {
		object = key_to_json(&after->keys[i]);
		per_s = opened_per_s(before, after, &after->keys[i]);
		if (per_s >= 0)
			json_object_object_add(object, "opened-per-s",
					       rate_to_json(per_s));
		json_object_array_add(array, object);
	}
	return array;
}
