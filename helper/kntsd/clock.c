// SPDX-License-Identifier: GPL-2.0-or-later
#include "clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/rand.h>

#include "core/ntp.h"
#include "fail.h"
#include "log.h"

enum clock_health { HEALTH_UNKNOWN, HEALTH_SILENT, HEALTH_UNSYNC, HEALTH_GOOD };

struct clock {
	struct event_base *base;
	struct knts_conn *conn;
	const struct config_clock *config;
	const struct clock_source *source;
	void (*gone)(void *arg);
	void *gone_arg;
	struct event *timer;
	struct event *readable;
	int fd;
	struct clock_question question;
	bool waiting;
	int precision;
	enum clock_health health;
	char problem[FAIL_SIZE];
};

static const struct clock_source *const sources[] = {
	[CLOCK_SOURCE_CHRONYD] = &clock_chrony,
	[CLOCK_SOURCE_NTP] = &clock_ntp,
	[CLOCK_SOURCE_ADJTIMEX] = &clock_adjtimex,
	[CLOCK_SOURCE_FIXED] = &clock_fixed,
};

static void hang_up(struct clock *clock)
{
	clock->waiting = false;
	if (clock->fd < 0)
		return;
	event_free(clock->readable);
	clock->readable = NULL;
	clock->source->close(clock->fd);
	clock->fd = -1;
}

/* One line when it begins, whatever its reasons do until it ends. */
static void silent(struct clock *clock, const char *why)
{
	snprintf(clock->problem, sizeof(clock->problem), "%s", why);
	if (clock->health != HEALTH_SILENT)
		log_warning("clock: %s; replies say unsynchronised from %u s after its last answer",
			    why, clock->config->lifetime_ms / 1000);
	clock->health = HEALTH_SILENT;
	hang_up(clock);
}

static void heard(struct clock *clock, const struct knts_clock *state)
{
	enum clock_health health = state->leap == KNTS_NTP_LEAP_UNSYNC ?
				   HEALTH_UNSYNC : HEALTH_GOOD;

	if (clock->health == health)
		return;
	clock->health = health;
	if (health == HEALTH_GOOD) {
		clock->problem[0] = '\0';
		log_notice("clock: synchronised, stratum %u, by %s",
			   state->stratum, clock->source->name);
		return;
	}
	snprintf(clock->problem, sizeof(clock->problem),
		 "%s says that the clock is not synchronised",
		 clock->source->name);
	log_warning("clock: %s", clock->problem);
}

static void push(struct clock *clock, const struct clock_reading *reading)
{
	struct knts_clock state;
	char why[FAIL_SIZE];
	int err;

	clock_state(&state, reading, clock->config, clock->precision);
	err = knts_clock_set(clock->conn, &state);
	if (err == -ENOENT) {
		clock->gone(clock->gone_arg);
	} else if (err) {
		fail(err, why, sizeof(why), "the kernel refuses the clock: %s",
		     knts_error(clock->conn));
		silent(clock, why);
	} else {
		heard(clock, &state);
	}
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct clock_reading reading;
	uint8_t packet[CLOCK_PACKET_MAX_LEN];
	struct clock *clock = arg;
	char why[FAIL_SIZE];
	ssize_t len;
	int err;

	len = recv(fd, packet, sizeof(packet), 0);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len < 0) {
		fail(-errno, why, sizeof(why), "%s does not answer: %s",
		     clock->source->name, strerror(errno));
		silent(clock, why);
		return;
	}
	clock->question.received = clock_now();
	if (!clock->waiting)
		return;
	err = clock->source->parse(&clock->question, packet, len, &reading, why,
				   sizeof(why));
	if (err == -EAGAIN)
		return;
	clock->waiting = false;
	if (err)
		silent(clock, why);
	else
		push(clock, &reading);
}

static int dial(struct clock *clock, char *error, size_t error_size)
{
	int fd;

	if (clock->fd >= 0)
		return 0;
	fd = clock->source->open(clock->config, error, error_size);
	if (fd < 0)
		return fd;
	clock->readable = event_new(clock->base, fd, EV_READ | EV_PERSIST,
				    on_readable, clock);
	if (!clock->readable || event_add(clock->readable, NULL) < 0) {
		clock->source->close(fd);
		return fail(-ENOMEM, error, error_size, "out of memory");
	}
	clock->fd = fd;
	return 0;
}

static void ask(struct clock *clock)
{
	uint8_t packet[CLOCK_PACKET_MAX_LEN];
	char why[FAIL_SIZE];
	size_t len;

	if (dial(clock, why, sizeof(why))) {
		silent(clock, why);
		return;
	}
	if (RAND_bytes((unsigned char *)&clock->question.nonce,
		       sizeof(clock->question.nonce)) != 1) {
		silent(clock, "no randomness for a request");
		return;
	}
	len = clock->source->ask(&clock->question, packet);
	clock->question.sent = clock_now();
	if (send(clock->fd, packet, len, 0) < 0) {
		fail(-errno, why, sizeof(why), "cannot ask %s: %s",
		     clock->source->name, strerror(errno));
		silent(clock, why);
		return;
	}
	clock->waiting = true;
}

static void read_once(struct clock *clock)
{
	struct clock_reading reading;
	char why[FAIL_SIZE];

	if (clock->source->read(clock->config, &reading, why, sizeof(why)))
		silent(clock, why);
	else
		push(clock, &reading);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct clock *clock = arg;
	struct timeval interval = {
		.tv_sec = clock->config->interval_ms / 1000,
		.tv_usec = clock->config->interval_ms % 1000 * 1000,
	};
	char why[FAIL_SIZE];

	evtimer_add(clock->timer, &interval);
	if (clock->waiting) {
		fail(0, why, sizeof(why), "%s does not answer within %u ms",
		     clock->source->name, clock->config->interval_ms);
		silent(clock, why);
	}
	if (clock->source->read)
		read_once(clock);
	else
		ask(clock);
}

void clock_reload(struct clock *clock, const struct config_clock *config)
{
	hang_up(clock);
	if (clock->source != sources[config->source])
		clock->health = HEALTH_UNKNOWN;
	clock->config = config;
	clock->source = sources[config->source];
	clock->precision = config->precision > 0 ? clock_precision() :
						   config->precision;
	on_timer(-1, 0, clock);
}

int clock_start(struct clock **clock, struct event_base *base,
		struct knts_conn *conn, const struct config_clock *config,
		void (*gone)(void *arg), void *arg)
{
	struct clock *new;

	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->base = base;
	new->conn = conn;
	new->gone = gone;
	new->gone_arg = arg;
	new->fd = -1;
	new->timer = evtimer_new(base, on_timer, new);
	if (!new->timer) {
		free(new);
		return -ENOMEM;
	}
	clock_reload(new, config);
	*clock = new;
	return 0;
}

const char *clock_name(const struct clock *clock)
{
	return clock->source->name;
}

const char *clock_problem(const struct clock *clock)
{
	return clock->problem[0] ? clock->problem : NULL;
}

void clock_stop(struct clock *clock)
{
	if (!clock)
		return;
	hang_up(clock);
	event_free(clock->timer);
	free(clock);
}
