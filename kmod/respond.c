// SPDX-License-Identifier: GPL-2.0-only
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/sock.h>

#include "admit.h"
#include "aes/select.h"
#include "clock.h"
#include "compat/local_lock.h"
#include "core/ef.h"
#include "core/reply.h"
#include "drop.h"
#include "endpoint.h"
#include "interleave.h"
#include "keyring.h"
#include "packet.h"
#include "record.h"
#include "respond.h"
#include "rxstamp.h"
#include "stats.h"
#include "trace.h"
#include "tx.h"
#include "txstamp.h"

/* Random octets that one packet may take: both blurs, and all nonces. */
#define RANDOM_PACKET_LEN (sizeof(u64) + KNTS_REPLY_NONCES_MAX_LEN)
#define RANDOM_LEN (8 * RANDOM_PACKET_LEN)

/**
 * struct scratch - what a CPU works with while it answers one packet
 * @lock: held while it does; released before the reply goes to the stack, which
 *	may bring the next packet before it returns
 * @c2s: the client's key; secret, wiped with each packet
 * @s2c: the server's key; secret, wiped with each packet
 * @session: what the cookie held; secret, wiped with each packet
 * @verification: of the request
 * @rp: the reply
 * @text: the reply's new cookies
 * @random_used_len: so much of @random is used
 * @random: drawn after a reply has left, so that none waits for it
 */
struct scratch {
	local_lock_t lock;
	struct knts_aead_key c2s;
	struct knts_aead_key s2c;
	struct knts_session session;
	struct knts_verification verification;
	struct knts_reply rp;
	u8 text[KNTS_REPLY_TEXT_MAX_LEN];
	size_t random_used_len;
	u8 random[RANDOM_LEN];
};

static struct scratch __percpu *scratches;

static u8 *take_random(struct scratch *scratch, size_t len)
{
	u8 *random = scratch->random + scratch->random_used_len;

	scratch->random_used_len += len;
	return random;
}

/*
 * What interleaved mode owes the client from an earlier reply, and a place for
 * this one. Only for a client that remembers a reply (RFC 9769, 3): the others
 * would fill the table for nothing.
 */
static void interleave(struct knts_packet *pkt)
{
	struct knts_pairs *pairs = knts_interleave_pairs(pkt->knet);
	bool evicted;

	if (!pairs || !pkt->rq.origin)
		return;

	if (pkt->rq.asks_interleaved &&
	    knts_pairs_take(pairs, pkt->rq.origin, pkt->now.era,
			    &pkt->transmit)) {
		pkt->rq.interleaved = true;
		knts_stats_count(pkt->knet, KNTS_STAT_INTERLEAVED);
	}

	pkt->pair = knts_pairs_claim(pairs, &pkt->receive, pkt->now.era,
				     &evicted);
	if (pkt->pair)
		knts_stats_count(pkt->knet, KNTS_STAT_PAIR_SAVED);
	if (evicted)
		knts_stats_count(pkt->knet, KNTS_STAT_PAIR_EVICTED);
}

/*
 * Verify an NTS request, and make its reply ready if it is authentic. New
 * cookies and what else needs no verified request are made along with the
 * verification, since they do not wait for each other.
 */
static enum knts_verdict serve_session(struct knts_packet *pkt,
				       struct scratch *scratch,
				       const struct knts_key *active)
{
	struct knts_aead_key *const keys[] = { &scratch->c2s, &scratch->s2c };
	struct knts_session *session = &scratch->session;
	const u8 *const raw[] = { session->c2s, session->s2c };
	struct knts_reply_keys reply_keys = {
		.session = session,
		.s2c = &scratch->s2c,
		.cookie_key = &active->siv,
		.cookie_key_id = active->id,
	};
	enum knts_verdict verdict;

	knts_aead_expand(keys, raw, 2, session->aead);
	knts_request_verify_begin(&scratch->verification, &pkt->rq,
				  &scratch->c2s);
	reply_keys.nonces = take_random(scratch, (1 + pkt->rq.cookies) *
						 KNTS_REPLY_NONCE_LEN);
	knts_reply_cookies(pkt->rp, &pkt->rq, &reply_keys, scratch->text,
			   knts_aead_open_along(&scratch->verification.aead));
	verdict = knts_request_verify_finish(&scratch->verification);
	knts_aead_wipe(&scratch->c2s);
	if (verdict != KNTS_ANSWER_NTS) {
		knts_wipe(&pkt->rp->aead, sizeof(pkt->rp->aead));
		knts_aead_wipe(&scratch->s2c);
		return verdict;
	}

	interleave(pkt);
	knts_reply_nts(pkt->rp, &pkt->rq, &pkt->header, pkt->receive,
		       &reply_keys);
	pkt->aead = session->aead;
	pkt->cookies = pkt->rp->cookies;
	knts_keyring_count(active, 0, pkt->cookies);
	return verdict;
}

