// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histograms. The kernel has four buckets to an octave and names those that are not
 * empty; here come cumulative ones with bounds that never change, two to an octave:
 * powers of two, and half as much again. Those are all bounds of the kernel's, so
 * nothing is estimated.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kntsctl/exporter_metrics.h"

#define NS_PER_S 1e9
#define BOUNDS_MAX 80

/**
 * struct bounds - of a histogram's buckets
 * @least_ns: a power of two, the least bound above 0
 * @most_ns: a power of two, the greatest bound
 * @of_either_sign: 0, and the same below it
 */
struct bounds {
	int64_t least_ns;
	int64_t most_ns;
	bool of_either_sign;
};

static const struct bounds of_service_time = { 1 << 8, 1 << 24, false };
static const struct bounds of_transmit_error = { 1 << 4, 1 << 16, true };

static size_t list_bounds(const struct bounds *bounds, int64_t *list_ns)
{
	size_t i, positive, count = 0;
	int64_t octave_ns;

	for (octave_ns = bounds->least_ns; octave_ns < bounds->most_ns;
	     octave_ns *= 2) {
		list_ns[count++] = octave_ns;
		list_ns[count++] = octave_ns + octave_ns / 2;
	}
	list_ns[count++] = bounds->most_ns;
	if (!bounds->of_either_sign)
		return count;

	positive = count;
	memmove(&list_ns[positive + 1], list_ns, positive * sizeof(*list_ns));
	list_ns[positive] = 0;
	for (i = 0; i < positive; i++)
		list_ns[i] = -list_ns[2 * positive - i];
	return 2 * positive + 1;
}

static int64_t integer_at(struct json_object *object, const char *key)
{
	return json_object_get_int64(metric_find(object, key));
}

/* How many values are in buckets that end at or before @bound_ns; one has no end. */
static uint64_t count_below(struct json_object *buckets, int64_t bound_ns)
{
	struct json_object *bucket, *below;
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(buckets); i++) {
		bucket = json_object_array_get_idx(buckets, i);
		below = metric_find(bucket, "below-ns");
		if (below && json_object_get_int64(below) <= bound_ns)
			count += integer_at(bucket, "count");
	}
	return count;
}

static void write_bucket(struct family *family, const struct labels *labels,
			 const char *bound, uint64_t count)
{
	struct labels with_bound = *labels;

	with_bound.items[with_bound.count++] = (struct label){ "le", bound };
	text_integer(family, "_bucket", &with_bound, count);
}

static void write_histogram(struct family *family, const struct labels *labels,
			    struct json_object *histogram,
			    const struct bounds *bounds)
{
	struct json_object *buckets = metric_find(histogram, "buckets");
	uint64_t all = integer_at(histogram, "count");
	int64_t list_ns[BOUNDS_MAX];
	char text[TEXT_NUMBER_SIZE];
	size_t i, count;

	if (!json_object_is_type(buckets, json_type_array))
		return;
	count = list_bounds(bounds, list_ns);
	for (i = 0; i < count; i++)
		write_bucket(family, labels,
			     text_format(list_ns[i] / NS_PER_S, text),
			     count_below(buckets, list_ns[i]));
	write_bucket(family, labels, "+Inf", all);
	/* Where it may go down it is no counter, and rates of it would lie. */
	if (!bounds->of_either_sign)
		text_number(family, "_sum", labels,
			    integer_at(histogram, "sum-ns") / NS_PER_S);
	text_integer(family, "_count", labels, all);
}

static struct json_object *find_histogram(struct json_object *reading,
					  const char *name)
{
	struct json_object *histogram, *list = metric_find(reading, "histograms");
	const char *text;
	size_t i;

	if (!json_object_is_type(list, json_type_array))
		return NULL;
	for (i = 0; i < json_object_array_length(list); i++) {
		histogram = json_object_array_get_idx(list, i);
		text = metric_text(histogram, "name");
		if (text && !strcmp(text, name))
			return histogram;
	}
	return NULL;
}

void write_service_time(struct family *family, const struct metric *metric,
			struct json_object *reading)
{
	static const char *const protocols[] = { "plain", "nts" };
	char name[TEXT_NUMBER_SIZE];
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(*protocols); i++) {
		const struct labels labels = {
			1, { { metric->label, protocols[i] } }
		};

		snprintf(name, sizeof(name), "service-%s", protocols[i]);
		write_histogram(family, &labels, find_histogram(reading, name),
				&of_service_time);
	}
}

void write_transmit_error(struct family *family, const struct metric *metric,
			  struct json_object *reading)
{
	const struct labels none = { 0 };

	write_histogram(family, &none, find_histogram(reading, "transmit-error"),
			&of_transmit_error);
}

void write_duration(struct family *family, const struct metric *metric,
		    struct json_object *reading)
{
	struct json_object *histogram = metric_find(reading, metric->path);
	struct json_object *bucket, *buckets = metric_find(histogram, "buckets");
	const struct labels none = { 0 };
	char text[TEXT_NUMBER_SIZE];
	double bound_s;
	size_t i;

	if (!json_object_is_type(buckets, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(buckets); i++) {
		bucket = json_object_array_get_idx(buckets, i);
		bound_s = json_object_get_double(metric_find(bucket, "le-s"));
		write_bucket(family, &none, text_format(bound_s, text),
			     integer_at(bucket, "count"));
	}
	write_bucket(family, &none, "+Inf", integer_at(histogram, "count"));
	text_number(family, "_sum", &none,
		    json_object_get_double(metric_find(histogram, "sum-s")));
	text_integer(family, "_count", &none, integer_at(histogram, "count"));
}
