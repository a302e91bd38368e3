// SPDX-License-Identifier: GPL-2.0-or-later
#include "phc_track.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <linux/net_tstamp.h>

#include "log.h"
#include "phc.h"

/* Until there is a line. */
#define FIRST_INTERVAL_MS 100
#define ATTEMPTS 3
/* So often in a row no line comes about before that is a problem. */
#define LOSSES_MAX 5

/* One line in the log when it begins, and one when it ends. */
static void __attribute__((format(printf, 3, 4)))
note(struct phc_track *track, char *place, const char *format, ...)
{
	char text[FAIL_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!strcmp(text, place))
		return;
	memcpy(place, text, sizeof(text));
	if (text[0])
		log_warning("%s", text);
}

static int push(struct phc_track *track, const struct knts_line *line)
{
	const struct config_phc *config = track->config;
	struct knts_phc phc = {
		.index = track->stamping.phc_index,
		.has_line = line,
		.rx_correction_ns = config->rx_correction_ns,
		.tx_correction_ns = config->tx_correction_ns,
		.link_speed_mbps = track->speed_mbps,
		.delay_max_ns = config->delay_max_ns,
	};
	int err;

	memcpy(phc.device, track->device, sizeof(phc.device));
	if (line)
		phc.line = *line;
	err = knts_phc_set(phc_conn(track->phc), &phc);
	if (!err) {
		track->known = true;
		track->pushed = phc;
	} else if (err == -ENOENT) {
		phc_gone(track->phc);
	} else if (err == -ENODEV) {
		phc_look_again(track->phc);
	} else {
		note(track, track->problem, "the kernel refuses the PHC of %s: %s",
		     track->device, knts_error(phc_conn(track->phc)));
	}
	return err;
}

/* From now on the kernel must not use the line that it has. */
static void give_up_line(struct phc_track *track)
{
	phc_line_reset(&track->line);
	track->losses++;
	if (track->pushed.has_line)
		push(track, NULL);
}

static void on_line(struct phc_track *track, const struct knts_line *line)
{
	bool first = !track->pushed.has_line;

	if (push(track, line))
		return;
	track->losses = 0;
	if (track->problem[0] || first)
		log_notice("%s: hardware timestamps by PHC /dev/ptp%d, %+.3f ppm, error %u ns, by %s",
			   track->device, track->stamping.phc_index,
			   -line->rate_ppt / 1e6, line->error_ns,
			   phc_reader_way(&track->reader));
	track->problem[0] = '\0';
}

static void push_line(struct phc_track *track)
{
	struct knts_line line;
	int err;

	err = phc_line_get(&track->line, track->config->lifetime_ms, &line);
	if (!err) {
		on_line(track, &line);
	} else if (err == -ERANGE) {
		note(track, track->problem,
		     "%s's timestamps stay software: its PHC is %+.0f ppm off, more than a line can be",
		     track->device, -track->line.fit.rate_ppb / 1e3);
		if (track->pushed.has_line)
			push(track, NULL);
	}
}

static void on_jump(struct phc_track *track, double miss_ns)
{
	if (track->pushed.has_line) {
		track->jumps++;
		log_notice("%s: PHC /dev/ptp%d is %+.9f s off its line: it or its rate was set, a new line begins",
			   track->device, track->stamping.phc_index,
			   -miss_ns / 1e9);
	}
	give_up_line(track);
	if (track->losses > LOSSES_MAX)
		note(track, track->problem,
		     "%s's timestamps stay software: its PHC /dev/ptp%d stands still or is set again and again",
		     track->device, track->stamping.phc_index);
}

static int read_sample(struct phc_track *track, struct phc_sample *sample)
{
	char why[FAIL_SIZE];
	int err = -EAGAIN;
	int i;

	for (i = 0; i < ATTEMPTS && err == -EAGAIN; i++)
		err = phc_reader_sample(&track->reader, track->config->readings,
					sample, why, sizeof(why));
	if (err && err != -EAGAIN) {
		note(track, track->problem, "%s's timestamps stay software: %s",
		     track->device, why);
		give_up_line(track);
	}
	return err;
}

static void arm(struct phc_track *track)
{
	unsigned int interval_ms = track->config->sample_interval_ms;
	struct timeval interval;

	if (!track->line.fitted && interval_ms > FIRST_INTERVAL_MS &&
	    !track->problem[0])
		interval_ms = FIRST_INTERVAL_MS;
	interval.tv_sec = interval_ms / 1000;
	interval.tv_usec = interval_ms % 1000 * 1000;
	evtimer_add(track->timer, &interval);
}

/*
 * A reading that went wrong is not twice wrong. What is wrong twice is a jump,
 * unless only older samples speak against it: then it is a rate that changes.
 */
static int take_sample(struct phc_track *track, struct phc_sample *sample)
{
	double miss_ns;
	int err;

	err = read_sample(track, sample);
	if (err || !phc_line_contradicts(&track->line, sample))
		return err;
	err = read_sample(track, sample);
	if (err)
		return err;
	miss_ns = phc_line_miss_ns(&track->line, sample);
	if (!phc_line_shorten(&track->line, sample))
		on_jump(track, miss_ns);
	return 0;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct phc_track *track = arg;
	struct phc_sample sample;
	int err;

	err = take_sample(track, &sample);
	if (!err) {
		phc_line_add(&track->line, &sample);
		push_line(track);
	}
	if (err != -ENODEV) {
		arm(track);
		return;
	}
	/* Its driver was reset or is going. */
	phc_reader_close(&track->reader);
	phc_look_again(track->phc);
}

