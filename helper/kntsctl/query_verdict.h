/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsctl query: the two halves of the verdict.
 */
#ifndef KNTSCTL_QUERY_VERDICT_H
#define KNTSCTL_QUERY_VERDICT_H

#include "kntsctl/query.h"

/** query_say() - write a verdict's sentence */
void query_say(char *sentence, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** query_verdict_ntp() - query_verdict() from the NTP server's name on */
enum query_stage query_verdict_ntp(const struct query *query,
				   const struct query_report *report,
				   char *sentence);

#endif
