// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/module.h>

#include "hwsim.h"

#define FRACTION_BITS 16
/* A line is followed so long before it is begun anew where it has come to. */
#define LINE_NS (2 * NSEC_PER_SEC)

static struct hwsim *sim_of(struct ptp_clock_info *info)
{
	return container_of(info, struct hwsim, phc.info);
}

static s64 rate_of_ppb(s64 ppb)
{
	return div_s64(ppb * 281474976711LL, 1000000);
}

static s64 rate_of_scaled_ppm(long scaled_ppm)
{
	return div_s64((s64)scaled_ppm << 32, 1000000);
}

/* A rate in 2^-48 over a time, in 2^-16 ns. */
static s64 rate_over(s64 rate, s64 time_ns)
{
	bool negative = (rate < 0) != (time_ns < 0);
	u64 product;

	product = mul_u64_u64_shr(abs(rate), abs(time_ns), 48 - FRACTION_BITS);
	return negative ? -(s64)product : (s64)product;
}

static s64 drift_over(const struct hwsim_phc *phc, s64 time_ns)
{
	return div_s64(phc->drift * div_s64(time_ns, NSEC_PER_USEC),
		       USEC_PER_SEC);
}

/* What it shows then, in ns, and in @fraction 2^-16 ns. */
static s64 phc_at(const struct hwsim_phc *phc, s64 raw_ns, s64 *fraction)
{
	s64 passed_ns = raw_ns - phc->raw_ns;
	s64 rate = phc->rate + phc->adjustment + drift_over(phc, passed_ns) / 2;
	s64 more = phc->fraction + rate_over(rate, passed_ns);

	*fraction = more & ((1 << FRACTION_BITS) - 1);
	return phc->phc_ns + passed_ns + (more >> FRACTION_BITS);
}

/* Begin the line anew at a moment, so that it may change from there. */
static void begin_line(struct hwsim_phc *phc, s64 raw_ns)
{
	s64 fraction;
	s64 phc_ns = phc_at(phc, raw_ns, &fraction);

	phc->rate += drift_over(phc, raw_ns - phc->raw_ns);
	phc->phc_ns = phc_ns;
	phc->fraction = fraction;
	phc->raw_ns = raw_ns;
}

s64 hwsim_phc_at(struct hwsim *sim, s64 raw_ns)
{
	struct hwsim_phc *phc = &sim->phc;
	unsigned long flags;
	s64 fraction;
	s64 phc_ns;

	spin_lock_irqsave(&phc->lock, flags);
	if (raw_ns - phc->raw_ns > LINE_NS)
		begin_line(phc, raw_ns);
	phc_ns = phc_at(phc, raw_ns, &fraction);
	spin_unlock_irqrestore(&phc->lock, flags);

	return phc_ns;
}

static int adjust_rate(struct ptp_clock_info *info, long scaled_ppm)
{
	struct hwsim_phc *phc = &sim_of(info)->phc;
	unsigned long flags;

	spin_lock_irqsave(&phc->lock, flags);
	begin_line(phc, ktime_get_raw_ns());
	phc->adjustment = rate_of_scaled_ppm(scaled_ppm);
	spin_unlock_irqrestore(&phc->lock, flags);
	return 0;
}

static int adjust_time(struct ptp_clock_info *info, s64 delta_ns)
{
	struct hwsim_phc *phc = &sim_of(info)->phc;
	unsigned long flags;

	spin_lock_irqsave(&phc->lock, flags);
	phc->phc_ns += delta_ns;
	spin_unlock_irqrestore(&phc->lock, flags);
	return 0;
}

static int set_time(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	struct hwsim_phc *phc = &sim_of(info)->phc;
	unsigned long flags;

	spin_lock_irqsave(&phc->lock, flags);
	begin_line(phc, ktime_get_raw_ns());
	phc->phc_ns = timespec64_to_ns(ts);
	phc->fraction = 0;
	spin_unlock_irqrestore(&phc->lock, flags);
	return 0;
}

/* By the clock itself: ndelay() counts loops, whose length an emulator bends. */
static s64 wait_until(s64 raw_ns)
{
	s64 now_ns;

	do {
		now_ns = ktime_get_raw_ns();
	} while (now_ns < raw_ns);
	return now_ns;
}

