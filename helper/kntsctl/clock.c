// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsctl clock: what replies say about the clock, and what their timestamps
 * are made of.
 */
#include <inttypes.h>

#include "kntsctl/format.h"
#include "kntsctl/hardware.h"
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

static int print(const struct knts_clock *clock,
		 const struct hardware *hardware)
{
	struct json_object *object;

	if (!common.json) {
		print_clock(clock);
		hardware_print(stdout, hardware);
		return EXIT_DONE;
	}
	object = clock_to_json(clock);
	hardware_to_json(hardware, object);
	return print_json(object);
}

static int run(int argc, char **argv)
{
	struct knts_conn *conn = kernel_open();
	struct knts_clock clock = { 0 };
	struct hardware hardware = { 0 };
	int status;

	if (!conn)
		return EXIT_FAILED;
	if (knts_clock_get(conn, &clock) ||
	    hardware_take(&hardware, conn, common.control))
		status = fail("%s", knts_error(conn));
	else
		status = print(&clock, &hardware);
	hardware_free(&hardware);
	knts_close(conn);
	return status;
}

static const struct option_row options[] = {
	JSON_ROW("One object: synchronised, leap, stratum, precision (log2 of"
		 " seconds), root-delay-s, root-dispersion-s (now),"
		 " reference-id (hex), source (the same as text),"
		 " reference-time (32.32 seconds), dispersion-rate-ppb,"
		 " lifetime-ms, age-ms; interleave (pairs, memory-len); stamps"
		 " (an object with the counters of timestamps); devices, each"
		 " with device, index (of its PHC), line, rx-correction-ns,"
		 " tx-correction-ns, link-speed-mbps, delay-max-ns, departures,"
		 " departure-delay-ns, departure-error-ns,"
		 " departure-deviation-ns; and from kntsd section, rx-filter,"
		 " sampled-by, samples, jumps, problem, limit."),
	CONTROL_ROW,
	{ 0 },
};

const struct command command_clock = {
	.name = "clock",
	.summary = "What replies say about the clock, and hardware timestamps",
	.help = "It fails before the clock's state was set for the first time.",
	.options = options,
	.run = run,
};
