// SPDX-License-Identifier: GPL-2.0-or-later
#include "phc_line.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The kernel's line has its rate in 10^-12, in 32 bits. */
#define RATE_MAX_PPB (INT32_MAX / 1000)
/* Up to here a rate is told from a jump, and is told as too high. */
#define RATE_TRIED_PPB 100000000.0
/* What a PHC's own servo may do between two samples is no contradiction. */
#define TOLERANCE_NS 20

void phc_line_reset(struct phc_line *line)
{
	line->count = 0;
	line->fitted = false;
}

static void forget(struct phc_line *line, size_t count)
{
	line->count -= count;
	memmove(line->samples, line->samples + count,
		line->count * sizeof(*line->samples));
}

/* While they don't fit the older ones go; what is left has the present rate. */
static void refit(struct phc_line *line)
{
	bool odd;

	for (;;) {
		line->fitted = line->count >= line->min &&
			       phc_fit_make(&line->fit, line->samples,
					    line->count, &odd);
		if (!line->fitted || !odd || line->count == line->min)
			return;
		forget(line, 1 + (line->count - line->min) / 8);
	}
}

void phc_line_resize(struct phc_line *line, size_t min, size_t max)
{
	line->min = min;
	line->max = max;
	if (line->count > max)
		forget(line, line->count - max);
	refit(line);
}

/* From the newest sample: seconds of the PHC, and what CLOCK_MONOTONIC_RAW gained. */
static void compare(const struct phc_line *line,
		    const struct phc_sample *sample, double *after_s,
		    double *gain_ns)
{
	const struct phc_sample *newest = &line->samples[line->count - 1];
	int64_t phc_ns = sample->phc_ns - newest->phc_ns;

	*after_s = phc_ns / 1e9;
	*gain_ns = sample->raw_ns - newest->raw_ns - phc_ns;
}

double phc_line_miss_ns(const struct phc_line *line,
			const struct phc_sample *sample)
{
	double after_s, gain_ns;

	if (!line->count)
		return 0;
	compare(line, sample, &after_s, &gain_ns);
	if (!line->fitted)
		return gain_ns;
	return gain_ns - line->fit.offset_ns - line->fit.rate_ppb * after_s;
}

bool phc_line_contradicts(const struct phc_line *line,
			  const struct phc_sample *sample)
{
	const struct phc_sample *newest;
	double after_s, gain_ns, bound_ns;

	if (!line->count)
		return false;
	newest = &line->samples[line->count - 1];
	compare(line, sample, &after_s, &gain_ns);
	/* A PHC that stands still, or goes back. */
	if (after_s <= 0)
		return true;
	if (line->fitted)
		bound_ns = phc_fit_bound_ns(&line->fit, after_s) +
			   line->fit.noise_ns;
	else
		bound_ns = newest->error_ns + RATE_TRIED_PPB * after_s;
	return fabs(phc_line_miss_ns(line, sample)) >
	       bound_ns + sample->error_ns + TOLERANCE_NS;
}

bool phc_line_shorten(struct phc_line *line, const struct phc_sample *sample)
{
	while (phc_line_contradicts(line, sample)) {
		if (!line->fitted || line->count == line->min)
			return false;
		forget(line, (line->count - line->min + 1) / 2);
		refit(line);
	}
	return true;
}

void phc_line_add(struct phc_line *line, const struct phc_sample *sample)
{
	if (line->count >= line->max)
		forget(line, line->count - line->max + 1);
	line->samples[line->count++] = *sample;
	refit(line);
}

int phc_line_get(const struct phc_line *line, uint32_t lifetime_ms,
		 struct knts_line *knts_line)
{
	const struct phc_sample *newest;
	double bound_ns;

	if (!line->fitted)
		return -EAGAIN;
	newest = &line->samples[line->count - 1];
	bound_ns = phc_fit_bound_ns(&line->fit, lifetime_ms / 1e3);
	if (fabs(line->fit.rate_ppb) > RATE_MAX_PPB)
		return -ERANGE;
	*knts_line = (struct knts_line){
		.phc_ns = newest->phc_ns,
		.raw_ns = newest->raw_ns + llround(line->fit.offset_ns),
		.rate_ppt = lround(line->fit.rate_ppb * 1000),
		.error_ns = bound_ns < UINT32_MAX ? ceil(bound_ns) : UINT32_MAX,
		.lifetime_ms = lifetime_ms,
	};
	return 0;
}
