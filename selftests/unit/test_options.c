// SPDX-License-Identifier: GPL-2.0-or-later
/* kntsctl's command line: what it takes, and what it refuses with which words. */
#include <stdio.h>
#include <unistd.h>

#include "kntsctl/kntsctl.h"
#include "unit.h"

static bool flag;
static const char *text;
static uint32_t number;
static double seconds;
static int word;

static const struct option_row rows[] = {
	{ .name = "flag", .flag = &flag, .help = "Be so." },
	{ .name = "text", .value = "TEXT", .kind = OPTION_TEXT, .text = &text,
	  .help = "What is to be said, and said at such a length that the line"
		  " has to be broken somewhere." },
	{ .name = "number", .value = "N", .kind = OPTION_NUMBER, .number = &number,
	  .min = 1, .max = UINT32_MAX, .help = "So many." },
	{ .name = "seconds", .value = "S", .kind = OPTION_SECONDS,
	  .seconds = &seconds, .min = 0.5, .max = 10, .help = "So long." },
	{ .name = "word", .value = "WORD", .kind = OPTION_WORD, .word = &word,
	  .words = "red green blue", .help = "A colour." },
	{ 0 },
};

static const struct command verb = {
	.name = "test verb", .operands = "ADDRESS", .summary = "Do it",
};

static const struct command *const verbs[] = { &verb, NULL };

static const struct command command = {
	.name = "test",
	.summary = "Try the command line",
	.help = "A first paragraph, which is long enough that it does not fit into"
		" one line of a terminal.\n\nA second one.",
	.options = rows,
	.verbs = verbs,
};

static const struct command *const commands[] = { &command, NULL };

/* What a function writes to a stream that is no memory. */
struct capture {
	FILE *stream;
	FILE *file;
	int saved;
};

static struct capture capture_begin(FILE *stream)
{
	struct capture capture = { stream, tmpfile(), -1 };

	assert_non_null(capture.file);
	fflush(stream);
	capture.saved = dup(fileno(stream));
	assert_true(capture.saved >= 0);
	assert_true(dup2(fileno(capture.file), fileno(stream)) >= 0);
	return capture;
}

static void capture_end(struct capture *capture, char *buffer, size_t size)
{
	size_t len;

	fflush(capture->stream);
	assert_true(dup2(capture->saved, fileno(capture->stream)) >= 0);
	close(capture->saved);
	rewind(capture->file);
	len = fread(buffer, 1, size - 1, capture->file);
	buffer[len] = '\0';
	fclose(capture->file);
}

/* The line is that of a shell: words separated by spaces; "_" is an empty one. */
static int split(char *line, char **words)
{
	int count = 0;
	char *place;

	for (line = strtok_r(line, " ", &place); line;
	     line = strtok_r(NULL, " ", &place))
		words[count++] = strcmp(line, "_") ? line : "";
	words[count] = NULL;
	return count;
}

static int scan(const char *line, bool *help, char *said, size_t size)
{
	struct capture capture = capture_begin(stderr);
	char copy[200], *words[20];
	int ret;

	snprintf(copy, sizeof(copy), "%s", line);
	*help = false;
	ret = options_scan(&command, split(copy, words), words, help);
	capture_end(&capture, said, size);
	return ret;
}

static void values_are_taken(void **state)
{
	char copy[] = "test one --flag --text=a --number 4294967295 two --seconds"
		      " 0.5 --word blue -h", *words[20];
	bool help = false;
	int count;

	count = split(copy, words);
	assert_int_equal(options_scan(&command, count, words, &help), 9);
	assert_string_equal(words[10], "one");
	assert_string_equal(words[11], "two");
	assert_true(flag && help);
	assert_string_equal(text, "a");
	assert_int_equal(number, UINT32_MAX);
	assert_float_equal(seconds, 0.5, 0);
	assert_int_equal(word, 2);
}

