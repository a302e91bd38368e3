// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <openssl/rand.h>

#include "host.h"

#define AWAIT_MS 10000

static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };

/* Of all hosts that are started; NULL for none. */
static const struct listeners *handed;

/*
 * The test's thread asks, the host's answers: a byte through a pair wakes it,
 * and a byte comes back when @call is done.
 */
struct host_thread {
	struct workers *workers;
	struct event_base *base;
	struct event *wake;
	pthread_t thread;
	int pair[2];
	void (*call)(struct host *host);
	struct config config;
	struct json_object *status;
	int ret;
};

static void sleep_ms(unsigned int ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

static int seal(const struct knts_session *session, uint8_t *cookies, void *arg)
{
	struct host *host = arg;
	struct knts_siv_key key;
	uint8_t nonces[KNTS_COOKIES_MAX * KNTS_COOKIE_NONCE_LEN];

	sleep_ms(host->seal_delay_ms);
	if (host->seal_error)
		return host->seal_error;
	knts_siv_expand(&key, host->key, sizeof(host->key));
	RAND_bytes(nonces, sizeof(nonces));
	knts_cookie_seal(cookies, knts_cookie_len(session->aead),
			 KNTS_COOKIES_MAX, HOST_KEY_ID, &key, nonces, session,
			 NULL);
	return 0;
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct host *host = arg;
	char octet;

	if (read(fd, &octet, 1) != 1)
		abort();
	host->thread->call(host);
	if (write(fd, &octet, 1) != 1)
		abort();
}

static void *loop(void *arg)
{
	struct host *host = arg;

	event_base_loop(host->thread->base, EVLOOP_NO_EXIT_ON_EMPTY);
	return NULL;
}

static int call(struct host *host, void (*function)(struct host *host))
{
	char octet = 0;

	host->thread->call = function;
	if (write(host->thread->pair[0], &octet, 1) != 1 ||
	    read(host->thread->pair[0], &octet, 1) != 1)
		abort();
	return host->thread->ret;
}

static void call_start(struct host *host)
{
	struct host_thread *thread = host->thread;

	thread->ret = workers_start(&thread->workers, thread->base,
				    &thread->config, seal, host, host->error,
				    sizeof(host->error));
}

static void call_reload(struct host *host)
{
	struct host_thread *thread = host->thread;

	thread->ret = workers_reload(thread->workers, &thread->config,
				     host->error, sizeof(host->error));
}

static void call_status(struct host *host)
{
	struct json_object *problems = json_object_new_array();

	host->thread->status = json_object_new_object();
	workers_status(host->thread->workers, host->thread->status);
	workers_problems(host->thread->workers, problems);
	json_object_object_add(host->thread->status, "problems", problems);
}

static void finished(void *arg)
{
	struct host_thread *thread = arg;

	workers_stop(thread->workers);
	event_base_loopbreak(thread->base);
}

static void call_finish(struct host *host)
{
	workers_finish(host->thread->workers, finished, host->thread);
}

static void call_stop(struct host *host)
{
	workers_stop(host->thread->workers);
	event_base_loopbreak(host->thread->base);
}

static uint16_t find_port(void)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(in6);

	if (fd < 0 || bind(fd, (const void *)&in6, sizeof(in6)) ||
	    getsockname(fd, (void *)&in6, &len))
		abort();
	close(fd);
	return ntohs(in6.sin6_port);
}

static void fill_listen(struct config_ke *ke, const struct host *host,
			const struct host_section *section)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	ke->listen_count = 1;
	in.sin_port = in6.sin6_port = htons(host->port[section->listen]);
	if (section->address &&
	    inet_pton(AF_INET, section->address, &in.sin_addr) == 1)
		memcpy(ke->listen, &in, sizeof(in));
	else
		memcpy(ke->listen, &in6, sizeof(in6));
}

static char *format_path(const char *name, const char *suffix)
{
	char *path;

	if (asprintf(&path, "%s/%s%s", files_dir(), name, suffix) < 0)
		abort();
	return path;
}

static void fill_section(struct config_ke *ke, const struct host *host,
			 const struct host_section *section)
{
	const char *key = section->key ? section->key : section->cert;

	ke->listen = calloc(1, sizeof(*ke->listen));
	fill_listen(ke, host, section);
	ke->certificate_chain_path = format_path(section->cert, ".chain.pem");
	ke->private_key_path = format_path(key, ".key");
	ke->key_exchange_timeout_ms = section->timeout_ms ?
					      section->timeout_ms : 5000;
	ke->concurrent_connections = section->connections ?
					     section->connections : 512;
	ke->ntp_server = (char *)section->ntp_server;
	ke->ntp_port = section->ntp_port ? section->ntp_port : 123;
	memcpy(ke->aeads, aeads, sizeof(aeads));
	ke->aeads_count = sizeof(aeads) / sizeof(aeads[0]);
	ke->names = (char **)&section->name;
	ke->names_count = section->name ? 1 : 0;
}

