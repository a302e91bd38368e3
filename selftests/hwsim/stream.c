// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that ask the server as fast as they can: plain or NTS, basic or
 * interleaved. Every reply is checked; the truth about their times is elsewhere.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../guest/ask.h"
#include "../guest/test.h"

#define PORT 123
#define CLIENTS_MAX 4096
#define ORIGIN_OFF 24
#define RECEIVE_OFF 32
#define PATIENCE_MS 1000
/* Of so many replies, one's seal is checked. */
#define SEAL_CHECK_EACH 16

/**
 * struct client - one association
 * @fd: the socket of its last request
 * @nts: by NTS
 * @received: receive timestamp of the last reply, as it came; 0 at first
 * @request: as sent last
 */
struct client {
	int fd;
	bool nts;
	uint8_t received[8];
	struct packet request;
};

/**
 * struct stream - what is to be done, and what came of it
 * @count: requests in all
 * @seconds: or as many as fit in them
 * @clients: that take turns
 * @window: how many ask before the first of them looks for its reply
 * @pause_us: after each window
 * @nts: by NTS
 * @interleaved: in interleaved mode, where the server goes along
 * @roaming: each client has another port with each request
 * @plain_too: every other client without NTS, nevertheless
 * @session: keys of its association
 * @key: of the server's ring
 * @cookie: in every request
 * @sent: requests
 * @answered: replies
 * @answered_interleaved: of these
 */
struct stream {
	size_t count;
	unsigned int seconds;
	size_t clients;
	size_t window;
	unsigned int pause_us;
	bool nts;
	bool interleaved;
	bool roaming;
	bool plain_too;
	struct nts_session session;
	struct rig_key key;
	struct nts_cookie cookie;
	size_t sent;
	size_t answered;
	size_t answered_interleaved;
};

static struct client clients[CLIENTS_MAX];
static int sockets[CLIENTS_MAX];

static void build(const struct stream *s, struct client *c)
{
	struct packet *p = &c->request;

	packet_start(p, 4, 3);
	if (s->interleaved) {
		memcpy(p->data + ORIGIN_OFF, c->received, 8);
		packet_random(p->data + RECEIVE_OFF, 8);
	}
	if (!c->nts)
		return;
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &s->cookie);
	packet_auth(p, &s->session, NULL);
}

static void ask_one(struct stream *s, size_t number, size_t round)
{
	size_t port = s->roaming ? (number + round) % s->clients : number;
	struct client *c = &clients[number];
	uint8_t stale[PACKET_MAX_LEN];

	c->fd = sockets[port];
	while (recv(c->fd, stale, sizeof(stale), MSG_DONTWAIT) >= 0)
		;
	build(s, c);
	if (send(c->fd, c->request.data, c->request.len, 0) < 0)
		fail_msg("send: %s", strerror(errno));
	s->sent++;
}

static void hear_one(struct stream *s, struct client *c)
{
	const struct nts_session *session = NULL;
	uint8_t data[PACKET_MAX_LEN];
	const char *wrong;
	struct reply r;
	size_t len;

	len = ask_receive(c->fd, data, sizeof(data), PATIENCE_MS);
	if (!len)
		return;
	if (c->nts && s->answered % SEAL_CHECK_EACH == 0)
		session = &s->session;
	wrong = reply_check(&r, data, len, &c->request, session);
	if (wrong || r.kiss[0] || r.nts != c->nts) {
		fprintf(stderr, "stream: a reply: %s\n",
			wrong ? wrong : "not of the kind that was asked for");
		exit(1);
	}
	s->answered++;
	s->answered_interleaved += r.interleaved;
	memcpy(c->received, data + RECEIVE_OFF, 8);
}

/* CLOCK_REALTIME may be stepped meanwhile. */
static uint64_t monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void run(struct stream *s)
{
	uint64_t end_ns = monotonic_ns() + s->seconds * 1000000000ULL;
	size_t next = 0, round = 0, i;

	while (s->seconds ? monotonic_ns() < end_ns : s->sent < s->count) {
		for (i = 0; i < s->window; i++)
			ask_one(s, (next + i) % s->clients, round);
		for (i = 0; i < s->window; i++)
			hear_one(s, &clients[(next + i) % s->clients]);
		next += s->window;
		round += next / s->clients;
		next %= s->clients;
		if (s->pause_us)
			usleep(s->pause_us);
	}
}

static int usage(void)
{
	fputs("usage: stream [OPTION]... SERVER\n"
	      "  --count N      requests in all (1000)\n"
	      "  --seconds N    instead, as many as fit\n"
	      "  --clients N    that take turns (1)\n"
	      "  --window N     that ask before the first hears its reply (1)\n"
	      "  --pause-us N   after each window (0)\n"
	      "  --nts FILE     by NTS, with the key that \"serve\" left there\n"
	      "  --plain-too    every other client without NTS\n"
	      "  --interleaved  in interleaved mode\n"
	      "  --roaming      from another port each time\n"
	      "Prints how many requests were sent, answered, and answered interleaved.\n",
	      stderr);
	return 2;
}

static bool read_key(struct stream *s, const char *path)
{
	FILE *file = fopen(path, "re");
	bool done = file && fread(&s->key, sizeof(s->key), 1, file) == 1;

	if (file)
		fclose(file);
	s->nts = true;
	s->session = rig_session(15);
	s->cookie = rig_cookie(&s->session, &s->key);
	return done;
}

static bool parse(struct stream *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },
		{ "clients", required_argument, NULL, 'c' },
		{ "window", required_argument, NULL, 'w' },
		{ "pause-us", required_argument, NULL, 'p' },
		{ "nts", required_argument, NULL, 'k' },
		{ "plain-too", no_argument, NULL, 'b' },
		{ "interleaved", no_argument, NULL, 'i' },
		{ "roaming", no_argument, NULL, 'r' },
		{ 0 },
	};
	size_t number;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		number = optarg ? strtoul(optarg, NULL, 10) : 0;
		if (option == 'n')
			s->count = number;
		else if (option == 's')
			s->seconds = (unsigned int)number;
		else if (option == 'c')
			s->clients = number;
		else if (option == 'w')
			s->window = number;
		else if (option == 'p')
			s->pause_us = (unsigned int)number;
		else if (option == 'i')
			s->interleaved = true;
		else if (option == 'b')
			s->plain_too = true;
		else if (option == 'r')
			s->roaming = true;
		else if (option != 'k' || !read_key(s, optarg))
			return false;
	}
	return optind == argc - 1 && s->clients && s->clients <= CLIENTS_MAX &&
	       s->window && s->window <= s->clients;
}

int main(int argc, char **argv)
{
	struct stream s = { .count = 1000, .clients = 1, .window = 1 };
	const char *server, *local;
	size_t i;

	if (!parse(&s, argc, argv))
		return usage();
	server = argv[optind];
	local = strchr(server, ':') ? "::" : "0.0.0.0";
	for (i = 0; i < s.clients; i++) {
		sockets[i] = ask_socket(CLIENT_NS, local, 0, server, PORT);
		clients[i].nts = s.nts && !(s.plain_too && i % 2);
	}
	run(&s);
	printf("sent %zu answered %zu interleaved %zu\n", s.sent, s.answered,
	       s.answered_interleaved);
	return 0;
}
