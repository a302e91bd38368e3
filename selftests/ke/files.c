// SPDX-License-Identifier: GPL-2.0-or-later
/* The tests' folder, and what they run in it. */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static char dir[64];

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	return remove(path);
}

static void remove_dir(void)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *files_dir(void)
{
	if (dir[0])
		return dir;
	strcpy(dir, "/tmp/knts-ke.XXXXXX");
	if (!mkdtemp(dir))
		abort();
	atexit(remove_dir);
	return dir;
}

const char *files_path(const char *name)
{
	static char paths[4][256];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", files_dir(), name);
	return path;
}

void files_run(const char *format, ...)
{
	char command[4096], line[8704], root[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (!getcwd(root, sizeof(root)))
		abort();
	snprintf(line, sizeof(line), "ROOT='%s'; cd %s && { %s; } >log 2>&1",
		 root, files_dir(), command);
	if (system(line)) {
		fprintf(stderr, "failed: %s\n", command);
		snprintf(line, sizeof(line), "cat %s/log >&2", files_dir());
		if (system(line))
			perror("cat");
		abort();
	}
}
