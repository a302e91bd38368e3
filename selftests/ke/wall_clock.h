/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time of day, as the keymaster and clients here see it; the workers, which
 * are processes of their own, keep the machine's.
 */
#ifndef KNTS_SELFTESTS_KE_WALL_CLOCK_H
#define KNTS_SELFTESTS_KE_WALL_CLOCK_H

/** wall_clock_step_to() - so many seconds away from the machine's; 0 ends it */
void wall_clock_step_to(long s);

#endif
