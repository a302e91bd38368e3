/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages: to the journal when systemd started us, to stderr otherwise.
 */
#ifndef KNTSD_LOG_H
#define KNTSD_LOG_H

#include <syslog.h>

/**
 * log_open() - choose where messages go
 * @who: stands before each message, such as "kntsd" or "kntsd worker"
 */
void log_open(const char *who);

/**
 * log_msg() - one line
 * @priority: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG
 */
void log_msg(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...) log_msg(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_msg(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_msg(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_msg(LOG_INFO, __VA_ARGS__)

#endif
