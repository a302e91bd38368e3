/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One network device: its timestamps turned on, its PHC sampled, and the line
 * pushed into the kernel.
 */
#ifndef KNTSD_PHC_TRACK_H
#define KNTSD_PHC_TRACK_H

#include <sys/queue.h>

#include <event2/event.h>
#include <json-c/json_types.h>

#include "fail.h"
#include "phc_device.h"
#include "phc_reader.h"

struct phc;

/**
 * struct phc_track - a device that makes timestamps
 * @phc: to which it belongs
 * @config: what is to be done with it
 * @device: its name
 * @ifindex: its number, 0 while it is not there
 * @wanted: while the devices are looked through: it is still configured
 * @stamping: how its timestamps are made
 * @speed_mbps: of its link, 0 if unknown
 * @reader: its PHC
 * @line: of its PHC
 * @pushed: what the kernel has; @pushed.has_line only if it has one
 * @known: the kernel has the device
 * @losses: lines and windows given up since the last line
 * @jumps: lines given up
 * @problem: why there is no line, or ""
 * @limit: what its driver or another program keeps it from, or ""
 */
struct phc_track {
	TAILQ_ENTRY(phc_track) link;
	struct phc *phc;
	const struct config_phc *config;
	char device[IFNAMSIZ];
	unsigned int ifindex;
	bool wanted;
	struct phc_stamping stamping;
	unsigned int speed_mbps;
	struct phc_reader reader;
	struct phc_line line;
	struct knts_phc pushed;
	bool known;
	unsigned int losses;
	uint64_t jumps;
	struct event *timer;
	char problem[FAIL_SIZE];
	char limit[FAIL_SIZE];
};

/** phc_track_alloc() - Return: a track that does nothing yet, or NULL */
struct phc_track *phc_track_alloc(struct phc *phc, const char *device);

/** phc_track_configure() - @config must live until the next one comes */
void phc_track_configure(struct phc_track *track,
			 const struct config_phc *config);

/** phc_track_check() - look whether the device is there and set up, make it so */
void phc_track_check(struct phc_track *track);

/** phc_track_status() - what to tell of it, and its sentences into @problems */
struct json_object *phc_track_status(const struct phc_track *track,
				     struct json_object *problems);

/** phc_track_put() - end; @forget: the kernel, too, forgets the device */
void phc_track_put(struct phc_track *track, bool forget);

#endif
