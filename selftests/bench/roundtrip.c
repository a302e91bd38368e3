// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request after the other to a server, each reply checked in full: how long
 * a round trip takes, and how long the server says that it took itself.
 */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../client/ke.h"
#include "../client/reply.h"
#include "core/cookie.h"
#include "cpu.h"
#include "quantiles.h"

#define WARM_UP 20
/* It is not the key exchange that is measured here. */
#define KE_TRIES 3
#define ORIGIN_OFF 24
#define RECEIVE_OFF 32

/**
 * struct roundtrip - a run
 * @address: the server's
 * @port: its NTP port
 * @ke_port: its NTS-KE port, or NULL for no NTS
 * @aead: to ask it for
 * @count: requests
 * @placeholders: in each of them
 * @gap_us: between a reply and the next request
 * @interleaved: ask for interleaved mode, and insist on it
 * @mirror: the server sends back what it gets; with @ke_port the requests bear a
 *	cookie of random octets, of the right length
 * @label: stands before the numbers
 * @fd: connected to the server's NTP port
 * @session: with @ke_port, keys
 * @cookie: for the next request
 * @received: receive timestamp of the last reply, as it came
 */
struct roundtrip {
	const char *address;
	const char *port;
	const char *ke_port;
	uint16_t aead;
	size_t count;
	size_t placeholders;
	unsigned int gap_us;
	bool interleaved;
	bool mirror;
	const char *label;
	int fd;
	struct nts_session session;
	struct nts_cookie cookie;
	uint8_t received[8];
};

struct sample {
	int64_t trip_ns;
	int64_t service_ns;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "roundtrip: %s: %s\n", what, why);
	exit(1);
}

static int64_t ntp_to_ns(uint64_t difference)
{
	return (int64_t)((difference >> 32) * 1000000000 +
			 (((difference & 0xffffffff) * 1000000000) >> 32));
}

static int connect_to(const char *address, const char *port)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_DGRAM,
	};
	struct timeval patience = { .tv_sec = 5 };
	struct addrinfo *found;
	int err, fd;

	err = getaddrinfo(address, port, &hints, &found);
	if (err)
		die(address, gai_strerror(err));
	fd = socket(found->ai_family, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		die(address, strerror(errno));
	freeaddrinfo(found);
	return fd;
}

static void get_cookie(struct roundtrip *r)
{
	const struct ke_options options = {
		.address = r->address,
		.port = (uint16_t)strtoul(r->ke_port, NULL, 10),
		.patience_ms = 5000,
	};
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	int tries;

	if (r->mirror) {
		r->session.aead = r->aead;
		r->session.key_len = knts_aead_key_len(r->aead);
		packet_random(r->session.c2s, r->session.key_len);
		r->cookie.len = knts_cookie_len(r->aead);
		packet_random(r->cookie.data, r->cookie.len);
		return;
	}
	for (tries = 0; tries < KE_TRIES; tries++) {
		if (!ke_client_exchange(&options, r->aead, &r->session, cookies))
			continue;
		r->cookie = cookies[0];
		return;
	}
	die(r->address, "no cookies from its key exchange");
}

static void build(const struct roundtrip *r, struct packet *request)
{
	packet_start(request, 4, 3);
	if (r->interleaved) {
		memcpy(request->data + ORIGIN_OFF, r->received, 8);
		packet_random(request->data + RECEIVE_OFF, 8);
	}
	if (!r->ke_port)
		return;
	packet_uid(request, PACKET_UID_LEN);
	packet_cookie(request, &r->cookie);
	packet_placeholders(request, r->placeholders, r->cookie.len);
	packet_auth(request, &r->session, NULL);
}

static void check(struct roundtrip *r, const struct packet *request,
		  const uint8_t *data, size_t len, struct sample *sample)
{
	const char *broken;
	struct reply reply;

	if (r->mirror) {
		if (len != request->len || memcmp(data, request->data, len))
			die("a mirrored request", "not as it was sent");
		return;
	}
	broken = reply_check(&reply, data, len, request,
			     r->ke_port ? &r->session : NULL);
	if (broken)
		die("a reply", broken);
	if (reply.nts != (r->ke_port != NULL) || reply.kiss[0])
		die("a reply", "not the kind that was asked for");
	if (r->interleaved && !reply.interleaved)
		sample->trip_ns = 0;
	sample->service_ns = ntp_to_ns(reply.transmit - reply.receive);
	memcpy(r->received, data + RECEIVE_OFF, 8);
	if (r->ke_port)
		r->cookie = reply.cookies[0];
}

