// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange.h"
#include "unit.h"

void exchange_setup(struct exchange *x, const struct server *s, u16 aead)
{
	struct knts_session session = { .aead = aead };

	memset(x, 0, sizeof(*x));
	x->session.aead = aead;
	x->session.key_len = aead_key_len(aead);
	packet_random(x->session.c2s, x->session.key_len);
	packet_random(x->session.s2c, x->session.key_len);
	memcpy(session.c2s, x->session.c2s, sizeof(session.c2s));
	memcpy(session.s2c, x->session.s2c, sizeof(session.s2c));

	x->cookie.len = knts_cookie_len(aead);
	knts_cookie_seal(x->cookie.data, 0, 1, s->key_ids[s->active],
			 &s->keys[s->active], s->nonces, &session, NULL);
}

void exchange_request(const struct exchange *x,
		      const struct exchange_shape *shape, struct packet *p)
{
	size_t uid_len = shape->uid_len ? shape->uid_len : PACKET_UID_LEN;
	struct packet hidden = { .len = 0 };
	struct packet_auth auth = {
		.nonce_len = shape->nonce_len,
		.text = hidden.data,
		.padding_len = shape->padding_len,
	};

	packet_placeholders(&hidden, shape->hidden_placeholders,
			    x->cookie.len);
	auth.text_len = hidden.len;

	packet_start(p, 4, 3);
	if (!shape->late_uid)
		packet_uid(p, uid_len);
	if (shape->early_placeholders)
		packet_placeholders(p, shape->placeholders, x->cookie.len);
	packet_cookie(p, &x->cookie);
	if (!shape->early_placeholders)
		packet_placeholders(p, shape->placeholders, x->cookie.len);
	if (shape->unknown_len)
		packet_field(p, FIELD_UNKNOWN, NULL, shape->unknown_len);
	if (shape->late_uid)
		packet_uid(p, uid_len);
	packet_auth(p, &x->session, &auth);
	packet_append(p, NULL, shape->trailing_len);
}

void exchange_ask(struct exchange_answer *a, const struct server *s,
		  const struct exchange *x, const struct packet *p)
{
	u8 *exact = unit_exact(p->data, p->len);

	memset(a, 0, sizeof(*a));
	a->verdict = server_answer(s, exact, p->len, &a->len);
	memcpy(a->data, exact, a->len);
	free(exact);
	if (a->len)
		assert_null(reply_check(&a->reply, a->data, a->len, p,
					&x->session));
}

void exchange_ask_for_nts(struct exchange_answer *a, const struct server *s,
			  const struct exchange *x, const struct packet *p)
{
	exchange_ask(a, s, x, p);
	assert_int_equal(a->verdict, KNTS_ANSWER_NTS);
	assert_true(a->reply.nts);
}

void exchange_refused(const struct server *s, const struct exchange *x,
		      const struct packet *p, enum knts_verdict expected)
{
	struct exchange_answer a;

	exchange_ask(&a, s, x, p);
	assert_int_equal(a.verdict, expected);
	assert_string_equal(a.reply.kiss, "NTSN");
	assert_false(a.reply.nts);
	assert_int_equal(a.reply.leap, 3);
	assert_int_equal(a.len, KNTS_NTP_HEADER_LEN + 4 + p->uid_len);
}

void meeting_begin(struct meeting *m, u16 aead,
		   const struct exchange_shape *shape)
{
	server_setup(&m->s);
	exchange_setup(&m->x, &m->s, aead);
	if (shape)
		exchange_request(&m->x, shape, &m->p);
}

void meeting_ask(struct meeting *m)
{
	exchange_ask_for_nts(&m->a, &m->s, &m->x, &m->p);
}
