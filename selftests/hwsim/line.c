// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turn the server's hardware timestamps on, and tell the kernel how its PHC runs,
 * several times a second, from precise readings alone: so tests of the module need
 * no kntsd, and know the line's error. Says "fed" when the first line is set; forgets
 * the PHC, and what was learnt by it, when it is terminated.
 */
#include <errno.h>
#include <linux/net_tstamp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../guest/rig.h"
#include "../guest/test.h"
#include "sim.h"

#define DEVICE "hwsim0"
#define INTERVAL_NS 100000000
#define LIFETIME_MS 1000

struct reading {
	int64_t phc_ns;
	int64_t raw_ns;
};

static volatile sig_atomic_t ends;

static void end(int number)
{
	ends = 1;
}

/* By how much a jump of the PHC differs from a line's way. */
static int64_t departure_ns(const struct reading *a, const struct reading *b)
{
	return llabs((b->phc_ns - a->phc_ns) - (b->raw_ns - a->raw_ns));
}

static int32_t rate_ppt(const struct reading *a, const struct reading *b)
{
	double phc_ns = (double)(b->phc_ns - a->phc_ns);

	return (int32_t)(((double)(b->raw_ns - a->raw_ns) - phc_ns) / phc_ns *
			 1e12);
}

/* 1 ms in 100 ms is no drift, it is a step: no line goes through it. */
static bool is_step(const struct reading *a, const struct reading *b)
{
	return departure_ns(a, b) > (b->raw_ns - a->raw_ns) / 100;
}

static void feed(struct knts_conn *conn, struct knts_phc *phc,
		 const struct reading *before, const struct reading *now)
{
	phc->has_line = !is_step(before, now);
	phc->line.phc_ns = (uint64_t)now->phc_ns;
	phc->line.raw_ns = (uint64_t)now->raw_ns;
	phc->line.rate_ppt = phc->has_line ? rate_ppt(before, now) : 0;
	if (!knts_phc_set(conn, phc))
		return;
	fprintf(stderr, "line: %s\n", knts_error(conn));
	exit(1);
}

static int stamping_on(void)
{
	int fd = rig_socket(SERVER_NS, AF_INET, SOCK_DGRAM, 0);
	int err = sim_stamping(fd, SIM_SERVER, HWTSTAMP_TX_ON,
			       HWTSTAMP_FILTER_ALL);

	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	const struct timespec interval = { .tv_nsec = INTERVAL_NS };
	int fd = sim_phc_open(SIM_SERVER);
	struct knts_phc phc = { .device = DEVICE };
	struct reading before, now;
	struct knts_conn *conn;
	bool fed = false;

	if (argc != 4 || fd < 0) {
		fputs("usage: line ERROR-NS LINK-MBPS DELAY-MAX-NS\n", stderr);
		return 2;
	}
	phc.line.error_ns = (uint32_t)strtoul(argv[1], NULL, 10);
	phc.line.lifetime_ms = LIFETIME_MS;
	phc.link_speed_mbps = (uint32_t)strtoul(argv[2], NULL, 10);
	phc.delay_max_ns = (uint32_t)strtoul(argv[3], NULL, 10);
	conn = rig_open(SERVER_NS);
	if (stamping_on() || !sim_phc_read(fd, &before.phc_ns, &before.raw_ns))
		return 1;
	signal(SIGTERM, end);
	while (!ends) {
		nanosleep(&interval, NULL);
		if (!sim_phc_read(fd, &now.phc_ns, &now.raw_ns))
			return 1;
		feed(conn, &phc, &before, &now);
		if (!fed)
			puts("fed");
		fflush(stdout);
		fed = true;
		before = now;
	}
	return !!knts_phc_del(conn, DEVICE);
}
