// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "reply.h"
#include "ef.h"

/* Of an authenticator: field header, two lengths, nonce. */
#define AUTH_NONCE_OFF (KNTS_EF_HEADER_LEN + 4)
#define AUTH_TAG_OFF (AUTH_NONCE_OFF + KNTS_REPLY_NONCE_LEN)
#define AUTH_TEXT_OFF (AUTH_TAG_OFF + KNTS_SIV_TAG_LEN)

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
	if (rq->uid_len)
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

/* Return: length of the new cookies' fields, which are what gets encrypted. */
static size_t put_cookies(u8 *text, size_t room_len, u8 cookies,
			  const struct knts_reply_keys *keys)
{
	size_t cookie_len = knts_cookie_len(keys->session->aead);
	size_t field_len = KNTS_EF_HEADER_LEN + cookie_len;
	const u8 *nonce = keys->nonces;
	size_t text_len = 0;

	for (; cookies && text_len + field_len <= room_len; cookies--) {
		nonce += KNTS_REPLY_NONCE_LEN;
		knts_ef_put_header(text, KNTS_EF_COOKIE, field_len);
		knts_cookie_seal(text + KNTS_EF_HEADER_LEN, keys->cookie_key_id,
				 keys->cookie_key, nonce, keys->session);
		text += field_len;
		text_len += field_len;
	}

	return text_len;
}

void knts_reply_nts(struct knts_reply *rp, const struct knts_request *rq,
		    const struct knts_ntp_header *hdr, u64 receive,
		    const struct knts_reply_keys *keys)
{
	size_t auth_off = KNTS_NTP_HEADER_LEN + rq->uid_len;
	size_t auth_len = rq->len - auth_off;
	size_t room_len = auth_len - AUTH_TEXT_OFF;
	u8 *auth = rq->pkt + auth_off;
	size_t text_len;

	/* The unique identifier may stand where the authenticator will. */
	reply_begin(rp, rq, hdr, receive, rq->interleaved);
	rp->len = rq->len;
	rp->sealed = true;

	text_len = put_cookies(auth + AUTH_TEXT_OFF, room_len, rq->cookies,
			       keys);
	memset(auth + AUTH_TEXT_OFF + text_len, 0, room_len - text_len);

	knts_ef_put_header(auth, KNTS_EF_AUTH, auth_len);
	knts_put_be16(auth + KNTS_EF_HEADER_LEN, KNTS_REPLY_NONCE_LEN);
	knts_put_be16(auth + KNTS_EF_HEADER_LEN + 2,
		      (u16)(KNTS_SIV_TAG_LEN + text_len));
	memcpy(auth + AUTH_NONCE_OFF, keys->nonces, KNTS_REPLY_NONCE_LEN);

	knts_siv_seal_begin(&rp->seal, keys->s2c, rq->pkt, auth_off,
			    KNTS_NTP_TRANSMIT, auth + AUTH_NONCE_OFF,
			    KNTS_REPLY_NONCE_LEN, auth + AUTH_TAG_OFF,
			    text_len);
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
		knts_siv_seal_finish(&rp->seal);
}
