// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the cryptography of one request takes on this CPU, by AEAD and number of
 * placeholders: cookie opened, keys set up, request verified, cookies and reply
 * sealed. Each reply of a warm-up is checked in full by the tests' own client.
 */
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../client/reply.h"
#include "../client/siv.h"
#include "core/cookie.h"
#include "core.h"
#include "cpu.h"

#define WARM_UP 200
#define BATCHES 60
#define BATCH 50

/* One client's session, its cookie and its request. */
struct meeting {
	struct nts_session session;
	struct nts_cookie cookie;
	struct packet request;
};

static void make_cookie(struct meeting *m, uint16_t aead)
{
	const size_t nonce_len = 4 + KNTS_COOKIE_NONCE_LEN;
	uint8_t key[CORE_KEY_LEN], text[4 + 2 * KNTS_AEAD_KEY_MAX_LEN] = { 0 };
	struct siv_input in = { .key = key, .key_len = sizeof(key),
				.nonce = m->cookie.data, .nonce_len = nonce_len };
	size_t key_len = knts_aead_key_len(aead);

	m->session.aead = aead;
	m->session.key_len = key_len;
	packet_random(m->session.c2s, key_len);
	packet_random(m->session.s2c, key_len);
	m->cookie.len = knts_cookie_len(aead);
	packet_random(m->cookie.data, nonce_len);
	memcpy(m->cookie.data, (const uint8_t[]){ 0, 0, CORE_KEY_ID >> 8,
						  CORE_KEY_ID & 0xff }, 4);
	memset(key, CORE_KEY_OCTET, sizeof(key));
	text[1] = (uint8_t)aead;
	memcpy(text + 4, m->session.s2c, key_len);
	memcpy(text + 4 + key_len, m->session.c2s, key_len);
	siv_seal(&in, text, 4 + 2 * key_len, m->cookie.data + nonce_len);
}

/* Return: whether the contestant can do this; ends the program if it errs. */
static bool warm_up(const struct meeting *m)
{
	uint8_t data[PACKET_MAX_LEN];
	const char *wrong;
	struct reply reply;
	int i;

	for (i = 0; i < WARM_UP; i++) {
		memcpy(data, m->request.data, m->request.len);
		if (!contestant_answer(data, m->request.len, m->session.aead))
			return false;
		wrong = reply_check(&reply, data, m->request.len, &m->request,
				    &m->session);
		if (wrong || !reply.nts || !reply.cookie_count) {
			fprintf(stderr, "core: AEAD %u: %s\n", m->session.aead,
				wrong ? wrong : "not an NTS reply");
			exit(1);
		}
	}
	return true;
}

/* A counter of core cycles of this thread in userspace, -1 where there is none. */
static int open_cycles(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

/* Cycles so far: of the core, else the time stamp counter's. */
static uint64_t cycles(int perf_fd)
{
	uint64_t count = 0;

	if (perf_fd >= 0 && read(perf_fd, &count, sizeof(count)) == sizeof(count))
		return count;
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#else
	return 0;
#endif
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median of all batches, of nanoseconds and of cycles. */
static void measure(const struct meeting *m, int perf_fd, const char *name,
		    size_t placeholders)
{
	double ns[BATCHES], count[BATCHES];
	uint8_t data[PACKET_MAX_LEN];
	uint64_t from_ns, from;
	int i, j;

	for (i = 0; i < BATCHES; i++) {
		from_ns = cpu_now_ns();
		from = cycles(perf_fd);
		for (j = 0; j < BATCH; j++) {
			memcpy(data, m->request.data, m->request.len);
			contestant_answer(data, m->request.len, m->session.aead);
		}
		count[i] = (double)(cycles(perf_fd) - from) / BATCH;
		ns[i] = (double)(cpu_now_ns() - from_ns) / BATCH;
	}
	qsort(ns, BATCHES, sizeof(*ns), compare);
	qsort(count, BATCHES, sizeof(*count), compare);
	printf("%u\t%zu\t%zu\t%s\t%.1f\t%.0f\n", m->session.aead, placeholders,
	       m->request.len, name, ns[BATCHES / 2], count[BATCHES / 2]);
}

int main(int argc, char **argv)
{
	static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };
	static const size_t placeholders[] = { 0, 1, 3, 7 };
	const char *name = strrchr(argv[0], '-');
	int perf_fd = open_cycles();
	struct meeting m;
	size_t i, j;

	if (argc != 1 || !name) {
		fputs("usage: core-CONTESTANT\n"
		      "Prints, with tabs between: AEAD, placeholders, octets of the request, contestant,\n"
		      "nanoseconds and cycles a request.\n",
		      stderr);
		return 2;
	}
	contestant_setup();
	for (i = 0; i < sizeof(aeads) / sizeof(*aeads); i++) {
		for (j = 0; j < sizeof(placeholders) / sizeof(*placeholders); j++) {
			make_cookie(&m, aeads[i]);
			packet_request(&m.request, &m.session, &m.cookie,
				       placeholders[j]);
			if (warm_up(&m))
				measure(&m, perf_fd, name + 1, placeholders[j]);
		}
	}
	fprintf(stderr, "core: cycles are %s\n", perf_fd >= 0 ?
		"the core's" : "those of the time stamp counter");
	return 0;
}
