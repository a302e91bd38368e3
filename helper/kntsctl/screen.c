// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one screen of kntsctl status. What may be many is cut, so that it stays
 * one: 80 columns, 24 lines where little is wrong.
 */
#include <inttypes.h>
#include <string.h>

#include "kntsctl/format.h"
#include "kntsctl/hardware.h"
#include "kntsctl/object.h"
#include "kntsctl/snapshot.h"
#include "kntsctl/wrap.h"

#define LABEL "%-10s"
#define SERVERS_SHOWN 4
#define NAMES_SHOWN 3
#define DAY_S 86400

static void print_headline(FILE *out, const struct style *style,
			   const struct snapshot *snapshot, size_t problems)
{
	bool serving = is_serving(snapshot);

	fprintf(out, "knts %s%s%s", serving ? style->good : style->bad,
		serving ? "serves" : "does not serve", style->plain);
	if (problems)
		fprintf(out, ", %s%zu %s%s\n\n", style->bad, problems,
			problems == 1 ? "problem" : "problems", style->plain);
	else
		fputs(", and nothing is wrong\n\n", out);
}

static void print_servers(FILE *out, const struct snapshot *snapshot)
{
	const struct knts_server *server;
	char text[KNTS_SERVER_TEXT_SIZE];
	size_t i;

	if (!snapshot->servers_count)
		fprintf(out, LABEL "none\n", "servers");
	for (i = 0; i < snapshot->servers_count; i++) {
		if (i == SERVERS_SHOWN) {
			fprintf(out, LABEL "and %zu more: 'kntsctl server' lists them\n",
				"", snapshot->servers_count - i);
			return;
		}
		server = &snapshot->servers[i];
		fprintf(out, LABEL "%-28s require-nts %s%s\n",
			i ? "" : "servers",
			knts_server_format(server, text, sizeof(text)),
			require_nts_text(server->require_nts),
			server->serve_own_port ? ", serve-own-port" : "");
	}
}

static void print_clock(FILE *out, const struct style *style,
			const struct snapshot *snapshot)
{
	const char *feed = json_text(snapshot->kntsd, "clock-source");
	const struct knts_clock *clock = &snapshot->clock;
	char source[FORMAT_SIZE], dispersion[FORMAT_SIZE];
	char age[FORMAT_SIZE], lifetime[FORMAT_SIZE];

	if (!snapshot->clock_set) {
		fprintf(out, LABEL "%snever set%s\n", "clock", style->bad,
			style->plain);
		return;
	}
	fprintf(out, LABEL "%s%s%s, stratum %u, source %s (%08" PRIX32 ")",
		"clock", clock->synchronised ? style->good : style->bad,
		clock->synchronised ? "synchronised" : "unsynchronised",
		style->plain, clock->stratum,
		format_source(clock->reference_id, clock->stratum, source),
		clock->reference_id);
	if (clock->leap == 1 || clock->leap == 2)
		fprintf(out, ", leap: %s", leap_text(clock->leap));
	fprintf(out, "\n" LABEL "dispersion %s now; set %s ago for %s%s%s\n", "",
		format_short(clock->root_dispersion, dispersion),
		format_age(clock->age_ms / 1000, age),
		format_age(clock->lifetime_ms / 1000, lifetime),
		feed ? ", from " : "", feed ? feed : "");
}

static void print_stamps(FILE *out, const struct snapshot *snapshot)
{
	const struct counters *counters = &snapshot->counters;
	uint64_t hardware = counters_value(counters, "stamp-hardware");
	uint64_t software = counters_value(counters, "stamp-software");
	uint64_t now = counters_value(counters, "stamp-now");
	double all = (double)hardware + software + now;
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
	if (all > 0)
		fprintf(out, "\n" LABEL "of the requests so far: %.1f %% hardware,"
			" %.1f %% software, %.1f %% none", "",
			100 * hardware / all, 100 * software / all,
			100 * now / all);
	fputc('\n', out);
}

static void print_traffic(FILE *out, const struct snapshot *snapshot)
{
	struct tally tally = counters_tally(&snapshot->counters);
	const struct rates *rates = &snapshot->rates;
	char nts[FORMAT_SIZE], plain[FORMAT_SIZE];
	char kisses[FORMAT_SIZE], drops[FORMAT_SIZE];

	fprintf(out, LABEL "%s NTS, %s plain, %s kiss codes, %s drops\n",
		"a second", format_rate(rates->nts, nts),
		format_rate(rates->plain, plain),
		format_rate(rates->kisses, kisses),
		format_rate(rates->drops, drops));
	fprintf(out, LABEL "%" PRIu64 " NTS, %" PRIu64 " plain, %" PRIu64
		" kiss codes, %" PRIu64 " drops\n", "so far", tally.nts,
		tally.plain, tally.kisses, tally.drops);
}

static void print_keys(FILE *out, const struct snapshot *snapshot)
{
	int64_t next_s = json_number(snapshot->kntsd, "next-rotation-s");
	const struct knts_key *active = NULL;
	char age[FORMAT_SIZE];
	uint64_t age_s = 0;
	size_t i;

	for (i = 0; i < snapshot->keys_count; i++)
		if (snapshot->keys[i].active)
			active = &snapshot->keys[i];

	fprintf(out, LABEL "%zu in the ring", "keys", snapshot->keys_count);
	if (active) {
		if (active->created_s < (uint64_t)snapshot->now_s)
			age_s = snapshot->now_s - active->created_s;
		fprintf(out, ", %08" PRIx32 " seals, made %s ago", active->id,
			format_age(age_s, age));
	}
	if (next_s > 0)
		fprintf(out, ", the next in %s", format_age(next_s, age));
	fputc('\n', out);
}

