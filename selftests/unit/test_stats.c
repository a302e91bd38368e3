// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl stats: sums, rates, and how they are shown. */
#include <stdio.h>

#include "kntsctl/stats.h"
#include "unit.h"

static struct knts_counter first[] = {
	{ "answer-plain", 100 }, { "answer-nts", 1000 },
	{ "kiss-ntsn-key", 7 }, { "kiss-deny", 0 },
	{ "drop-short", 5 }, { "drop-mode", 0 },
	{ "stamp-hardware", 1100 }, { "transmit-asked", 0 },
	{ "interleaved", 0 }, { "pair-saved", 0 }, { "aes-library", 0 },
};

static struct knts_counter second[] = {
	{ "answer-plain", 101 }, { "answer-nts", 3000 },
	{ "kiss-ntsn-key", 7 }, { "kiss-deny", 0 },
	{ "drop-short", 5 }, { "drop-mode", 1 },
	{ "stamp-hardware", 3101 }, { "transmit-asked", 0 },
	{ "interleaved", 4 }, { "pair-saved", 0 }, { "aes-library", 0 },
};

static const struct counters before = { 10, first, ARRAY_LEN(first) };
static const struct counters after = { 12, second, ARRAY_LEN(second) };

static void assert_printed(const struct counters *earlier, bool all,
			   const char *expected)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	stats_print(out, earlier, &after, all);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void sums_and_rates_are_right(void **state)
{
	struct tally tally = counters_tally(&after);
	struct rates rates = counters_rates(&before, &after);

	assert_int_equal(tally.plain, 101);
	assert_int_equal(tally.nts, 3000);
	assert_int_equal(tally.kisses, 7);
	assert_int_equal(tally.drops, 6);
	assert_float_equal(rates.window_s, 2, 0);
	assert_float_equal(rates.plain, 0.5, 0);
	assert_float_equal(rates.nts, 1000, 0);
	assert_float_equal(rates.kisses, 0, 0);
	assert_float_equal(rates.drops, 0.5, 0);
	assert_float_equal(counters_per_s(&before, &after, "drop-mode"), 0.5, 0);
	assert_float_equal(counters_per_s(&before, &after, "nonsense"), 0, 0);
	/* Counted anew, and twice at the same time. */
	assert_float_equal(counters_rates(&after, &before).nts, 0, 0);
	assert_float_equal(counters_rates(&after, &after).nts, 0, 0);
}

static void counters_are_shown_in_groups(void **state)
{
	assert_printed(&before, false,
		"                              count     per s\n"
		"answers                        3101      1000\n"
		"  answer-plain                  101     0.500  answered without NTS\n"
		"  answer-nts                   3000      1000  answered with NTS\n"
		"kisses                            7         0\n"
		"  kiss-ntsn-key                   7         0  NTSN: the cookie's key is not in the ring\n"
		"drops                             6     0.500\n"
		"  drop-short                      5         0  shorter than an NTP header\n"
		"  drop-mode                       1     0.500  not a client's request (mode 3)\n"
		"timestamps\n"
		"  stamp-hardware               3101      1000  receive timestamp by the network device\n"
		"interleaved mode\n"
		"  interleaved                     4      2.00  of the answers, those in interleaved mode\n");
}

static void zeros_are_shown_when_asked_for(void **state)
{
	assert_printed(NULL, true,
		"                              count\n"
		"answers                        3101\n"
		"  answer-plain                  101  answered without NTS\n"
		"  answer-nts                   3000  answered with NTS\n"
		"kisses                            7\n"
		"  kiss-ntsn-key                   7  NTSN: the cookie's key is not in the ring\n"
		"  kiss-deny                       0  DENY: a request without NTS where it is required\n"
		"drops                             6\n"
		"  drop-short                      5  shorter than an NTP header\n"
		"  drop-mode                       1  not a client's request (mode 3)\n"
		"timestamps\n"
		"  stamp-hardware               3101  receive timestamp by the network device\n"
		"  transmit-asked                  0  hardware transmit timestamp asked for\n"
		"interleaved mode\n"
		"  interleaved                     4  of the answers, those in interleaved mode\n"
		"  pair-saved                      0  pair of timestamps saved for interleaved mode\n"
		"cryptography\n"
		"  aes-library                     0  NTS request served without the CPU's AES instructions\n");
}

static void json_has_rates_if_there_are_any(void **state)
{
	struct json_object *object = stats_to_json(&before, &after);
	struct json_object *rates, *counters;

	assert_true(json_object_object_get_ex(object, "per-s", &rates));
	assert_true(json_object_object_get_ex(rates, "counters", &counters));
	assert_int_equal(json_object_object_length(counters), ARRAY_LEN(second));
	assert_string_equal(
		json_object_to_json_string_ext(rates, JSON_C_TO_STRING_PLAIN),
		"{\"answers\":1000.500,\"kisses\":0.000,\"drops\":0.500,\"counters\":{"
		"\"answer-plain\":0.500,\"answer-nts\":1000.000,\"kiss-ntsn-key\":0.000,"
		"\"kiss-deny\":0.000,\"drop-short\":0.000,\"drop-mode\":0.500,"
		"\"stamp-hardware\":1000.500,\"transmit-asked\":0.000,"
		"\"interleaved\":2.000,\"pair-saved\":0.000,\"aes-library\":0.000}}");
	json_object_put(object);

	object = stats_to_json(NULL, &before);
	assert_string_equal(
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
		"{\"answers\":1100,\"kisses\":7,\"drops\":5,\"counters\":{"
		"\"answer-plain\":100,\"answer-nts\":1000,\"kiss-ntsn-key\":7,"
		"\"kiss-deny\":0,\"drop-short\":5,\"drop-mode\":0,"
		"\"stamp-hardware\":1100,\"transmit-asked\":0,"
		"\"interleaved\":0,\"pair-saved\":0,\"aes-library\":0}}");
	json_object_put(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_and_rates_are_right),
		cmocka_unit_test(counters_are_shown_in_groups),
		cmocka_unit_test(zeros_are_shown_when_asked_for),
		cmocka_unit_test(json_has_rates_if_there_are_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
