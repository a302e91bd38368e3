// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "kntsctl/query_net.h"
#include "kntsctl/query_ntp.h"

#define DATAGRAM_MAX_LEN 2048

/**
 * struct jar - cookies at hand, the oldest first
 */
struct jar {
	struct query_cookie *cookies;
	size_t count;
};

/**
 * struct asking - what goes from one exchange to the next
 * @sent: when the last answered request was sent
 * @came: when its reply came, 0 if there is none that could be referred to
 * @receive: the receive timestamp in it
 */
struct asking {
	int fd;
	const struct query_ntp_plan *plan;
	const struct query_session *session;
	double patience_s;
	struct jar jar;
	uint64_t sent;
	uint64_t came;
	uint64_t receive;
};

static uint64_t ntp_of(const struct timespec *time)
{
	return knts_ntp_from_ns((uint64_t)time->tv_sec * 1000000000 +
				(uint64_t)time->tv_nsec);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return ntp_of(&time);
}

/* From @b to @a; the era may have ended between them (P14). */
static double span_s(uint64_t a, uint64_t b)
{
	return (double)(int64_t)(a - b) / 4294967296.0;
}

static void measure(struct query_exchange *exchange, uint64_t sent,
		    uint64_t receive, uint64_t transmit, uint64_t came)
{
	exchange->service_s = span_s(transmit, receive);
	exchange->delay_s = span_s(came, sent) - exchange->service_s;
	exchange->offset_s = (span_s(receive, sent) + span_s(transmit, came)) / 2;
}

/* When the kernel got a datagram; now, if it does not say. */
static uint64_t arrival(struct msghdr *message)
{
	struct cmsghdr *control;
	struct timespec time;

	for (control = CMSG_FIRSTHDR(message); control;
	     control = CMSG_NXTHDR(message, control)) {
		if (control->cmsg_level != SOL_SOCKET ||
		    control->cmsg_type != SO_TIMESTAMPNS)
			continue;
		memcpy(&time, CMSG_DATA(control), sizeof(time));
		return ntp_of(&time);
	}
	return now();
}

/* Return: octets, or -1 with errno. */
static ssize_t receive_datagram(int fd, uint8_t *data, uint64_t *came)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	struct iovec iov = { .iov_base = data, .iov_len = DATAGRAM_MAX_LEN };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(fd, &message, 0);

	if (len >= 0)
		*came = arrival(&message);
	return len;
}

static void note_reply(struct asking *asking, struct query_exchange *exchange,
		       uint64_t sent, uint64_t came)
{
	const struct query_reply *reply = &exchange->reply;

	if (exchange->kind != QUERY_REPLY_GOOD)
		return;
	if (reply->interleaved)
		measure(exchange, asking->sent, asking->receive,
			reply->transmit, asking->came);
	else
		measure(exchange, sent, reply->receive, reply->transmit, came);
	asking->sent = sent;
	asking->came = came;
	asking->receive = reply->receive;
}

/* Wait for the reply, past all that is none. */
static void await(struct asking *asking, const struct query_request *request,
		  uint64_t sent, struct query_exchange *exchange)
{
	double deadline_s = query_net_now_s() + asking->patience_s;
	uint8_t data[DATAGRAM_MAX_LEN];
	uint64_t came = 0;
	ssize_t len;

	exchange->end = QUERY_NTP_SILENCE;
	while (query_net_wait(asking->fd, POLLIN, deadline_s)) {
		len = receive_datagram(asking->fd, data, &came);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (len < 0) {
			exchange->end = QUERY_NTP_REFUSED;
			exchange->err = errno;
			return;
		}
		exchange->kind = query_packet_read(&exchange->reply, data,
						   (size_t)len, request,
						   asking->session);
		if (exchange->kind == QUERY_REPLY_STRAY)
			continue;
		exchange->end = QUERY_NTP_REPLY;
		exchange->reply_len = (size_t)len;
		note_reply(asking, exchange, sent, came);
		break;
	}
	explicit_bzero(data, sizeof(data));
}

static void take_cookies(struct jar *jar, struct query_reply *reply)
{
	size_t i;

	for (i = 0; i < reply->cookies_count; i++)
		if (jar->count < QUERY_COOKIES_MAX)
			jar->cookies[jar->count++] = reply->cookies[i];
	explicit_bzero(reply->cookies, sizeof(reply->cookies));
}

static void drop_cookie(struct jar *jar)
{
	jar->count--;
	memmove(jar->cookies, jar->cookies + 1,
		jar->count * sizeof(*jar->cookies));
	explicit_bzero(&jar->cookies[jar->count], sizeof(*jar->cookies));
}

static void make_request(const struct asking *asking,
			 struct query_request *request)
{
	uint8_t random[QUERY_RANDOM_LEN];
	struct query_question question = {
		.session = asking->session,
		.random = random,
	};

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort();
	if (asking->session) {
		question.cookie = asking->jar.cookies;
		question.placeholders = QUERY_COOKIES_MAX - asking->jar.count;
	}
	if (asking->plan->interleaved && asking->came) {
		question.origin = asking->receive;
		question.receive = asking->came;
	}
	query_packet_request(request, &question);
}

static void exchange_once(struct asking *asking, struct query_exchange *exchange)
{
	struct query_request request;
	uint64_t sent;

	if (asking->session && !asking->jar.count) {
		exchange->end = QUERY_NTP_NO_COOKIE;
		return;
	}
	make_request(asking, &request);
	if (asking->session)
		drop_cookie(&asking->jar);
	exchange->request_len = request.len;
	sent = now();
	if (send(asking->fd, request.data, request.len, 0) < 0) {
		exchange->err = errno;
		exchange->end = errno == ECONNREFUSED ? QUERY_NTP_REFUSED :
							QUERY_NTP_UNSENT;
		return;
	}
	await(asking, &request, sent, exchange);
	take_cookies(&asking->jar, &exchange->reply);
}

void query_ntp_run(int fd, const struct query_ntp_plan *plan, double patience_s,
		   const struct query_session *session,
		   struct query_cookie *cookies, size_t count,
		   struct query_exchange *exchanges)
{
	struct asking asking = {
		.fd = fd,
		.plan = plan,
		.session = session,
		.patience_s = patience_s,
		.jar = { .cookies = cookies, .count = count },
	};
	const struct timespec pause = {
		.tv_sec = (time_t)plan->interval_s,
		.tv_nsec = (long)((plan->interval_s -
				   (double)(time_t)plan->interval_s) * 1e9),
	};
	uint32_t i;
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	for (i = 0; i < plan->count; i++) {
		if (i)
			nanosleep(&pause, NULL);
		exchange_once(&asking, &exchanges[i]);
	}
}