static void nonsense_is_refused_by_one_sentence(void **state)
{
	static const struct {
		const char *line;
		const char *sentence;
	} cases[] = {
		{ "test --colour",
		  "test takes no option --colour: 'kntsctl test --help' tells them" },
		{ "test -x", "test takes no option -x: 'kntsctl test --help' tells them" },
		{ "test --text", "--text needs a value" },
		{ "test --text _", "--text: its value, TEXT, is empty" },
		{ "test --word re", "--word re: it may be red green or blue" },
		{ "test --word reds", "--word reds: it may be red green or blue" },
		{ "test --word _", "--word : it may be red green or blue" },
		{ "test --number 0", "--number 0: it may be a whole number from 1 to"
				     " 4294967295" },
		{ "test --number 4294967296", "--number 4294967296: it may be a whole"
					      " number from 1 to 4294967295" },
		{ "test --number 1.5", "--number 1.5: it may be a whole number from 1"
				       " to 4294967295" },
		{ "test --number -1", "--number -1: it may be a whole number from 1"
				      " to 4294967295" },
		{ "test --number _", "--number : it may be a whole number from 1 to"
				     " 4294967295" },
		{ "test --number 0x10", "--number 0x10: it may be a whole number from"
					" 1 to 4294967295" },
		{ "test --seconds 0.4", "--seconds 0.4: it may be seconds from 0.5 to"
					" 10" },
		{ "test --seconds inf", "--seconds inf: it may be seconds from 0.5 to"
					" 10" },
		{ "test --seconds 1.2.3", "--seconds 1.2.3: it may be seconds from"
					  " 0.5 to 10" },
		{ "test --seconds 1s", "--seconds 1s: it may be seconds from 0.5 to"
				       " 10" },
	};
	char said[300], expected[300];
	bool help;
	size_t i;

	number = 7;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(scan(cases[i].line, &help, said, sizeof(said)),
				 -EXIT_USAGE);
		snprintf(expected, sizeof(expected), "kntsctl: %s\n",
			 cases[i].sentence);
		assert_string_equal(said, expected);
	}
	assert_int_equal(number, 7);
}

static void commands_are_found_by_their_last_word(void **state)
{
	assert_ptr_equal(command_find(commands, "test"), &command);
	assert_ptr_equal(command_find(command.verbs, "verb"), &verb);
	assert_null(command_find(commands, "verb"));
	assert_null(command_find(NULL, "verb"));
	assert_null(command_find(commands, ""));
}

static void the_help_breaks_its_lines(void **state)
{
	struct capture capture = capture_begin(stdout);
	char said[2000];

	help_command(&command);
	capture_end(&capture, said, sizeof(said));
	assert_string_equal(said,
		"usage: kntsctl test [OPTION...]\n"
		"\n"
		"Try the command line.\n"
		"\n"
		"A first paragraph, which is long enough that it does not fit into one line of a\n"
		"terminal.\n"
		"\n"
		"A second one.\n"
		"\n"
		"  test verb ADDRESS  Do it\n"
		"\n"
		"  --flag       Be so.\n"
		"  --text TEXT  What is to be said, and said at such a length that the line has\n"
		"               to be broken somewhere.\n"
		"  --number N   So many.\n"
		"  --seconds S  So long.\n"
		"  --word WORD  A colour.\n");
}

static void assert_completed(const char *line, const char *expected)
{
	struct capture capture = capture_begin(stdout);
	char copy[200], said[500], *words[20];

	snprintf(copy, sizeof(copy), "%s", line);
	complete(commands, split(copy, words), words);
	capture_end(&capture, said, sizeof(said));
	assert_string_equal(said, expected);
}

static void the_shell_is_told_what_may_follow(void **state)
{
	assert_completed("_", "test\n--help\n--version\n");
	assert_completed("te", "test\n");
	assert_completed("--help _", "test\n");
	assert_completed("nonsense _", "");
	assert_completed("test _", "verb\n");
	assert_completed("test --w", "--word\n");
	assert_completed("test --", "--flag\n--text\n--number\n--seconds\n--word\n--help\n");
	assert_completed("test --word _", "red\ngreen\nblue\n");
	assert_completed("test --word g", "green\n");
	assert_completed("test --word green --flag _", "");
	assert_completed("test --number _", "");
	assert_completed("test verb --", "--help\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_taken),
		cmocka_unit_test(nonsense_is_refused_by_one_sentence),
		cmocka_unit_test(commands_are_found_by_their_last_word),
		cmocka_unit_test(the_help_breaks_its_lines),
		cmocka_unit_test(the_shell_is_told_what_may_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
