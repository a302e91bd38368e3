// SPDX-License-Identifier: GPL-2.0-or-later
/* Authenticators: lengths that lie, padding, what is inside and behind. */
#include <string.h>

#include "packets.h"

static void begin(struct packet *p, const struct asker *a,
		  struct nts_cookie *cookie)
{
	*cookie = ask_cookie(a);
	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_cookie(p, cookie);
}

static void end(struct packet *p, const struct asker *a,
		const struct packet_auth *shape)
{
	struct nts_cookie cookie;

	begin(p, a, &cookie);
	packet_auth(p, &a->session, shape);
}

static void nonce_lies(struct packet *p, const struct asker *a,
		       const struct row *row)
{
	end(p, a, &(struct packet_auth){ .padding_len = (size_t)row->arg,
					 .nonce_lie = row->lie });
}

static void text_lies(struct packet *p, const struct asker *a,
		      const struct row *row)
{
	end(p, a, &(struct packet_auth){ .padding_len = (size_t)row->arg,
					 .text_lie = row->lie });
}

/* A nonce of arg octets, with lie octets of additional padding. */
static void nonce_of(struct packet *p, const struct asker *a,
		     const struct row *row)
{
	end(p, a, &(struct packet_auth){ .nonce_len = (size_t)row->arg,
					 .padding_len = (size_t)row->lie });
}

static void padded(struct packet *p, const struct asker *a,
		   const struct row *row)
{
	end(p, a, &(struct packet_auth){ .padding_len = (size_t)row->arg });
}

/* An authenticator field of arg octets, all of them zero but two lengths of 16. */
static void stub(struct packet *p, const struct asker *a, const struct row *row)
{
	static const uint8_t body[256] = { 0, 16, 0, 16 };
	struct nts_cookie cookie;

	begin(p, a, &cookie);
	packet_field(p, FIELD_AUTH, body, (size_t)row->arg - 4);
	if (row->arg < 28)
		packet_field(p, FIELD_UNKNOWN, NULL, 24);
}

/* Arg placeholders are encrypted, each lie octets too long; one is in clear. */
static void encrypted(struct packet *p, const struct asker *a,
		      const struct row *row)
{
	struct packet text = { 0 };
	struct nts_cookie cookie;

	begin(p, a, &cookie);
	packet_placeholders(p, 1, cookie.len);
	packet_placeholders(&text, (size_t)row->arg,
			    cookie.len + (size_t)row->lie);
	packet_auth(p, &a->session, &(struct packet_auth){
			.text = text.data, .text_len = text.len });
}

/* One encrypted field of arg octets that says it has lie more. */
static void encrypted_field(struct packet *p, const struct asker *a,
			    const struct row *row)
{
	struct packet text = { 0 };

	packet_field(&text, FIELD_UNKNOWN, NULL, (size_t)row->arg - 4);
	packet_field_lie(&text, 0, row->lie);
	end(p, a, &(struct packet_auth){ .text = text.data,
					 .text_len = text.len });
}

/* A whole encrypted field with arg octets behind it. */
static void encrypted_rest(struct packet *p, const struct asker *a,
			   const struct row *row)
{
	struct packet text = { 0 };

	packet_field(&text, FIELD_UNKNOWN, NULL, 12);
	packet_append(&text, NULL, (size_t)row->arg);
	end(p, a, &(struct packet_auth){ .text = text.data,
					 .text_len = text.len });
}

static void request(struct packet *p, const struct asker *a)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_request(p, &a->session, &cookie, 0);
}

static void field_behind(struct packet *p, const struct asker *a,
			 const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	request(p, a);
	packet_field(p, (uint16_t)row->arg, NULL, cookie.len);
}

static void octets_behind(struct packet *p, const struct asker *a,
			  const struct row *row)
{
	uint8_t octets[256];

	request(p, a);
	memset(octets, row->lie, sizeof(octets));
	packet_append(p, octets, (size_t)row->arg);
}

