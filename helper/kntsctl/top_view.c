// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kntsctl top shows, line by line, wherever the lines go.
 */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/histogram.h"
#include "kntsctl/histogram_view.h"
#include "kntsctl/object.h"
#include "kntsctl/stats.h"
#include "kntsctl/top_view.h"

#define LINE_SIZE 256
#define LABEL "%-10s"
#define REASONS_SHOWN 4

/* Where lines go. */
struct sink {
	top_put_fn *put;
	void *arg;
};

static void put(const struct sink *sink, enum top_line kind,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

static void put(const struct sink *sink, enum top_line kind,
		const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	sink->put(kind, line, sink->arg);
}

static void put_headline(const struct sink *sink, const struct top_frame *frame)
{
	char time[FORMAT_SIZE], source[FORMAT_SIZE], dispersion[FORMAT_SIZE];
	const struct knts_clock *clock = &frame->clock;
	struct tm tm;

	localtime_r(&frame->now, &tm);
	strftime(time, sizeof(time), "%H:%M:%S", &tm);
	if (frame->clock_set)
		put(sink, frame->serving ? TOP_GOOD : TOP_BAD,
		    "%s  knts %s: stratum %u, source %s, dispersion %s", time,
		    frame->serving ? "serves" : "does not serve",
		    clock->stratum,
		    format_source(clock->reference_id, clock->stratum, source),
		    format_short(clock->root_dispersion, dispersion));
	else
		put(sink, TOP_BAD, "%s  knts does not serve: the clock was never set",
		    time);
}

static void put_rates(const struct sink *sink, const struct top_frame *frame)
{
	struct rates rates = counters_rates(&frame->before.counters,
					    &frame->after.counters);
	char nts[FORMAT_SIZE], plain[FORMAT_SIZE];
	char kisses[FORMAT_SIZE], drops[FORMAT_SIZE];

	put(sink, TOP_TEXT, LABEL "%s NTS, %s plain, %s kiss codes, %s drops",
	    "a second", format_rate(rates.nts, nts),
	    format_rate(rates.plain, plain), format_rate(rates.kisses, kisses),
	    format_rate(rates.drops, drops));
}

static void put_stamps(const struct sink *sink, const struct top_frame *frame)
{
	static const char *const names[] = {
		"stamp-hardware", "stamp-software", "stamp-now",
	};
	double rates[3], sum = 0;
	size_t i;

	for (i = 0; i < 3; i++) {
		rates[i] = counters_per_s(&frame->before.counters,
					  &frame->after.counters, names[i]);
		sum += rates[i];
	}
	if (!sum)
		put(sink, TOP_TEXT, LABEL "-", "stamps");
	else
		put(sink, TOP_TEXT, LABEL "%.1f %% hardware, %.1f %% software,"
		    " %.1f %% none", "stamps", 100 * rates[0] / sum,
		    100 * rates[1] / sum, 100 * rates[2] / sum);
}

static bool is_refusal(const struct knts_counter *counter)
{
	return counter_is(counter, "drop") || counter_is(counter, "kiss");
}

/* Why requests got no answer: the most frequent reasons. */
static void put_reasons(const struct sink *sink, const struct top_frame *frame)
{
	const struct counters *after = &frame->after.counters;
	char line[LINE_SIZE] = "", text[FORMAT_SIZE];
	double rate, highest, last = INFINITY;
	size_t i, most = 0, next = 0, len = 0;
	int shown;

	for (shown = 0; shown < REASONS_SHOWN; shown++) {
		highest = 0;
		/* Of equal ones, those further down come later. */
		for (i = 0; i < after->count; i++) {
			if (!is_refusal(&after->list[i]))
				continue;
			rate = counters_per_s(&frame->before.counters, after,
					      after->list[i].name);
			if (rate > highest &&
			    (rate < last || (rate == last && i > most))) {
				highest = rate;
				next = i;
			}
		}
		if (!highest)
			break;
		most = next;
		last = highest;
		len += snprintf(line + len, sizeof(line) - len, "%s%s %s",
				len ? ", " : "", after->list[most].name,
				format_rate(highest, text));
	}
	put(sink, TOP_TEXT, LABEL "%s", "refused", len ? line : "-");
}

/* A column's text, right-aligned. */
static size_t add_column(char *line, size_t len, const char *text)
{
	return len + snprintf(line + len, LINE_SIZE - len, " %11s", text);
}

static void put_histogram(const struct sink *sink, const struct top_frame *frame,
			  const struct knts_histogram *after)
{
	struct knts_bucket buckets[KNTS_BUCKETS_MAX];
	struct knts_histogram h = *after, *before;
	char line[LINE_SIZE], text[FORMAT_SIZE];
	struct histogram_summary summary;
	size_t i, len;

	if (h.buckets_count)
		memcpy(buckets, h.buckets, h.buckets_count * sizeof(*buckets));
	h.buckets = buckets;
	before = histogram_find(frame->before.histograms,
				frame->before.histograms_count, h.name);
	if (before)
		histogram_subtract(&h, before);
	summary = histogram_summary(&h);
	len = snprintf(line, sizeof(line), "%-20s", histogram_title(h.name));
	for (i = 0; i < HISTOGRAM_QUANTILES; i++)
		len = add_column(line, len, summary.count ?
				 format_signed_ns(summary.quantiles_ns[i],
						  text) : "-");
	sink->put(TOP_TEXT, line, sink->arg);
}

static void put_histograms(const struct sink *sink,
			   const struct top_frame *frame)
{
	char line[LINE_SIZE];
	size_t i, len;

	len = snprintf(line, sizeof(line), "%-20s", "in this time");
	for (i = 0; i < HISTOGRAM_QUANTILES; i++)
		len = add_column(line, len, histogram_quantile_names[i]);
	sink->put(TOP_TABLE, line, sink->arg);
	for (i = 0; i < frame->after.histograms_count; i++)
		put_histogram(sink, frame, &frame->after.histograms[i]);
}

static void put_clients(const struct sink *sink, const struct top_frame *frame,
			size_t limit)
{
	const struct client_rows *rows = &frame->rows;
	size_t i, count = limit < rows->count ? limit : rows->count;
	char line[CLIENT_LINE_SIZE];
	int width;

	if (!rows->table.entries) {
		put(sink, TOP_TABLE, "%s", "clients");
		put(sink, TOP_TEXT, "%s", CLIENTS_OFF);
		return;
	}
	width = client_rows_width(rows, limit);
	client_head(width, line);
	sink->put(TOP_TABLE, line, sink->arg);
	for (i = 0; i < count; i++) {
		client_line(&rows->rows[i], width, line);
		sink->put(TOP_TEXT, line, sink->arg);
	}
}

void top_view(const struct top_frame *frame, size_t clients, top_put_fn *put_fn,
	      void *arg)
{
	const struct sink sink = { put_fn, arg };

	put_headline(&sink, frame);
	put(&sink, TOP_TEXT, "%s", "");
	put_rates(&sink, frame);
	put_stamps(&sink, frame);
	put_reasons(&sink, frame);
	put(&sink, TOP_TEXT, "%s", "");
	put_histograms(&sink, frame);
	put(&sink, TOP_TEXT, "%s", "");
	put_clients(&sink, frame, clients);
}

struct json_object *top_to_json(const struct top_frame *frame, size_t clients)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "time", json_object_new_int64(frame->now));
	json_object_object_add(object, "serving",
			       json_object_new_boolean(frame->serving));
	if (frame->clock_set)
		json_object_object_add(object, "clock",
				       clock_to_json(&frame->clock));
	json_object_object_add(object, "stats",
			       stats_to_json(&frame->before.counters,
					     &frame->after.counters));
	json_object_object_add(object, "histograms", histograms_to_json(
				       frame->after.histograms,
				       frame->after.histograms_count));
	json_object_object_add(object, "clients",
			       client_rows_to_json(&frame->rows, clients));
	return object;
}
