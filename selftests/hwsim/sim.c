// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/net_tstamp.h>
#include <linux/ptp_clock.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim.h"

#define FOLDER "/sys/kernel/debug/knts_hwsim"
#define PTP_CLOCKS 64
#define CHUNK_RECORDS 4096

static bool write_text(const char *path, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, text, (size_t)len) == len;
	close(fd);
	return done;
}

bool sim_dial(unsigned int device, const char *knob, int64_t value)
{
	char path[128];
	char text[24];

	snprintf(path, sizeof(path), FOLDER "/hwsim%u/%s", device, knob);
	snprintf(text, sizeof(text), "%lld", (long long)value);
	return write_text(path, text);
}

bool sim_truth_clear(void)
{
	return write_text(FOLDER "/truth", "0");
}

struct hwsim_record *sim_truth_load(const char *path, size_t *count)
{
	const size_t chunk_len = CHUNK_RECORDS * sizeof(struct hwsim_record);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *records = NULL, *more;
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return NULL;
	do {
		more = realloc(records, len + chunk_len);
		if (!more)
			break;
		records = more;
		got = read(fd, records + len, chunk_len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	close(fd);
	*count = len / sizeof(struct hwsim_record);
	return (struct hwsim_record *)records;
}

struct hwsim_record *sim_truth(size_t *count)
{
	return sim_truth_load(FOLDER "/truth", count);
}

int sim_stamping(int fd, unsigned int device, int tx_type, int rx_filter)
{
	struct hwtstamp_config config = {
		.tx_type = tx_type,
		.rx_filter = rx_filter,
	};
	struct ifreq ifr = { .ifr_data = (void *)&config };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "hwsim%u", device);
	return ioctl(fd, SIOCSHWTSTAMP, &ifr) ? -errno : 0;
}

int sim_phc_open(unsigned int device)
{
	char path[64], name[32], want[32];
	unsigned int i;
	FILE *file;
	bool found;

	snprintf(want, sizeof(want), "hwsim%u\n", device);
	for (i = 0; i < PTP_CLOCKS; i++) {
		snprintf(path, sizeof(path), "/sys/class/ptp/ptp%u/clock_name", i);
		file = fopen(path, "re");
		if (!file)
			continue;
		found = fgets(name, sizeof(name), file) && !strcmp(name, want);
		fclose(file);
		if (!found)
			continue;
		snprintf(path, sizeof(path), "/dev/ptp%u", i);
		return open(path, O_RDWR | O_CLOEXEC);
	}

	return -1;
}

static int64_t to_ns(const struct ptp_clock_time *time)
{
	return time->sec * 1000000000LL + time->nsec;
}

bool sim_phc_read(int fd, int64_t *phc_ns, int64_t *raw_ns)
{
	struct ptp_sys_offset_precise both = { 0 };

	if (ioctl(fd, PTP_SYS_OFFSET_PRECISE, &both))
		return false;
	*phc_ns = to_ns(&both.device);
	*raw_ns = to_ns(&both.sys_monoraw);
	return true;
}
