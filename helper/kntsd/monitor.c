// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "log.h"
#include "monitor.h"

/* So many requests of one worker before others get their turn. */
#define BATCH 16

extern char **environ;

static const struct timeval start_timeout = { .tv_sec = 30 };
/* Beyond the longest key-exchange-timeout-ms that can be configured. */
static const struct timeval drain_timeout = { .tv_sec = 620 };

static int on_ready(struct monitor *monitor, const void *message)
{
	/* Before IPC_GO there was nothing to be ready for. */
	if (!monitor->told)
		return -EPROTO;
	monitor->state = MONITOR_SERVING;
	event_del(monitor->exited);
	event_add(monitor->exited, NULL);
	monitor->ops->ready(monitor, monitor->ops->arg);
	return 0;
}

static int on_seal(struct monitor *monitor, const void *message)
{
	const struct ipc_seal *seal = message;
	struct ipc_sealed sealed;

	if (!knts_aead_key_len(seal->session.aead))
		return -EPROTO;
	memset(&sealed, 0, sizeof(sealed));
	sealed.type = IPC_SEALED;
	sealed.id = seal->id;
	sealed.error = monitor->ops->seal(&seal->session, sealed.cookies,
					  monitor->ops->seal_arg);
	/* It must read its answers: IPC_SEALS_MAX of them always fit. */
	return ipc_send_one(monitor->fd, &sealed, sizeof(sealed));
}

static int on_stats(struct monitor *monitor, const void *message)
{
	memcpy(&monitor->stats, message, sizeof(monitor->stats));
	return 0;
}

/* All that a worker may ask for, and when. */
static const struct request {
	uint32_t type;
	unsigned int states;
	size_t size;
	int (*handle)(struct monitor *monitor, const void *message);
} requests[] = {
	{ IPC_READY, MONITOR_STARTING, sizeof(struct ipc_signal), on_ready },
	{ IPC_SEAL, MONITOR_SERVING | MONITOR_DRAINING,
	  sizeof(struct ipc_seal), on_seal },
	{ IPC_STATS, MONITOR_SERVING | MONITOR_DRAINING,
	  sizeof(struct ipc_stats), on_stats },
};

static int handle(struct monitor *monitor, const void *message, size_t size)
{
	const struct request *request;
	uint32_t type;
	size_t i;

	if (size < sizeof(type))
		return -EPROTO;
	memcpy(&type, message, sizeof(type));
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		request = &requests[i];
		if (request->type == type && request->size == size &&
		    request->states & monitor->state)
			return request->handle(monitor, message);
	}
	return -EPROTO;
}

/* Return: 1 after a message, 0 if none waits or it has closed, or -errno. */
static int read_one(struct monitor *monitor)
{
	union {
		struct ipc_signal signal;
		struct ipc_seal seal;
		struct ipc_stats stats;
	} message;
	ssize_t size;
	int ret;

	size = ipc_receive(monitor->fd, &message, sizeof(message), NULL, false);
	if (size == 0 || size == -EAGAIN || size == -ECONNRESET)
		return 0;
	ret = size < 0 ? (int)size : handle(monitor, &message, (size_t)size);
	OPENSSL_cleanse(&message, sizeof(message));
	return ret ?: 1;
}

static void on_incoming(evutil_socket_t fd, short what, void *arg)
{
	struct monitor *monitor = arg;
	int ret = 1, i;

	for (i = 0; i < BATCH && ret == 1; i++)
		ret = read_one(monitor);
	if (ret < 0) {
		log_error("KE worker %d asked for what it may not, and is "
			  "killed: %s", monitor->pid, strerror(-ret));
		monitor_kill(monitor);
	} else if (i == 1 && ret == 0) {
		/* Closed: its end is told by the pidfd. */
		event_del(monitor->incoming);
	}
}

static int send_setup(struct monitor *monitor)
{
	int ret;

	if (monitor->told)
		return 0;
	do
		ret = ke_setup_send(monitor->setup, monitor->fd,
				    monitor->next++);
	while (!ret);
	monitor->next--;
	monitor->told = ret == -ENODATA;
	return monitor->told ? 0 : ret;
}

static int send_renewed(struct monitor *monitor)
{
	size_t section;
	int ret;

	while (monitor->renewed) {
		section = (size_t)__builtin_ctzll(monitor->renewed);
		ret = ke_setup_send_certs(monitor->setup, monitor->fd, section);
		if (ret)
			return ret;
		monitor->renewed &= ~(1ULL << section);
	}
	return 0;
}

static void on_outgoing(evutil_socket_t fd, short what, void *arg)
{
	struct monitor *monitor = arg;
	int ret;

	ret = send_setup(monitor);
	if (!ret)
		ret = send_renewed(monitor);
	if (ret == -EAGAIN)
		return;
	event_del(monitor->outgoing);
	if (ret) {
		log_error("KE worker %d cannot be told what to do: %s",
			  monitor->pid, strerror(-ret));
		monitor_kill(monitor);
	}
}

