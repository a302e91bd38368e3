// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The metrics' text: a whole reading against a golden one, what of it is there when
 * the kernel or kntsd is not, and the histograms' bounds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buckets.h"
#include "kntsctl/exporter_metrics.h"
#include "unit.h"

#define FOLDER "selftests/vectors/metrics/"

static struct json_object *load(void)
{
	struct json_object *reading = json_object_from_file(FOLDER "whole.json");

	if (!reading)
		fail_msg("%s", json_util_get_last_err());
	return reading;
}

/* Return: the text, to be freed. */
static char *write_text(struct json_object *reading)
{
	struct evbuffer *out = evbuffer_new();
	size_t len;
	char *text;

	assert_non_null(out);
	exporter_write(out, reading);
	len = evbuffer_get_length(out);
	text = malloc(len + 1);
	assert_non_null(text);
	assert_int_equal(evbuffer_remove(out, text, len), len);
	text[len] = '\0';
	evbuffer_free(out);
	return text;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 0;
	char *text = NULL;

	if (!file)
		fail_msg("%s cannot be read", path);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	fclose(file);
	return text;
}

static bool has_line(const char *text, const char *line)
{
	const char *found = text;
	size_t len = strlen(line);

	for (; (found = strstr(found, line)); found += len)
		if ((found == text || found[-1] == '\n') && found[len] == '\n')
			return true;
	return false;
}

static void test_whole(void **state)
{
	char *expected = read_file(FOLDER "whole.prom");
	struct json_object *reading = load();
	char *text = write_text(reading);

	assert_string_equal(text, expected);
	free(text);
	free(expected);
	json_object_put(reading);
}

static void test_no_kernel(void **state)
{
	static const char *const gone[] = {
		"counters", "histograms", "servers", "serving", "clock", "keys",
		"devices", "interleave", "clients",
	};
	struct json_object *reading = load();
	char *text;
	size_t i;

	for (i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		json_object_object_del(reading, gone[i]);
	json_object_object_add(reading, "kernel", json_object_new_boolean(false));
	text = write_text(reading);
	assert_true(has_line(text, "knts_up 0"));
	assert_true(has_line(text, "kntsd_up 1"));
	assert_true(has_line(text, "knts_ke_answers_total 80"));
	assert_null(strstr(text, "knts_answers_total"));
	assert_null(strstr(text, "knts_clock_"));
	free(text);
	json_object_put(reading);
}

static void test_no_kntsd(void **state)
{
	struct json_object *kntsd = json_object_new_object();
	struct json_object *reading = load();
	char *text;

	json_object_object_add(kntsd, "ok", json_object_new_boolean(false));
	json_object_object_add(reading, "kntsd", kntsd);
	text = write_text(reading);
	assert_true(has_line(text, "knts_up 1"));
	assert_true(has_line(text, "kntsd_up 0"));
	assert_true(has_line(text, "knts_answers_total{protocol=\"plain\"} 120345"));
	assert_null(strstr(text, "knts_ke_"));
	assert_null(strstr(text, "knts_certificate_"));
	free(text);
	json_object_put(reading);
}

/* Whatever another version of kntsd says, nothing is read that is not there. */
static void test_other_shapes(void **state)
{
	static const char *const shapes[] = { "null", "[]", "{}", "7", "\"text\"",
					      "[null]", "[7]", "[{}]", "[[]]" };
	struct json_object *reading;
	char *text;
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		reading = load();
		json_object_object_foreach(reading, key, value)
			json_object_object_add(reading, key,
					       json_tokener_parse(shapes[i]));
		text = write_text(reading);
		free(text);
		json_object_put(reading);
	}
}

