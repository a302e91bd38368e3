/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder for what a test makes, removed when the test ends.
 */
#ifndef KNTS_SELFTESTS_KE_FILES_H
#define KNTS_SELFTESTS_KE_FILES_H

/** files_dir() - the folder, made at the first call */
const char *files_dir(void);

/** files_path() - a path in it; four results live at a time */
const char *files_path(const char *name);

/**
 * files_run() - a shell command in the folder; must succeed
 *
 * $ROOT is the folder that the test was started in: the top of the tree.
 */
void files_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
