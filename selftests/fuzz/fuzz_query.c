// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kntsctl query reads from a network: by the first octet an NTS-KE response,
 * or a reply to a request whose keys the fuzzer can seal with.
 */
#include "fuzz.h"
#include "kntsctl/query_packet.h"

const char fuzz_name[] = "query";

static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };

#define AEADS_COUNT (sizeof(aeads) / sizeof(*aeads))

static void read_response(const uint8_t *data, size_t len)
{
	uint8_t *exact = fuzz_exact(data, len);
	struct query_ke ke;
	size_t i;

	query_ke_read(&ke, exact, len, aeads, AEADS_COUNT);
	free(exact);
	FUZZ_MUST(ke.outcome != QUERY_KE_NONE);
	FUZZ_MUST((ke.outcome == QUERY_KE_BAD) == !!ke.fault);
	FUZZ_MUST(memchr(ke.server, '\0', sizeof(ke.server)));
	if (ke.outcome != QUERY_KE_AGREED)
		return;
	FUZZ_MUST(ke.ntpv4 && ke.aead && ke.port && ke.cookies_count);
	for (i = 0; i < ke.cookies_count && i < QUERY_COOKIES_MAX; i++)
		FUZZ_MUST(ke.cookies[i].len &&
			  ke.cookies[i].len <= QUERY_COOKIE_MAX_LEN);
}

static void make_session(struct query_session *session, uint16_t aead)
{
	static const uint8_t raw[KNTS_AEAD_KEY_MAX_LEN];
	struct knts_aead_key *const keys[] = { &session->c2s, &session->s2c };
	const uint8_t *const raws[] = { raw, raw };

	knts_aead_expand(keys, raws, 2, aead);
}

/* Makes the authenticator right, where the rest of a reply lets it stand. */
static void seal(uint8_t *data, size_t len, const struct knts_aead_key *s2c)
{
	size_t off = KNTS_NTP_HEADER_LEN + 4 + QUERY_UID_LEN;
	size_t nonce_len = knts_aead_nonce_len(s2c->id);
	uint8_t *text, *sealed = data + off + 8 + nonce_len;
	struct knts_aead aead;
	size_t text_len;

	if (len < off + 8 + nonce_len + KNTS_AEAD_TAG_LEN)
		return;
	text_len = len - off - 8 - nonce_len - KNTS_AEAD_TAG_LEN;
	text_len -= text_len % 4;
	text = fuzz_exact(sealed, text_len);
	knts_put_be16(data + off, 0x0404);
	knts_put_be16(data + off + 2, (uint16_t)(8 + nonce_len + text_len +
						 KNTS_AEAD_TAG_LEN));
	knts_put_be16(data + off + 4, (uint16_t)nonce_len);
	knts_put_be16(data + off + 6, (uint16_t)(text_len + KNTS_AEAD_TAG_LEN));
	knts_aead_seal_begin(&aead, s2c, data + off + 8, sealed, text, text_len,
			     NULL);
	knts_aead_seal_ad(&aead, data, off, off);
	knts_aead_seal_finish(&aead);
	free(text);
}

static void read_reply(const uint8_t *data, size_t len, uint16_t aead,
		       bool sealed)
{
	static const uint8_t random[QUERY_RANDOM_LEN];
	struct query_cookie cookie = { .len = 100 };
	struct query_session session;
	struct query_question question = {
		.session = &session,
		.cookie = &cookie,
		.random = random,
		.origin = 1,
		.receive = 2,
	};
	struct query_request request;
	enum query_reply_kind kind;
	struct query_reply reply;
	uint8_t *exact = fuzz_exact(data, len);
	size_t i;

	make_session(&session, aead);
	query_packet_request(&request, &question);
	if (sealed && len <= 0xffff)
		seal(exact, len, &session.s2c);
	kind = query_packet_read(&reply, exact, len, &request, &session);
	free(exact);
	FUZZ_MUST(kind != QUERY_REPLY_GOOD || reply.authentic);
	FUZZ_MUST(reply.authentic || !reply.cookies_count);
	FUZZ_MUST(reply.cookies_count <= QUERY_COOKIES_MAX);
	for (i = 0; i < reply.cookies_count; i++)
		FUZZ_MUST(reply.cookies[i].len <= QUERY_COOKIE_MAX_LEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (!len)
		return 0;
	if (data[0] & 1)
		read_response(data + 1, len - 1);
	else
		read_reply(data + 1, len - 1, aeads[(data[0] >> 2) % AEADS_COUNT],
			   data[0] & 2);
	return 0;
}
