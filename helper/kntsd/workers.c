// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "expiry.h"
#include "fail.h"
#include "ke_status.h"
#include "log.h"
#include "monitor.h"
#include "renewal.h"
#include "workers.h"

/* A worker that lived longer is started again at once. */
#define LIFE_MIN_S 10
#define DELAY_MIN_MS 100
#define DELAY_MAX_MS 30000
/* Longer than nearly all key exchanges take, shorter than people wait. */
static const struct timeval finish_timeout = { .tv_sec = 3 };

TAILQ_HEAD(monitors, monitor);

/*
 * @current are those of the configuration in force, @older those that finish
 * what they had begun under the one before; @stats is of those that have gone.
 * Once @finished is there none is started any more.
 */
struct workers {
	struct event_base *base;
	struct monitor_ops ops;
	struct ke_setup *setup;
	struct monitors current;
	struct monitors older;
	struct event *restart;
	struct renewal *renewal;
	unsigned int delay_ms;
	unsigned int restarts;
	struct ke_stats stats;
	struct event *finish;
	void (*finished)(void *arg);
	void *finished_arg;
};

static void warn(const char *sentence, void *arg)
{
	log_warning("%s", sentence);
}

static size_t count_of(const struct monitors *list, unsigned int states)
{
	const struct monitor *monitor;
	size_t count = 0;

	TAILQ_FOREACH(monitor, list, entry)
		if (monitor->state & states)
			count++;
	return count;
}

static void forget(struct workers *workers, struct monitors *list,
		   struct monitor *monitor)
{
	ke_stats_add(&workers->stats, &monitor->stats.stats);
	TAILQ_REMOVE(list, monitor, entry);
	monitor_free(monitor);
}

static void forget_all(struct workers *workers, struct monitors *list)
{
	struct monitor *monitor;

	while ((monitor = TAILQ_FIRST(list)))
		forget(workers, list, monitor);
}

/* Return: 0 or -errno; some may have been started nevertheless. */
static int start_missing(struct workers *workers)
{
	size_t count = count_of(&workers->current, ~0U);
	struct monitor *monitor;

	for (; count < workers->setup->workers; count++) {
		monitor = monitor_start(workers->base, workers->setup,
					&workers->ops);
		if (!monitor)
			return -errno;
		TAILQ_INSERT_TAIL(&workers->current, monitor, entry);
	}
	return 0;
}

static void schedule_restart(struct workers *workers, bool lived)
{
	unsigned int delay_ms = lived ? 0 : workers->delay_ms;
	const struct timeval tv = { delay_ms / 1000, delay_ms % 1000 * 1000 };

	workers->delay_ms = delay_ms ? 2 * delay_ms : DELAY_MIN_MS;
	if (workers->delay_ms > DELAY_MAX_MS)
		workers->delay_ms = DELAY_MAX_MS;
	if (!event_pending(workers->restart, EV_TIMEOUT, NULL))
		event_add(workers->restart, &tv);
}

static void on_restart(evutil_socket_t fd, short what, void *arg)
{
	struct workers *workers = arg;
	int ret = start_missing(workers);

	workers->restarts++;
	if (!ret)
		return;
	log_error("cannot start a KE worker: %s", strerror(-ret));
	schedule_restart(workers, false);
}

static void on_ready(struct monitor *monitor, void *arg)
{
	struct workers *workers = arg;

	if (count_of(&workers->current, MONITOR_SERVING) <
	    workers->setup->workers)
		return;
	TAILQ_FOREACH(monitor, &workers->older, entry)
		if (monitor->state == MONITOR_SERVING)
			monitor_drain(monitor);
}

static bool is_current(const struct workers *workers,
		       const struct monitor *monitor)
{
	const struct monitor *each;

	TAILQ_FOREACH(each, &workers->current, entry)
		if (each == monitor)
			return true;
	return false;
}

static void on_gone(struct monitor *monitor, void *arg)
{
	struct workers *workers = arg;
	struct timespec now;
	bool lived;

	if (!is_current(workers, monitor)) {
		forget(workers, &workers->older, monitor);
		if (workers->finished && TAILQ_EMPTY(&workers->older))
			workers->finished(workers->finished_arg);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	lived = now.tv_sec - monitor->started.tv_sec >= LIFE_MIN_S;
	forget(workers, &workers->current, monitor);
	schedule_restart(workers, lived);
}

/* Those that finish under an older setup accept nobody who would see it. */
static void on_renewed(size_t section, struct certs *certs, void *arg)
{
	struct workers *workers = arg;
	struct monitor *monitor;

	ke_setup_renew(workers->setup, section, certs);
	TAILQ_FOREACH(monitor, &workers->current, entry)
		monitor_renew(monitor, section);
}

static void on_finish_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct workers *workers = arg;

	workers->finished(workers->finished_arg);
}

static void log_serving(const struct ke_setup *setup)
{
	size_t i;

	for (i = 0; i < setup->listeners.count; i++)
		log_info("NTS-KE on %s, %u workers",
			 setup->listeners.items[i].text, setup->workers);
}

int workers_start(struct workers **workers, struct event_base *base,
		  const struct config *config, workers_seal_fn seal, void *arg,
		  char *error, size_t error_size)
{
	struct workers *started = calloc(1, sizeof(*started));
	int ret = -ENOMEM;

	fail(ret, error, error_size, "no memory for KE workers");
	if (!started)
		return ret;
	started->base = base;
	started->ops = (struct monitor_ops){
		.seal = seal,
		.seal_arg = arg,
		.ready = on_ready,
		.gone = on_gone,
		.arg = started,
	};
	TAILQ_INIT(&started->current);
	TAILQ_INIT(&started->older);
	started->restart = evtimer_new(base, on_restart, started);
	started->finish = evtimer_new(base, on_finish_timeout, started);
	started->renewal = renewal_start(base, on_renewed, started);
	if (started->restart && started->finish && started->renewal)
		ret = workers_reload(started, config, error, error_size);
	if (ret) {
		workers_stop(started);
		return ret;
	}
	*workers = started;
	return 0;
}

