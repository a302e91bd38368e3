// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "clock.h"
#include "report.h"

/* What a software timestamp is worth where nobody said: about 1 us. */
#define PRECISION_UNKNOWN (-20)
/* "INIT": not yet synchronised for the first time (RFC 5905, 7.4). */
#define KISS_INIT 0x494e4954

/**
 * struct knts_clock - a published clock state; does not change
 * @state: as it was set
 * @set_ns: when, in coarse CLOCK_BOOTTIME, which goes on during suspend
 * @rcu: for its end
 */
struct knts_clock {
	struct knts_clock_state state;
	u64 set_ns;
	struct rcu_head rcu;
};

static u64 clock_age_ns(const struct knts_clock *clock)
{
	return ktime_get_coarse_boottime_ns() - clock->set_ns;
}

static u64 clock_left_ns(const struct knts_clock *clock, u64 age_ns)
{
	u64 lifetime_ns = (u64)clock->state.lifetime_ms * NSEC_PER_MSEC;

	if (clock->state.header.leap == KNTS_NTP_LEAP_UNSYNC)
		return 0;
	return age_ns < lifetime_ns ? lifetime_ns - age_ns : 0;
}

static void clock_header(const struct knts_clock *clock, u64 age_ns,
			 struct knts_ntp_header *header)
{
	u64 age_ms = div_u64(age_ns + NSEC_PER_MSEC - 1, NSEC_PER_MSEC);

	*header = clock->state.header;
	header->root_dispersion =
		knts_ntp_dispersion(header->root_dispersion,
				    clock->state.dispersion_rate_ppb, age_ms);
	if (clock_left_ns(clock, age_ns))
		return;

	header->leap = KNTS_NTP_LEAP_UNSYNC;
	header->stratum = 0;
	header->reference_id = 0;
}

void knts_clock_header(const struct knts_net *knet,
		       struct knts_ntp_header *header)
{
	const struct knts_clock *clock = rcu_dereference(knet->clock);

	if (clock) {
		clock_header(clock, clock_age_ns(clock), header);
		return;
	}

	*header = (struct knts_ntp_header){
		.leap = KNTS_NTP_LEAP_UNSYNC,
		.precision = PRECISION_UNKNOWN,
		.reference_id = KISS_INIT,
	};
}

static struct knts_clock *clock_locked(struct knts_net *knet)
{
	return rcu_dereference_protected(knet->clock,
					 lockdep_is_held(&knet->lock));
}

bool knts_clock_get(struct knts_net *knet, struct knts_clock_state *state,
		    u64 *age_ms)
{
	const struct knts_clock *clock = clock_locked(knet);
	u64 age_ns;

	if (!clock)
		return false;

	age_ns = clock_age_ns(clock);
	*state = clock->state;
	*age_ms = div_u64(age_ns, NSEC_PER_MSEC);
	clock_header(clock, age_ns, &state->header);
	return true;
}

/* Tell listeners if the clock has changed sides; look again when it will. */
static void clock_watch(struct knts_net *knet)
{
	const struct knts_clock *clock = clock_locked(knet);
	u64 left_ns = clock_left_ns(clock, clock_age_ns(clock));
	bool synchronised = left_ns;

	if (synchronised)
		schedule_delayed_work(&knet->clock_expiry,
				      nsecs_to_jiffies(left_ns) + 1);
	if (synchronised == knet->clock_synchronised)
		return;

	knet->clock_synchronised = synchronised;
	knts_report_clock_ntf(knet);
}

static void clock_expire(struct work_struct *work)
{
	struct knts_net *knet = container_of(to_delayed_work(work),
					     struct knts_net, clock_expiry);

	mutex_lock(&knet->lock);
	clock_watch(knet);
	mutex_unlock(&knet->lock);
}

int knts_clock_set(struct knts_net *knet, const struct knts_clock_state *state)
{
	struct knts_clock *clock, *old;

	clock = kmalloc(sizeof(*clock), GFP_KERNEL_ACCOUNT);
	if (!clock)
		return -ENOMEM;
	clock->state = *state;
	clock->set_ns = ktime_get_coarse_boottime_ns();

	old = clock_locked(knet);
	rcu_assign_pointer(knet->clock, clock);
	if (old)
		kfree_rcu(old, rcu);

	cancel_delayed_work(&knet->clock_expiry);
	clock_watch(knet);
	return 0;
}

/* One unit of the precision, in 32.32 seconds: what a blur changes at most. */
static u64 precision_unit(s8 precision)
{
	return precision > -32 ? 1ULL << (32 + min_t(int, precision, 0)) : 1;
}

u64 knts_clock_receive_stamp(u64 real_ns, s8 precision, u64 random)
{
	u64 exact = knts_ntp_from_ns(real_ns);
	u64 blurred = knts_ntp_blur(exact, precision, random);

	return (s64)(blurred - exact) < 0 ? blurred + precision_unit(precision) :
					    blurred;
}

u64 knts_clock_transmit_stamp(u64 real_ns, s8 precision, u64 random)
{
	u64 exact = knts_ntp_from_ns(real_ns);
	u64 blurred = knts_ntp_blur(exact, precision, random);

	return (s64)(blurred - exact) > 0 ? blurred - precision_unit(precision) :
					    blurred;
}

void knts_clock_setup(struct knts_net *knet)
{
	INIT_DELAYED_WORK(&knet->clock_expiry, clock_expire);
}

void knts_clock_teardown(struct knts_net *knet)
{
	cancel_delayed_work_sync(&knet->clock_expiry);
	kfree(rcu_dereference_protected(knet->clock, true));
}
