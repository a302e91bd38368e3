// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of key exchanges against a running kntsd, and what the kernel then
 * makes of the cookies and keys: usage: ke_cases ADDRESS NAME CA-FILE.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../client/reply.h"
#include "../guest/test.h"
#include "../ke/ask.h"

static struct ke_options options = { .port = 4460 };

static const struct aead_case {
	const char *name;
	uint16_t aead;
	bool old_export;
} aead_cases[] = {
	{ "R23_R24_the_kernel_opens_what_kntsd_sealed_for_AEAD_15", 15, false },
	{ "R23_R24_the_kernel_opens_what_kntsd_sealed_for_AEAD_16", 16, false },
	{ "R23_R24_the_kernel_opens_what_kntsd_sealed_for_AEAD_17", 17, false },
	{ "R23_R24_the_kernel_opens_what_kntsd_sealed_for_AEAD_30", 30, false },
	{ "R23_R24_the_kernel_opens_what_kntsd_sealed_for_AEAD_31", 31, false },
	{ "R26_the_same_for_AEAD_30_of_an_old_client", 30, true },
};

#define AEAD_CASES (sizeof(aead_cases) / sizeof(aead_cases[0]))

static void exchange(const struct ke_case *kase, size_t piece)
{
	const char *wrong = ask_case(&options, kase, piece);

	if (wrong)
		fail_msg("%s", wrong);
}

static void run_case(void **state)
{
	exchange(*state, CASE_MAX_LEN);
	exchange(*state, 7);
}

static int ntp_socket(void)
{
	const struct timeval patience = { .tv_sec = 5 };
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(123) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(inet_pton(AF_INET, options.address, &in.sin_addr), 1);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
				    sizeof(patience)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	return fd;
}

/* Each of the 8 cookies opens in the kernel, and brings another that does. */
static void run_aead(void **state)
{
	const struct aead_case *kase = *state;
	struct ke_options asking = options;
	struct nts_cookie cookies[PACKET_COOKIES_MAX];
	uint8_t data[PACKET_MAX_LEN];
	struct nts_session session;
	struct packet request;
	const char *broken;
	struct reply reply;
	int fd = ntp_socket();
	ssize_t len;
	size_t i;

	asking.old_export = kase->old_export;
	assert_int_equal(ke_client_exchange(&asking, kase->aead, &session,
					    cookies), PACKET_COOKIES_MAX);
	for (i = 0; i < 2 * PACKET_COOKIES_MAX; i++) {
		packet_request(&request, &session,
			       &cookies[i % PACKET_COOKIES_MAX], 0);
		assert_int_equal(send(fd, request.data, request.len, 0),
				 request.len);
		len = recv(fd, data, sizeof(data), 0);
		assert_true(len > 0);
		broken = reply_check(&reply, data, (size_t)len, &request,
				     &session);
		if (broken)
			fail_msg("%s", broken);
		assert_int_equal(reply.cookie_count, 1);
		cookies[i % PACKET_COOKIES_MAX] = reply.cookies[0];
	}
	close(fd);
}

int main(int argc, char **argv)
{
	size_t count = ke_cases_count, i;
	struct CMUnitTest *tests;
	int failed;

	if (argc != 4) {
		fputs("usage: ke_cases ADDRESS NAME CA-FILE\n", stderr);
		return 2;
	}
	options.address = argv[1];
	options.sni = argv[2];
	options.ca_file = argv[3];

	tests = calloc(count + AEAD_CASES, sizeof(*tests));
	for (i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			.name = ke_cases[i].name,
			.test_func = run_case,
			.initial_state = (void *)&ke_cases[i],
		};
	for (i = 0; i < AEAD_CASES; i++)
		tests[count + i] = (struct CMUnitTest){
			.name = aead_cases[i].name,
			.test_func = run_aead,
			.initial_state = (void *)&aead_cases[i],
		};
	failed = _cmocka_run_group_tests("key exchange", tests,
					 count + AEAD_CASES, NULL, NULL);
	free(tests);
	return failed != 0;
}
