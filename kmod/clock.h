/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock state that replies give, and the timestamps of packets. The kernel
 * knows neither by itself: the state is set from userspace, for a lifetime.
 */
#ifndef KNTS_CLOCK_H
#define KNTS_CLOCK_H

#include "compat/snapshot.h"
#include "core/ntp.h"
#include "knts.h"

/**
 * struct knts_now - one instant
 * @real_ns: CLOCK_REALTIME
 * @raw_ns: CLOCK_MONOTONIC_RAW
 * @era: changes with every step of CLOCK_REALTIME
 */
struct knts_now {
	u64 real_ns;
	u64 raw_ns;
	u32 era;
};

/**
 * struct knts_clock_state - a clock state as it is set and read
 * @header: the fields of a reply
 * @dispersion_rate_ppb: how fast the root dispersion grows
 * @lifetime_ms: how long it may be used
 */
struct knts_clock_state {
	struct knts_ntp_header header;
	u32 dispersion_rate_ppb;
	u32 lifetime_ms;
};

/**
 * knts_clock_set() - set the clock state from now on
 * @knet: namespace
 * @state: the state; @state->header.stratum is that of a synchronised clock
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -ENOMEM.
 */
int knts_clock_set(struct knts_net *knet, const struct knts_clock_state *state);

/**
 * knts_clock_get() - read the clock state as replies give it now
 * @knet: namespace
 * @state: filled in
 * @age_ms: time since it was set
 *
 * Context: process, @knet->lock held.
 * Return: true if there is one.
 */
bool knts_clock_get(struct knts_net *knet, struct knts_clock_state *state,
		    u64 *age_ms);

/**
 * knts_clock_header() - the clock's fields of a reply that is made now
 * @knet: namespace
 * @header: filled in. The dispersion has grown by the state's age. Past the
 *	lifetime or with leap 3: leap 3, stratum 0, reference id 0; before the
 *	first state the reference id is INIT (RFC 5905, 7.3 and 7.4).
 *
 * Context: RCU read-side section.
 */
void knts_clock_header(const struct knts_net *knet,
		       struct knts_ntp_header *header);

/**
 * knts_clock_now() - read the clocks at one instant
 * @now: filled in
 *
 * Context: any.
 */
static inline void knts_clock_now(struct knts_now *now)
{
	struct system_time_snapshot snapshot;

	knts_compat_snapshot(&snapshot, &now->real_ns, &now->raw_ns);
	now->era = snapshot.clock_was_set_seq;
}

/**
 * knts_clock_receive_stamp() - receive timestamp of a reply
 * @real_ns: when its request came, nanoseconds since 1970
 * @precision: the clock's, log2 of seconds
 * @random: 32 random bits at least, for what is below the precision
 *
 * Return: NTP timestamp, never earlier than @real_ns.
 */
u64 knts_clock_receive_stamp(u64 real_ns, s8 precision, u64 random);

/**
 * knts_clock_transmit_stamp() - transmit timestamp of a reply
 * @real_ns: when it leaves, nanoseconds since 1970
 * @precision: the clock's, log2 of seconds
 * @random: 32 random bits at least, for what is below the precision
 *
 * Return: NTP timestamp, never later than @real_ns.
 */
u64 knts_clock_transmit_stamp(u64 real_ns, s8 precision, u64 random);

void knts_clock_setup(struct knts_net *knet);
void knts_clock_teardown(struct knts_net *knet);

#endif
