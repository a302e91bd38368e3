// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"
#include "test.h"
#include "usage.h"

#define PATIENCE_NS 30000000000ULL
/* A leak shows in each set of rounds. */
#define SETS 3
/* The kernel sums up what is accounted every two seconds. */
#define REST_US 2100000
#define REST_TRIES 4
#define GROUP "/sys/fs/cgroup/knts-usage"

/**
 * struct usage - at one moment, in octets
 * @percpu: per-CPU memory, in steps of a page for each CPU
 * @accounted_percpu: the part of it that this process and its children have to
 *	answer for, exactly
 * @accounted_slab: slab memory that they have to answer for; what the CPUs hold
 *	back makes it uncertain by about a page for each
 */
struct usage {
	uint64_t percpu;
	uint64_t accounted_percpu;
	uint64_t accounted_slab;
};

/* The number behind @format in a file that has it on one of its lines. */
static unsigned long number_in(const char *path, const char *format)
{
	unsigned long number;
	char line[256];
	FILE *file;

	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: cannot be read", path);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, format, &number) == 1) {
			fclose(file);
			return number;
		}
	}
	fail_msg("%s has no line \"%s\"", path, format);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		fail_msg("%s: \"%s\" cannot be written", path, text);
}

void usage_account(void)
{
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		fail_msg("%s: %s", GROUP, strerror(errno));
	put(GROUP "/cgroup.procs", "0");
}

/* The kernel frees the last of a namespace when the next one has ended. */
static void end_empty_namespace(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(unshare(CLONE_NEWNET));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void read_now(struct usage *usage)
{
	static const char file[] = GROUP "/memory.stat";

	end_empty_namespace();
	usleep(REST_US);
	usage->percpu = 1024 * number_in("/proc/meminfo", "Percpu: %lu kB");
	usage->accounted_percpu = number_in(file, "percpu %lu");
	usage->accounted_slab = number_in(file, "slab_unreclaimable %lu");
}

static void read_at_rest(struct usage *usage)
{
	struct usage last;
	int i;

	read_now(usage);
	for (i = 0; i < REST_TRIES; i++) {
		last = *usage;
		read_now(usage);
		if (!memcmp(&last, usage, sizeof(last)))
			break;
	}
}

static bool within(const struct usage *before, const struct usage *now,
		   unsigned int rounds, bool all)
{
	if (all && now->percpu >= before->percpu + 2048 * rounds)
		return false;
	return now->accounted_percpu < before->accounted_percpu + 64 * rounds &&
	       now->accounted_slab < before->accounted_slab + 1024 * rounds;
}

/* Waits for what the kernel frees later. */
static bool bounded(const struct usage *before, unsigned int rounds, bool all)
{
	uint64_t deadline = rig_now_ns() + PATIENCE_NS;
	struct usage now;
	bool good;

	do {
		read_now(&now);
		good = within(before, &now, rounds, all);
	} while (!good && rig_now_ns() < deadline);
	printf("# octets more: %" PRId64 " per CPU, accounted %" PRId64
	       " per CPU and %" PRId64 " of slabs\n",
	       (int64_t)(now.percpu - before->percpu),
	       (int64_t)(now.accounted_percpu - before->accounted_percpu),
	       (int64_t)(now.accounted_slab - before->accounted_slab));
	return good;
}

void usage_rounds(const struct usage_rounds *rounds)
{
	struct usage before;
	unsigned int i;
	int set;

	for (i = 0; i < rounds->warm_up; i++)
		rounds->round(rounds->arg);
	for (set = 0; set < SETS; set++) {
		read_at_rest(&before);
		for (i = 0; i < rounds->count; i++)
			rounds->round(rounds->arg);
		if (bounded(&before, rounds->count, rounds->all_percpu))
			return;
	}
	fail_msg("it grew over %u rounds, and again, and again", rounds->count);
}

unsigned int usage_sockets(const char *netns)
{
	close(rig_socket(netns, AF_INET, SOCK_DGRAM, 0));
	return (unsigned int)
		(number_in("/proc/thread-self/net/sockstat", "UDP: inuse %lu") +
		 number_in("/proc/thread-self/net/sockstat6", "UDP6: inuse %lu"));
}