static enum knts_verdict answer_nts(struct knts_packet *pkt, struct scratch *scratch)
{
	const struct knts_ring *ring = rcu_dereference(pkt->knet->ring);
	const u8 *cookie = pkt->rq.pkt + pkt->rq.cookie_off;
	struct knts_session *session = &scratch->session;
	const struct knts_key *key;
	enum knts_verdict verdict;

	key = knts_keyring_find(ring, knts_cookie_key_id(cookie));
	if (!key)
		return KNTS_KISS_NTSN_KEY;
	if (!knts_cookie_open(session, cookie, pkt->rq.cookie_len, &key->siv))
		return KNTS_KISS_NTSN_COOKIE;
	knts_keyring_count(key, 1, 0);

	if (knts_request_suits(&pkt->rq, session->aead))
		verdict = serve_session(pkt, scratch, ring->active);
	else
		verdict = KNTS_DROP_AUTH_PADDING;

	knts_wipe(session, sizeof(*session));
	return verdict;
}

/* Everything of the reply but its transmit timestamp. */
static enum knts_verdict make_ready(struct knts_packet *pkt, struct scratch *scratch,
				    enum knts_verdict verdict)
{
	s8 precision;

	knts_clock_header(pkt->knet, &pkt->header);
	precision = pkt->header.precision;
	pkt->receive = knts_clock_receive_stamp(pkt->received.real_ns,
						pkt->received.source ==
						KNTS_STAT_STAMP_HARDWARE ?
						KNTS_PHC_PRECISION : precision,
						pkt->blur);

	if (verdict == KNTS_ANSWER_NTS)
		verdict = answer_nts(pkt, scratch);

	switch (verdict) {
	case KNTS_ANSWER_PLAIN:
		interleave(pkt);
		knts_reply_plain(pkt->rp, &pkt->rq, &pkt->header,
				 pkt->receive);
		break;
	case KNTS_KISS_DENY:
		knts_reply_kiss(pkt->rp, &pkt->rq, KNTS_NTP_KISS_DENY,
				precision, pkt->receive);
		break;
	case KNTS_KISS_NTSN_KEY:
	case KNTS_KISS_NTSN_COOKIE:
	case KNTS_KISS_NTSN_AUTH:
		knts_reply_kiss(pkt->rp, &pkt->rq, KNTS_NTP_KISS_NTSN,
				precision, pkt->receive);
		break;
	default:
		break;
	}

	return verdict;
}

static enum knts_phc_kind reply_kind(const struct knts_packet *pkt)
{
	if (pkt->endpoint->address.family == AF_INET6)
		return pkt->rp->sealed ? KNTS_PHC_NTS6 : KNTS_PHC_PLAIN6;
	return pkt->rp->sealed ? KNTS_PHC_NTS4 : KNTS_PHC_PLAIN4;
}

/* What the device that brought the request can tell of the reply's departure. */
static void prepare_departure(struct knts_packet *pkt)
{
	enum knts_phc_kind kind = reply_kind(pkt);

	if (!pkt->setting)
		return;

	pkt->departure_ns = knts_phc_departure_ns(pkt->phc, kind);
	if (pkt->pair || knts_txstamp_is_due(pkt->phc, kind, &pkt->now))
		pkt->flight = knts_txstamp_ask(pkt->knet, pkt->phc, kind,
					       pkt->departure_ns, pkt->skb);
}

/*
 * Write the transmit timestamp. It counts on from the clock's reading at the
 * request if the clock was stepped since: a reply has one timescale.
 */
static void stamp(struct knts_packet *pkt)
{
	s8 precision = pkt->departure_ns ? KNTS_PHC_PRECISION :
					   pkt->header.precision;
	struct knts_now now;
	u64 transmit;

	knts_clock_now(&now);
	if (unlikely(now.era != pkt->now.era)) {
		now.real_ns = pkt->now.real_ns + (now.raw_ns - pkt->now.raw_ns);
		now.era = pkt->now.era;
	}
	pkt->transmit_ns = now.real_ns + pkt->departure_ns;
	transmit = knts_clock_transmit_stamp(pkt->transmit_ns, precision,
					     pkt->blur >> 32);
	knts_reply_stamp(pkt->rp,
			 pkt->rp->interleaved ? pkt->transmit : transmit);

	if (pkt->pair)
		knts_pair_save(pkt->pair, pkt->receive, transmit, now.era);
	if (pkt->flight)
		knts_txstamp_launch(pkt->flight, &now,
				    pkt->pair ? pkt->receive : 0);
}

