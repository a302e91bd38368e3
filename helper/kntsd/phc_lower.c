// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Below a bond, VLAN or bridge: the devices that really make timestamps.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "phc_device.h"

#define SYSFS "/sys/class/net"
#define LOWER "lower_"
/* As deep as the kernel stacks devices. */
#define DEPTH_MAX 8

struct found {
	char (*lowest)[IFNAMSIZ];
	size_t max;
	size_t count;
};

static void add(struct found *found, const char *device)
{
	size_t i;

	for (i = 0; i < found->count; i++)
		if (!strcmp(found->lowest[i], device))
			return;
	if (found->count < found->max)
		snprintf(found->lowest[found->count++], IFNAMSIZ, "%s", device);
}

static void descend(struct found *found, const char *device, int depth)
{
	char path[sizeof(SYSFS) + IFNAMSIZ + 1];
	const struct dirent *entry;
	bool any = false;
	DIR *folder;

	snprintf(path, sizeof(path), SYSFS "/%s", device);
	folder = opendir(path);
	while (folder && depth && (entry = readdir(folder))) {
		const char *name = entry->d_name + strlen(LOWER);

		if (strncmp(entry->d_name, LOWER, strlen(LOWER)) ||
		    strlen(name) >= IFNAMSIZ)
			continue;
		any = true;
		descend(found, name, depth - 1);
	}
	if (folder)
		closedir(folder);
	if (!any)
		add(found, device);
}

size_t phc_device_lowest(const char *device, char (*lowest)[IFNAMSIZ],
			 size_t max)
{
	struct found found = { .lowest = lowest, .max = max };

	descend(&found, device, DEPTH_MAX);
	return found.count;
}

bool phc_device_is_virtual(const char *device)
{
	char path[sizeof(SYSFS "/device") + IFNAMSIZ + 1];

	snprintf(path, sizeof(path), SYSFS "/%s/device", device);
	return access(path, F_OK) != 0;
}
