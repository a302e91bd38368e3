// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request after the other to a server, each reply checked in full: how long
 * a round trip takes, and how long the server says that it took itself.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../client/ke.h"
#include "../client/reply.h"

#define WARM_UP 20

/**
 * struct bench - a run
 * @fd: connected to the server's NTP port
 * @nts: with NTS; @session and @cookie are set
 * @placeholders: in each request
 */
struct bench {
	int fd;
	bool nts;
	size_t placeholders;
	struct nts_session session;
	struct nts_cookie cookie;
};

struct sample {
	uint64_t trip_ns;
	uint64_t service_ns;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "roundtrip: %s: %s\n", what, why);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static uint64_t ntp_to_ns(uint64_t difference)
{
	return (difference >> 32) * 1000000000 +
	       (((difference & 0xffffffff) * 1000000000) >> 32);
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

static void exchange_keys(struct bench *bench, const char *address,
			  const char *port)
{
	const struct ke_options options = {
		.address = address,
		.port = (uint16_t)strtoul(port, NULL, 10),
	};
	struct nts_cookie cookies[PACKET_COOKIES_MAX];

	if (!ke_client_exchange(&options, 15, &bench->session, cookies))
		die(address, "no cookies from its key exchange");
	bench->cookie = cookies[0];
	bench->nts = true;
}

/* Everything that is not the exchange itself is done outside of the clock. */
static void ask_once(struct bench *bench, struct sample *sample)
{
	uint8_t data[PACKET_MAX_LEN];
	struct packet request;
	const char *broken;
	struct reply reply;
	ssize_t len;

	if (bench->nts)
		packet_request(&request, &bench->session, &bench->cookie,
			       bench->placeholders);
	else
		packet_start(&request, 4, 3);

	sample->trip_ns = now_ns();
	if (send(bench->fd, request.data, request.len, 0) < 0)
		die("send", strerror(errno));
	len = recv(bench->fd, data, sizeof(data), 0);
	sample->trip_ns = now_ns() - sample->trip_ns;
	if (len < 0)
		die("recv", strerror(errno));

	broken = reply_check(&reply, data, (size_t)len, &request,
			     bench->nts ? &bench->session : NULL);
	if (broken)
		die("a reply", broken);
	if (reply.nts != bench->nts || reply.kiss[0])
		die("a reply", "not the kind that was asked for");
	sample->service_ns = ntp_to_ns(reply.transmit - reply.receive);
	if (bench->nts)
		bench->cookie = reply.cookies[0];
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_row(const char *label, const char *what, uint64_t *values,
		      size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	printf("%-28s %-14s %9llu %9llu %9llu %9llu\n", label, what,
	       (unsigned long long)values[0],
	       (unsigned long long)values[count / 2],
	       (unsigned long long)values[count * 99 / 100],
	       (unsigned long long)values[count - 1]);
}

static void run(struct bench *bench, const char *label, size_t count)
{
	uint64_t *trip_ns = calloc(count, sizeof(*trip_ns));
	uint64_t *service_ns = calloc(count, sizeof(*service_ns));
	struct sample sample;
	size_t i;

	if (!trip_ns || !service_ns)
		die("memory", strerror(errno));
	for (i = 0; i < WARM_UP; i++)
		ask_once(bench, &sample);
	for (i = 0; i < count; i++) {
		ask_once(bench, &sample);
		trip_ns[i] = sample.trip_ns;
		service_ns[i] = sample.service_ns;
	}
	print_row(label, "round trip", trip_ns, count);
	print_row(label, "T3 - T2", service_ns, count);
	free(trip_ns);
	free(service_ns);
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };

	if (argc != 6) {
		fputs("usage: roundtrip LABEL ADDRESS KE-PORT COUNT PLACEHOLDERS\n"
		      "KE-PORT 0: without NTS. Prints minimum, median, 99th percentile and maximum in ns.\n",
		      stderr);
		return 2;
	}
	if (strcmp(argv[3], "0"))
		exchange_keys(&bench, argv[2], argv[3]);
	bench.placeholders = strtoul(argv[5], NULL, 10);
	bench.fd = connect_to(argv[2], "123");
	run(&bench, argv[1], strtoul(argv[4], NULL, 10));
	close(bench.fd);
	return 0;
}
