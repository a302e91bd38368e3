// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers, extension fields, cookies and placeholders. */
#include "packets.h"

#define LONGEST 1536

static void plain(struct packet *p, const struct asker *a, const struct row *row)
{
	packet_start(p, 4, 3);
	if (row->arg)
		packet_uid(p, (size_t)row->arg);
}

/* Arg octets in all, filled with one unknown field. */
static void filled(struct packet *p, const struct asker *a, const struct row *row)
{
	packet_start(p, 4, 3);
	packet_field(p, FIELD_UNKNOWN, NULL,
		     (size_t)row->arg - PACKET_HEADER_LEN - 4);
}

static void old_with_rest(struct packet *p, const struct asker *a,
			  const struct row *row)
{
	packet_start(p, (unsigned int)row->arg, 3);
	packet_uid(p, PACKET_UID_LEN);
}

static void with_mac(struct packet *p, const struct asker *a,
		     const struct row *row)
{
	packet_start(p, 4, 3);
	packet_append(p, NULL, (size_t)row->arg);
}

static void uid_and_mac(struct packet *p, const struct asker *a,
			const struct row *row)
{
	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_append(p, NULL, (size_t)row->arg);
}

/* An unknown field of arg octets whose stated length lies, then a whole one. */
static void lying_field(struct packet *p, const struct asker *a,
			const struct row *row)
{
	size_t off;

	packet_start(p, 4, 3);
	off = packet_field(p, FIELD_UNKNOWN, NULL, (size_t)row->arg - 4);
	packet_field_lie(p, off, row->lie);
	packet_uid(p, PACKET_UID_LEN);
}

static void two_uids_plain(struct packet *p, const struct asker *a,
			   const struct row *row)
{
	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_uid(p, PACKET_UID_LEN);
}

static void request(struct packet *p, const struct asker *a,
		    const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_request(p, &a->session, &cookie, (size_t)row->arg);
}

/* Three placeholders, the one in the middle longer or shorter by lie. */
static void wrong_placeholder(struct packet *p, const struct asker *a,
			      const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &cookie);
	packet_placeholders(p, 1, cookie.len);
	packet_placeholders(p, 1, cookie.len + (size_t)row->lie);
	packet_placeholders(p, 1, cookie.len);
	packet_auth(p, &a->session, NULL);
}

static void placeholders_first(struct packet *p, const struct asker *a,
			       const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_placeholders(p, (size_t)row->arg, cookie.len);
	packet_cookie(p, &cookie);
	packet_uid(p, PACKET_UID_LEN);
	packet_auth(p, &a->session, NULL);
}

/* Any choice of the fields an NTS request needs, by bits of arg. */
enum { UID = 1, UID2 = 2, COOKIE = 4, COOKIE2 = 8, AUTH = 16, HOLDER = 32 };

static void choice(struct packet *p, const struct asker *a,
		   const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	if (row->arg & UID)
		packet_uid(p, PACKET_UID_LEN);
	if (row->arg & UID2)
		packet_uid(p, PACKET_UID_LEN);
	if (row->arg & COOKIE)
		packet_cookie(p, &cookie);
	if (row->arg & COOKIE2)
		packet_cookie(p, &cookie);
	if (row->arg & HOLDER)
		packet_placeholders(p, 1, cookie.len);
	if (row->arg & AUTH)
		packet_auth(p, &a->session, NULL);
}

static void uid_of(struct packet *p, const struct asker *a,
		   const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_uid(p, (size_t)row->arg);
	packet_cookie(p, &cookie);
	packet_auth(p, &a->session, NULL);
}

/* Arg octets of a cookie, whole at first, zeros behind its end. */
static void cookie_of(struct packet *p, const struct asker *a,
		      const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	cookie.len = (size_t)row->arg;
	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &cookie);
	packet_auth(p, &a->session, NULL);
}

static void unknown_key(struct packet *p, const struct asker *a,
			const struct row *row)
{
	struct rig_key key = a->key;
	struct nts_cookie cookie;

	key.id = (uint32_t)row->arg;
	cookie = rig_cookie(&a->session, &key);
	packet_request(p, &a->session, &cookie, 0);
}

/* Unknown fields around the others, the shortest there can be and a longer. */
static void unknown_fields(struct packet *p, const struct asker *a,
			   const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_field(p, FIELD_UNKNOWN, NULL, 12);
	packet_uid(p, PACKET_UID_LEN);
	packet_field(p, FIELD_UNKNOWN + 1, NULL, 40);
	packet_cookie(p, &cookie);
	packet_field(p, FIELD_UNKNOWN, NULL, 12);
	packet_auth(p, &a->session, NULL);
}

static void old_request(struct packet *p, const struct asker *a,
			const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, (unsigned int)row->arg, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, &cookie);
	packet_auth(p, &a->session, NULL);
}

static void foreign_aead(struct packet *p, const struct asker *a,
			 const struct row *row)
{
	struct nts_session other = a->session;
	struct nts_cookie cookie;

	other.aead = (uint16_t)row->arg;
	cookie = rig_cookie(&other, &a->key);
	packet_request(p, &a->session, &cookie, 0);
}