struct phc_track *phc_track_alloc(struct phc *phc, const char *device)
{
	struct phc_track *track = calloc(1, sizeof(*track));

	if (!track)
		return NULL;
	track->phc = phc;
	track->reader.fd = -1;
	snprintf(track->device, sizeof(track->device), "%s", device);
	track->timer = evtimer_new(phc_base(phc), on_timer, track);
	if (!track->timer) {
		free(track);
		return NULL;
	}
	return track;
}

void phc_track_configure(struct phc_track *track,
			 const struct config_phc *config)
{
	bool changed = track->config &&
		       memcmp(track->config, config, sizeof(*config));

	track->config = config;
	phc_line_resize(&track->line, config->samples_min, config->samples_max);
	if (!changed || track->reader.fd < 0)
		return;
	push_line(track);
	arm(track);
}

/* No samples any more, because the device or its PHC is not there. */
static void halt(struct phc_track *track)
{
	evtimer_del(track->timer);
	phc_reader_close(&track->reader);
	phc_line_reset(&track->line);
	if (track->known)
		knts_phc_del(phc_conn(track->phc), track->device);
	track->known = false;
	track->pushed.has_line = false;
	track->losses = 0;
}

static void report_setup(struct phc_track *track, bool again)
{
	const struct phc_stamping *stamping = &track->stamping;
	const char *filter = phc_device_filter_name(stamping->rx_filter);

	if (!stamping->kept)
		log_notice("%s: timestamps turned on%s, receive filter %s",
			   track->device, again ? " again" : "", filter);
	else
		log_notice("%s: timestamps were turned on by another program and stay as they are, receive filter %s",
			   track->device, filter);
	if (stamping->tx_type == HWTSTAMP_TX_OFF)
		note(track, track->limit,
		     "transmit timestamps of %s stay software: its driver makes none",
		     track->device);
	else if (phc_device_filter_has_ntp(stamping->rx_filter) ||
		 track->config->rx_filter != CONFIG_RX_FILTER_BEST)
		note(track, track->limit, "%s", "");
	else if (stamping->rx_filter == HWTSTAMP_FILTER_NONE)
		note(track, track->limit,
		     "receive timestamps of %s stay software: its driver makes none of NTP packets",
		     track->device);
	else
		note(track, track->limit,
		     "receive timestamps of %s stay software: another program has set its filter to %s, which leaves NTP out; rx-filter in kntsd.conf overrides it",
		     track->device, filter);
}

static int set_up(struct phc_track *track)
{
	struct phc_stamping *stamping = &track->stamping;
	struct phc_stamping before = *stamping;
	char why[FAIL_SIZE];
	int err;

	err = phc_device_setup(track->device, track->config->rx_filter,
			       stamping, why, sizeof(why));
	if (!err && (track->reader.fd < 0 ||
		     stamping->phc_index != before.phc_index)) {
		halt(track);
		err = phc_reader_open(&track->reader, stamping->phc_index, why,
				      sizeof(why));
	}
	if (err) {
		stamping->settled = false;
		halt(track);
		note(track, track->problem, "%s", why);
		return err;
	}
	if (!before.settled || !stamping->kept ||
	    stamping->rx_filter != before.rx_filter ||
	    stamping->tx_type != before.tx_type)
		report_setup(track, before.settled);
	return 0;
}

static void follow_speed(struct phc_track *track)
{
	unsigned int speed_mbps = phc_device_speed_mbps(track->device);

	if (speed_mbps == track->speed_mbps)
		return;
	track->speed_mbps = speed_mbps;
	if (track->pushed.has_line)
		push_line(track);
}

void phc_track_check(struct phc_track *track)
{
	unsigned int ifindex = if_nametoindex(track->device);

	if (ifindex != track->ifindex) {
		halt(track);
		track->stamping = (struct phc_stamping){ 0 };
		track->ifindex = ifindex;
	}
	if (set_up(track))
		return;
	follow_speed(track);
	if (!evtimer_pending(track->timer, NULL)) {
		track->problem[0] = '\0';
		on_timer(-1, 0, track);
	}
}

struct json_object *phc_track_status(const struct phc_track *track,
				     struct json_object *problems)
{
	struct json_object *object = json_object_new_object();
	const struct phc_stamping *stamping = &track->stamping;
	const char *const texts[] = { track->problem, track->limit };
	size_t i;

	json_object_object_add(object, "device",
			       json_object_new_string(track->device));
	json_object_object_add(object, "section", json_object_new_string(
			       track->config->device));
	if (track->reader.fd >= 0) {
		json_object_object_add(object, "phc", json_object_new_int(
				       stamping->phc_index));
		json_object_object_add(object, "rx-filter",
				       json_object_new_string(
				       phc_device_filter_name(
				       stamping->rx_filter)));
		json_object_object_add(object, "sampled-by",
				       json_object_new_string(
				       phc_reader_way(&track->reader)));
		json_object_object_add(object, "samples",
				       json_object_new_int64(
				       track->line.count));
		json_object_object_add(object, "jumps", json_object_new_int64(
				       track->jumps));
	}
	for (i = 0; i < 2; i++) {
		if (!texts[i][0])
			continue;
		json_object_object_add(object, i ? "limit" : "problem",
				       json_object_new_string(texts[i]));
		json_object_array_add(problems,
				      json_object_new_string(texts[i]));
	}
	return object;
}

void phc_track_put(struct phc_track *track, bool forget)
{
	if (!forget)
		track->known = false;
	halt(track);
	event_free(track->timer);
	free(track);
}