static void uid_behind(struct packet *p, const struct asker *a,
		       const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_cookie(p, &cookie);
	packet_auth(p, &a->session, NULL);
	packet_uid(p, PACKET_UID_LEN);
}

static void cookie_behind(struct packet *p, const struct asker *a,
			  const struct row *row)
{
	struct nts_cookie cookie = ask_cookie(a);

	packet_start(p, 4, 3);
	packet_uid(p, PACKET_UID_LEN);
	packet_auth(p, &a->session, NULL);
	packet_cookie(p, &cookie);
}

/* Sealed with S2C instead of C2S, as a reply sent back would be. */
static void reflected(struct packet *p, const struct asker *a,
		      const struct row *row)
{
	struct nts_session turned = a->session;
	struct nts_cookie cookie;

	memcpy(turned.c2s, a->session.s2c, sizeof(turned.c2s));
	begin(p, a, &cookie);
	packet_auth(p, &turned, NULL);
}

#define LENGTH KNTS_DROP_AUTH_LENGTH
#define NTSN KNTS_KISS_NTSN_AUTH

const struct row auth_rows[] = {
	{ "N32 nonce says 1 more", nonce_lies, 0, 1, LENGTH, 0 },
	{ "N32 nonce says 1 less", nonce_lies, 0, -1, NTSN, 0 },
	{ "N32 nonce says 4 more", nonce_lies, 0, 4, LENGTH, 0 },
	{ "N32 nonce says 4 more, and they are there", nonce_lies, 4, 4, NTSN, 0 },
	{ "N32 nonce says 5 more, 4 are there", nonce_lies, 4, 5, LENGTH, 0 },
	{ "N32 nonce says 4 less", nonce_lies, 0, -4, NTSN, 0 },
	{ "N32 nonce says 0", nonce_lies, 0, -16, LENGTH, 0 },
	{ "N32 nonce says 65535", nonce_lies, 0, 65519, LENGTH, 0 },
	{ "N32 nonce says 65532", nonce_lies, 0, 65516, LENGTH, 0 },
	{ "N32 ciphertext says 1 more", text_lies, 0, 1, LENGTH, 0 },
	{ "N32 ciphertext says 1 more, and it is there", text_lies, 4, 1, NTSN, 0 },
	{ "N32 ciphertext says 4 more, and they are there", text_lies, 4, 4, NTSN, 0 },
	{ "N32 ciphertext says 5 more, 4 are there", text_lies, 4, 5, LENGTH, 0 },
	{ "N32 ciphertext says 15", text_lies, 0, -1, LENGTH, 0 },
	{ "N32 ciphertext says 0", text_lies, 0, -16, LENGTH, 0 },
	{ "N32 ciphertext says 65535", text_lies, 0, 65519, LENGTH, 0 },
	{ "N32 ciphertext says 65532", text_lies, 0, 65516, LENGTH, 0 },
	{ "N32 authenticator of 16", stub, 16, 0, LENGTH, 0 },
	{ "N32 authenticator of 24", stub, 24, 0, LENGTH, 0 },
	{ "N32 authenticator of 36", stub, 36, 0, LENGTH, 0 },
	{ "N40 authenticator of 40, zeros", stub, 40, 0, NTSN, 0 },
	{ "N32 additional padding of 4", padded, 4, 0, KNTS_ANSWER_NTS, 1 },
	{ "N32 additional padding of 120", padded, 120, 0, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 1, padding of 12", nonce_of, 1, 12, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 1, padding of 8", nonce_of, 1, 8, KNTS_DROP_AUTH_PADDING, 0 },
	{ "N34 nonce of 1, no padding", nonce_of, 1, 0, KNTS_DROP_AUTH_PADDING, 0 },
	{ "N34 nonce of 8, padding of 8", nonce_of, 8, 8, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 8, padding of 4", nonce_of, 8, 4, KNTS_DROP_AUTH_PADDING, 0 },
	{ "N34 nonce of 12, padding of 4", nonce_of, 12, 4, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 12, no padding", nonce_of, 12, 0, KNTS_DROP_AUTH_PADDING, 0 },
	{ "N34 nonce of 13, no padding", nonce_of, 13, 0, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 17", nonce_of, 17, 0, KNTS_ANSWER_NTS, 1 },
	{ "N34 nonce of 64", nonce_of, 64, 0, KNTS_ANSWER_NTS, 1 },
	{ "N31 encrypted placeholder", encrypted, 1, 0, KNTS_ANSWER_NTS, 3 },
	{ "N31 N37 6 encrypted placeholders", encrypted, 6, 0, KNTS_ANSWER_NTS, 8 },
	{ "N31 N37 8 encrypted placeholders", encrypted, 8, 0, KNTS_ANSWER_NTS, 8 },
	{ "N31 encrypted placeholders too long", encrypted, 2, 4, KNTS_ANSWER_NTS, 2 },
	{ "N31 encrypted placeholders too short", encrypted, 2, -4, KNTS_ANSWER_NTS, 2 },
	{ "N33 encrypted field of 4", encrypted_field, 4, 0, KNTS_ANSWER_NTS, 1 },
	{ "N33 encrypted field of 20", encrypted_field, 20, 0, KNTS_ANSWER_NTS, 1 },
	{ "N33 encrypted field says 0", encrypted_field, 8, -8, KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 encrypted field says 3", encrypted_field, 8, -5, KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 encrypted field says 7", encrypted_field, 8, -1, KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 encrypted field says 9", encrypted_field, 8, 1, KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 encrypted field says 12 of 8", encrypted_field, 8, 4,
	  KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 encrypted field says 65532", encrypted_field, 8, 65524,
	  KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 1 octet behind encrypted fields", encrypted_rest, 1, 0,
	  KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 3 octets behind encrypted fields", encrypted_rest, 3, 0,
	  KNTS_DROP_PLAINTEXT, 0 },
	{ "N33 4 octets of zero behind encrypted fields", encrypted_rest, 4, 0,
	  KNTS_DROP_PLAINTEXT, 0 },
	{ "N35 placeholder behind", field_behind, FIELD_PLACEHOLDER, 0,
	  KNTS_ANSWER_NTS, 1 },
	{ "N35 cookie behind", field_behind, FIELD_COOKIE, 0, KNTS_ANSWER_NTS, 1 },
	{ "N35 second UID behind", field_behind, FIELD_UID, 0, KNTS_ANSWER_NTS, 1 },
	{ "N35 second authenticator behind", field_behind, FIELD_AUTH, 0,
	  KNTS_ANSWER_NTS, 1 },
	{ "N35 unknown field behind", field_behind, FIELD_UNKNOWN, 0,
	  KNTS_ANSWER_NTS, 1 },
	{ "N35 4 octets behind", octets_behind, 4, 0xff, KNTS_ANSWER_NTS, 1 },
	{ "N35 MAC of 20 behind", octets_behind, 20, 0, KNTS_ANSWER_NTS, 1 },
	{ "N35 MAC of 24 behind", octets_behind, 24, 0xff, KNTS_ANSWER_NTS, 1 },
	{ "N35 no field at all behind", octets_behind, 96, 0xff, KNTS_ANSWER_NTS, 1 },
	{ "N35 N41 the only UID behind", uid_behind, 0, 0, KNTS_DROP_NO_UID, 0 },
	{ "N35 N41 the only cookie behind", cookie_behind, 0, 0,
	  KNTS_DROP_NO_COOKIE, 0 },
	{ "N40 sealed under S2C", reflected, 0, 0, NTSN, 0 },
};
const size_t auth_row_count = sizeof(auth_rows) / sizeof(auth_rows[0]);