/* The first of the array that @object has under @key, joined by commas. */
static void print_joined(FILE *out, struct json_object *object, const char *key)
{
	struct json_object *array = json_array(object, key);
	size_t i, count = array ? json_object_array_length(array) : 0;

	for (i = 0; i < count && i < NAMES_SHOWN; i++)
		fprintf(out, "%s%s", i ? ", " : "",
			json_object_get_string(
				json_object_array_get_idx(array, i)));
	if (i < count)
		fprintf(out, " and %zu more", count - i);
}

static void print_certificate(FILE *out, const struct style *style,
			      struct json_object *certificate, int64_t now_s)
{
	int64_t end_s = json_number(certificate, "not-after");
	int64_t left_s = end_s - now_s;
	char date[FORMAT_SIZE];

	fprintf(out, LABEL "certificate ", "");
	print_joined(out, certificate, "names");
	if (end_s)
		fprintf(out, ", until %s (", format_date(end_s, date));
	if (end_s && left_s < 0)
		fprintf(out, "%sexpired%s)", style->bad, style->plain);
	else if (end_s && left_s < 2 * DAY_S)
		fprintf(out, "%s%s%s left)", style->bad, format_age(left_s, date),
			style->plain);
	else if (end_s)
		fprintf(out, "%" PRId64 " days left)", left_s / DAY_S);
	fputc('\n', out);
}

static void print_sections(FILE *out, const struct style *style,
			   const struct snapshot *snapshot)
{
	struct json_object *sections = json_array(snapshot->kntsd, "nts-ke");
	struct json_object *section, *list;
	size_t i, j;

	for (i = 0; sections && i < json_object_array_length(sections); i++) {
		section = json_object_array_get_idx(sections, i);
		fprintf(out, LABEL, "nts-ke");
		print_joined(out, section, "listen");
		fputc('\n', out);
		list = json_array(section, "certificates");
		for (j = 0; list && j < json_object_array_length(list); j++)
			print_certificate(out, style,
					  json_object_array_get_idx(list, j),
					  snapshot->now_s);
	}
}

/* Told by themselves, so that what is left are reasons why one failed. */
static bool is_told(const char *name)
{
	static const char *const told[] = {
		"connections", "accepted", "handshakes", "answered",
	};
	size_t i;

	for (i = 0; i < sizeof(told) / sizeof(*told); i++)
		if (!strcmp(name, told[i]))
			return true;
	return false;
}

/* How key exchanges ended, if there were any. */
static void print_exchanges(FILE *out, struct json_object *kntsd)
{
	struct json_object *counters, *duration;
	const char *separator = "; besides ";
	char mean[FORMAT_SIZE];
	double answers;

	if (!json_object_object_get_ex(kntsd, "ke-stats", &counters) ||
	    !json_object_is_type(counters, json_type_object) ||
	    !json_number(counters, "accepted"))
		return;
	fprintf(out, LABEL "%.0f so far, %.0f answered", "exchanges",
		json_number(counters, "accepted"),
		json_number(counters, "answered"));
	if (json_object_object_get_ex(kntsd, "ke-duration", &duration)) {
		answers = json_number(duration, "count");
		if (answers > 0)
			fprintf(out, " in %s on average",
				format_signed_ns(json_number(duration, "sum-s") *
						 1e9 / answers, mean));
	}
	json_object_object_foreach(counters, name, value) {
		if (is_told(name) || !json_object_get_int64(value))
			continue;
		fprintf(out, "%s%s %s", separator, name,
			json_object_get_string(value));
		separator = ", ";
	}
	fputc('\n', out);
}

static void print_kntsd(FILE *out, struct json_object *kntsd)
{
	const char *text;

	if (!kntsd) {
		fprintf(out, LABEL "no answer\n", "kntsd");
		return;
	}
	fprintf(out, LABEL "runs", "kntsd");
	text = json_text(kntsd, "version");
	if (text)
		fprintf(out, ", version %s", text);
	text = json_text(kntsd, "pid");
	if (text)
		fprintf(out, ", pid %s", text);
	text = json_text(kntsd, "workers");
	if (text)
		fprintf(out, ", %s worker%s", text, strcmp(text, "1") ? "s" : "");
	text = json_text(kntsd, "config");
	if (text)
		fprintf(out, ", %s", text);
	fputc('\n', out);
}

static void print_problems(FILE *out, const struct style *style,
			   struct json_object *problems)
{
	const char *text;
	size_t i;

	for (i = 0; i < json_object_array_length(problems); i++) {
		text = json_object_get_string(
			json_object_array_get_idx(problems, i));
		fprintf(out, "%s%sproblem%s: ", i ? "" : "\n", style->bad,
			style->plain);
		wrap_print(out, text, strlen(text), strlen("problem: "),
			   style->width);
	}
}

void screen_print(FILE *out, const struct snapshot *snapshot,
		  struct json_object *problems, const struct style *style)
{
	print_headline(out, style, snapshot, json_object_array_length(problems));
	if (!snapshot->kernel_error[0]) {
		print_servers(out, snapshot);
		print_clock(out, style, snapshot);
		print_stamps(out, snapshot);
		print_traffic(out, snapshot);
		print_keys(out, snapshot);
	}
	print_sections(out, style, snapshot);
	print_exchanges(out, snapshot->kntsd);
	print_kntsd(out, snapshot->kntsd);
	print_problems(out, style, problems);
}
