// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histograms for people and as JSON.
 */
#include <inttypes.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/histogram.h"
#include "kntsctl/histogram_view.h"

#define BAR_WIDTH 30
#define BAR "##############################"

/* What is measured, in a few words and in a sentence. */
static const struct subject {
	const char *name;
	const char *title;
	const char *text;
} subjects[] = {
	{ "service-plain", "service time, plain",
	  "from receive to transmit timestamp (T3 - T2), without NTS" },
	{ "service-nts", "service time, NTS",
	  "from receive to transmit timestamp (T3 - T2), with NTS" },
	{ "transmit-error", "transmit error",
	  "how early T3 was, by the network device's timestamp" },
};

#define SUBJECTS_COUNT (sizeof(subjects) / sizeof(*subjects))

static const struct subject *subject_of(const char *name)
{
	size_t i;

	for (i = 0; i < SUBJECTS_COUNT; i++)
		if (!strcmp(subjects[i].name, name))
			return &subjects[i];
	return NULL;
}

const char *histogram_title(const char *name)
{
	const struct subject *subject = subject_of(name);

	return subject ? subject->title : name;
}

static void print_summary(FILE *out, const struct knts_histogram *h)
{
	struct histogram_summary summary = histogram_summary(h);
	char text[FORMAT_SIZE];
	size_t i;

	fprintf(out, "  count %" PRIu64, summary.count);
	if (!summary.count) {
		fputc('\n', out);
		return;
	}
	fprintf(out, ", mean %s", format_signed_ns(summary.mean_ns, text));
	if (summary.max_below_ns != INT64_MAX)
		fprintf(out, ", all below %s",
			format_signed_ns(summary.max_below_ns, text));
	for (i = 0; i < HISTOGRAM_QUANTILES; i++)
		fprintf(out, "%s%s %s", i ? ", " : "\n  ",
			histogram_quantile_names[i],
			format_signed_ns(summary.quantiles_ns[i], text));
	fputc('\n', out);
}

static const char *format_bound(int64_t bound_ns, char *text)
{
	if (bound_ns == INT64_MIN || bound_ns == INT64_MAX)
		return "";
	return format_signed_ns(bound_ns, text);
}

static void print_octave(FILE *out, const struct knts_bucket *octave,
			 uint64_t count, uint64_t most)
{
	char from[FORMAT_SIZE], below[FORMAT_SIZE];
	int bar = (double)octave->count / most * BAR_WIDTH + 0.5;

	/* One that is not empty is seen. */
	if (octave->count && !bar)
		bar = 1;
	fprintf(out, "  %11s .. %-11s %12" PRIu64 " %5.1f %%%s%.*s\n",
		format_bound(octave->from_ns, from),
		format_bound(octave->below_ns, below), octave->count,
		100.0 * octave->count / count, bar ? " " : "", bar, BAR);
}

static void print_octaves(FILE *out, const struct knts_histogram *h)
{
	struct knts_bucket octaves[HISTOGRAM_OCTAVES];
	uint64_t count = 0, most = 0;
	size_t octaves_count, i;

	octaves_count = histogram_octaves(h, octaves);
	for (i = 0; i < octaves_count; i++) {
		count += octaves[i].count;
		if (octaves[i].count > most)
			most = octaves[i].count;
	}
	for (i = 0; i < octaves_count; i++)
		print_octave(out, &octaves[i], count, most);
}

void histograms_print(FILE *out, const struct knts_histogram *histograms,
		      size_t count)
{
	const struct subject *subject;
	size_t i;

	for (i = 0; i < count; i++) {
		subject = subject_of(histograms[i].name);
		fprintf(out, "%s%s", i ? "\n" : "",
			histogram_title(histograms[i].name));
		fprintf(out, "%s%s\n", subject ? ": " : "",
			subject ? subject->text : "");
		print_summary(out, &histograms[i]);
		print_octaves(out, &histograms[i]);
	}
}

static void add_ns(struct json_object *object, const char *key, double ns)
{
	char text[FORMAT_SIZE];

	snprintf(text, sizeof(text), "%.1f", ns);
	json_object_object_add(object, key, json_object_new_double_s(ns, text));
}

/* A bound that is none is absent. */
static struct json_object *bucket_to_json(const struct knts_bucket *bucket)
{
	struct json_object *object = json_object_new_object();

	if (bucket->from_ns != INT64_MIN)
		json_object_object_add(object, "from-ns",
				       json_object_new_int64(bucket->from_ns));
	if (bucket->below_ns != INT64_MAX)
		json_object_object_add(object, "below-ns",
				       json_object_new_int64(bucket->below_ns));
	json_object_object_add(object, "count",
			       json_object_new_uint64(bucket->count));
	return object;
}

static struct json_object *to_json(const struct knts_histogram *h)
{
	struct histogram_summary summary = histogram_summary(h);
	struct json_object *object = json_object_new_object();
	struct json_object *buckets = json_object_new_array();
	char key[FORMAT_SIZE];
	size_t i;

	json_object_object_add(object, "name", json_object_new_string(h->name));
	json_object_object_add(object, "count", json_object_new_uint64(h->count));
	json_object_object_add(object, "sum-ns", json_object_new_int64(h->sum_ns));
	if (summary.count)
		add_ns(object, "mean-ns", summary.mean_ns);
	for (i = 0; summary.count && i < HISTOGRAM_QUANTILES; i++) {
		snprintf(key, sizeof(key), "%s-ns", histogram_quantile_names[i]);
		add_ns(object, key, summary.quantiles_ns[i]);
	}
	for (i = 0; i < h->buckets_count; i++)
		if (h->buckets[i].count)
			json_object_array_add(buckets,
					      bucket_to_json(&h->buckets[i]));
	json_object_object_add(object, "buckets", buckets);
	return object;
}

struct json_object *histograms_to_json(const struct knts_histogram *histograms,
				       size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_object_array_add(array, to_json(&histograms[i]));
	return array;
}