/* Those that do not serve yet have no connection to finish. */
static void retire(struct workers *workers, struct monitors *list)
{
	struct monitor *monitor, *next;

	for (monitor = TAILQ_FIRST(list); monitor; monitor = next) {
		next = TAILQ_NEXT(monitor, entry);
		if (monitor->state == MONITOR_STARTING) {
			forget(workers, list, monitor);
			continue;
		}
		monitor_retire(monitor);
		TAILQ_REMOVE(list, monitor, entry);
		TAILQ_INSERT_TAIL(&workers->older, monitor, entry);
	}
}

/*
 * Better than nothing at all, which would take the cookies of before with it: at the
 * start, and where the same is served already.
 */
static bool may_have_ended(const struct ke_setup *setup,
			   const struct ke_setup *old)
{
	time_t now = time(NULL);
	size_t i;

	for (i = 0; old && i < setup->sections_count; i++) {
		const struct certs *certs = setup->sections[i].certs;

		if (expiry_of(certs, now) == EXPIRY_PAST &&
		    !ke_setup_serves(old, certs))
			return false;
	}
	return true;
}

int workers_reload(struct workers *workers, const struct config *config,
		   char *error, size_t error_size)
{
	struct monitors former = TAILQ_HEAD_INITIALIZER(former);
	struct ke_setup *old = workers->setup;
	struct ke_setup *setup = NULL;
	int ret;

	ret = ke_setup_load(&setup, config, warn, NULL, error, error_size);
	if (ret == -EKEYEXPIRED && may_have_ended(setup, old))
		ret = 0;
	if (!ret)
		ret = ke_setup_open(setup, config, old, error, error_size);
	if (ret) {
		ke_setup_free(setup);
		return ret;
	}

	TAILQ_CONCAT(&former, &workers->current, entry);
	workers->setup = setup;
	ret = setup->sections_count ? start_missing(workers) : 0;
	if (ret) {
		forget_all(workers, &workers->current);
		TAILQ_CONCAT(&workers->current, &former, entry);
		workers->setup = old;
		ke_setup_free(setup);
		return fail(ret, error, error_size,
			    "cannot start KE workers: %s", strerror(-ret));
	}
	retire(workers, &former);
	renewal_follow(workers->renewal, setup);
	ke_setup_free(old);
	workers->delay_ms = 0;
	log_serving(setup);
	return 0;
}

void workers_finish(struct workers *workers, void (*finished)(void *arg),
		    void *arg)
{
	struct monitor *monitor;

	event_del(workers->restart);
	retire(workers, &workers->current);
	TAILQ_FOREACH(monitor, &workers->older, entry)
		if (monitor->state == MONITOR_SERVING)
			monitor_drain(monitor);
	workers->finished = finished;
	workers->finished_arg = arg;
	if (TAILQ_EMPTY(&workers->older))
		finished(arg);
	else
		event_add(workers->finish, &finish_timeout);
}

int workers_check(const struct config *config, char *error, size_t error_size)
{
	struct ke_setup *setup = NULL;
	int ret = ke_setup_load(&setup, config, warn, NULL, error, error_size);

	ke_setup_free(setup);
	return ret;
}

static void add_stats(struct ipc_stats *total, const struct monitors *list)
{
	const struct monitor *monitor;

	TAILQ_FOREACH(monitor, list, entry) {
		total->connections += monitor->stats.connections;
		ke_stats_add(&total->stats, &monitor->stats.stats);
	}
}

void workers_status(struct workers *workers, struct json_object *status)
{
	struct ipc_stats total = { .stats = workers->stats };
	struct json_object *counters;

	add_stats(&total, &workers->current);
	add_stats(&total, &workers->older);
	counters = ke_status_counters(&total);
	json_object_object_add(counters, "worker-restarts",
			       json_object_new_uint64(workers->restarts));
	json_object_object_add(status, "workers", json_object_new_uint64(
			       count_of(&workers->current, MONITOR_SERVING)));
	json_object_object_add(status, "workers-wanted",
			       json_object_new_uint64(workers->setup->workers));
	json_object_object_add(status, "nts-ke",
			       ke_status_sections(workers->setup));
	json_object_object_add(status, "renewals",
			       renewal_status(workers->renewal));
	json_object_object_add(status, "ke-stats", counters);
	json_object_object_add(status, "ke-duration",
			       ke_status_duration(&total.stats));
}

void workers_problems(struct workers *workers, struct json_object *problems)
{
	char sentence[128];
	size_t serving = count_of(&workers->current, MONITOR_SERVING);

	renewal_problems(workers->renewal, problems);
	if (!event_pending(workers->restart, EV_TIMEOUT, NULL))
		return;
	snprintf(sentence, sizeof(sentence), "%zu of %u KE workers serve, the "
		 "others ended and are started again: the log of kntsd says "
		 "why", serving, workers->setup->workers);
	json_object_array_add(problems, json_object_new_string(sentence));
}

void workers_stop(struct workers *workers)
{
	if (!workers)
		return;
	forget_all(workers, &workers->current);
	forget_all(workers, &workers->older);
	if (workers->restart)
		event_free(workers->restart);
	if (workers->finish)
		event_free(workers->finish);
	renewal_stop(workers->renewal);
	ke_setup_free(workers->setup);
	free(workers);
}