const struct row form_rows[] = {
	{ "P2 plain", plain, 0, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "N29 plain, UID of 32", plain, 32, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "N29 plain, UID of 64", plain, 64, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "N29 plain, UID of 28", plain, 28, 0, KNTS_DROP_UID_SHORT, 0 },
	{ "N29 plain, two UIDs", two_uids_plain, 0, 0, KNTS_DROP_UID_TWICE, 0 },
	{ "P12 plain, longest", filled, LONGEST, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "P12 plain, longer than that", filled, LONGEST + 4, 0, KNTS_DROP_LONG, 0 },
	{ "P12 last field of 28", filled, 76, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "P12 last field of 24 can only be a MAC", filled, 72, 0, KNTS_DROP_MAC, 0 },
	{ "P12 last field of 16", filled, 64, 0, KNTS_DROP_FIELD, 0 },
	{ "P13 version 3, more than a header", old_with_rest, 3, 0, KNTS_DROP_MAC, 0 },
	{ "P13 version 1, more than a header", old_with_rest, 1, 0, KNTS_DROP_MAC, 0 },
	{ "P12 MAC of 20", with_mac, 20, 0, KNTS_DROP_MAC, 0 },
	{ "P12 MAC of 24", with_mac, 24, 0, KNTS_DROP_MAC, 0 },
	{ "P12 crypto-NAK", with_mac, 4, 0, KNTS_DROP_MAC, 0 },
	{ "P12 UID, MAC of 20", uid_and_mac, 20, 0, KNTS_DROP_MAC, 0 },
	{ "P12 UID, MAC of 24", uid_and_mac, 24, 0, KNTS_DROP_MAC, 0 },
	{ "P12 field that says 0", lying_field, 16, -16, KNTS_DROP_FIELD, 0 },
	{ "P12 field that says 4", lying_field, 16, -12, KNTS_DROP_FIELD, 0 },
	{ "P12 field that says 12", lying_field, 16, -4, KNTS_DROP_FIELD, 0 },
	{ "P12 field that says 15", lying_field, 16, -1, KNTS_DROP_FIELD, 0 },
	{ "P12 field that says 16", lying_field, 16, 0, KNTS_ANSWER_PLAIN, 0 },
	{ "P12 field that says 17", lying_field, 16, 1, KNTS_DROP_FIELD, 0 },
	{ "P12 field that says more than there is", lying_field, 16, 40,
	  KNTS_DROP_FIELD, 0 },
	{ "P12 field that says 65532", lying_field, 16, 65516, KNTS_DROP_FIELD, 0 },
	{ "N36 N38 N39 request", request, 0, 0, KNTS_ANSWER_NTS, 1 },
	{ "N37 1 placeholder", request, 1, 0, KNTS_ANSWER_NTS, 2 },
	{ "N37 N48 7 placeholders", request, 7, 0, KNTS_ANSWER_NTS, 8 },
	{ "N37 8 placeholders", request, 8, 0, KNTS_ANSWER_NTS, 8 },
	{ "N31 placeholder 4 too long", wrong_placeholder, 0, 4, KNTS_ANSWER_NTS, 3 },
	{ "N31 placeholder 4 too short", wrong_placeholder, 0, -4, KNTS_ANSWER_NTS, 3 },
	{ "N31 placeholder of 12", wrong_placeholder, 0, -92, KNTS_ANSWER_NTS, 3 },
	{ "N31 placeholders before the cookie", placeholders_first, 3, 0,
	  KNTS_ANSWER_NTS, 4 },
	{ "N30 two UIDs", choice, UID | UID2 | COOKIE | AUTH, 0,
	  KNTS_DROP_UID_TWICE, 0 },
	{ "N30 two cookies", choice, UID | COOKIE | COOKIE2 | AUTH, 0,
	  KNTS_DROP_COOKIE_TWICE, 0 },
	{ "N41 no UID", choice, COOKIE | AUTH, 0, KNTS_DROP_NO_UID, 0 },
	{ "N41 no cookie", choice, UID | AUTH, 0, KNTS_DROP_NO_COOKIE, 0 },
	{ "N41 no authenticator", choice, UID | COOKIE, 0, KNTS_DROP_NO_AUTH, 0 },
	{ "N41 placeholder, no authenticator", choice, UID | COOKIE | HOLDER, 0,
	  KNTS_DROP_NO_AUTH, 0 },
	{ "N41 placeholder, no cookie", choice, UID | HOLDER | AUTH, 0,
	  KNTS_DROP_NO_COOKIE, 0 },
	{ "N41 authenticator alone", choice, AUTH, 0, KNTS_DROP_NO_UID, 0 },
	{ "N29 UID of 12", uid_of, 12, 0, KNTS_DROP_UID_SHORT, 0 },
	{ "N29 UID of 28", uid_of, 28, 0, KNTS_DROP_UID_SHORT, 0 },
	{ "N29 UID of 32", uid_of, 32, 0, KNTS_ANSWER_NTS, 1 },
	{ "N29 UID of 36", uid_of, 36, 0, KNTS_ANSWER_NTS, 1 },
	{ "N29 UID of 128", uid_of, 128, 0, KNTS_ANSWER_NTS, 1 },
	{ "N40 cookie of 12", cookie_of, 12, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N40 cookie of 36", cookie_of, 36, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N40 cookie 4 too short", cookie_of, 100, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N40 cookie 4 too long", cookie_of, 108, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N40 cookie of 256", cookie_of, 256, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N40 key id unknown", unknown_key, 77, 0, KNTS_KISS_NTSN_KEY, 0 },
	{ "N40 key id 0", unknown_key, 0, 0, KNTS_KISS_NTSN_KEY, 0 },
	{ "N43 unknown fields", unknown_fields, 0, 0, KNTS_ANSWER_NTS, 1 },
	{ "P13 N44 request in version 3", old_request, 3, 0, KNTS_DROP_MAC, 0 },
	{ "N45 cookie of AEAD 30", foreign_aead, 30, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N45 cookie of AEAD 0", foreign_aead, 0, 0, KNTS_KISS_NTSN_COOKIE, 0 },
	{ "N45 cookie of AEAD 17 with keys of 15", foreign_aead, 17, 0,
	  KNTS_KISS_NTSN_COOKIE, 0 },
};
const size_t form_row_count = sizeof(form_rows) / sizeof(form_rows[0]);
