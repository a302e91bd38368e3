// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl stats --histogram: quantiles, octaves, and how they are shown. */
#include <stdio.h>

#include "kntsctl/histogram.h"
#include "kntsctl/histogram_view.h"
#include "unit.h"

static struct knts_bucket service_buckets[] = {
	{ 448, 512, 10 },
	{ 512, 640, 600 },
	{ 640, 768, 300 },
	{ 896, 1024, 80 },
	{ 8192, 10240, 10 },
};

static struct knts_bucket error_buckets[] = {
	{ -10, -8, 1 },
	{ -2, -1, 2 },
	{ 0, 1, 4 },
	{ 3, 4, 1 },
};

static struct knts_bucket open_buckets[] = {
	{ INT64_MIN, -4294967296, 1 },
	{ 4294967296, INT64_MAX, 3 },
};

static struct knts_histogram histograms[] = {
	{ "service-plain", 0, 0, 0, NULL },
	{ "service-nts", 1000, 712345, ARRAY_LEN(service_buckets), service_buckets },
	{ "transmit-error", 8, -8, ARRAY_LEN(error_buckets), error_buckets },
};

static void quantiles_lie_where_values_do(void **state)
{
	struct histogram_summary summary = histogram_summary(&histograms[1]);

	assert_int_equal(summary.count, 1000);
	assert_float_equal(summary.mean_ns, 712.345, 1e-9);
	/* 490 of 600 in [512, 640). */
	assert_float_equal(summary.quantiles_ns[0], 512 + 128 * 490 / 600.0, 1e-9);
	/* 290 of 300 in [640, 768). */
	assert_float_equal(summary.quantiles_ns[1], 640 + 128 * 290 / 300.0, 1e-9);
	/* All 80 of [896, 1024). */
	assert_float_equal(summary.quantiles_ns[2], 1024, 1e-9);
	assert_float_equal(summary.quantiles_ns[3], 8192 + 2048 * 0.9, 1e-9);
	assert_int_equal(summary.min_from_ns, 448);
	assert_int_equal(summary.max_below_ns, 10240);
}

static void quantiles_of_nothing_are_zero(void **state)
{
	struct knts_histogram emptied = histograms[0];
	struct histogram_summary summary = histogram_summary(&emptied);

	assert_int_equal(summary.count, 0);
	assert_float_equal(summary.quantiles_ns[3], 0, 0);
	/* The kernel counts on while it is read. */
	emptied.count = 1;
	assert_float_equal(histogram_summary(&emptied).quantiles_ns[0], 0, 0);
}

static void quantiles_of_an_open_bucket_are_its_end(void **state)
{
	struct knts_histogram open = { "x", 4, 0, 2, open_buckets };
	struct histogram_summary summary = histogram_summary(&open);

	assert_float_equal(summary.quantiles_ns[0], 4294967296, 0);
	assert_int_equal(summary.max_below_ns, INT64_MAX);
	open.buckets_count = 1;
	summary = histogram_summary(&open);
	assert_float_equal(summary.quantiles_ns[3], -4294967296, 0);
	assert_int_equal(summary.min_from_ns, INT64_MIN);
}

static void octaves_are_bounded_by_powers_of_two(void **state)
{
	static const struct knts_bucket wanted[] = {
		{ -16, -8, 1 }, { -8, -4, 0 }, { -4, -2, 0 }, { -2, -1, 2 },
		{ -1, 0, 0 }, { 0, 1, 4 }, { 1, 2, 0 }, { 2, 4, 1 },
	};
	struct knts_histogram open = { "x", 4, 0, 2, open_buckets };
	struct knts_bucket octaves[HISTOGRAM_OCTAVES];
	size_t count, i;

	assert_int_equal(histogram_octaves(&histograms[0], octaves), 0);
	count = histogram_octaves(&histograms[2], octaves);
	assert_int_equal(count, ARRAY_LEN(wanted));
	for (i = 0; i < count; i++) {
		assert_int_equal(octaves[i].from_ns, wanted[i].from_ns);
		assert_int_equal(octaves[i].below_ns, wanted[i].below_ns);
		assert_int_equal(octaves[i].count, wanted[i].count);
	}
	count = histogram_octaves(&open, octaves);
	assert_int_equal(octaves[0].from_ns, INT64_MIN);
	assert_int_equal(octaves[0].below_ns, -4294967296);
	assert_int_equal(octaves[count - 1].from_ns, 4294967296);
	assert_int_equal(octaves[count - 1].below_ns, INT64_MAX);
}