static void log_end(const struct monitor *monitor, int status)
{
	if (WIFSIGNALED(status))
		log_error("KE worker %d was ended by signal %d (%s)",
			  monitor->pid, WTERMSIG(status),
			  strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		log_error("KE worker %d has failed", monitor->pid);
}

static void on_exited(evutil_socket_t fd, short what, void *arg)
{
	struct monitor *monitor = arg;
	int status = 0;

	if (what & EV_TIMEOUT) {
		log_error("KE worker %d does not %s, and is killed",
			  monitor->pid, monitor->state == MONITOR_STARTING ?
					"start" : "end");
		monitor_kill(monitor);
		event_add(monitor->exited, NULL);
		return;
	}
	/* What it said last may still wait to be read. */
	while (monitor->state & (MONITOR_SERVING | MONITOR_DRAINING) &&
	       read_one(monitor) == 1)
		;
	waitpid(monitor->pid, &status, 0);
	log_end(monitor, status);
	monitor->pid = 0;
	monitor->ops->gone(monitor, monitor->ops->arg);
}

/*
 * A process that was forked but not re-executed would have a copy of all that
 * the keymaster has in memory. The new one inherits three standard streams and
 * its end of the pair, nothing else.
 */
static int spawn(pid_t *pid, int worker_end)
{
	char *const argv[] = { "kntsd", "--worker", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int ret;

	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_init(&actions))
		return ENOMEM;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
					POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	ret = posix_spawn_file_actions_adddup2(&actions, worker_end, IPC_FD);
	if (!ret)
		ret = posix_spawn_file_actions_addclosefrom_np(&actions,
							       IPC_FD + 1);
	if (!ret)
		ret = posix_spawn(pid, "/proc/self/exe", &actions, &attr, argv,
				  environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

static int start_process(struct monitor *monitor)
{
	int pair[2], ret;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return errno;
	monitor->fd = pair[0];
	ret = spawn(&monitor->pid, pair[1]);
	close(pair[1]);
	if (ret)
		return ret;
	monitor->pidfd = pidfd_open(monitor->pid, 0);
	return monitor->pidfd < 0 ? errno : 0;
}

struct monitor *monitor_start(struct event_base *base,
			      const struct ke_setup *setup,
			      const struct monitor_ops *ops)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int ret;

	if (!monitor)
		return NULL;
	monitor->ops = ops;
	monitor->setup = setup;
	monitor->state = MONITOR_STARTING;
	monitor->fd = -1;
	monitor->pidfd = -1;
	clock_gettime(CLOCK_MONOTONIC, &monitor->started);
	ret = start_process(monitor);
	if (ret)
		goto err_free;

	ret = ENOMEM;
	monitor->incoming = event_new(base, monitor->fd, EV_READ | EV_PERSIST,
				      on_incoming, monitor);
	monitor->outgoing = event_new(base, monitor->fd, EV_WRITE | EV_PERSIST,
				      on_outgoing, monitor);
	monitor->exited = event_new(base, monitor->pidfd, EV_READ, on_exited,
				    monitor);
	if (monitor->incoming && monitor->outgoing && monitor->exited &&
	    !event_add(monitor->incoming, NULL) &&
	    !event_add(monitor->outgoing, NULL) &&
	    !event_add(monitor->exited, &start_timeout))
		return monitor;

err_free:
	monitor_free(monitor);
	errno = ret;
	return NULL;
}

void monitor_renew(struct monitor *monitor, size_t section)
{
	if (monitor->state == MONITOR_KILLED)
		return;
	monitor->renewed |= 1ULL << section;
	event_add(monitor->outgoing, NULL);
}

void monitor_retire(struct monitor *monitor)
{
	monitor->renewed = 0;
	monitor->setup = NULL;
	event_del(monitor->outgoing);
}

void monitor_drain(struct monitor *monitor)
{
	const struct ipc_signal drain = { IPC_DRAIN };

	monitor->state = MONITOR_DRAINING;
	event_add(monitor->exited, &drain_timeout);
	if (ipc_send_one(monitor->fd, &drain, sizeof(drain)))
		monitor_kill(monitor);
}

void monitor_kill(struct monitor *monitor)
{
	/* It is a child that was not waited for: the pid is still its own. */
	kill(monitor->pid, SIGKILL);
	monitor->state = MONITOR_KILLED;
	event_del(monitor->incoming);
	event_del(monitor->outgoing);
}

void monitor_free(struct monitor *monitor)
{
	if (monitor->pid > 0) {
		kill(monitor->pid, SIGKILL);
		waitpid(monitor->pid, NULL, 0);
	}
	if (monitor->incoming)
		event_free(monitor->incoming);
	if (monitor->outgoing)
		event_free(monitor->outgoing);
	if (monitor->exited)
		event_free(monitor->exited);
	if (monitor->pidfd >= 0)
		close(monitor->pidfd);
	if (monitor->fd >= 0)
		close(monitor->fd);
	free(monitor);
}