/* As a read over a bus: it takes a while before and after the clock's moment. */
static int read_between(struct ptp_clock_info *info, struct timespec64 *ts,
			struct ptp_system_timestamp *sts)
{
	struct hwsim *sim = sim_of(info);
	u64 read_ns = hwsim_knob(sim, HWSIM_PHC_READ_NS);
	unsigned long flags;
	s64 raw_ns;

	local_irq_save(flags);
	ptp_read_system_prets(sts);
	raw_ns = wait_until(ktime_get_raw_ns() + read_ns);
	wait_until(raw_ns + read_ns);
	ptp_read_system_postts(sts);
	local_irq_restore(flags);

	*ts = ns_to_timespec64(hwsim_phc_at(sim, raw_ns));
	return 0;
}

static int read_alone(struct ptp_clock_info *info, struct timespec64 *ts)
{
	return read_between(info, ts, NULL);
}

static int read_precisely(struct ptp_clock_info *info,
			  struct system_device_crosststamp *cts)
{
	struct system_time_snapshot snapshot;

	ktime_get_snapshot(&snapshot);
	cts->sys_realtime = snapshot.real;
	cts->sys_monoraw = snapshot.raw;
	cts->device = ns_to_ktime(hwsim_phc_at(sim_of(info),
					       ktime_to_ns(snapshot.raw)));
	return 0;
}

static int enable(struct ptp_clock_info *info, struct ptp_clock_request *rq,
		  int on)
{
	return -EOPNOTSUPP;
}

/* The PTP core looks at each call which ways of reading there are. */
static void choose_reads(struct hwsim *sim)
{
	struct ptp_clock_info *info = &sim->phc.info;
	s64 reads = hwsim_knob(sim, HWSIM_PHC_READS);

	WRITE_ONCE(info->getcrosststamp,
		   reads == HWSIM_READS_PRECISE ? read_precisely : NULL);
	WRITE_ONCE(info->gettimex64,
		   reads != HWSIM_READS_BASIC ? read_between : NULL);
}

void hwsim_phc_dialled(struct hwsim *sim, enum hwsim_knob knob)
{
	struct hwsim_phc *phc = &sim->phc;
	s64 value = hwsim_knob(sim, knob);
	unsigned long flags;

	spin_lock_irqsave(&phc->lock, flags);
	switch (knob) {
	case HWSIM_PHC_FREQ_PPB:
		begin_line(phc, ktime_get_raw_ns());
		phc->rate = rate_of_ppb(value);
		break;
	case HWSIM_PHC_DRIFT_PPB_S:
		begin_line(phc, ktime_get_raw_ns());
		phc->drift = rate_of_ppb(value);
		break;
	case HWSIM_PHC_STEP_NS:
		phc->phc_ns += value;
		break;
	case HWSIM_PHC_READS:
		choose_reads(sim);
		break;
	default:
		break;
	}
	spin_unlock_irqrestore(&phc->lock, flags);
}

int hwsim_phc_register(struct hwsim *sim)
{
	struct hwsim_phc *phc = &sim->phc;
	struct system_time_snapshot snapshot;

	spin_lock_init(&phc->lock);
	ktime_get_snapshot(&snapshot);
	phc->raw_ns = ktime_to_ns(snapshot.raw);
	phc->phc_ns = ktime_to_ns(snapshot.real);
	phc->info = (struct ptp_clock_info){
		.owner = THIS_MODULE,
		.max_adj = 500000,
		.adjfine = adjust_rate,
		.adjtime = adjust_time,
		.gettime64 = read_alone,
		.gettimex64 = read_between,
		.getcrosststamp = read_precisely,
		.settime64 = set_time,
		.enable = enable,
	};
	strscpy(phc->info.name, sim->dev->name, sizeof(phc->info.name));

	phc->ptp = ptp_clock_register(&phc->info, NULL);
	if (IS_ERR(phc->ptp))
		return PTR_ERR(phc->ptp);
	return phc->ptp ? 0 : -EOPNOTSUPP;
}

void hwsim_phc_unregister(struct hwsim *sim)
{
	ptp_clock_unregister(sim->phc.ptp);
}
