// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets by the hundred: cut at every length, a bit flipped in every octet. */
#include "packets.h"
#include "test.h"

#define POLL_OFF 2
#define VERSIONS 8
#define MODES 8

/* What is left of a packet that was whole, by the rules P12 and N41. */
static enum knts_verdict cut_verdict(const struct packet *whole, size_t len)
{
	size_t off = PACKET_HEADER_LEN;
	size_t fields = 0;
	size_t rest;

	if (len < PACKET_HEADER_LEN)
		return KNTS_DROP_SHORT;
	if (len % 4)
		return KNTS_DROP_LENGTH;
	while (off < len) {
		rest = len - off;
		off += (size_t)(whole->data[off + 2] << 8 | whole->data[off + 3]);
		if (off > len)
			return rest == 4 || rest == 20 || rest == 24 ?
			       KNTS_DROP_MAC : KNTS_DROP_FIELD;
		fields++;
	}
	if (len == whole->len && whole->auth_off)
		return KNTS_ANSWER_NTS;
	return fields < 2 ? KNTS_ANSWER_PLAIN : KNTS_DROP_NO_AUTH;
}

static void cut(const struct asker *a, const struct packet *whole)
{
	struct packet p;
	size_t len;

	for (len = 0; len <= whole->len; len++) {
		p = *whole;
		p.len = len;
		if (len < p.uid_off + p.uid_len)
			p.uid_off = 0;
		ask(a, &p, cut_verdict(whole, len), NULL);
	}
}

static void cut_plain(const struct asker *a)
{
	struct packet p;

	packet_start(&p, 4, 3);
	cut(a, &p);
}

static void cut_request(const struct asker *a)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct packet p;

	packet_request(&p, &a->session, &cookie, 0);
	cut(a, &p);
}

static void cut_placeholders(const struct asker *a)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct packet p;

	packet_request(&p, &a->session, &cookie, 2);
	cut(a, &p);
}

static void versions_and_modes(const struct asker *a)
{
	enum knts_verdict verdict;
	unsigned int version, mode;
	struct packet p;

	for (version = 0; version < VERSIONS; version++) {
		for (mode = 0; mode < MODES; mode++) {
			packet_start(&p, version, mode);
			verdict = version < 1 || version > 4 ? KNTS_DROP_VERSION :
				  mode != 3 ? KNTS_DROP_MODE : KNTS_ANSWER_PLAIN;
			ask(a, &p, verdict, NULL);
		}
	}
}

static void nts_modes(const struct asker *a)
{
	struct nts_cookie cookie = ask_cookie(a);
	unsigned int mode;
	struct packet p;

	for (mode = 0; mode < MODES; mode++) {
		packet_start(&p, 4, mode);
		packet_uid(&p, PACKET_UID_LEN);
		packet_cookie(&p, &cookie);
		packet_auth(&p, &a->session, NULL);
		ask(a, &p, mode == 3 ? KNTS_ANSWER_NTS : KNTS_DROP_MODE, NULL);
	}
}

static void flip(const struct asker *a, size_t from, size_t len,
		 enum knts_verdict verdict)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct packet whole, p;
	size_t i;

	packet_request(&whole, &a->session, &cookie, 1);
	for (i = 0; i < len; i++) {
		p = whole;
		p.data[from + i] ^= (uint8_t)(1 << i % 8);
		ask(a, &p, verdict, NULL);
	}
}

#define COOKIE_OFF (PACKET_HEADER_LEN + 4 + PACKET_UID_LEN + 4)
#define SEALED_OFF (COOKIE_OFF + 4)

static size_t auth_off(const struct asker *a)
{
	return COOKIE_OFF + ask_cookie(a).len + 4 + ask_cookie(a).len;
}

static void flip_key_id(const struct asker *a)
{
	flip(a, COOKIE_OFF, 4, KNTS_KISS_NTSN_KEY);
}

static void flip_cookie(const struct asker *a)
{
	flip(a, SEALED_OFF, ask_cookie(a).len - 4, KNTS_KISS_NTSN_COOKIE);
}

static void flip_header(const struct asker *a)
{
	flip(a, POLL_OFF, PACKET_HEADER_LEN - POLL_OFF, KNTS_KISS_NTSN_AUTH);
}

static void flip_uid(const struct asker *a)
{
	flip(a, PACKET_HEADER_LEN + 4, PACKET_UID_LEN, KNTS_KISS_NTSN_AUTH);
}

static void flip_placeholder(const struct asker *a)
{
	size_t off = COOKIE_OFF + ask_cookie(a).len + 4;

	flip(a, off, ask_cookie(a).len, KNTS_KISS_NTSN_AUTH);
}

static void flip_nonce(const struct asker *a)
{
	flip(a, auth_off(a) + 8, aead_nonce_len(a->session.aead),
	     KNTS_KISS_NTSN_AUTH);
}

static void flip_tag(const struct asker *a)
{
	size_t nonce_len = aead_nonce_len(a->session.aead);

	flip(a, auth_off(a) + 8 + nonce_len, AEAD_TAG_LEN, KNTS_KISS_NTSN_AUTH);
}

static void any_poll(const struct asker *a)
{
	struct packet p;
	int poll;

	for (poll = -128; poll < 128; poll += 17) {
		packet_start(&p, 4, 3);
		p.data[POLL_OFF] = (uint8_t)poll;
		ask(a, &p, KNTS_ANSWER_PLAIN, NULL);
	}
}

static void nonces_differ(const struct asker *a)
{
	struct nts_cookie cookie = ask_cookie(a);
	struct reply one, two;
	struct packet p;
	size_t i, j;

	packet_request(&p, &a->session, &cookie, 7);
	ask(a, &p, KNTS_ANSWER_NTS, &one);
	ask(a, &p, KNTS_ANSWER_NTS, &two);
	for (i = 0; i < one.cookie_count; i++) {
		for (j = 0; j < two.cookie_count; j++)
			assert_memory_not_equal(one.cookies[i].data,
						two.cookies[j].data,
						one.cookies[i].len);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(one.cookies[i].data + 4,
						one.cookies[j].data + 4, 16);
	}
}

const struct sweep sweeps[] = {
	{ "P12 plain, cut at every length", cut_plain },
	{ "P12 N41 request, cut at every length", cut_request },
	{ "P12 N41 two placeholders, cut at every length", cut_placeholders },
	{ "P1 P2 version 0 to 7, mode 0 to 7", versions_and_modes },
	{ "N44 request, mode 0 to 7", nts_modes },
	{ "P4 any poll exponent", any_poll },
	{ "N40 bits of the cookie's key id", flip_key_id },
	{ "N40 N45 a bit in each octet of the cookie", flip_cookie },
	{ "N33 N40 a bit in each octet of the header", flip_header },
	{ "N33 N40 a bit in each octet of the UID", flip_uid },
	{ "N33 N40 a bit in each octet of a placeholder", flip_placeholder },
	{ "N40 a bit in each octet of the nonce", flip_nonce },
	{ "N40 a bit in each octet of the tag", flip_tag },
	{ "N42 the same request twice: nonces and cookies differ", nonces_differ },
};
const size_t sweep_count = sizeof(sweeps) / sizeof(sweeps[0]);
