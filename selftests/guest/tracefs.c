// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"
#include "tracefs.h"

#define TRACEFS "/sys/kernel/tracing/"
#define SETTLE_US 20000

void tracefs_write(const char *file, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), TRACEFS "%s", file);
	out = fopen(path, "w");
	if (!out || fputs(text, out) < 0 || fclose(out))
		fail_msg("%s: \"%s\": %s", path, text, strerror(errno));
}

void tracefs_enable(const char *events, bool on)
{
	char file[96];

	tracefs_write("trace", "");
	snprintf(file, sizeof(file), "events/%s/enable", events);
	tracefs_write(file, on ? "1" : "0");
}

/* "task-1 [000] ..s1. 1.000000: name: fields": the time has the first ": ". */
static bool parse(char *line, struct tracefs_event *event)
{
	char *name, *text;

	name = strstr(line, ": ");
	text = name ? strstr(name + 2, ": ") : NULL;
	if (line[0] == '#' || !text)
		return false;
	*text = '\0';
	text[strcspn(text + 2, "\n") + 2] = '\0';
	snprintf(event->name, sizeof(event->name), "%s", name + 2);
	snprintf(event->text, sizeof(event->text), " %s ", text + 2);
	return true;
}

static void read_with(const char *option, struct tracefs_events *events)
{
	char line[2 * TRACEFS_TEXT_SIZE];
	FILE *in;

	tracefs_write("trace_options", option);
	usleep(SETTLE_US);
	in = fopen(TRACEFS "trace", "r");
	assert_non_null(in);
	events->count = 0;
	while (fgets(line, sizeof(line), in) &&
	       events->count < TRACEFS_EVENTS_MAX)
		events->count += parse(line, &events->list[events->count]);
	fclose(in);
}

void tracefs_read(struct tracefs_events *events)
{
	read_with("hash-ptr", events);
}

void tracefs_read_addresses(struct tracefs_events *events)
{
	read_with("nohash-ptr", events);
}

const char *tracefs_text(const struct tracefs_event *event, const char *field)
{
	static char value[TRACEFS_TEXT_SIZE];
	char key[64];
	const char *at;

	snprintf(key, sizeof(key), " %s", field);
	at = strstr(event->text, key);
	if (!at)
		fail_msg("%s has no %s:%s", event->name, field, event->text);
	at += strlen(key);
	at += *at == '=' ? 1 : strspn(at, ": ");
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, " "), at);
	return value;
}

int64_t tracefs_number(const struct tracefs_event *event, const char *field)
{
	return strtoll(tracefs_text(event, field), NULL, 0);
}

const char *tracefs_symbol(const char *address)
{
	static char found[128];
	uint64_t wanted = strtoull(address, NULL, 16), at, best = 0;
	char line[512], name[128], module[64];
	FILE *in;

	found[0] = '\0';
	if (!strncmp(address, "knts_", 5)) {
		snprintf(found, sizeof(found), "%.*s",
			 (int)strcspn(address, "+"), address);
		return found;
	}
	in = fopen("/proc/kallsyms", "r");
	assert_non_null(in);
	while (fgets(line, sizeof(line), in)) {
		module[0] = '\0';
		if (sscanf(line, "%" SCNx64 " %*c %127s %63s", &at, name,
			   module) < 2 || at > wanted || at < best)
			continue;
		best = at;
		snprintf(found, sizeof(found), "%s",
			 strcmp(module, "[knts]") ? "" : name);
	}
	fclose(in);
	return found;
}