static void test_other_shapes_of_kntsd(void **state)
{
	static const char *const shapes[] = { "null", "[]", "{}", "7", "[null]",
					      "[{}]", "{\"buckets\": [7]}",
					      "[{\"certificates\": [null, {}]}]" };
	struct json_object *reading, *kntsd;
	char *text;
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		reading = load();
		assert_true(json_object_object_get_ex(reading, "kntsd", &kntsd));
		json_object_object_foreach(kntsd, key, value)
			json_object_object_add(kntsd, key,
					       json_tokener_parse(shapes[i]));
		text = write_text(reading);
		free(text);
		json_object_put(reading);
	}
}

static void add_histogram(struct json_object *reading, const char *name,
			  const uint64_t *counts, uint64_t all)
{
	struct json_object *histogram = json_object_new_object();
	struct json_object *bucket, *buckets = json_object_new_array();
	struct json_object *list = json_object_new_array();
	unsigned int i;

	for (i = 0; i < KNTS_BUCKETS; i++) {
		if (!counts[i])
			continue;
		bucket = json_object_new_object();
		json_object_object_add(bucket, "from-ns", json_object_new_int64(
					       knts_buckets_from(i)));
		if (i + 1 < KNTS_BUCKETS)
			json_object_object_add(bucket, "below-ns",
					       json_object_new_int64(
						       knts_buckets_from(i + 1)));
		json_object_object_add(bucket, "count",
				       json_object_new_uint64(counts[i]));
		json_object_array_add(buckets, bucket);
	}
	json_object_object_add(histogram, "name", json_object_new_string(name));
	json_object_object_add(histogram, "count", json_object_new_uint64(all));
	json_object_object_add(histogram, "sum-ns", json_object_new_int64(0));
	json_object_object_add(histogram, "buckets", buckets);
	json_object_array_add(list, histogram);
	json_object_object_add(reading, "histograms", list);
}

/* Of either sign, of all sizes, and those beside every power of two. */
static int64_t value_of(unsigned int i)
{
	int64_t size = 1LL << i % 40;
	int64_t value = size + (int64_t)(i * 2654435761u % 5) - 2;

	if (i % 3 == 0)
		value += size / 2;
	return i % 2 ? -value : value;
}

/* Every cumulative count is that of the values themselves, with no estimate. */
static void test_bounds_exact(void **state)
{
	struct json_object *reading = json_object_new_object();
	uint64_t expected, counts[KNTS_BUCKETS] = { 0 };
	const unsigned int values = 1200;
	unsigned int i, bounds = 0;
	unsigned long long count;
	char *text, *line;
	double bound_s;

	for (i = 0; i < values; i++)
		counts[knts_buckets_index(value_of(i))]++;
	add_histogram(reading, "transmit-error", counts, values);
	text = write_text(reading);
	for (line = strstr(text, "_bucket{le=\"");
	     line && sscanf(line, "_bucket{le=\"%lf\"} %llu", &bound_s, &count) == 2;
	     line = strstr(line + 1, "_bucket{le=\"")) {
		expected = 0;
		for (i = 0; i < values; i++)
			expected += isinf(bound_s) ||
				    value_of(i) < llround(bound_s * 1e9);
		assert_int_equal(count, expected);
		bounds++;
	}
	assert_int_equal(bounds, 52);
	free(text);
	json_object_put(reading);
}

static void test_numbers(void **state)
{
	char text[TEXT_NUMBER_SIZE];

	assert_string_equal(text_format(0.1, text), "0.1");
	assert_string_equal(text_format(-1.2e-08, text), "-1.2e-08");
	assert_string_equal(text_format(1830297599, text), "1830297599");
	assert_string_equal(text_format(INFINITY, text), "+Inf");
	assert_string_equal(text_format(-INFINITY, text), "-Inf");
	assert_string_equal(text_format(NAN, text), "NaN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_no_kernel),
		cmocka_unit_test(test_no_kntsd),
		cmocka_unit_test(test_other_shapes),
		cmocka_unit_test(test_other_shapes_of_kntsd),
		cmocka_unit_test(test_bounds_exact),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
