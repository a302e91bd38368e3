// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl check-config: kntsd reads a configuration and says what it thinks.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "kntsctl/kntsctl.h"

#define CONFIG_PATH "/etc/knts/kntsd.conf"

/* Tools for root are often not in an ordinary user's PATH. */
static const char *const folders[] = { "/usr/local/sbin", "/usr/sbin" };

static void exec_in(const char *folder, char **argv)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/kntsd", folder) <
	    (int)sizeof(path))
		execv(path, argv);
}

/* The kntsd of the same build comes first. */
static void exec_beside(char **argv)
{
	char folder[PATH_MAX];
	ssize_t len;
	char *slash;

	len = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	if (len < 0)
		return;
	folder[len] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return;
	*slash = '\0';
	exec_in(folder, argv);
}

static int run(int argc, char **argv)
{
	char *file = argc ? argv[0] : (char *)CONFIG_PATH;
	char *words[] = { "kntsd", "--check-config", file, NULL };
	size_t i;

	exec_beside(words);
	execvp(words[0], words);
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		exec_in(folders[i], words);
	return fail("kntsd is not beside kntsctl, nor in PATH, nor in %s: it is"
		    " what checks a configuration", folders[1]);
}

const struct command command_check_config = {
	.name = "check-config",
	.operands = "[FILE]",
	.summary = "Check a configuration of kntsd without using it",
	.help = "FILE is " CONFIG_PATH " if it is left out. What is wrong is"
		" told with file, line and column; it ends as 'kntsd"
		" --check-config' does: 0 if all is well, else 1.",
	.operands_max = 1,
	.operand_kind = OPERAND_FILE,
	.run = run,
};
