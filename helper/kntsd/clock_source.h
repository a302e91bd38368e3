/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the clock's state can come from. A source is asked once per interval;
 * clock.c does the asking, the waiting and the pushing.
 */
#ifndef KNTSD_CLOCK_SOURCE_H
#define KNTSD_CLOCK_SOURCE_H

#include "config.h"

#define CLOCK_PACKET_MAX_LEN 512

/**
 * struct clock_reading - what a source said
 * @leap: 0 to 3
 * @stratum: as the daemon serves it; not looked at if @leap is 3
 * @root_delay_s: seconds
 * @root_dispersion_s: seconds, what the clock is wrong by right now included
 * @reference_id: as a number whose first octet is the highest
 * @reference_time: NTP timestamp of the clock's last update
 * @dispersion_rate: what the source knows of the growth, in s/s; may be 0
 */
struct clock_reading {
	uint8_t leap;
	uint8_t stratum;
	double root_delay_s;
	double root_dispersion_s;
	uint32_t reference_id;
	uint64_t reference_time;
	double dispersion_rate;
};

/**
 * struct clock_question - a request that is on its way
 * @nonce: by which its reply is known
 * @sent: CLOCK_REALTIME when it went, as NTP timestamp
 * @received: and when the reply came
 */
struct clock_question {
	uint64_t nonce;
	uint64_t sent;
	uint64_t received;
};

/**
 * struct clock_source - one kind of source: asked over a socket, or read
 * @name: as in the configuration
 * @open: connected datagram socket that does not block, or -errno and @error
 * @close: close it
 * @ask: write a request, return its length
 * @parse: 0; -EAGAIN if the packet is not the reply that we wait for; -EPROTO
 *	if it is and says that there is nothing to have, and @error says what
 * @read: for a source without socket: 0, or -errno and @error
 *
 * Either @read is set or the others.
 */
struct clock_source {
	const char *name;
	int (*open)(const struct config_clock *config, char *error,
		    size_t error_size);
	void (*close)(int fd);
	size_t (*ask)(const struct clock_question *question, uint8_t *packet);
	int (*parse)(const struct clock_question *question,
		     const uint8_t *packet, size_t len,
		     struct clock_reading *reading, char *error,
		     size_t error_size);
	int (*read)(const struct config_clock *config,
		    struct clock_reading *reading, char *error,
		    size_t error_size);
};

extern const struct clock_source clock_chrony;
extern const struct clock_source clock_ntp;
extern const struct clock_source clock_adjtimex;
extern const struct clock_source clock_fixed;

/** clock_now() - CLOCK_REALTIME as NTP timestamp */
uint64_t clock_now(void);

#endif
