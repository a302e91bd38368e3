/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A load of key exchanges: threads that make one after another, each of which
 * verifies the server's certificate and wants its 8 cookies.
 */
#ifndef KNTS_SELFTESTS_KE_CROWD_H
#define KNTS_SELFTESTS_KE_CROWD_H

#include <pthread.h>
#include <stdatomic.h>

#include "../client/ke.h"

#define CROWD_SIZE 3

/**
 * struct crowd - the load
 * @done: exchanges that gave 8 cookies
 * @failed: all others
 */
struct crowd {
	struct ke_options options;
	pthread_t threads[CROWD_SIZE];
	atomic_bool end;
	atomic_uint done;
	atomic_uint failed;
};

/** crowd_start() - begin; @options name what all of them do */
void crowd_start(struct crowd *crowd, const struct ke_options *options);

/** crowd_stop() - end, when each has finished what it is at */
void crowd_stop(struct crowd *crowd);

#endif
