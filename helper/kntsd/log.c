// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages on stderr. When stderr is the journal each line begins with its
 * priority in the form that journald takes off again (sd-daemon(3)), so that a
 * process that may open nothing, such as a KE worker, logs no worse.
 */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *log_who = "kntsd";
static bool log_to_journal;

/* JOURNAL_STREAM names the journal's socket; stderr may be another by now. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	if (fstat(STDERR_FILENO, &st) < 0)
		return false;
	return st.st_dev == device && st.st_ino == inode;
}

void log_open(const char *who)
{
	log_who = who;
	log_to_journal = stderr_is_journal();
}

void log_msg(int priority, const char *format, ...)
{
	char prefix[8] = "";
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (log_to_journal)
		snprintf(prefix, sizeof(prefix), "<%d>", priority & LOG_PRIMASK);
	fprintf(stderr, "%s%s: %s\n", prefix, log_who, text);
}
