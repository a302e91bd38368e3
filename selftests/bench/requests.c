// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "requests.h"

#define ORIGIN_OFF 24
#define TRANSMIT_OFF 40
#define FIELD_HEADER_LEN 4
#define MODE_SERVER 4
#define STRATUM_OFF 1

void requests_make(struct requests *r, size_t placeholders)
{
	const struct nts_cookie *cookie;
	struct packet *p;
	uint32_t i;

	for (i = 0; i < REQUESTS_COUNT; i++) {
		p = &r->all[i].packet;
		packet_start(p, 4, 3);
		memcpy(p->data + TRANSMIT_OFF, &i, sizeof(i));
		if (!r->nts)
			continue;
		cookie = &r->cookies[i % PACKET_COOKIES_MAX];
		packet_uid(p, PACKET_UID_LEN);
		packet_cookie(p, cookie);
		packet_placeholders(p, placeholders, cookie->len);
		packet_auth(p, &r->session, NULL);
	}
}

/* What is wrong with it at first sight, or NULL. */
static const char *glance(const struct requests *r, const struct packet *p,
			  const uint8_t *data, size_t len)
{
	if ((data[0] & 7) != MODE_SERVER)
		return "its mode is not 4";
	if (!data[STRATUM_OFF])
		return "a kiss code, or a server that is not synchronised";
	if (len != p->len)
		return "its length is not the request's";
	if (memcmp(data + ORIGIN_OFF, p->data + TRANSMIT_OFF, 8))
		return "its origin is not the request's transmit timestamp";
	if (r->nts && memcmp(data + PACKET_HEADER_LEN,
			     p->data + PACKET_HEADER_LEN,
			     FIELD_HEADER_LEN + PACKET_UID_LEN))
		return "its unique identifier is not the request's";
	return NULL;
}

struct request *requests_match(struct requests *r, const uint8_t *data,
			       size_t len)
{
	const char *wrong = NULL;
	struct request *request;
	struct reply reply;
	uint32_t i;

	r->seen++;
	if (len < PACKET_HEADER_LEN)
		goto err_wrong;
	memcpy(&i, data + ORIGIN_OFF, sizeof(i));
	if (i >= REQUESTS_COUNT)
		goto err_wrong;
	request = &r->all[i];
	wrong = glance(r, &request->packet, data, len);
	if (!wrong && r->seen % r->verify_each == 0) {
		wrong = reply_check(&reply, data, len, &request->packet,
				    r->nts ? &r->session : NULL);
		r->verified++;
	}
	if (wrong)
		goto err_wrong;
	/* It was given up, and sent again meanwhile. */
	if (!request->waits)
		return NULL;
	request->waits = false;
	return request;

err_wrong:
	if (!r->wrong++)
		fprintf(stderr, "load: a reply: %s\n",
			wrong ? wrong : "it answers no request");
	return NULL;
}
