// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tracepoints: each packet's events, with the values that went over the wire;
 * and the kernel's own event of dropped packets, whose place names the verdict.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "tracefs.h"
#include "watch.h"

#define MAPPED "::ffff:"
#define REPLIES 10

static struct tracefs_events events;

/* 32.32 seconds since 1900 of nanoseconds since 1970. */
static uint64_t ntp_of(int64_t ns)
{
	return ((uint64_t)(ns / 1000000000) + 2208988800ULL) << 32 |
	       (((uint64_t)(ns % 1000000000) << 32) / 1000000000);
}

static void near(uint64_t stamp, int64_t ns, const struct reply *r)
{
	int64_t apart = (int64_t)(stamp - ntp_of(ns));

	if (llabs(apart) > reply_precision(r) + 10)
		fail_msg("%" PRId64 " / 2^32 s apart", apart);
}

static uint16_t own_port(int fd)
{
	struct sockaddr_in6 own;
	socklen_t len = sizeof(own);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &len), 0);
	return ntohs(own.sin6_port);
}

static void check_event(const struct tracefs_event *event, const char *name)
{
	if (strcmp(event->name, name))
		fail_msg("%s instead of %s:%s", event->name, name, event->text);
}

static void check_text(const struct tracefs_event *event, const char *field,
		       const char *want)
{
	const char *got = tracefs_text(event, field);

	if (strcmp(got, want))
		fail_msg("%s has %s %s instead of %s", event->name, field, got,
			 want);
}

static void check_number(const struct tracefs_event *event, const char *field,
			 int64_t want)
{
	int64_t got = tracefs_number(event, field);

	if (got != want)
		fail_msg("%s has %s %" PRId64 " instead of %" PRId64,
			 event->name, field, got, want);
}

/* Who asked whom, as all events but that of a reply have it. */
static void check_ends(const struct tracefs_event *event,
		       const struct watch_side *side)
{
	const char *mapped = strchr(side->client, ':') ? "" : MAPPED;
	char text[64];

	snprintf(text, sizeof(text), "%s%s", mapped, side->client);
	check_text(event, "client", text);
	check_number(event, "client_port", own_port(side->asker.fd));
	if (!strcmp(event->name, "knts_reply"))
		return;
	snprintf(text, sizeof(text), "%s%s", mapped, side->server);
	check_text(event, "server", text);
	check_number(event, "server_port", 123);
}

static void check_exchange(const struct watch_side *side, const struct packet *p,
			   const struct reply *r, const char *verdict)
{
	const struct tracefs_event *came = &events.list[0];
	const struct tracefs_event *left = &events.list[1];

	tracefs_read(&events);
	assert_int_equal(events.count, 2);
	check_event(came, "knts_receive");
	check_ends(came, side);
	check_number(came, "len", (int64_t)p->len);
	check_text(came, "stamp", "stamp-software");
	near(r->receive, tracefs_number(came, "receive_ns"), r);

	check_event(left, "knts_reply");
	check_ends(left, side);
	check_text(left, "verdict", verdict);
	check_number(left, "request_len", (int64_t)p->len);
	check_number(left, "aead", r->nts ? side->asker.session.aead : 0);
	check_number(left, "cookies", (int64_t)r->cookie_count);
	check_number(left, "interleaved", 0);
	check_number(left, "receive_ns", tracefs_number(came, "receive_ns"));
	near(r->transmit, tracefs_number(left, "transmit_ns"), r);
	check_number(left, "service_ns", tracefs_number(left, "transmit_ns") -
		     tracefs_number(left, "receive_ns"));
}

static void answers_are_told(void **state)
{
	struct watch *w = watch_set_up();
	struct nts_cookie cookie;
	struct packet p;
	struct reply r;
	size_t i;

	for (i = 0; i < WATCH_SIDES; i++) {
		const struct watch_side *side = &w->sides[i];

		packet_start(&p, 4, 3);
		tracefs_enable("knts", true);
		ask(&side->asker, &p, KNTS_ANSWER_PLAIN, &r);
		check_exchange(side, &p, &r, "answer-plain");
		check_number(&events.list[1], "reply_len", PACKET_HEADER_LEN);

		cookie = ask_cookie(&side->asker);
		packet_request(&p, &side->asker.session, &cookie, 2);
		tracefs_enable("knts", true);
		ask(&side->asker, &p, KNTS_ANSWER_NTS, &r);
		check_exchange(side, &p, &r, "answer-nts");
		check_number(&events.list[1], "reply_len", (int64_t)p.len);
		assert_int_equal(r.cookie_count, 3);

		p.data[p.len - 1] ^= 1;
		tracefs_enable("knts", true);
		ask(&side->asker, &p, KNTS_KISS_NTSN_AUTH, &r);
		check_exchange(side, &p, &r, "kiss-ntsn-auth");
	}
	tracefs_enable("knts", false);
}

