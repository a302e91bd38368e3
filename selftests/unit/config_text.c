// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <unistd.h>

#include "config_text.h"
#include "unit.h"

static char path[] = "/tmp/knts-config-XXXXXX";

static void remove_file(void)
{
	unlink(path);
}

const char *config_text_path(void)
{
	if (!strcmp(path + strlen(path) - 6, "XXXXXX")) {
		close(mkstemp(path));
		atexit(remove_file);
	}
	return path;
}

int config_text_load(const char *text, struct config **config, char *error)
{
	FILE *file = fopen(config_text_path(), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	*config = NULL;
	error[0] = '\0';
	return config_load(path, config, error, CONFIG_ERROR_SIZE);
}

struct config *config_text_good(const char *text)
{
	char error[CONFIG_ERROR_SIZE];
	struct config *config;
	int err;

	err = config_text_load(text, &config, error);
	assert_string_equal(error, "");
	assert_int_equal(err, 0);
	return config;
}
