// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "reply.h"
#include "ef.h"

/* Of an authenticator: field header and two lengths. */
#define AUTH_NONCE_OFF (KNTS_EF_HEADER_LEN + 4)

/* Of an authenticator: what is no ciphertext. */
static size_t auth_frame_len(u16 aead)
{
	return AUTH_NONCE_OFF + knts_aead_nonce_len(aead) + KNTS_AEAD_TAG_LEN;
}

static size_t cookie_field_len(u16 aead)
{
	return KNTS_EF_HEADER_LEN + knts_cookie_len(aead);
}

static void put_header(u8 *pkt, const struct knts_request *rq,
		       const struct knts_ntp_header *hdr, u64 receive,
		       bool interleaved)
{
	u64 reference = hdr->reference;

	/* A difference, since an era may end between the two. 0 is no time. */
	if (reference && (s64)(reference - receive) > 0)
		reference = receive;

	pkt[KNTS_NTP_LVM] = (u8)(hdr->leap << 6 | rq->version << 3 |
				 KNTS_NTP_MODE_SERVER);
	pkt[KNTS_NTP_STRATUM] = hdr->stratum;
	pkt[KNTS_NTP_POLL] = (u8)rq->poll;
	pkt[KNTS_NTP_PRECISION] = (u8)hdr->precision;
	knts_put_be32(pkt + KNTS_NTP_ROOT_DELAY, hdr->root_delay);
	knts_put_be32(pkt + KNTS_NTP_ROOT_DISPERSION, hdr->root_dispersion);
	knts_put_be32(pkt + KNTS_NTP_REFERENCE_ID, hdr->reference_id);
	knts_put_be64(pkt + KNTS_NTP_REFERENCE, reference);
	memcpy(pkt + KNTS_NTP_ORIGIN,
	       pkt + (interleaved ? KNTS_NTP_RECEIVE : KNTS_NTP_TRANSMIT), 8);
	knts_put_be64(pkt + KNTS_NTP_RECEIVE, receive);
}

static void reply_begin(struct knts_reply *rp, const struct knts_request *rq,
			const struct knts_ntp_header *hdr, u64 receive,
			bool interleaved)
{
	u8 *pkt = rq->pkt;

	put_header(pkt, rq, hdr, receive, interleaved);
	if (rq->uid_len && rq->uid_off != KNTS_NTP_HEADER_LEN)
		memmove(pkt + KNTS_NTP_HEADER_LEN, pkt + rq->uid_off,
			rq->uid_len);

	rp->pkt = pkt;
	rp->len = KNTS_NTP_HEADER_LEN + rq->uid_len;
	rp->interleaved = interleaved;
	rp->sealed = false;
}

void knts_reply_plain(struct knts_reply *rp, const struct knts_request *rq,
		      const struct knts_ntp_header *hdr, u64 receive)
{
	reply_begin(rp, rq, hdr, receive, rq->interleaved);
}

void knts_reply_kiss(struct knts_reply *rp, const struct knts_request *rq,
		     u32 code, s8 precision, u64 receive)
{
	struct knts_ntp_header hdr = {
		.leap = KNTS_NTP_LEAP_UNSYNC,
		.precision = precision,
		.reference_id = code,
	};

	reply_begin(rp, rq, &hdr, receive, false);
}

void knts_reply_cookies(struct knts_reply *rp, const struct knts_request *rq,
			const struct knts_reply_keys *keys, u8 *text,
			struct knts_siv *along)
{
	u16 aead = keys->session->aead;
	size_t auth_off = KNTS_NTP_HEADER_LEN + rq->uid_len;
	size_t room_len = rq->len - auth_off - auth_frame_len(aead);
	size_t sealed_off = auth_off + AUTH_NONCE_OFF +
			    knts_aead_nonce_len(aead);
	size_t field_len = cookie_field_len(aead);
	unsigned int count = rq->cookies;
	unsigned int i;

	if (count * field_len > room_len)
		count = (unsigned int)(room_len / field_len);
	for (i = 0; i < count; i++)
		knts_ef_put_header(text + i * field_len, KNTS_EF_COOKIE,
				   field_len);
	knts_cookie_seal(text + KNTS_EF_HEADER_LEN, field_len, count,
			 keys->cookie_key_id, keys->cookie_key,
			 keys->nonces + KNTS_REPLY_NONCE_LEN, keys->session,
			 along);

	rp->cookies = (u8)count;
	rp->text_len = (u16)(count * field_len);
	knts_aead_seal_begin(&rp->aead, keys->s2c, keys->nonces,
			     rq->pkt + sealed_off, text, rp->text_len, along);
}

void knts_reply_nts(struct knts_reply *rp, const struct knts_request *rq,
		    const struct knts_ntp_header *hdr, u64 receive,
		    const struct knts_reply_keys *keys)
{
	u16 aead = keys->session->aead;
	size_t nonce_len = knts_aead_nonce_len(aead);
	size_t auth_off = KNTS_NTP_HEADER_LEN + rq->uid_len;
	size_t auth_len = rq->len - auth_off;
	size_t used_len = auth_frame_len(aead) + rp->text_len;
	u8 *auth = rq->pkt + auth_off;

	/* The unique identifier may stand where the authenticator will. */
	reply_begin(rp, rq, hdr, receive, rq->interleaved);
	rp->len = rq->len;
	rp->sealed = true;

	knts_ef_put_header(auth, KNTS_EF_AUTH, auth_len);
	knts_put_be16(auth + KNTS_EF_HEADER_LEN, (u16)nonce_len);
	knts_put_be16(auth + KNTS_EF_HEADER_LEN + 2,
		      (u16)(KNTS_AEAD_TAG_LEN + rp->text_len));
	knts_copy(auth + AUTH_NONCE_OFF, keys->nonces, nonce_len);
	if (used_len < auth_len)
		memset(auth + used_len, 0, auth_len - used_len);

	knts_aead_seal_ad(&rp->aead, rq->pkt, auth_off, KNTS_NTP_TRANSMIT);
}

void knts_reply_stamp(struct knts_reply *rp, u64 transmit)
{
	u64 receive = knts_get_be64(rp->pkt + KNTS_NTP_RECEIVE);

	/*
	 * Equal, they would mean interleaved mode to the client (RFC 9769). The
	 * blur of a coarse precision, or a clock that was stepped back, may
	 * even turn those of a basic reply round.
	 */
	if (rp->interleaved ? transmit == receive :
			      (s64)(transmit - receive) <= 0)
		transmit = receive + 1;
	knts_put_be64(rp->pkt + KNTS_NTP_TRANSMIT, transmit);
	if (rp->sealed)
		knts_aead_seal_finish(&rp->aead);
}
