// SPDX-License-Identifier: GPL-2.0-or-later
#include "renewal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include "expiry.h"
#include "fail.h"
#include "log.h"
#include "watch.h"

/* Whoever renews a certificate writes several files. */
static const struct timeval settle = { .tv_usec = 200000 };
static const struct timeval retry = { .tv_sec = 1 };
/* For folders that cannot be watched, and for dates. */
static const struct timeval poll_interval = { .tv_sec = 60 };
/* How long files may be bad before it is said. */
#define PATIENCE_S 5

#define WARNINGS_SIZE 2048

/**
 * struct pair - the files of a section
 * @seen: both files, when they were last read
 * @changed_s: CLOCK_MONOTONIC when they were seen to be others
 * @unsettled: they are bad, which may pass
 * @said: @problem was logged since they changed
 * @problem: why they are not served, or empty
 * @warned: one bit for each enum expiry that was logged
 */
struct pair {
	struct stat seen[2];
	time_t changed_s;
	bool unsettled;
	bool said;
	char problem[FAIL_SIZE];
	unsigned int warned;
};

struct renewal {
	renewal_fn take;
	void *arg;
	struct watch *watch;
	struct event *look;
	struct event *poll;
	const struct ke_setup *setup;
	struct pair pairs[IPC_SECTIONS_MAX];
	uint64_t taken;
	uint64_t refused;
};