/* Everything that is not the exchange itself is done outside of the clock. */
static void ask_once(struct roundtrip *r, struct sample *sample)
{
	uint8_t data[PACKET_MAX_LEN];
	struct packet request;
	uint64_t began_ns;
	ssize_t len;

	build(r, &request);
	sample->service_ns = 0;
	began_ns = cpu_now_ns();
	if (send(r->fd, request.data, request.len, 0) < 0)
		die("send", strerror(errno));
	len = recv(r->fd, data, sizeof(data), 0);
	sample->trip_ns = (int64_t)(cpu_now_ns() - began_ns);
	if (len < 0)
		die("recv", strerror(errno));
	check(r, &request, data, (size_t)len, sample);
	if (r->gap_us)
		usleep(r->gap_us);
}

static void run(struct roundtrip *r)
{
	int64_t *trip_ns = calloc(r->count, sizeof(*trip_ns));
	int64_t *service_ns = calloc(r->count, sizeof(*service_ns));
	struct sample sample;
	size_t i, taken = 0;

	if (!trip_ns || !service_ns)
		die("memory", strerror(errno));
	for (i = 0; i < WARM_UP; i++)
		ask_once(r, &sample);
	for (i = 0; i < r->count; i++) {
		ask_once(r, &sample);
		if (!sample.trip_ns)
			continue;
		trip_ns[taken] = sample.trip_ns;
		service_ns[taken++] = sample.service_ns;
	}
	if (taken < r->count / 2 || !taken)
		die(r->address, "most replies are not interleaved");
	quantiles_print(r->label, "round trip", trip_ns, taken);
	/* In interleaved mode the transmit timestamp is an earlier reply's. */
	if (!r->mirror && !r->interleaved)
		quantiles_print(r->label, "T3 - T2", service_ns, taken);
	free(trip_ns);
	free(service_ns);
}

static void usage(FILE *to)
{
	fputs("usage: roundtrip [OPTION]... ADDRESS\n"
	      "\n"
	      "  --label TEXT      stands before the numbers (ADDRESS)\n"
	      "  --port PORT       UDP port (123)\n"
	      "  --ke PORT         with NTS, by a key exchange on that TCP port\n"
	      "  --aead ID         of the key exchange (15)\n"
	      "  --placeholders N  in each request (0)\n"
	      "  --interleaved     in interleaved mode; replies in basic mode are left out\n"
	      "  --count N         requests (500)\n"
	      "  --gap-us N        between a reply and the next request (0)\n"
	      "  --mirror          ADDRESS sends requests back as they are\n"
	      "\n"
	      "Prints, with tabs between: label, what, count, and of that in nanoseconds the\n"
	      "least, the median, the 99th and 99.9th percentile, and the greatest.\n",
	      to);
}

enum { LABEL = 256, PORT, KE, AEAD, PLACEHOLDERS, INTERLEAVED, COUNT, GAP, MIRROR, HELP };

static const struct option options[] = {
	{ "label", required_argument, NULL, LABEL },
	{ "port", required_argument, NULL, PORT },
	{ "ke", required_argument, NULL, KE },
	{ "aead", required_argument, NULL, AEAD },
	{ "placeholders", required_argument, NULL, PLACEHOLDERS },
	{ "interleaved", no_argument, NULL, INTERLEAVED },
	{ "count", required_argument, NULL, COUNT },
	{ "gap-us", required_argument, NULL, GAP },
	{ "mirror", no_argument, NULL, MIRROR },
	{ "help", no_argument, NULL, HELP },
	{ 0 }
};

static bool take_option(struct roundtrip *r, int option)
{
	unsigned long number = optarg ? strtoul(optarg, NULL, 10) : 0;

	switch (option) {
	case LABEL:
		r->label = optarg;
		break;
	case PORT:
		r->port = optarg;
		break;
	case KE:
		r->ke_port = optarg;
		break;
	case AEAD:
		r->aead = (uint16_t)number;
		break;
	case PLACEHOLDERS:
		r->placeholders = number;
		break;
	case INTERLEAVED:
		r->interleaved = true;
		break;
	case COUNT:
		r->count = number;
		break;
	case GAP:
		r->gap_us = (unsigned int)number;
		break;
	case MIRROR:
		r->mirror = true;
		break;
	default:
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct roundtrip r = { .port = "123", .aead = 15, .count = 500 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == HELP) {
			usage(stdout);
			return 0;
		}
		if (!take_option(&r, option)) {
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc - 1 || !r.count || !knts_aead_key_len(r.aead)) {
		usage(stderr);
		return 2;
	}
	r.address = argv[optind];
	r.label = r.label ? r.label : r.address;
	if (r.ke_port)
		get_cookie(&r);
	r.fd = connect_to(r.address, r.port);
	run(&r);
	close(r.fd);
	return 0;
}
