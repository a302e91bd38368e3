// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests at a given rate, from many source addresses, whether or not the server
 * keeps up: how many it answers. Cookies are real, by a real key exchange.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../client/ke.h"
#include "cpu.h"
#include "quantiles.h"
#include "requests.h"

#define BATCH 32
/* It is not the key exchange that is measured here. */
#define KE_TRIES 3
#define BUFFER_LEN (16 << 20)
#define TRIPS_MAX (1 << 20)
/* What has no reply after so long is lost. */
#define PATIENCE_NS 500000000

/**
 * struct load - a run
 * @address: the server's, as text
 * @port: its NTP port
 * @ke_port: its NTS-KE port; 0 for no NTS
 * @aead: to ask it for
 * @placeholders: in each request
 * @source: the first source address, IPv4; 0 leaves it to the kernel
 * @sources: how many, one after the other
 * @rate: requests a second
 * @seconds: for so long
 * @server_pid: whose CPU time is measured; 0 for none
 * @label: stands before the numbers
 */
struct load {
	const char *address;
	uint16_t port;
	uint16_t ke_port;
	uint16_t aead;
	size_t placeholders;
	uint32_t source;
	uint32_t sources;
	double rate;
	double seconds;
	pid_t server_pid;
	const char *label;
	struct sockaddr_in to;
	int fd;
	size_t sent;
	size_t answered;
	int64_t *trips_ns;
};

struct control {
	_Alignas(struct cmsghdr) char data[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static struct requests requests;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "load: %s: %s\n", what, why);
	exit(1);
}

static void get_cookies(const struct load *l)
{
	const struct ke_options options = {
		.address = l->address,
		.port = l->ke_port,
		.patience_ms = 5000,
	};
	int tries;

	for (tries = 0; tries < KE_TRIES && !requests.nts; tries++)
		requests.nts = ke_client_exchange(&options, l->aead,
						  &requests.session,
						  requests.cookies) ==
			       PACKET_COOKIES_MAX;
	if (!requests.nts)
		die(l->address, "no eight cookies from its key exchange");
}

static void open_socket(struct load *l)
{
	const int len = BUFFER_LEN;

	l->to.sin_family = AF_INET;
	l->to.sin_port = htons(l->port);
	if (inet_pton(AF_INET, l->address, &l->to.sin_addr) != 1)
		die(l->address, "an IPv4 address is wanted");
	l->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		die("socket", strerror(errno));
	/* What is lost here would be taken for the server's loss. */
	if (setsockopt(l->fd, SOL_SOCKET, SO_RCVBUFFORCE, &len, sizeof(len)))
		setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &len, sizeof(len));
	setsockopt(l->fd, SOL_SOCKET, SO_SNDBUF, &len, sizeof(len));
}

/* The source address of the message, by turns. */
static void set_source(const struct load *l, struct msghdr *message,
		       struct control *control, size_t number)
{
	struct in_pktinfo info = { 0 };
	struct cmsghdr *header;

	if (!l->source)
		return;
	info.ipi_spec_dst.s_addr = htonl(l->source + (uint32_t)(number % l->sources));
	message->msg_control = control->data;
	message->msg_controllen = sizeof(control->data);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(header), &info, sizeof(info));
}

static void send_batch(struct load *l, size_t count)
{
	struct mmsghdr messages[BATCH] = { 0 };
	struct control controls[BATCH];
	struct iovec vectors[BATCH];
	uint64_t now_ns = cpu_now_ns();
	struct request *request;
	size_t i;
	int sent;

	memset(controls, 0, sizeof(controls));
	for (i = 0; i < count; i++) {
		request = &requests.all[(l->sent + i) % REQUESTS_COUNT];
		request->sent_ns = now_ns;
		request->waits = true;
		vectors[i].iov_base = request->packet.data;
		vectors[i].iov_len = request->packet.len;
		messages[i].msg_hdr.msg_name = &l->to;
		messages[i].msg_hdr.msg_namelen = sizeof(l->to);
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		set_source(l, &messages[i].msg_hdr, &controls[i], l->sent + i);
	}
	sent = sendmmsg(l->fd, messages, (unsigned int)count, 0);
	if (sent < 0)
		die("sendmmsg", strerror(errno));
	l->sent += (size_t)sent;
}

