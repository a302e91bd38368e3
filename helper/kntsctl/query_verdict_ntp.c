// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is wrong with a server's NTP, and with its clock or ours.
 */
#include <math.h>
#include <netdb.h>
#include <string.h>

#include "kntsctl/query_verdict.h"

/* A clock that is so far off is wrong, whatever the network does. */
#define OFFSET_MAX_S 1.0

struct tally {
	size_t good;
	size_t silent;
	const struct query_exchange *odd;	/* the first that is neither */
	const struct query_exchange *last;	/* the last that is good */
};

static struct tally count(const struct query_report *report)
{
	struct tally tally = { 0 };
	const struct query_exchange *exchange;
	size_t i;

	for (i = 0; i < report->exchanges_count; i++) {
		exchange = &report->exchanges[i];
		if (exchange->end == QUERY_NTP_SILENCE) {
			tally.silent++;
		} else if (exchange->end == QUERY_NTP_REPLY &&
			   exchange->kind == QUERY_REPLY_GOOD) {
			tally.good++;
			tally.last = exchange;
		} else if (!tally.odd) {
			tally.odd = exchange;
		}
	}
	return tally;
}

static bool reach_verdict(const struct query_report *report, const char *host,
			  char *sentence)
{
	if (report->ntp_resolve_err)
		query_say(sentence, "the NTP server '%s' has no address (%s): %s",
			  host, gai_strerror(report->ntp_resolve_err),
			  report->ke.server[0] ?
			  "NTS-KE names it, so correct that on the server" :
			  "is the name right, and does name resolution work"
			  " here?");
	else if (report->ntp_connect_err)
		query_say(sentence, "there is no way to UDP port %u of %s (%s):"
			  " look at this machine's routes", report->ntp_port,
			  report->ntp_address,
			  strerror(report->ntp_connect_err));
	else
		return false;
	return true;
}

static void silence_verdict(const struct query *query,
			    const struct query_report *report, char *sentence)
{
	if (query->nts)
		query_say(sentence, "NTS-KE answers but UDP port %u of %s does"
			  " not: is a firewall between, or is NTP not served"
			  " there?", report->ntp_port, report->ntp_address);
	else
		query_say(sentence, "UDP port %u of %s does not answer: is a"
			  " firewall between, is NTP not served there, or does"
			  " the server ignore who asks without NTS"
			  " (require-nts = ignore)?", report->ntp_port,
			  report->ntp_address);
}

static void kiss_verdict(const struct query *query,
			 const struct query_report *report, const char *kiss,
			 char *sentence)
{
	if (!strcmp(kiss, "NTSN"))
		query_say(sentence, "NTSN: %s port %u has not the key of the"
			  " cookie that NTS-KE gave a moment ago: was its key"
			  " ring flushed, or do the two not share their keys?",
			  report->ntp_address, report->ntp_port);
	else if (!strcmp(kiss, "DENY"))
		query_say(sentence, "the server denies its service (DENY): %s",
			  query->nts ? "this address is not among those it"
			  " serves (allowlist, denylist)" :
			  "it serves with NTS only (require-nts = deny), or not"
			  " this address (allowlist, denylist)");
	else if (!strcmp(kiss, "RATE"))
		query_say(sentence, "the server limits its rate (RATE): ask more"
			  " seldom (--interval)");
	else
		query_say(sentence, "the server answers with the kiss code %s"
			  " instead of the time", kiss);
}

static void odd_verdict(const struct query *query,
			const struct query_report *report,
			const struct query_exchange *odd, char *sentence)
{
	const char *address = report->ntp_address;
	uint16_t port = report->ntp_port;

	if (odd->end == QUERY_NTP_REFUSED)
		query_say(sentence, "%sUDP port %u of %s refuses (%s): is the"
			  " NTP server running there?",
			  query->nts ? "NTS-KE answers but " : "", port,
			  address, strerror(odd->err));
	else if (odd->end == QUERY_NTP_UNSENT)
		query_say(sentence, "nothing can be sent to UDP port %u of %s"
			  " (%s): look at this machine's routes and firewall",
			  port, address, strerror(odd->err));
	else if (odd->end == QUERY_NTP_NO_COOKIE)
		query_say(sentence, "the server gives fewer cookies than it"
			  " takes, so that a client has to repeat the key"
			  " exchange");
	else if (odd->kind == QUERY_REPLY_KISS)
		kiss_verdict(query, report, odd->reply.kiss, sentence);
	else if (odd->kind == QUERY_REPLY_BARE)
		query_say(sentence, "%s port %u answers without NTS though asked"
			  " with it: is this another NTP server than the one"
			  " that NTS-KE speaks for?", address, port);
	else if (odd->kind == QUERY_REPLY_FORGED)
		query_say(sentence, "the reply is not authentic by the session's"
			  " key: somebody changes packets on the way, or %s",
			  report->ke.aead == 30 ? "client and server derive the"
			  " keys of AEAD 30 differently (chrony before 4.6.1):"
			  " try --aead 15" : "the server has a fault");
	else
		query_say(sentence, "the reply's NTS fields break RFC 8915: the"
			  " server has a fault");
}

static bool clock_verdict(const struct query_exchange *last, char *sentence)
{
	if (last->reply.leap == KNTS_NTP_LEAP_UNSYNC || !last->reply.stratum ||
	    last->reply.stratum > 15)
		query_say(sentence, "the server says that it is unsynchronised:"
			  " its own clock has no source yet, or no more; on a"
			  " knts server 'kntsctl status' says why");
	else if (fabs(last->offset_s) > OFFSET_MAX_S)
		query_say(sentence, "this machine's clock is %.3f s %s the"
			  " server's: one of the two is wrong",
			  fabs(last->offset_s),
			  last->offset_s > 0 ? "behind" : "ahead of");
	else
		return false;
	return true;
}

enum query_stage query_verdict_ntp(const struct query *query,
				   const struct query_report *report,
				   char *sentence)
{
	struct tally tally = count(report);
	const char *host = report->ke.server[0] ? report->ke.server :
						  query->host;

	if (reach_verdict(report, host, sentence))
		return QUERY_STAGE_NTP;
	if (tally.odd)
		odd_verdict(query, report, tally.odd, sentence);
	else if (!tally.good)
		silence_verdict(query, report, sentence);
	else if (clock_verdict(tally.last, sentence))
		return QUERY_STAGE_CLOCK;
	else if (tally.silent)
		query_say(sentence, "%zu of %zu requests got no reply: packets"
			  " are lost on the way, or the server is overloaded",
			  tally.silent, report->exchanges_count);
	else
		query_say(sentence, "%zu of %zu replies came%s", tally.good,
			  report->exchanges_count, query->nts ?
			  ", all of them authentic" : "; NTS was not asked for");
	return tally.silent || tally.odd ? QUERY_STAGE_NTP : QUERY_STAGE_NONE;
}
