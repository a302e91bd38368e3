// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl keys: age and use, for people and as JSON. */
#include <stdio.h>

#include "kntsctl/keys.h"
#include "unit.h"

#define NOW_S 1795000000

static struct knts_key then[] = {
	{ .id = 0x11, .algorithm = 15, .created_s = NOW_S - 90000, .opened = 40 },
	{ .id = 0xabcd0012, .algorithm = 15, .created_s = NOW_S - 3660,
	  .active = true, .opened = 100, .sealed = 800 },
};

/* The third was made meanwhile. */
static struct knts_key now[] = {
	{ .id = 0x11, .algorithm = 15, .created_s = NOW_S - 90000, .opened = 41 },
	{ .id = 0xabcd0012, .algorithm = 15, .created_s = NOW_S - 3660,
	  .opened = 2100, .sealed = 16800 },
	{ .id = 0xffffffff, .algorithm = 15, .created_s = NOW_S + 5,
	  .active = true, .opened = 2 },
};

static const struct key_ring before = { 10, then, ARRAY_LEN(then) };
static const struct key_ring after = { 12, now, ARRAY_LEN(now) };

static void assert_printed(const struct key_ring *earlier, const char *expected)
{
	char *text;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	assert_non_null(out);
	key_ring_print(out, earlier, &after, NOW_S);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void keys_are_shown_with_age_and_use(void **state)
{
	assert_printed(&before,
		"id        age             state         opened      per s        sealed\n"
		"00000011  1 d 1 h         stale             41      0.500             0\n"
		"abcd0012  1 h 1 min       stale           2100       1000         16800\n"
		"ffffffff  0 s             active             2       1.00             0\n");
}

static void without_an_earlier_reading_there_is_no_rate(void **state)
{
	assert_printed(NULL,
		"id        age             state         opened        sealed\n"
		"00000011  1 d 1 h         stale             41             0\n"
		"abcd0012  1 h 1 min       stale           2100         16800\n"
		"ffffffff  0 s             active             2             0\n");
}

static void assert_json(const struct key_ring *earlier, const char *expected)
{
	const struct key_ring one = { 12, now, 1 };
	struct json_object *array = key_ring_to_json(earlier, &one);

	assert_string_equal(
		json_object_to_json_string_ext(array, JSON_C_TO_STRING_PLAIN),
		expected);
	json_object_put(array);
}

static void json_has_the_same(void **state)
{
	assert_json(NULL, "[{\"id\":\"00000011\",\"algorithm\":15,"
		    "\"created\":1794910000,\"active\":false,\"opened\":41,"
		    "\"sealed\":0}]");
	assert_json(&before, "[{\"id\":\"00000011\",\"algorithm\":15,"
		    "\"created\":1794910000,\"active\":false,\"opened\":41,"
		    "\"sealed\":0,\"opened-per-s\":0.500}]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_shown_with_age_and_use),
		cmocka_unit_test(without_an_earlier_reading_there_is_no_rate),
		cmocka_unit_test(json_has_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