static void subtracting_leaves_what_came_since(void **state)
{
	struct knts_bucket now[] = {
		{ 448, 512, 11 }, { 512, 640, 700 }, { 640, 768, 300 },
		{ 768, 896, 5 }, { 896, 1024, 80 }, { 8192, 10240, 10 },
	};
	static const uint64_t left[] = { 1, 100, 0, 5, 0, 0 };
	struct knts_histogram h = { "service-nts", 1106, 800000, ARRAY_LEN(now), now };
	struct knts_histogram younger = { "service-nts", 3, 5, 1, now };
	size_t i;

	histogram_subtract(&h, &histograms[1]);
	assert_int_equal(h.count, 106);
	assert_int_equal(h.sum_ns, 800000 - 712345);
	for (i = 0; i < ARRAY_LEN(left); i++)
		assert_int_equal(now[i].count, left[i]);
	assert_int_equal(histogram_summary(&h).max_below_ns, 896);

	/* Counted anew: nothing is taken away. */
	histogram_subtract(&younger, &histograms[1]);
	assert_int_equal(younger.count, 3);
}

static void histograms_are_found_by_name(void **state)
{
	assert_ptr_equal(histogram_find(histograms, 3, "transmit-error"),
			 &histograms[2]);
	assert_null(histogram_find(histograms, 3, "transmit"));
}

static void histograms_are_shown_by_octaves(void **state)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	histograms_print(out, histograms, ARRAY_LEN(histograms));
	fclose(out);
	assert_string_equal(text,
		"service time, plain: from receive to transmit timestamp (T3 - T2), without NTS\n"
		"  count 0\n"
		"\n"
		"service time, NTS: from receive to transmit timestamp (T3 - T2), with NTS\n"
		"  count 1000, mean 712 ns, all below 10.240 us\n"
		"  p50 617 ns, p90 764 ns, p99 1.024 us, p99.9 10.035 us\n"
		"       256 ns .. 512 ns                10   1.0 % #\n"
		"       512 ns .. 1.024 us             980  98.0 % ##############################\n"
		"     1.024 us .. 2.048 us               0   0.0 %\n"
		"     2.048 us .. 4.096 us               0   0.0 %\n"
		"     4.096 us .. 8.192 us               0   0.0 %\n"
		"     8.192 us .. 16.384 us             10   1.0 % #\n"
		"\n"
		"transmit error: how early T3 was, by the network device's timestamp\n"
		"  count 8, mean -1 ns, all below 4 ns\n"
		"  p50 0 ns, p90 3 ns, p99 4 ns, p99.9 4 ns\n"
		"       -16 ns .. -8 ns                  1  12.5 % ########\n"
		"        -8 ns .. -4 ns                  0   0.0 %\n"
		"        -4 ns .. -2 ns                  0   0.0 %\n"
		"        -2 ns .. -1 ns                  2  25.0 % ###############\n"
		"        -1 ns .. 0 ns                   0   0.0 %\n"
		"         0 ns .. 1 ns                   4  50.0 % ##############################\n"
		"         1 ns .. 2 ns                   0   0.0 %\n"
		"         2 ns .. 4 ns                   1  12.5 % ########\n");
	free(text);
}

static void json_has_each_bucket(void **state)
{
	struct knts_histogram open = { "x", 4, 12, 2, open_buckets };
	struct json_object *array;

	array = histograms_to_json(histograms, 1);
	assert_string_equal(
		json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN),
		"[{\"name\":\"service-plain\",\"count\":0,\"sum-ns\":0,\"buckets\":[]}]");
	json_object_put(array);
	array = histograms_to_json(&open, 1);
	assert_string_equal(
		json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN),
		"[{\"name\":\"x\",\"count\":4,\"sum-ns\":12,\"mean-ns\":3.0,"
		"\"p50-ns\":4294967296.0,\"p90-ns\":4294967296.0,"
		"\"p99-ns\":4294967296.0,\"p99.9-ns\":4294967296.0,"
		"\"buckets\":[{\"below-ns\":-4294967296,\"count\":1},"
		"{\"from-ns\":4294967296,\"count\":3}]}]");
	json_object_put(array);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_lie_where_values_do),
		cmocka_unit_test(quantiles_of_nothing_are_zero),
		cmocka_unit_test(quantiles_of_an_open_bucket_are_its_end),
		cmocka_unit_test(octaves_are_bounded_by_powers_of_two),
		cmocka_unit_test(subtracting_leaves_what_came_since),
		cmocka_unit_test(histograms_are_found_by_name),
		cmocka_unit_test(histograms_are_shown_by_octaves),
		cmocka_unit_test(json_has_each_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