/* Enough for one packet. */
static void fill_random(struct scratch *scratch)
{
	if (scratch->random_used_len <= RANDOM_LEN - RANDOM_PACKET_LEN)
		return;
	get_random_bytes(scratch->random, RANDOM_LEN);
	scratch->random_used_len = 0;
}

/* Draw random octets for packets to come; this one has left. */
static void refill_random(void)
{
	knts_compat_lock_bh(&scratches->lock);
	fill_random(this_cpu_ptr(scratches));
	knts_compat_unlock_bh(&scratches->lock);
}

static bool begin_aes(const struct knts_packet *pkt)
{
	bool section = knts_aes_begin();

	if (!section)
		knts_stats_count(pkt->knet, KNTS_STAT_AES_LIBRARY);
	return section;
}

/* From the request's octets, which are ours by now, to the reply on the wire. */
static enum knts_verdict reply(struct knts_packet *pkt, enum knts_verdict verdict)
{
	struct scratch *scratch;
	bool section = false;

	knts_compat_lock_bh(&scratches->lock);
	scratch = this_cpu_ptr(scratches);
	/* Done already, but after a drop, or in the midst of another's sending. */
	fill_random(scratch);
	pkt->rp = &scratch->rp;
	pkt->blur = knts_get_be64(take_random(scratch, sizeof(u64)));
	if (verdict == KNTS_ANSWER_NTS)
		section = begin_aes(pkt);
	verdict = make_ready(pkt, scratch, verdict);
	if (!knts_packet_is_answer(verdict))
		goto out_end_section;

	pkt->reply_len = pkt->rp->len;
	knts_tx_build(&pkt->tx, pkt->reply_len);
	knts_stats_count(pkt->knet, verdict);
	prepare_departure(pkt);

	/* Nothing that can wait stands between the stamp and the sending. */
	stamp(pkt);
	if (verdict == KNTS_ANSWER_NTS)
		knts_aead_wipe(&scratch->s2c);
	if (section)
		knts_aes_end();
	knts_compat_unlock_bh(&scratches->lock);
	knts_tx_send(&pkt->tx);

	refill_random();
	return verdict;

out_end_section:
	if (section)
		knts_aes_end();
	knts_compat_unlock_bh(&scratches->lock);
	return verdict;
}

static enum knts_verdict respond(struct knts_packet *pkt, struct sock *sk)
{
	enum knts_verdict verdict;

	knts_clock_now(&pkt->now);
	pkt->phc = knts_phc_find(pkt->knet, pkt->skb);
	pkt->setting = knts_phc_line(pkt->phc, &pkt->now);
	knts_rxstamp_read(&pkt->received, pkt->knet, pkt->skb, pkt->phc,
			  pkt->setting, &pkt->now);
	trace_knts_receive(pkt->skb, pkt->received.source,
			   pkt->received.real_ns);

	verdict = knts_admit(pkt);
	if (!knts_packet_is_answer(verdict))
		return verdict;

	if (!knts_tx_claim(&pkt->tx, sk, pkt->skb, &verdict))
		return verdict;
	/* Another device's clock tells nothing. */
	if (!knts_tx_is_return(&pkt->tx, pkt->phc ? pkt->phc->dev : NULL))
		pkt->setting = NULL;
	pkt->pair = NULL;
	pkt->flight = NULL;
	pkt->departure_ns = 0;
	pkt->rq.pkt = pkt->skb->data + sizeof(struct udphdr);

	return reply(pkt, verdict);
}

int knts_respond_rcv(struct sock *sk, struct sk_buff *skb)
{
	enum knts_verdict verdict = KNTS_DROP_DEAD;
	struct knts_packet pkt __uninitialized;

	pkt.knet = knts_main_net(sock_net(sk));
	pkt.endpoint = rcu_dereference_sk_user_data(sk);
	pkt.skb = skb;
	if (pkt.endpoint)
		verdict = respond(&pkt, sk);
	if (knts_packet_is_answer(verdict)) {
		knts_record_reply(&pkt, verdict);
		return 0;
	}

	knts_record_drop(&pkt, verdict);
	knts_drop_skb(skb, verdict);
	return 0;
}

int knts_respond_init(void)
{
	int err;
	int cpu;

	/* Nonces come from a generator that is seeded, or not at all. */
	err = wait_for_random_bytes();
	if (err)
		return err;

	scratches = alloc_percpu(struct scratch);
	if (!scratches)
		return -ENOMEM;

	for_each_possible_cpu(cpu) {
		struct scratch *scratch = per_cpu_ptr(scratches, cpu);

		local_lock_init(&scratch->lock);
		get_random_bytes(scratch->random, RANDOM_LEN);
	}

	return 0;
}

void knts_respond_exit(void)
{
	free_percpu(scratches);
}
