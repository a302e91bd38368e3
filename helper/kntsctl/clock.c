// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl clock: what replies say about the clock.
 */
#include <inttypes.h>

#include "kntsctl/format.h"
#include "kntsctl/object.h"

static void print_clock(const struct knts_clock *clock)
{
	char text[FORMAT_SIZE];

	printf("state            %s\n",
	       clock->synchronised ? "synchronised" : "unsynchronised");
	printf("leap second      %s\n", leap_text(clock->leap));
	printf("stratum          %u\n", clock->stratum);
	printf("source           %s (%08" PRIX32 ")\n",
	       format_source(clock->reference_id, clock->stratum, text),
	       clock->reference_id);
	printf("precision        2^%d s\n", clock->precision);
	printf("root delay       %s\n", format_short(clock->root_delay, text));
	printf("root dispersion  %s now, growing by %.3f ppm\n",
	       format_short(clock->root_dispersion, text),
	       clock->dispersion_rate_ppb / 1e3);
	printf("set              %s ago", format_age(clock->age_ms / 1000, text));
	printf(", for %s\n", format_age(clock->lifetime_ms / 1000, text));
}

static int run(const struct options *options, int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct knts_clock clock = { 0 };
	int status = EXIT_DONE;

	if (!conn)
		return EXIT_FAILED;
	if (knts_clock_get(conn, &clock))
		status = fail("%s", knts_error(conn));
	else if (options->given & OPTION_JSON)
		print_json(clock_to_json(&clock));
	else
		print_clock(&clock);
	knts_close(conn);
	return status;
}

const struct command command_clock = {
	.name = "clock",
	.operands = "",
	.summary = "What replies say about the clock, now",
	.help = "  --json  one object: synchronised, leap, stratum, precision (log2\n"
		"          of seconds), root-delay-s, root-dispersion-s (now),\n"
		"          reference-id (hex), source (the same as text),\n"
		"          reference-time (32.32 seconds), dispersion-rate-ppb,\n"
		"          lifetime-ms, age-ms\n\n"
		"It fails before the clock's state was set for the first time.\n",
	.options = OPTION_JSON,
	.run = run,
};
