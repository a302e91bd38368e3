/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How near a certificate's end is, in the steps by which people are warned.
 */
#ifndef KNTSD_EXPIRY_H
#define KNTSD_EXPIRY_H

#include "certs.h"

/**
 * enum expiry - the last warning that is due
 *
 * A warning that would come in the first half of a certificate's life is left
 * out: those that live for 6 days and are renewed after 4 are as they should be.
 */
enum expiry {
	EXPIRY_FAR,
	EXPIRY_30_DAYS,
	EXPIRY_7_DAYS,
	EXPIRY_1_DAY,
	EXPIRY_PAST,
};

/** expiry_of() - how it stands at @now */
enum expiry expiry_of(const struct certs *certs, time_t now);

/**
 * expiry_sentence() - say it, and what to do
 * @text: one sentence, or empty if the end is far
 * @size: room for it
 */
void expiry_sentence(const struct certs *certs, time_t now, char *text,
		     size_t size);

/** expiry_date() - a time for people, as "2026-11-23T07:30:00Z" */
#define EXPIRY_DATE_SIZE 40
const char *expiry_date(time_t time, char *text);

#endif
