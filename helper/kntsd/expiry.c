// SPDX-License-Identifier: GPL-2.0-or-later
#include "expiry.h"

#include <stdio.h>

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

enum expiry expiry_of(const struct certs *certs, time_t now)
{
	static const time_t before_s[] = {
		[EXPIRY_30_DAYS] = 30 * DAY_S,
		[EXPIRY_7_DAYS] = 7 * DAY_S,
		[EXPIRY_1_DAY] = DAY_S,
	};
	time_t life_s = certs->not_after - certs->not_before;
	enum expiry expiry;

	if (now >= certs->not_after)
		return EXPIRY_PAST;
	for (expiry = EXPIRY_1_DAY; expiry > EXPIRY_FAR; expiry--)
		if (certs->not_after - now <= before_s[expiry] &&
		    life_s >= 2 * before_s[expiry])
			break;
	return expiry;
}

const char *expiry_date(time_t time, char *text)
{
	struct tm tm;

	if (!gmtime_r(&time, &tm) ||
	    !strftime(text, EXPIRY_DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(text, EXPIRY_DATE_SIZE, "a time out of range");
	return text;
}

static void format_left(time_t left_s, char *text, size_t size)
{
	if (left_s >= 2 * DAY_S)
		snprintf(text, size, "%lld days", (long long)(left_s / DAY_S));
	else if (left_s >= 2 * HOUR_S)
		snprintf(text, size, "%lld hours",
			 (long long)(left_s / HOUR_S));
	else
		snprintf(text, size, "%lld minutes", (long long)(left_s / 60));
}

void expiry_sentence(const struct certs *certs, time_t now, char *text,
		     size_t size)
{
	char date[EXPIRY_DATE_SIZE], left[32];

	expiry_date(certs->not_after, date);
	switch (expiry_of(certs, now)) {
	case EXPIRY_FAR:
		text[0] = '\0';
		return;
	case EXPIRY_PAST:
		snprintf(text, size, "the certificate in \"%s\" has expired at "
			 "%s and clients refuse it: renew it, the new files "
			 "are taken up by themselves", certs->chain_path, date);
		return;
	default:
		format_left(certs->not_after - now, left, sizeof(left));
		snprintf(text, size, "the certificate in \"%s\" expires in %s, "
			 "at %s: renew it, the new files are taken up by "
			 "themselves", certs->chain_path, left, date);
	}
}
