/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's tracepoints, through tracefs.
 */
#ifndef KNTS_SELFTESTS_GUEST_TRACEFS_H
#define KNTS_SELFTESTS_GUEST_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACEFS_EVENTS_MAX 64
#define TRACEFS_TEXT_SIZE 512

/* struct tracefs_event - one event: its name and all its fields as text */
struct tracefs_event {
	char name[64];
	char text[TRACEFS_TEXT_SIZE];
};

struct tracefs_events {
	struct tracefs_event list[TRACEFS_EVENTS_MAX];
	size_t count;
};

/** tracefs_write() - to a file below tracefs; fails the test */
void tracefs_write(const char *file, const char *text);

/** tracefs_enable() - "knts" or "skb/kfree_skb", say; what came before is gone */
void tracefs_enable(const char *events, bool on);

/**
 * tracefs_read() - all that came, in its order, once a moment has passed
 *
 * A reply's event comes after the reply, a dropped packet's after its counter.
 */
void tracefs_read(struct tracefs_events *events);

/**
 * tracefs_read_addresses() - the same, with addresses that can be looked up
 *
 * Linux 6.1 then prints words as "", since it unhashes and checks a format in one
 * and the same buffer.
 */
void tracefs_read_addresses(struct tracefs_events *events);

/** tracefs_text() - a field's text, up to the next space; fails if it is missing */
const char *tracefs_text(const struct tracefs_event *event, const char *field);

/** tracefs_number() - the same as a number */
int64_t tracefs_number(const struct tracefs_event *event, const char *field);

/**
 * tracefs_symbol() - the function of the module that an address is in
 * @address: as text: a number, or the function itself
 *
 * Return: its name, "" if it is none of the module's.
 */
const char *tracefs_symbol(const char *address);

#endif
