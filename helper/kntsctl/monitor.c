// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl monitor: what the kernel reports, as it happens.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"

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
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static int watch(struct knts_conn *conn, bool json)
{
	struct pollfd wait = { .events = POLLIN };
	int err = 0;

	wait.fd = knts_events_open(conn);
	if (wait.fd < 0)
		return fail("%s", knts_error(conn));

	while (!err) {
		if (poll(&wait, 1, -1) < 0)
			return fail("cannot wait for events: %s",
				    strerror(errno));
		err = knts_events_read(conn, json ? print_event_json : print_event,
				       NULL);
		if (err == -ENOBUFS) {
			fail("%s", knts_error(conn));
			err = 0;
		}
		fflush(stdout);
	}
	return fail("%s", knts_error(conn));
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	int status;

	if (!conn)
		return EXIT_FAILED;
	status = watch(conn, common.json);
	knts_close(conn);
	return status;
}

static const struct option_row options[] = {
	JSON_ROW("One object a line: event (server-up, server-down,"
		 " clock-change, key-add, key-activate, key-del), time (seconds"
		 " since 1970), and server, clock or key."),
	{ 0 },
};

const struct command command_monitor = {
	.name = "monitor",
	.summary = "What happens to servers, keys and clock, until interrupted",
	.options = options,
	.run = run,
};
