// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one screen of kntsctl status.
 */
#include <inttypes.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/hardware.h"
#include "kntsctl/snapshot.h"

#define LABEL "%-10s"

/* Where the screen goes, and how it emphasises. */
struct screen {
	FILE *out;
	const char *good;
	const char *bad;
	const char *plain;
};

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return NULL;
	return json_object_get_string(value);
}

static void print_headline(const struct screen *screen,
			   const struct snapshot *snapshot, size_t problems)
{
	bool serving = is_serving(snapshot);

	fprintf(screen->out, "knts %s%s%s", serving ? screen->good : screen->bad,
		serving ? "serves" : "does not serve", screen->plain);
	if (problems)
		fprintf(screen->out, ", %zu %s", problems,
			problems == 1 ? "problem" : "problems");
	fputs("\n\n", screen->out);
}

static void print_servers(FILE *out, const struct snapshot *snapshot)
{
	const struct knts_server *server;
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t i;

	if (!snapshot->servers_count)
		fprintf(out, LABEL "none\n", "servers");
	for (i = 0; i < snapshot->servers_count; i++) {
		server = &snapshot->servers[i];
		fprintf(out, LABEL "%-28s require-nts %s%s\n",
			i ? "" : "servers",
			knts_server_format(server, text, sizeof(text)),
			require_nts_text(server->require_nts),
			server->serve_own_port ? ", serve-own-port" : "");
	}
}

static void print_clock(FILE *out, const struct snapshot *snapshot)
{
	const struct knts_clock *clock = &snapshot->clock;
	char source[FORMAT_SIZE], dispersion[FORMAT_SIZE];
	char age[FORMAT_SIZE], lifetime[FORMAT_SIZE];

	if (!snapshot->clock_set) {
		fprintf(out, LABEL "never set\n", "clock");
		return;
	}
	fprintf(out, LABEL "%s, stratum %u, source %s (%08" PRIX32 ")", "clock",
		clock->synchronised ? "synchronised" : "unsynchronised",
		clock->stratum,
		format_source(clock->reference_id, clock->stratum, source),
		clock->reference_id);
	if (clock->leap == 1 || clock->leap == 2)
		fprintf(out, ", leap: %s", leap_text(clock->leap));
	fprintf(out, "\n" LABEL "dispersion %s now, set %s ago for %s\n", "",
		format_short(clock->root_dispersion, dispersion),
		format_age(clock->age_ms / 1000, age),
		format_age(clock->lifetime_ms / 1000, lifetime));
}

static void print_keys(FILE *out, const struct snapshot *snapshot)
{
	const struct knts_key *active = NULL;
	char age[FORMAT_SIZE];
	size_t i;

	for (i = 0; i < snapshot->keys_count; i++)
		if (snapshot->keys[i].active)
			active = &snapshot->keys[i];

	fprintf(out, LABEL "%zu in the ring", "keys", snapshot->keys_count);
	if (active)
		fprintf(out, ", %08" PRIx32 " seals, made %s ago", active->id,
			format_age(active->created_s > (uint64_t)snapshot->now_s ?
					   0 :
					   snapshot->now_s - active->created_s,
				   age));
	fputc('\n', out);
}

static void print_traffic(FILE *out, const struct snapshot *snapshot)
{
	struct tally tally = tally_counters(snapshot->counters,
					    snapshot->counters_count);

	fprintf(out, LABEL "%" PRIu64 " (%.1f/s now), %" PRIu64
		" kiss codes, %" PRIu64 " drops\n", "answers",
		tally.answers, snapshot->answers_per_s, tally.kisses,
		tally.drops);
}

static uint64_t count_of(const struct snapshot *snapshot, const char *name)
{
	size_t i;

	for (i = 0; i < snapshot->counters_count; i++)
		if (!strcmp(snapshot->counters[i].name, name))
			return snapshot->counters[i].value;
	return 0;
}

static void print_stamps(FILE *out, const struct snapshot *snapshot)
{
	uint64_t hardware = count_of(snapshot, "stamp-hardware");
	uint64_t all = hardware + count_of(snapshot, "stamp-software") +
		       count_of(snapshot, "stamp-now");
	const char *separator = "hardware on ";
	char error[FORMAT_SIZE];
	size_t i;

	fprintf(out, LABEL, "stamps");
	for (i = 0; i < snapshot->phcs_count; i++) {
		if (!phc_is_used(&snapshot->phcs[i]))
			continue;
		fprintf(out, "%s%s (error %s)", separator,
			snapshot->phcs[i].device,
			format_ns(snapshot->phcs[i].line.error_ns, error));
		separator = ", ";
	}
	if (*separator == 'h')
		fputs("software", out);
	if (hardware)
		fprintf(out, "; %.1f %% of requests so far had hardware's",
			100.0 * hardware / all);
	fputc('\n', out);
}

