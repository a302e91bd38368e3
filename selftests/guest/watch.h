/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tests of what is seen of a server at work: one, and a client of each family.
 */
#ifndef KNTS_SELFTESTS_GUEST_WATCH_H
#define KNTS_SELFTESTS_GUEST_WATCH_H

#include "ask.h"

#define WATCH_SIDES 2

/* struct watch_side - of one address family */
struct watch_side {
	const char *client;
	const char *server;
	struct asker asker;
};

struct watch {
	struct knts_conn *conn;
	struct rig_key key;
	struct watch_side sides[WATCH_SIDES];
};

/** watch_set_up() - once */
struct watch *watch_set_up(void);

/** watch_pin() - stay on one CPU */
void watch_pin(int cpu);

/**
 * watch_client() - what the kernel keeps of an address; fails if it is there
 * twice
 *
 * Return: false if it keeps nothing.
 */
bool watch_client(const char *address, struct knts_client *client);

/** watch_spoof() - a packet from any IPv4 address */
void watch_spoof(const char *from, const struct packet *p);

void watch_neighbours_have_room(void **state);
void watch_flood_keeps_busy(void **state);
void watch_flood_is_bounded(void **state);
void watch_resize_under_load(void **state);

#endif
