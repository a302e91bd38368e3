// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole NTS key exchanges, one after the other on several connections at once:
 * how many a second, and how much CPU the server's processes took for each.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../client/ke.h"
#include "cpu.h"

#define THREADS_MAX 64
#define AEAD 15

struct load {
	struct ke_options options;
	uint64_t deadline_ns;
	_Atomic uint64_t done;
	_Atomic uint64_t failed;
};

/* Every exchange is a full one: 8 cookies, and keys that could be used. */
static void *exchange_on(void *arg)
{
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	struct nts_session session;
	struct load *load = arg;

	while (cpu_now_ns() < load->deadline_ns) {
		if (ke_client_exchange(&load->options, AEAD, &session,
				       cookies) == PACKET_COOKIES_MAX)
			load->done++;
		else
			load->failed++;
	}
	return NULL;
}

/* Run for so long. Return: nanoseconds that it took, the last exchanges too. */
static uint64_t run(struct load *load, unsigned int threads, double seconds)
{
	uint64_t began_ns = cpu_now_ns();
	pthread_t thread[THREADS_MAX];
	unsigned int i;

	load->done = 0;
	load->failed = 0;
	load->deadline_ns = began_ns + (uint64_t)(seconds * 1e9);
	for (i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, exchange_on, load))
			abort();
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return cpu_now_ns() - began_ns;
}

static void usage(FILE *to)
{
	fputs("usage: ke-load ADDRESS PORT THREADS SECONDS [PID]\n"
	      "\n"
	      "Key exchanges with ADDRESS (NTS-KE on TCP PORT) for SECONDS, THREADS at a time.\n"
	      "Prints: exchanges, failures, seconds, exchanges a second; with the server's PID\n"
	      "also its CPU time per exchange in microseconds, and how many CPUs it kept busy.\n"
	      "Exit code: 0 done, 1 an exchange failed, 2 usage.\n",
	      to);
}

int main(int argc, char **argv)
{
	uint64_t took_ns, cpu_ns;
	struct load load = { 0 };
	unsigned int threads;
	double seconds;
	pid_t server;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		usage(stdout);
		return 0;
	}
	threads = argc > 3 ? (unsigned int)strtoul(argv[3], NULL, 10) : 0;
	seconds = argc > 4 ? strtod(argv[4], NULL) : 0;
	server = argc > 5 ? atoi(argv[5]) : 0;
	if (argc < 5 || argc > 6 || !threads || threads > THREADS_MAX ||
	    seconds <= 0) {
		usage(stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	load.options.address = argv[1];
	load.options.port = (uint16_t)strtoul(argv[2], NULL, 10);
	load.options.context = SSL_CTX_new(TLS_client_method());

	/* What a server makes at its first handshakes is not what it costs. */
	run(&load, threads, seconds / 10);
	cpu_ns = cpu_tree_ns(server);
	took_ns = run(&load, threads, seconds);
	cpu_ns = cpu_tree_ns(server) - cpu_ns;
	SSL_CTX_free(load.options.context);

	printf("%llu %llu %.2f %.0f", (unsigned long long)load.done,
	       (unsigned long long)load.failed, (double)took_ns / 1e9,
	       (double)load.done * 1e9 / (double)took_ns);
	if (server && load.done)
		printf(" %.1f %.2f", (double)cpu_ns / 1e3 / (double)load.done,
		       (double)cpu_ns / (double)took_ns);
	putchar('\n');
	return load.failed || !load.done;
}