/* A request that ends by @verdict, and what the kernel is told of it. */
struct bad {
	enum knts_verdict verdict;
	const char *function;
	const char *reason;
	unsigned int version;
	unsigned int mode;
	size_t len;
};

static const struct bad bads[] = {
	{ KNTS_DROP_SHORT, "knts_drop_short", "PKT_TOO_SMALL", 4, 3, 47 },
	{ KNTS_DROP_LONG, "knts_drop_long", "PKT_TOO_BIG", 4, 3, 2000 },
	{ KNTS_DROP_VERSION, "knts_drop_version", "UNHANDLED_PROTO", 5, 3, 48 },
	{ KNTS_DROP_MODE, "knts_drop_mode", "UNHANDLED_PROTO", 4, 4, 48 },
	{ KNTS_DROP_LENGTH, "knts_drop_length", "HDR_TRUNC", 4, 3, 50 },
	{ KNTS_DROP_FIELD, "knts_drop_field", "HDR_TRUNC", 4, 3, 76 },
};

static void ask_badly(const struct asker *a, const struct bad *bad,
		      struct packet *p)
{
	packet_start(p, bad->version, bad->mode);
	memset(p->data + p->len, 0, sizeof(p->data) - p->len);
	p->len = bad->len;
	ask(a, p, bad->verdict, NULL);
}

static void drops_are_told(void **state)
{
	struct watch *w = watch_set_up();
	struct packet p;
	size_t i, j;

	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		for (j = 0; j < WATCH_SIDES; j++) {
			tracefs_enable("knts", true);
			ask_badly(&w->sides[j].asker, &bads[i], &p);
			tracefs_read(&events);
			assert_int_equal(events.count, 2);
			check_event(&events.list[0], "knts_receive");
			check_event(&events.list[1], "knts_drop");
			check_ends(&events.list[1], &w->sides[j]);
			check_number(&events.list[1], "len", (int64_t)p.len);
			check_text(&events.list[1], "verdict",
				   rig_verdict_name(bads[i].verdict));
		}
	}
	tracefs_enable("knts", false);
}

/* The events of packets that the kernel freed as dropped, in the module. */
static size_t dropped_in_module(size_t *last)
{
	size_t count = 0, i;

	tracefs_read_addresses(&events);
	for (i = 0; i < events.count; i++) {
		const struct tracefs_event *event = &events.list[i];

		check_event(event, "kfree_skb");
		if (!tracefs_symbol(tracefs_text(event, "location"))[0])
			continue;
		*last = i;
		count++;
	}
	return count;
}

static void the_kernel_names_the_verdict(void **state)
{
	struct watch *w = watch_set_up();
	const char *location;
	struct packet p;
	size_t i, at = 0;

	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		tracefs_enable("skb/kfree_skb", true);
		ask_badly(&w->sides[i % WATCH_SIDES].asker, &bads[i], &p);
		assert_int_equal(dropped_in_module(&at), 1);
		location = tracefs_text(&events.list[at], "location");
		assert_string_equal(tracefs_symbol(location), bads[i].function);
		tracefs_read(&events);
		check_text(&events.list[at], "reason", bads[i].reason);
	}
	tracefs_enable("skb/kfree_skb", false);
}

/* Of IPv4, to which nobody else speaks here. */
static void what_is_answered_is_not_dropped(void **state)
{
	struct watch *w = watch_set_up();
	struct asker *a = &w->sides[0].asker;
	struct nts_cookie cookie;
	struct packet p;
	struct reply r;
	size_t i;

	tracefs_enable("skb/kfree_skb", true);
	for (i = 0; i < REPLIES; i++) {
		ask_plain(a, &r);
		cookie = ask_cookie(a);
		packet_request(&p, &a->session, &cookie, 0);
		ask(a, &p, KNTS_ANSWER_NTS, &r);
		p.data[p.len - 1] ^= 1;
		ask(a, &p, KNTS_KISS_NTSN_AUTH, &r);
	}
	tracefs_read(&events);
	for (i = 0; i < events.count; i++)
		if (tracefs_number(&events.list[i], "protocol") == 0x800)
			fail_msg("dropped:%s", events.list[i].text);
	tracefs_enable("skb/kfree_skb", false);
}

static void nothing_is_told_while_off(void **state)
{
	struct watch *w = watch_set_up();
	struct reply r;

	tracefs_enable("knts", false);
	ask_plain(&w->sides[0].asker, &r);
	tracefs_read(&events);
	assert_int_equal(events.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("answers and kiss codes are told, with what was sent",
		     answers_are_told),
		TEST("drops are told, with verdict and addresses", drops_are_told),
		TEST("the place where the kernel drops a packet names its verdict",
		     the_kernel_names_the_verdict),
		TEST("no packet that is answered counts as dropped",
		     what_is_answered_is_not_dropped),
		TEST("nothing is told while tracing is off",
		     nothing_is_told_while_off),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
