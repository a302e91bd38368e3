// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "flood.h"
#include "test.h"

#define PORT 123
#define SOCKETS 4
#define REQUESTS 16
#define TRANSMIT_OFF 40
#define ORIGIN_OFF 24
#define CHECK_SEAL_EACH 8
#define ANSWER_TIMEOUT_NS 20000000000ULL
/* The test itself must get its turn beside the senders. */
#define NICENESS 10

/**
 * struct sender - one process
 * @nts: whether it sends NTS requests
 * @session: the keys of these
 * @requests: sent in turn, each again and again
 * @fds: connected sockets
 * @replies: that came so far
 * @counts: shared with the test
 */
struct sender {
	bool nts;
	struct nts_session session;
	struct packet requests[REQUESTS];
	int fds[SOCKETS];
	uint64_t replies;
	struct flood_counts *counts;
};

static void count(uint64_t *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static uint64_t value(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static const struct packet *request_of(const struct sender *s,
				       const uint8_t *reply, size_t len)
{
	size_t i;

	for (i = 0; len >= PACKET_HEADER_LEN && i < REQUESTS; i++)
		if (!memcmp(reply + ORIGIN_OFF,
			    s->requests[i].data + TRANSMIT_OFF, 8))
			return &s->requests[i];
	return NULL;
}

static const char *check(struct sender *s, const uint8_t *data, size_t len,
			 struct reply *r)
{
	const struct packet *request = request_of(s, data, len);
	bool seal = s->replies++ % CHECK_SEAL_EACH == 0;
	const char *wrong;

	if (!request)
		return "a reply to no request";
	wrong = reply_check(r, data, len, request, seal ? &s->session : NULL);
	if (wrong)
		return wrong;
	if (!strcmp(r->kiss, "NTSN"))
		return s->nts ? NULL : "NTSN to a request without NTS";
	if (r->kiss[0])
		return "a kiss code that is not NTSN";
	if (r->nts != s->nts)
		return "an answer of the other kind";
	return seal && s->nts && r->cookie_count != 1 ? "not one cookie" : NULL;
}

static void receive(struct sender *s, int fd)
{
	uint8_t data[PACKET_MAX_LEN];
	const char *wrong;
	struct reply r;
	ssize_t len;

	while ((len = recv(fd, data, sizeof(data), MSG_DONTWAIT)) >= 0) {
		wrong = check(s, data, (size_t)len, &r);
		if (wrong && !value(&s->counts->wrong))
			snprintf(s->counts->sentence,
				 sizeof(s->counts->sentence), "%s", wrong);
		if (wrong)
			count(&s->counts->wrong);
		else
			count(r.kiss[0] ? &s->counts->ntsn : &s->counts->answers);
	}
}

/* Errors say that the server, or the way to it, is gone just now. */
static void send_forever(struct sender *s)
{
	const struct packet *p;
	unsigned int turn;

	for (turn = 0; ; turn++) {
		p = &s->requests[turn % REQUESTS];
		if (send(s->fds[turn % SOCKETS], p->data, p->len,
			 MSG_DONTWAIT) == (ssize_t)p->len)
			count(&s->counts->sent);
		receive(s, s->fds[turn % SOCKETS]);
	}
}

static void make_requests(struct sender *s, const struct rig_key *key)
{
	struct nts_cookie cookie;
	size_t i;

	s->session = rig_session(15);
	for (i = 0; i < REQUESTS; i++) {
		if (!s->nts) {
			packet_start(&s->requests[i], 4, 3);
			continue;
		}
		cookie = rig_cookie(&s->session, key);
		packet_request(&s->requests[i], &s->session, &cookie, 0);
	}
}

static pid_t start_sender(struct sender *s)
{
	pid_t pid = fork();

	if (pid < 0)
		fail_msg("no process for a sender");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (nice(NICENESS) == -1)
		_exit(1);
	send_forever(s);
	_exit(1);
}

void flood_start(struct flood *f)
{
	const char *netns = f->netns ? f->netns : CLIENT_NS;
	struct sender *s = malloc(sizeof(*s));
	const char *server;
	size_t i, j;

	f->counts = mmap(NULL, FLOOD_SENDERS * sizeof(*f->counts),
			 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			 0);
	assert_true(s && f->counts != MAP_FAILED);
	for (i = 0; i < FLOOD_SENDERS; i++) {
		*s = (struct sender) { .nts = i & 2, .counts = &f->counts[i] };
		make_requests(s, &f->key);
		if (i & 1)
			server = f->server6 ? f->server6 : SERVER6;
		else
			server = f->server4 ? f->server4 : SERVER4;
		for (j = 0; j < SOCKETS; j++)
			s->fds[j] = ask_socket(netns, i & 1 ? "::" : "0.0.0.0",
					       0, server, PORT);
		f->pids[i] = start_sender(s);
		for (j = 0; j < SOCKETS; j++)
			close(s->fds[j]);
	}
	free(s);
}

struct flood_counts flood_sum(const struct flood *f)
{
	struct flood_counts sum = { 0 };
	size_t i;

	for (i = 0; i < FLOOD_SENDERS; i++) {
		sum.sent += value(&f->counts[i].sent);
		sum.answers += value(&f->counts[i].answers);
		sum.ntsn += value(&f->counts[i].ntsn);
		sum.wrong += value(&f->counts[i].wrong);
		if (f->counts[i].sentence[0] && !sum.sentence[0])
			memcpy(sum.sentence, f->counts[i].sentence,
			       sizeof(sum.sentence));
	}
	return sum;
}

void flood_answered(const struct flood *f, uint64_t more)
{
	uint64_t deadline = rig_now_ns() + ANSWER_TIMEOUT_NS;
	uint64_t before[FLOOD_SENDERS];
	size_t i;

	for (i = 0; i < FLOOD_SENDERS; i++)
		before[i] = value(&f->counts[i].answers);
	for (i = 0; i < FLOOD_SENDERS; i++) {
		while (value(&f->counts[i].answers) - before[i] < more) {
			if (rig_now_ns() > deadline)
				fail_msg("sender %zu got %" PRIu64 " answers instead of %" PRIu64,
					 i, value(&f->counts[i].answers) - before[i],
					 more);
			usleep(1000);
		}
	}
}

struct flood_counts flood_stop(struct flood *f)
{
	struct flood_counts sum;
	int status;
	size_t i;

	for (i = 0; i < FLOOD_SENDERS; i++)
		kill(f->pids[i], SIGKILL);
	for (i = 0; i < FLOOD_SENDERS; i++) {
		assert_int_equal(waitpid(f->pids[i], &status, 0), f->pids[i]);
		if (!WIFSIGNALED(status))
			fail_msg("sender %zu ended before its time", i);
	}
	sum = flood_sum(f);
	munmap(f->counts, FLOOD_SENDERS * sizeof(*f->counts));
	if (sum.wrong)
		fail_msg("%" PRIu64 " replies of %" PRIu64 ": %s", sum.wrong,
			 sum.answers + sum.ntsn + sum.wrong, sum.sentence);
	return sum;
}
