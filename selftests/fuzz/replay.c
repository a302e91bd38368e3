// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drives a fuzz target without a fuzzer: each file of its corpus, cut at every
 * length, and with every bit flipped. A target stops the program at a fault.
 */
#include <dirent.h>
#include <stdio.h>

#include "../unit/unit.h"
#include "fuzz.h"

#define FILE_MAX_LEN 2048

static size_t read_file(const char *folder, const char *name, uint8_t *buf)
{
	char path[512];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(buf, 1, FILE_MAX_LEN, file);
	assert_true(feof(file));
	fclose(file);

	return len;
}

static void replay(const uint8_t *data, size_t len)
{
	uint8_t *copy = fuzz_exact(data, len);
	size_t i;

	for (i = 0; i <= len; i++)
		LLVMFuzzerTestOneInput(copy, i);
	for (i = 0; i < 8 * len; i++) {
		copy[i / 8] ^= 1 << i % 8;
		LLVMFuzzerTestOneInput(copy, len);
		copy[i / 8] ^= 1 << i % 8;
	}
	free(copy);
}

static void corpus_cut_and_flipped(void **state)
{
	uint8_t buf[FILE_MAX_LEN];
	struct dirent *entry;
	unsigned int files = 0;
	char folder[256];
	DIR *dir;

	snprintf(folder, sizeof(folder), "selftests/fuzz/corpus/%s", fuzz_name);
	dir = opendir(folder);
	if (!dir)
		fail_msg("%s is not there; run this at the top of the tree",
			 folder);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		replay(buf, read_file(folder, entry->d_name, buf));
		files++;
	}
	closedir(dir);
	assert_true(files > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(corpus_cut_and_flipped),
	};

	return cmocka_run_group_tests_name(fuzz_name, tests, NULL, NULL);
}
