// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl monitor: what the kernel reports, as it happens.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "kntsctl/counters.h"
#include "kntsctl/format.h"
#include "kntsctl/object.h"

/* So often it is looked whether the module is still the same. */
#define CHECK_MS 1000

/* An event's name in JSON, and how a person reads it. */
static const struct event_text {
	int cmd;
	const char *name;
	const char *text;
} event_texts[] = {
	{ KNTS_CMD_SERVER_UP_NTF, "server-up", "opened" },
	{ KNTS_CMD_SERVER_DOWN_NTF, "server-down", "closed" },
	{ KNTS_CMD_CLOCK_CHANGE_NTF, "clock-change", "" },
	{ KNTS_CMD_KEY_ADD_NTF, "key-add", "added" },
	{ KNTS_CMD_KEY_ACTIVATE_NTF, "key-activate", "seals from now on" },
	{ KNTS_CMD_KEY_DEL_NTF, "key-del", "removed and wiped" },
};

#define EVENT_TEXTS_COUNT (sizeof(event_texts) / sizeof(*event_texts))

static const struct event_text *event_text_of(int cmd)
{
	size_t i;

	for (i = 0; i < EVENT_TEXTS_COUNT; i++)
		if (event_texts[i].cmd == cmd)
			return &event_texts[i];
	return NULL;
}

static void print_time(void)
{
	time_t now = time(NULL);
	char text[FORMAT_SIZE];
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	printf("%s  ", text);
}

static void print_event(const struct knts_event *event, void *arg)
{
	const struct event_text *text = event_text_of(event->cmd);
	char server[KNTS_SERVER_TEXT_SIZE];

	if (!text)
		return;
	print_time();
	switch (event->cmd) {
	case KNTS_CMD_SERVER_UP_NTF:
	case KNTS_CMD_SERVER_DOWN_NTF:
		printf("server %s %s\n",
		       knts_server_format(&event->server, server,
					  sizeof(server)),
		       text->text);
		break;
	case KNTS_CMD_CLOCK_CHANGE_NTF:
		printf("clock %s\n", event->clock.synchronised ?
					     "synchronised" : "unsynchronised");
		break;
	default:
		printf("key %08" PRIx32 " %s\n", event->key.id, text->text);
		break;
	}
}

static void print_event_json(const struct knts_event *event, void *arg)
{
	const struct event_text *text = event_text_of(event->cmd);
	struct json_object *object;

	if (!text)
		return;
	object = json_object_new_object();
	json_object_object_add(object, "event",
			       json_object_new_string(text->name));
	json_object_object_add(object, "time", json_object_new_int64(time(NULL)));
	if (!strncmp(text->name, "server", strlen("server")))
		json_object_object_add(object, "server",
				       server_to_json(&event->server));
	else if (!strncmp(text->name, "clock", strlen("clock")))
		json_object_object_add(object, "clock",
				       clock_to_json(&event->clock));
	else
		json_object_object_add(object, "key", key_to_json(&event->key));
	print_json_line(object);
}

/* What is no event of the kernel, but keeps events from being seen. */
static const struct remark {
	const char *name;
	const char *text;
} lost = {
	"lost", "events came faster than they were read, some are lost: read the state anew",
}, gone = {
	"module-gone", "module knts was unloaded: waiting until it is loaded again",
}, back = {
	"module-back", "module knts was loaded anew: read the state anew",
};

static void tell(const struct remark *remark)
{
	struct json_object *object;

	if (!common.json) {
		print_time();
		puts(remark->text);
		fflush(stdout);
		return;
	}
	object = json_object_new_object();
	json_object_object_add(object, "event",
			       json_object_new_string(remark->name));
	json_object_object_add(object, "time", json_object_new_int64(time(NULL)));
	print_json_line(object);
}

/* Return: another number each time that the module is loaded, 0 if it is not. */
static ino_t module_number(void)
{
	struct stat module;

	return stat("/sys/module/knts", &module) ? 0 : module.st_ino;
}

/* Return: 0 if the module is not that of @number any more, else EXIT_FAILED. */
static int watch(struct knts_conn *conn, ino_t number)
{
	struct pollfd wait = { .events = POLLIN };
	int err, ready;

	wait.fd = knts_events_open(conn);
	if (wait.fd < 0)
		return fail("%s", knts_error(conn));
	for (;;) {
		ready = poll(&wait, 1, CHECK_MS);
		if (ready < 0)
			return fail("cannot wait for events: %s",
				    strerror(errno));
		/* Its going is no event: the socket just stays silent. */
		if (!ready && module_number() != number)
			return 0;
		if (!ready)
			continue;
		err = knts_events_read(conn, common.json ? print_event_json :
							   print_event, NULL);
		if (err == -ENOBUFS)
			tell(&lost);
		else if (err)
			return fail("%s", knts_error(conn));
		fflush(stdout);
	}
}

static void await_module(void)
{
	if (!module_number())
		tell(&gone);
	while (!module_number())
		wait_s(CHECK_MS / 1e3);
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn;
	int status;

	for (;;) {
		conn = kernel_open();
		if (!conn)
			return EXIT_FAILED;
		status = watch(conn, module_number());
		knts_close(conn);
		if (status)
			return status;
		await_module();
		tell(&back);
	}
}

static const struct option_row options[] = {
	JSON_ROW("One object a line: event (server-up, server-down,"
		 " clock-change, key-add, key-activate, key-del, lost,"
		 " module-gone, module-back), time (seconds since 1970), and"
		 " server, clock or key."),
	{ 0 },
};

const struct command command_monitor = {
	.name = "monitor",
	.summary = "What happens to servers, keys and clock, until interrupted",
	.help = "It tells, too, when events were lost because there were too"
		" many, when the module goes, and when it is back.",
	.options = options,
	.run = run,
};