static time_t monotonic_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static const struct certs *served(const struct renewal *renewal, size_t i)
{
	return renewal->setup->sections[i].certs;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Return: whether the files are others than when it was last called. */
static bool have_changed(struct pair *pair, const struct certs *certs)
{
	const char *const paths[2] = { certs->chain_path, certs->key_path };
	bool changed = false;
	struct stat now;
	size_t i;

	for (i = 0; i < 2; i++) {
		memset(&now, 0, sizeof(now));
		if (stat(paths[i], &now))
			memset(&now, 0, sizeof(now));
		changed |= !same_file(&now, &pair->seen[i]);
		pair->seen[i] = now;
	}
	return changed;
}

static void collect(const char *sentence, void *arg)
{
	size_t len = strlen(arg);

	snprintf((char *)arg + len, WARNINGS_SIZE - len, "%s\n", sentence);
}

static void log_lines(char *lines)
{
	char *line;

	while ((line = strsep(&lines, "\n")))
		if (*line)
			log_warning("%s", line);
}

static void take(struct renewal *renewal, size_t i, struct certs *certs,
		 char *warnings)
{
	char date[EXPIRY_DATE_SIZE];

	log_notice("the certificate in \"%s\" is renewed: it is for %s, by %s, "
		   "until %s", certs->chain_path, certs->names_count ?
		   certs->names[0] : "no name", certs->issuer,
		   expiry_date(certs->not_after, date));
	log_lines(warnings);
	renewal->pairs[i].warned = 0;
	renewal->taken++;
	renewal->take(i, certs, renewal->arg);
}

static void refuse(struct renewal *renewal, size_t i, const char *why)
{
	struct pair *pair = &renewal->pairs[i];
	char date[EXPIRY_DATE_SIZE];

	pair->unsettled = monotonic_s() - pair->changed_s < PATIENCE_S;
	if (pair->unsettled)
		return;
	snprintf(pair->problem, sizeof(pair->problem), "%s", why);
	if (pair->said)
		return;
	pair->said = true;
	renewal->refused++;
	log_error("new certificate files are refused, the ones before are "
		  "served on until %s: %s",
		  expiry_date(served(renewal, i)->not_after, date), why);
}

static bool has_ended(const struct renewal *renewal, size_t i)
{
	return expiry_of(served(renewal, i), time(NULL)) == EXPIRY_PAST;
}

static void read_pair(struct renewal *renewal, size_t i)
{
	const struct config_ke ke = {
		.certificate_chain_path = served(renewal, i)->chain_path,
		.private_key_path = served(renewal, i)->key_path,
	};
	struct pair *pair = &renewal->pairs[i];
	char warnings[WARNINGS_SIZE] = "";
	struct certs *certs = NULL;
	char error[FAIL_SIZE];
	int err;

	err = certs_load(&certs, &ke, collect, warnings, error, sizeof(error));
	/* The end of what is served has a sentence of its own. */
	if (err && !(err == -EKEYEXPIRED && has_ended(renewal, i))) {
		refuse(renewal, i, error);
		certs_free(certs);
		return;
	}
	pair->unsettled = false;
	pair->problem[0] = '\0';
	if (err || certs_same(certs, served(renewal, i)))
		certs_free(certs);
	else
		take(renewal, i, certs, warnings);
}

static void warn_of_end(struct renewal *renewal, size_t i)
{
	struct pair *pair = &renewal->pairs[i];
	time_t now = time(NULL);
	enum expiry expiry = expiry_of(served(renewal, i), now);
	char sentence[FAIL_SIZE];

	if (expiry == EXPIRY_FAR || pair->warned & 1U << expiry)
		return;
	pair->warned |= 1U << expiry;
	expiry_sentence(served(renewal, i), now, sentence, sizeof(sentence));
	if (expiry >= EXPIRY_1_DAY)
		log_error("%s", sentence);
	else
		log_warning("%s", sentence);
}

/* A pair that is bad for its dates becomes good without a change. */
static void look(struct renewal *renewal)
{
	bool unsettled = false;
	struct pair *pair;
	size_t i;

	for (i = 0; i < renewal->setup->sections_count; i++) {
		pair = &renewal->pairs[i];
		if (have_changed(pair, served(renewal, i))) {
			pair->changed_s = monotonic_s();
			pair->said = false;
		} else if (!pair->unsettled && !pair->problem[0]) {
			continue;
		}
		read_pair(renewal, i);
		unsettled |= pair->unsettled;
	}
	if (unsettled)
		event_add(renewal->look, &retry);
}

static void watch_all(struct renewal *renewal)
{
	size_t i;

	watch_reset(renewal->watch);
	for (i = 0; i < renewal->setup->sections_count; i++) {
		watch_add(renewal->watch, served(renewal, i)->chain_path);
		watch_add(renewal->watch, served(renewal, i)->key_path);
	}
}

static void on_changed(void *arg)
{
	struct renewal *renewal = arg;

	if (!event_pending(renewal->look, EV_TIMEOUT, NULL))
		event_add(renewal->look, &settle);
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	struct renewal *renewal = arg;
	size_t i;

	/* First, so that no change comes between looking and watching. */
	watch_all(renewal);
	look(renewal);
	for (i = 0; i < renewal->setup->sections_count; i++)
		warn_of_end(renewal, i);
}

struct renewal *renewal_start(struct event_base *base, renewal_fn take_fn,
			      void *arg)
{
	struct renewal *renewal = calloc(1, sizeof(*renewal));

	if (!renewal)
		return NULL;
	renewal->take = take_fn;
	renewal->arg = arg;
	renewal->watch = watch_start(base, on_changed, renewal);
	renewal->look = evtimer_new(base, on_look, renewal);
	renewal->poll = event_new(base, -1, EV_PERSIST, on_look, renewal);
	if (renewal->watch && renewal->look && renewal->poll)
		return renewal;
	renewal_stop(renewal);
	return NULL;
}

/* What was logged of a certificate before a reload is not logged again. */
static unsigned int warned_of(const struct renewal *renewal,
			      const struct certs *certs)
{
	size_t i;

	for (i = 0; renewal->setup && i < renewal->setup->sections_count; i++)
		if (certs_same(certs, served(renewal, i)))
			return renewal->pairs[i].warned;
	return 0;
}

void renewal_follow(struct renewal *renewal, const struct ke_setup *setup)
{
	unsigned int warned[IPC_SECTIONS_MAX];
	size_t i;

	for (i = 0; i < setup->sections_count; i++)
		warned[i] = warned_of(renewal, setup->sections[i].certs);
	memset(renewal->pairs, 0, sizeof(renewal->pairs));
	for (i = 0; i < setup->sections_count; i++)
		renewal->pairs[i].warned = warned[i];
	renewal->setup = setup;
	event_add(renewal->poll, &poll_interval);
	/* Nothing was seen yet, so all is read: it may have changed meanwhile. */
	on_look(-1, 0, renewal);
}

void renewal_problems(const struct renewal *renewal,
		      struct json_object *problems)
{
	char sentence[2 * FAIL_SIZE];
	const struct pair *pair;
	size_t i;

	for (i = 0; i < renewal->setup->sections_count; i++) {
		pair = &renewal->pairs[i];
		expiry_sentence(served(renewal, i), time(NULL), sentence,
				sizeof(sentence));
		if (sentence[0])
			json_object_array_add(problems,
					      json_object_new_string(sentence));
		if (!pair->problem[0])
			continue;
		snprintf(sentence, sizeof(sentence), "new certificate files "
			 "are refused, the ones before are served on: %s",
			 pair->problem);
		json_object_array_add(problems,
				      json_object_new_string(sentence));
	}
}

struct json_object *renewal_status(const struct renewal *renewal)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "taken",
			       json_object_new_uint64(renewal->taken));
	json_object_object_add(object, "refused",
			       json_object_new_uint64(renewal->refused));
	return object;
}

void renewal_stop(struct renewal *renewal)
{
	if (!renewal)
		return;
	watch_stop(renewal->watch);
	if (renewal->look)
		event_free(renewal->look);
	if (renewal->poll)
		event_free(renewal->poll);
	free(renewal);
}
