// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl top: what the server does, over and over.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/top_screen.h"

#define INTERVAL_MIN_S 0.1
#define INTERVAL_MAX_S 3600
#define BATCH_CLIENTS 20
#define STATUS_SIZE 120

static int sort;
static uint32_t batch;
static double interval_s = 1;

static void free_frame(struct top_frame *frame)
{
	reading_free(&frame->before);
	reading_free(&frame->after);
	client_rows_free(&frame->rows);
	memset(frame, 0, sizeof(*frame));
}

static int take_state(struct knts_conn *conn, struct top_frame *frame)
{
	struct knts_server *servers;
	size_t count;
	int err;

	err = knts_server_list(conn, &servers, &count);
	if (err)
		return err;
	free(servers);
	err = knts_clock_get(conn, &frame->clock);
	frame->clock_set = !err;
	frame->serving = count && !err && frame->clock.synchronised;
	return err == -ENODATA ? 0 : err;
}

/* The reading after becomes the one before. */
static int next_frame(struct knts_conn *conn, struct top_frame *frame)
{
	int err;

	reading_free(&frame->before);
	client_rows_free(&frame->rows);
	frame->before = frame->after;
	memset(&frame->after, 0, sizeof(frame->after));
	memset(&frame->rows, 0, sizeof(frame->rows));
	frame->now = time(NULL);
	err = take_state(conn, frame);
	if (!err)
		err = reading_take(conn, &frame->after);
	if (!err)
		err = reading_rows(&frame->before, &frame->after, &frame->rows);
	if (!err)
		client_rows_sort(&frame->rows, sort);
	return err;
}

static void print_line(enum top_line kind, const char *text, void *arg)
{
	puts(text);
}

static void print_frame(const struct top_frame *frame, bool first)
{
	if (common.json) {
		print_json_line(top_to_json(frame, BATCH_CLIENTS));
		return;
	}
	if (!first)
		putchar('\n');
	top_view(frame, BATCH_CLIENTS, print_line, NULL);
	fflush(stdout);
}

static int run_batch(struct knts_conn *conn, struct top_frame *frame)
{
	uint32_t i;

	for (i = 0; i < batch; i++) {
		if (wait_s(interval_s))
			return EXIT_FAILED;
		if (next_frame(conn, frame))
			return fail("%s", knts_error(conn));
		print_frame(frame, i == 0);
	}
	return EXIT_DONE;
}

static void write_status(char *status, bool paused)
{
	const char *words = CLIENT_SORTS;
	int i;

	for (i = 0; i < sort; i++)
		words = strchr(words, ' ') + 1;
	snprintf(status, STATUS_SIZE, "q quit   s sort: %.*s   + - every %.4g s"
		 "   space %s", (int)strcspn(words, " "), words, interval_s,
		 paused ? "go on (paused)" : "pause");
}

/* Twice or half as often, within bounds. */
static void change_interval(double factor)
{
	interval_s *= factor;
	if (interval_s < INTERVAL_MIN_S)
		interval_s = INTERVAL_MIN_S;
	if (interval_s > INTERVAL_MAX_S)
		interval_s = INTERVAL_MAX_S;
}

static void obey(enum top_key key, struct top_frame *frame, bool *paused)
{
	switch (key) {
	case TOP_KEY_SORT:
		sort = (sort + 1) % CLIENT_SORT_COUNT;
		client_rows_sort(&frame->rows, sort);
		break;
	case TOP_KEY_PAUSE:
		*paused = !*paused;
		break;
	case TOP_KEY_SLOWER:
		change_interval(2);
		break;
	case TOP_KEY_FASTER:
		change_interval(0.5);
		break;
	default:
		break;
	}
}

static int run_live(struct knts_conn *conn, struct top_frame *frame)
{
	double next_s = now_exact_s() + INTERVAL_MIN_S;
	enum top_key key = TOP_KEY_NONE;
	char status[STATUS_SIZE];
	bool paused = false;
	int err = 0;

	while (!err && key != TOP_KEY_QUIT) {
		key = top_screen_key(next_s - now_exact_s());
		obey(key, frame, &paused);
		if (key == TOP_KEY_NONE && !paused)
			err = next_frame(conn, frame);
		if (key == TOP_KEY_NONE)
			next_s = now_exact_s() + interval_s;
		write_status(status, paused);
		if (!err)
			top_screen_draw(frame, status);
	}
	return err;
}

static int run_terminal(struct knts_conn *conn, struct top_frame *frame)
{
	int status, err;

	status = top_screen_open();
	if (status)
		return status;
	err = run_live(conn, frame);
	top_screen_close();
	return err ? fail("%s", knts_error(conn)) : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct top_frame frame = { 0 };
	int status;

	if (!conn)
		return EXIT_FAILED;
	if (common.json && !batch)
		batch = UINT32_MAX;
	if (reading_take(conn, &frame.after))
		status = fail("%s", knts_error(conn));
	else if (batch)
		status = run_batch(conn, &frame);
	else
		status = run_terminal(conn, &frame);
	free_frame(&frame);
	knts_close(conn);
	return status;
}

static const struct option_row options[] = {
	{ .name = "interval", .value = "S", .kind = OPTION_SECONDS,
	  .seconds = &interval_s, .min = INTERVAL_MIN_S, .max = INTERVAL_MAX_S,
	  .help = "A new screen every so many seconds, 1 if it is left out." },
	{ .name = "sort", .value = "BY", .kind = OPTION_WORD, .word = &sort,
	  .words = CLIENT_SORTS,
	  .help = "The order of clients, as of 'kntsctl clients'." },
	{ .name = "batch", .value = "N", .kind = OPTION_NUMBER,
	  .number = &batch, .min = 1, .max = UINT32_MAX,
	  .help = "Print so many screens as text, without a terminal." },
	JSON_ROW("One object a line, until interrupted or so many as --batch"
		 " says: time (seconds since 1970), serving, clock, stats,"
		 " histograms (since the beginning) and clients, as the"
		 " commands of these names print them."),
	COLOUR_ROW,
	{ 0 },
};

const struct command command_top = {
	.name = "top",
	.summary = "Rates, service time and the busiest clients, live",
	.help = "Keys: q ends, s takes the next order of clients, + and - change"
		" how often it looks, space stops and goes on.\n\n"
		"The quantiles are of what happened since the screen before.",
	.options = options,
	.run = run,
};
