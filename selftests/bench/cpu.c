// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cpu.h"

#define PROCESSES_MAX 65536

struct process {
	pid_t pid;
	pid_t parent;
	uint64_t ticks;
	bool ours;
};

uint64_t cpu_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The name in parentheses may hold anything, so that fields count from its end. */
static bool read_process(struct process *process, const char *pid)
{
	unsigned long user, system;
	char path[64], line[1024];
	const char *end = NULL;
	FILE *file;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/%.16s/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file))
		end = strrchr(line, ')');
	if (end)
		found = sscanf(end + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			       &process->parent, &user, &system);
	fclose(file);
	if (found != 3)
		return false;
	process->pid = atoi(pid);
	process->ticks = user + system;
	process->ours = false;
	return true;
}

static size_t read_all(struct process *processes)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while (dir && count < PROCESSES_MAX && (entry = readdir(dir)))
		if (isdigit(entry->d_name[0]) &&
		    read_process(&processes[count], entry->d_name))
			count++;
	if (dir)
		closedir(dir);
	return count;
}

/* Return: whether one was found that was not known to be ours. */
static bool find_children(struct process *processes, size_t count)
{
	bool found = false;
	size_t i, j;

	for (i = 0; i < count; i++) {
		if (!processes[i].ours)
			continue;
		for (j = 0; j < count; j++) {
			if (processes[j].ours ||
			    processes[j].parent != processes[i].pid)
				continue;
			processes[j].ours = true;
			found = true;
		}
	}
	return found;
}

uint64_t cpu_tree_ns(pid_t root)
{
	struct process *processes = calloc(PROCESSES_MAX, sizeof(*processes));
	size_t i, count = processes ? read_all(processes) : 0;
	uint64_t ticks = 0;

	for (i = 0; i < count; i++)
		processes[i].ours = processes[i].pid == root;
	while (find_children(processes, count))
		continue;
	for (i = 0; i < count; i++)
		if (processes[i].ours)
			ticks += processes[i].ticks;
	free(processes);
	return ticks * 1000000000 / (uint64_t)sysconf(_SC_CLK_TCK);
}
