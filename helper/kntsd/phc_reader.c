// SPDX-License-Identifier: GPL-2.0-or-later
#include "phc_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/ptp_clock.h>

#include "fail.h"

_Static_assert(PHC_READINGS_MAX == PTP_MAX_SAMPLES, "readings");

/* What the hardware's own reading of both clocks is still off by. */
#define PRECISE_ERROR_NS 10
#define BRIDGE_ATTEMPTS 5
/* Faster than this the system clock is not slewed, but set. */
#define SLEW_MAX_SHARE 8

struct moment {
	int64_t before_ns;
	int64_t phc_ns;
	int64_t after_ns;
};

/* How far CLOCK_REALTIME is ahead of CLOCK_MONOTONIC_RAW. */
struct bridge {
	int64_t real_ns;
	int64_t ahead_ns;
	int64_t error_ns;
};

static int64_t of_ptp(const struct ptp_clock_time *time)
{
	return (uint64_t)time->sec * 1000000000 + time->nsec;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void bridge_take(struct bridge *bridge)
{
	int64_t before_ns, real_ns, after_ns, error_ns;
	int i;

	for (i = 0; i < BRIDGE_ATTEMPTS; i++) {
		before_ns = now_ns(CLOCK_MONOTONIC_RAW);
		real_ns = now_ns(CLOCK_REALTIME);
		after_ns = now_ns(CLOCK_MONOTONIC_RAW);
		error_ns = (after_ns - before_ns + 1) / 2;
		if (i && error_ns >= bridge->error_ns)
			continue;
		bridge->real_ns = real_ns;
		bridge->ahead_ns = real_ns - before_ns - error_ns;
		bridge->error_ns = error_ns;
	}
}

/* Samples were taken against CLOCK_REALTIME, between two bridges. */
static int cross(struct phc_sample *sample, const struct bridge *from,
		 const struct bridge *to)
{
	int64_t drift_ns = to->ahead_ns - from->ahead_ns;
	int64_t span_ns = to->real_ns - from->real_ns;
	int64_t error_ns = from->error_ns > to->error_ns ? from->error_ns :
							  to->error_ns;
	int64_t drift_len_ns = drift_ns < 0 ? -drift_ns : drift_ns;

	if (span_ns <= 0 ||
	    drift_len_ns > span_ns / SLEW_MAX_SHARE + 2 * error_ns)
		return -EAGAIN;
	sample->raw_ns -= from->ahead_ns + drift_ns / 2;
	sample->error_ns += error_ns + (drift_len_ns + 1) / 2;
	return 0;
}

static void keep_tightest(struct phc_sample *sample, const struct moment *moment)
{
	int64_t error_ns = (moment->after_ns - moment->before_ns + 1) / 2;

	if (error_ns < 0 || error_ns >= sample->error_ns)
		return;
	sample->phc_ns = moment->phc_ns;
	sample->raw_ns = moment->before_ns + error_ns;
	sample->error_ns = error_ns;
}

static int read_precise(int fd, unsigned int readings, struct phc_sample *sample)
{
	struct ptp_sys_offset_precise precise = { 0 };

	if (ioctl(fd, PTP_SYS_OFFSET_PRECISE, &precise) < 0)
		return -errno;
	sample->phc_ns = of_ptp(&precise.device);
	sample->raw_ns = of_ptp(&precise.sys_monoraw);
	sample->error_ns = PRECISE_ERROR_NS;
	return 0;
}

/*
 * Since 6.12 the first reserved word says which clock; before, it must be zero.
 * Headers may be older than the kernel.
 */
static int read_extended(int fd, unsigned int readings, clockid_t clock,
			 struct phc_sample *sample)
{
	struct ptp_sys_offset_extended extended = { .n_samples = readings };
	struct moment moment;
	unsigned int i;

	memcpy((char *)&extended + sizeof(extended.n_samples), &clock,
	       sizeof(clock));
	if (ioctl(fd, PTP_SYS_OFFSET_EXTENDED, &extended) < 0)
		return -errno;
	for (i = 0; i < readings; i++) {
		moment.before_ns = of_ptp(&extended.ts[i][0]);
		moment.phc_ns = of_ptp(&extended.ts[i][1]);
		moment.after_ns = of_ptp(&extended.ts[i][2]);
		keep_tightest(sample, &moment);
	}
	return 0;
}

static int read_raw(int fd, unsigned int readings, struct phc_sample *sample)
{
	return read_extended(fd, readings, CLOCK_MONOTONIC_RAW, sample);
}

static int read_real(int fd, unsigned int readings, struct phc_sample *sample)
{
	struct bridge from, to;
	int err;

	bridge_take(&from);
	err = read_extended(fd, readings, CLOCK_REALTIME, sample);
	if (err)
		return err;
	bridge_take(&to);
	return cross(sample, &from, &to);
}

static int read_basic(int fd, unsigned int readings, struct phc_sample *sample)
{
	struct ptp_sys_offset basic = { .n_samples = readings };
	struct bridge from, to;
	struct moment moment;
	unsigned int i;

	bridge_take(&from);
	if (ioctl(fd, PTP_SYS_OFFSET, &basic) < 0)
		return -errno;
	bridge_take(&to);
	for (i = 0; i < readings; i++) {
		moment.before_ns = of_ptp(&basic.ts[2 * i]);
		moment.phc_ns = of_ptp(&basic.ts[2 * i + 1]);
		moment.after_ns = of_ptp(&basic.ts[2 * i + 2]);
		keep_tightest(sample, &moment);
	}
	return cross(sample, &from, &to);
}

static const struct {
	const char *name;
	int (*read)(int fd, unsigned int readings, struct phc_sample *sample);
} ways[] = {
	{ "cross timestamps of the hardware", read_precise },
	{ "readings between two of CLOCK_MONOTONIC_RAW", read_raw },
	{ "readings between two of CLOCK_REALTIME", read_real },
	{ "readings by an old driver", read_basic },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* What kernels answer that don't know a request, and drivers that can't do it. */
static bool is_unknown(int err)
{
	return err == -EOPNOTSUPP || err == -EINVAL || err == -ENOTTY;
}

int phc_reader_open(struct phc_reader *reader, int index, char *error,
		    size_t error_size)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/ptp%d", index);
	reader->way = 0;
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0)
		return fail(-errno, error, error_size, "cannot open PHC %s: %s",
			    path, strerror(errno));
	return 0;
}

int phc_reader_sample(struct phc_reader *reader, unsigned int readings,
		      struct phc_sample *sample, char *error,
		      size_t error_size)
{
	unsigned int way;
	int err = -EOPNOTSUPP;

	for (way = reader->way; way < WAYS; way++) {
		sample->error_ns = INT64_MAX;
		err = ways[way].read(reader->fd, readings, sample);
		if (is_unknown(err) && way == reader->way && way + 1 < WAYS)
			reader->way++;
		/* The hardware's own way may fail for once: then another will do. */
		else if (ways[way].read != read_precise)
			break;
		if (!err || err == -EAGAIN)
			break;
	}
	if (!err && sample->error_ns == INT64_MAX)
		err = -EAGAIN;
	if (err && err != -EAGAIN)
		return fail(err, error, error_size, "cannot read PHC: %s",
			    strerror(-err));
	return err;
}

const char *phc_reader_way(const struct phc_reader *reader)
{
	return ways[reader->way].name;
}

void phc_reader_close(struct phc_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = -1;
}