/* The array that @object has under @key, joined by commas. */
static void print_joined(FILE *out, struct json_object *object, const char *key)
{
	struct json_object *array;
	size_t i;

	if (!json_object_object_get_ex(object, key, &array) ||
	    !json_object_is_type(array, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(array); i++)
		fprintf(out, "%s%s", i ? ", " : "",
			json_object_get_string(
				json_object_array_get_idx(array, i)));
}

static void print_certificates(FILE *out, struct json_object *section)
{
	struct json_object *list, *certificate, *end;
	char date[FORMAT_SIZE];
	size_t i;

	if (!json_object_object_get_ex(section, "certificates", &list) ||
	    !json_object_is_type(list, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		certificate = json_object_array_get_idx(list, i);
		fprintf(out, LABEL "certificate ", "");
		print_joined(out, certificate, "names");
		if (json_object_object_get_ex(certificate, "not-after", &end))
			fprintf(out, ", until %s",
				format_date(json_object_get_int64(end), date));
		fputc('\n', out);
	}
}

/* How key exchanges ended, if there were any. */
static void print_exchanges(FILE *out, struct json_object *kntsd)
{
	struct json_object *counters;
	bool any = false;

	if (!json_object_object_get_ex(kntsd, "ke-stats", &counters) ||
	    !json_object_is_type(counters, json_type_object))
		return;
	json_object_object_foreach(counters, name, value) {
		if (!json_object_get_int64(value))
			continue;
		if (any)
			fputs(", ", out);
		else
			fprintf(out, LABEL, "exchanges");
		fprintf(out, "%s %s", name, json_object_get_string(value));
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void print_sections(FILE *out, struct json_object *kntsd)
{
	struct json_object *sections, *section;
	size_t i;

	if (!json_object_object_get_ex(kntsd, "nts-ke", &sections) ||
	    !json_object_is_type(sections, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(sections); i++) {
		section = json_object_array_get_idx(sections, i);
		fprintf(out, LABEL, "nts-ke");
		print_joined(out, section, "listen");
		fputc('\n', out);
		print_certificates(out, section);
	}
}

static void print_kntsd(FILE *out, struct json_object *kntsd)
{
	struct json_object *value;
	char age[FORMAT_SIZE];
	const char *text;

	if (!kntsd) {
		fprintf(out, LABEL "no answer\n", "kntsd");
		return;
	}
	fprintf(out, LABEL "runs", "kntsd");
	text = text_of(kntsd, "version");
	if (text)
		fprintf(out, ", version %s", text);
	text = text_of(kntsd, "pid");
	if (text)
		fprintf(out, ", pid %s", text);
	text = text_of(kntsd, "workers");
	if (text)
		fprintf(out, ", %s worker%s", text, strcmp(text, "1") ? "s" : "");
	text = text_of(kntsd, "clock-source");
	if (text)
		fprintf(out, ", clock from %s", text);
	if (json_object_object_get_ex(kntsd, "next-rotation-s", &value) &&
	    json_object_get_int64(value) > 0)
		fprintf(out, ", next key in %s",
			format_age(json_object_get_int64(value), age));
	fputc('\n', out);
	print_sections(out, kntsd);
	print_exchanges(out, kntsd);
}

static void print_problems(const struct screen *screen,
			   struct json_object *problems)
{
	size_t i;

	for (i = 0; i < json_object_array_length(problems); i++)
		fprintf(screen->out, "%s%sproblem%s: %s\n", i ? "" : "\n",
			screen->bad, screen->plain,
			json_object_get_string(
				json_object_array_get_idx(problems, i)));
}

void screen_print(FILE *out, const struct snapshot *snapshot, bool colour)
{
	const struct screen screen = {
		.out = out,
		.good = colour ? "\033[32m" : "",
		.bad = colour ? "\033[31m" : "",
		.plain = colour ? "\033[0m" : "",
	};
	struct json_object *problems = problems_find(snapshot);

	print_headline(&screen, snapshot, json_object_array_length(problems));
	if (!snapshot->kernel_error[0]) {
		print_servers(out, snapshot);
		print_clock(out, snapshot);
		print_keys(out, snapshot);
		print_traffic(out, snapshot);
		print_stamps(out, snapshot);
	}
	print_kntsd(out, snapshot->kntsd);
	print_problems(&screen, problems);
	json_object_put(problems);
}
