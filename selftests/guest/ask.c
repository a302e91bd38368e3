// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "test.h"

#define REPLY_TIMEOUT_MS 3000

socklen_t ask_address(struct sockaddr_storage *ss, const char *address,
		      uint16_t port)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (strchr(address, ':')) {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(port);
		assert_int_equal(inet_pton(AF_INET6, address, &sin6->sin6_addr), 1);
		return sizeof(*sin6);
	}
	sin->sin_family = AF_INET;
	sin->sin_port = htons(port);
	assert_int_equal(inet_pton(AF_INET, address, &sin->sin_addr), 1);
	return sizeof(*sin);
}

int ask_socket(const char *netns, const char *local, uint16_t local_port,
	       const char *remote, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = ask_address(&ss, local, local_port);
	int fd = rig_socket(netns, ss.ss_family, SOCK_DGRAM, 0);

	if (bind(fd, (struct sockaddr *)&ss, len))
		fail_msg("bind to %s: %s", local, strerror(errno));
	if (!remote)
		return fd;
	len = ask_address(&ss, remote, port);
	if (connect(fd, (struct sockaddr *)&ss, len))
		fail_msg("connect to %s: %s", remote, strerror(errno));
	return fd;
}

struct nts_cookie ask_cookie(const struct asker *a)
{
	return rig_cookie(&a->session, &a->key);
}

size_t ask_receive(int fd, uint8_t *data, size_t size, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return 0;
	len = recv(fd, data, size, MSG_DONTWAIT);
	if (len < 0)
		fail_msg("receive: %s", strerror(errno));
	return (size_t)len;
}

static const char *kiss_of(enum knts_verdict verdict)
{
	switch (verdict) {
	case KNTS_KISS_NTSN_KEY:
	case KNTS_KISS_NTSN_COOKIE:
	case KNTS_KISS_NTSN_AUTH:
		return "NTSN";
	case KNTS_KISS_DENY:
		return "DENY";
	default:
		return "";
	}
}

static void check_reply(const struct asker *a, const struct packet *p,
			enum knts_verdict verdict, struct reply *r)
{
	uint8_t data[PACKET_MAX_LEN];
	const char *wrong;
	size_t len;

	len = ask_receive(a->fd, data, sizeof(data), REPLY_TIMEOUT_MS);
	if (!len)
		fail_msg("no reply came; the verdict should be %s",
			 rig_verdict_name(verdict));
	wrong = reply_check(r, data, len, p, &a->session);
	if (wrong)
		fail_msg("reply of %zu octets: %s", len, wrong);
	assert_string_equal(r->kiss, kiss_of(verdict));
	if (r->nts != (verdict == KNTS_ANSWER_NTS))
		fail_msg("a reply %s authenticator for %s",
			 r->nts ? "with" : "without", rig_verdict_name(verdict));
}

void ask(const struct asker *a, const struct packet *p,
	 enum knts_verdict verdict, struct reply *r)
{
	struct rig_counters before;
	struct reply own;
	uint8_t more[1];

	rig_counters(a->conn, &before);
	if (send(a->fd, p->data, p->len, 0) != (ssize_t)p->len)
		fail_msg("send of %zu octets: %s", p->len, strerror(errno));
	if (verdict == KNTS_ANSWER_PLAIN || verdict == KNTS_ANSWER_NTS ||
	    *kiss_of(verdict))
		check_reply(a, p, verdict, r ? r : &own);
	rig_counted(a->conn, &before, verdict, 1);
	if (recv(a->fd, more, sizeof(more), MSG_DONTWAIT) >= 0)
		fail_msg("a reply too many; the verdict should be %s",
			 rig_verdict_name(verdict));
}

void ask_cookies_work(const struct asker *a, const struct reply *r)
{
	struct packet p;
	struct reply next;
	size_t i;

	for (i = 0; i < r->cookie_count; i++) {
		packet_request(&p, &a->session, &r->cookies[i], 0);
		ask(a, &p, KNTS_ANSWER_NTS, &next);
	}
}

void ask_plain(const struct asker *a, struct reply *r)
{
	struct packet p;

	packet_start(&p, 4, 3);
	ask(a, &p, KNTS_ANSWER_PLAIN, r);
}