/* Return: whether there may be more. */
static bool receive_batch(struct load *l)
{
	static uint8_t data[BATCH][PACKET_MAX_LEN];
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec vectors[BATCH];
	struct request *request;
	uint64_t now_ns;
	int i, count;

	for (i = 0; i < BATCH; i++) {
		vectors[i].iov_base = data[i];
		vectors[i].iov_len = sizeof(data[i]);
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	count = recvmmsg(l->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	now_ns = cpu_now_ns();
	for (i = 0; i < count; i++) {
		request = requests_match(&requests, data[i], messages[i].msg_len);
		if (!request)
			continue;
		if (l->answered < TRIPS_MAX)
			l->trips_ns[l->answered] =
				(int64_t)(now_ns - request->sent_ns);
		l->answered++;
	}
	return count == BATCH;
}

static void wait_until(const struct load *l, uint64_t then_ns)
{
	struct pollfd pollfd = { .fd = l->fd, .events = POLLIN };
	uint64_t now_ns = cpu_now_ns();
	struct timespec patience;

	if (now_ns >= then_ns)
		return;
	patience.tv_sec = (time_t)((then_ns - now_ns) / 1000000000);
	patience.tv_nsec = (long)((then_ns - now_ns) % 1000000000);
	ppoll(&pollfd, 1, &patience, NULL);
}

/* Return: nanoseconds in which requests were sent. */
static uint64_t run(struct load *l)
{
	uint64_t began_ns = cpu_now_ns(), took_ns, end_ns;
	size_t total = (size_t)(l->rate * l->seconds), due;
	double elapsed_s;

	while (l->sent < total) {
		elapsed_s = (double)(cpu_now_ns() - began_ns) / 1e9;
		/* A generator that cannot keep up offers less, and says so. */
		if (elapsed_s > 2 * l->seconds)
			break;
		due = (size_t)(elapsed_s * l->rate) + 1;
		due = due < total ? due : total;
		if (due > l->sent)
			send_batch(l, due - l->sent < BATCH ? due - l->sent : BATCH);
		while (receive_batch(l))
			continue;
		if (due <= l->sent)
			wait_until(l, began_ns + (uint64_t)((double)l->sent *
							    1e9 / l->rate));
	}
	took_ns = cpu_now_ns() - began_ns;
	end_ns = cpu_now_ns() + PATIENCE_NS;
	while (l->answered < l->sent && cpu_now_ns() < end_ns) {
		wait_until(l, end_ns);
		receive_batch(l);
	}
	return took_ns;
}

static void measure(struct load *l)
{
	uint64_t cpu_ns = l->server_pid ? cpu_tree_ns(l->server_pid) : 0;
	double seconds;

	seconds = (double)run(l) / 1e9;
	if (l->server_pid)
		cpu_ns = cpu_tree_ns(l->server_pid) - cpu_ns;
	printf("%s\t%.0f\t%.0f\t%.0f\t%zu\t%zu\t%zu\t%zu\t%.3f\t%.2f\n", l->label,
	       l->rate, (double)l->sent / seconds, (double)l->answered / seconds,
	       l->sent, l->sent - l->answered, requests.wrong, requests.verified,
	       seconds, l->answered ? (double)cpu_ns / 1e3 / (double)l->answered : 0);
	if (l->answered)
		quantiles_print(l->label, "round trip", l->trips_ns,
				l->answered < TRIPS_MAX ? l->answered : TRIPS_MAX);
}

static void usage(FILE *to)
{
	fputs("usage: load [OPTION]... ADDRESS\n"
	      "\n"
	      "Requests to an NTP server (IPv4), at a rate that does not depend on its replies.\n"
	      "  --rate N          requests a second (1000)\n"
	      "  --seconds S       (1)\n"
	      "  --ke PORT         with NTS, by a key exchange on that TCP port\n"
	      "  --aead ID         of the key exchange (15)\n"
	      "  --placeholders N  in each request (0)\n"
	      "  --sources A/N     from N addresses that this machine has, from A on\n"
	      "  --verify N        of N replies one is verified in full (16); mode, length, origin\n"
	      "                    and unique identifier of each are checked in any case\n"
	      "  --port PORT       UDP port (123)\n"
	      "  --server PID      a process on this machine whose CPU time is measured\n"
	      "  --label TEXT      stands before the numbers (ADDRESS)\n"
	      "\n"
	      "Prints, with tabs between: label, rate, offered a second, answered a second, sent,\n"
	      "lost, wrong, verified, seconds, server's CPU in microseconds a reply; then the\n"
	      "round trips: label, what, count, least, median, 99th and 99.9th percentile, greatest,\n"
	      "in nanoseconds.\n",
	      to);
}

enum { RATE = 256, SECONDS, KE, AEAD, PLACEHOLDERS, SOURCES, VERIFY, PORT, SERVER, LABEL, HELP };

static const struct option options[] = {
	{ "rate", required_argument, NULL, RATE },
	{ "seconds", required_argument, NULL, SECONDS },
	{ "ke", required_argument, NULL, KE },
	{ "aead", required_argument, NULL, AEAD },
	{ "placeholders", required_argument, NULL, PLACEHOLDERS },
	{ "sources", required_argument, NULL, SOURCES },
	{ "verify", required_argument, NULL, VERIFY },
	{ "port", required_argument, NULL, PORT },
	{ "server", required_argument, NULL, SERVER },
	{ "label", required_argument, NULL, LABEL },
	{ "help", no_argument, NULL, HELP },
	{ 0 }
};

static bool take_sources(struct load *l, const char *text)
{
	char address[INET_ADDRSTRLEN + 1] = "";
	struct in_addr first;

	if (sscanf(text, "%15[0-9.]/%u", address, &l->sources) != 2 ||
	    inet_pton(AF_INET, address, &first) != 1 || !l->sources)
		return false;
	l->source = ntohl(first.s_addr);
	return true;
}

static bool take_option(struct load *l, int option)
{
	unsigned long number = optarg ? strtoul(optarg, NULL, 10) : 0;

	if (option == RATE)
		l->rate = strtod(optarg, NULL);
	else if (option == SECONDS)
		l->seconds = strtod(optarg, NULL);
	else if (option == KE)
		l->ke_port = (uint16_t)number;
	else if (option == AEAD)
		l->aead = (uint16_t)number;
	else if (option == PLACEHOLDERS)
		l->placeholders = number;
	else if (option == VERIFY)
		requests.verify_each = number;
	else if (option == PORT)
		l->port = (uint16_t)number;
	else if (option == SERVER)
		l->server_pid = (pid_t)number;
	else if (option == LABEL)
		l->label = optarg;
	else
		return option == SOURCES && take_sources(l, optarg);
	return true;
}

int main(int argc, char **argv)
{
	struct load l = { .port = 123, .aead = 15, .rate = 1000, .seconds = 1 };
	int option;

	requests.verify_each = 16;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == HELP) {
			usage(stdout);
			return 0;
		}
		if (!take_option(&l, option)) {
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc - 1 || l.rate <= 0 || l.seconds <= 0 ||
	    !requests.verify_each) {
		usage(stderr);
		return 2;
	}
	l.address = argv[optind];
	l.label = l.label ? l.label : l.address;
	l.trips_ns = calloc(TRIPS_MAX, sizeof(*l.trips_ns));
	if (!l.trips_ns)
		die("memory", strerror(errno));
	if (l.ke_port)
		get_cookies(&l);
	requests_make(&requests, l.placeholders);
	open_socket(&l);
	prctl(PR_SET_TIMERSLACK, 1);
	measure(&l);
	close(l.fd);
	free(l.trips_ns);
	return requests.wrong != 0;
}