static void set_config(struct host *host, const struct host_section *sections,
		       size_t count, unsigned int workers)
{
	struct config *config = &host->thread->config;
	size_t i;

	memset(config, 0, sizeof(*config));
	config->workers = workers;
	config->handed = handed;
	config->ke = calloc(count, sizeof(*config->ke));
	config->ke_count = count;
	for (i = 0; i < count; i++)
		fill_section(&config->ke[i], host, &sections[i]);
}

static void clear_config(struct host *host)
{
	struct config *config = &host->thread->config;
	size_t i;

	for (i = 0; i < config->ke_count; i++) {
		free(config->ke[i].listen);
		free(config->ke[i].certificate_chain_path);
		free(config->ke[i].private_key_path);
	}
	free(config->ke);
}

static void end_thread(struct host *host)
{
	struct host_thread *thread = host->thread;

	pthread_join(thread->thread, NULL);
	event_free(thread->wake);
	event_base_free(thread->base);
	close(thread->pair[0]);
	close(thread->pair[1]);
	free(thread);
	host->thread = NULL;
}

int host_start(struct host *host, const struct host_section *sections,
	       size_t count, unsigned int workers)
{
	struct host_thread *thread = calloc(1, sizeof(*thread));
	size_t i;
	int ret;

	memset(host, 0, sizeof(*host));
	host->thread = thread;
	RAND_bytes(host->key, sizeof(host->key));
	for (i = 0; i < sizeof(host->port) / sizeof(host->port[0]); i++)
		host->port[i] = find_port();
	if (handed)
		host->port[0] = ntohs(handed->items[0].address.sin6_port);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, thread->pair))
		abort();
	thread->base = event_base_new();
	thread->wake = event_new(thread->base, thread->pair[1],
				 EV_READ | EV_PERSIST, on_wake, host);
	event_add(thread->wake, NULL);
	if (pthread_create(&thread->thread, NULL, loop, host))
		abort();

	set_config(host, sections, count, workers);
	ret = call(host, call_start);
	clear_config(host);
	if (ret) {
		call(host, call_stop);
		end_thread(host);
		return ret;
	}
	return host_await_ready(host, workers) ? 0 : -ETIMEDOUT;
}

int host_reload(struct host *host, const struct host_section *sections,
		size_t count, unsigned int workers)
{
	int ret;

	set_config(host, sections, count, workers);
	ret = call(host, call_reload);
	clear_config(host);
	return ret;
}

void host_stop(struct host *host)
{
	call(host, call_stop);
	end_thread(host);
}

void host_finish(struct host *host)
{
	call(host, call_finish);
	end_thread(host);
}

void host_hand_over(const struct listeners *listeners)
{
	handed = listeners;
}

struct json_object *host_status(struct host *host)
{
	call(host, call_status);
	return host->thread->status;
}

static int64_t number(struct host *host, const char *object, const char *name)
{
	struct json_object *status = host_status(host), *members, *member;
	int64_t value = -1;

	if (json_object_object_get_ex(status, object, &members) &&
	    json_object_object_get_ex(members, name, &member))
		value = json_object_get_int64(member);
	json_object_put(status);
	return value;
}

int64_t host_stat(struct host *host, const char *name)
{
	return number(host, "ke-stats", name);
}

int64_t host_renewals(struct host *host, const char *name)
{
	return number(host, "renewals", name);
}

bool host_await(struct host *host, const char *name, int64_t value)
{
	unsigned int ms;

	for (ms = 0; ms < AWAIT_MS; ms += 50) {
		if (host_stat(host, name) >= value)
			return true;
		sleep_ms(50);
	}
	return false;
}

bool host_await_ready(struct host *host, int64_t count)
{
	struct json_object *status, *workers;
	int64_t serving;
	unsigned int ms;

	for (ms = 0; ms < AWAIT_MS; ms += 10) {
		status = host_status(host);
		json_object_object_get_ex(status, "workers", &workers);
		serving = json_object_get_int64(workers);
		json_object_put(status);
		if (serving >= count)
			return true;
		sleep_ms(10);
	}
	return false;
}

static pid_t parent_of(const char *pid)
{
	char path[64], line[512];
	pid_t parent = -1;
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fgets(line, sizeof(line), file)) {
		end = strrchr(line, ')');
		if (!end || sscanf(end + 1, " %*c %d", &parent) != 1)
			parent = -1;
	}
	fclose(file);
	return parent;
}

size_t host_workers(pid_t *pids, size_t max)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(dir)))
		if (atoi(entry->d_name) > 0 && count < max &&
		    parent_of(entry->d_name) == getpid())
			pids[count++] = atoi(entry->d_name);
	closedir(dir);
	return count;
}

struct ke_options host_options(const struct host *host)
{
	return (struct ke_options){ .port = host->port[0] };
}
