// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "core/cookie.h"
#include "ke_message.h"

#define CRITICAL 0x8000
#define HEADER_LEN 4
#define PROTOCOL_NTPV4 0
#define LABEL_MAX_LEN 63

void ke_message_init(struct ke_request *request, const uint16_t *aeads,
		     size_t aeads_count)
{
	memset(request, 0, sizeof(*request));
	request->aeads = aeads;
	request->aeads_count = aeads_count;
}

static enum ke_progress refuse(struct ke_request *request, enum ke_error error)
{
	request->error = error;
	request->progress = KE_REFUSED;
	return KE_REFUSED;
}

static bool saw(const struct ke_request *request, enum ke_record type)
{
	return request->seen & 1U << type;
}

static bool is_known(uint16_t type)
{
	return type <= KE_RECORD_PORT || type == KE_RECORD_COMPLIANT_EXPORT;
}

/*
 * What the header alone says. Each line is a rule of RFC 8915: 4.1.1 to 4.1.8;
 * the record beyond them is as chrony has it.
 */
static bool is_well_formed(const struct ke_request *request, bool critical)
{
	size_t len = request->body_len;

	if (request->type <= KE_RECORD_PORT && saw(request, request->type))
		return false;

	switch (request->type) {
	case KE_RECORD_END:
		return critical && len == 0;
	case KE_RECORD_NEXT_PROTOCOL:
		return critical && len > 0 && len % 2 == 0;
	case KE_RECORD_AEAD:
		return len > 0 && len % 2 == 0;
	case KE_RECORD_SERVER:
		return len > 0 && len <= KE_SERVER_MAX_LEN;
	case KE_RECORD_PORT:
		return len == 2;
	case KE_RECORD_COMPLIANT_EXPORT:
		return len == 0;
	case KE_RECORD_ERROR:
	case KE_RECORD_WARNING:
	case KE_RECORD_COOKIE:
		/* Only servers send these (R15). */
		return false;
	default:
		return true;
	}
}

static enum ke_progress read_header(struct ke_request *request)
{
	uint16_t type = (uint16_t)(request->header[0] << 8 |
				   request->header[1]);
	size_t room = KE_REQUEST_MAX_LEN - request->len;

	request->header_len = 0;
	request->type = type & ~CRITICAL;
	request->body_len = (size_t)(request->header[2] << 8 |
				     request->header[3]);
	request->body_left = request->body_len;

	if (!is_known(request->type) && type & CRITICAL)
		return refuse(request, KE_ERROR_UNRECOGNISED);
	if (!is_well_formed(request, type & CRITICAL))
		return refuse(request, KE_ERROR_BAD_REQUEST);
	if (request->type <= KE_RECORD_PORT)
		request->seen |= (uint8_t)(1U << request->type);
	if (request->type == KE_RECORD_COMPLIANT_EXPORT)
		request->compliant = true;

	if (request->type == KE_RECORD_END) {
		if (!saw(request, KE_RECORD_NEXT_PROTOCOL) ||
		    (request->ntpv4 && !saw(request, KE_RECORD_AEAD)))
			return refuse(request, KE_ERROR_BAD_REQUEST);
		request->progress = KE_COMPLETE;
		return KE_COMPLETE;
	}
	/* End of Message must still fit behind it. */
	if (request->body_len + HEADER_LEN > room)
		return refuse(request, KE_ERROR_BAD_REQUEST);
	return KE_MORE;
}

/* The client knows what it can do best: its order decides. */
static void offer_aead(struct ke_request *request, uint16_t aead)
{
	size_t i;

	for (i = 0; i < request->aeads_count && !request->aead; i++)
		if (request->aeads[i] == aead)
			request->aead = aead;
}

static enum ke_progress read_body(struct ke_request *request, uint8_t octet)
{
	size_t off = request->body_len - request->body_left--;
	uint16_t number = (uint16_t)(request->half << 8 | octet);

	switch (request->type) {
	case KE_RECORD_NEXT_PROTOCOL:
		if (off % 2 && number == PROTOCOL_NTPV4)
			request->ntpv4 = true;
		break;
	case KE_RECORD_AEAD:
		if (off % 2)
			offer_aead(request, number);
		break;
	case KE_RECORD_SERVER:
		/* A NUL must not cut short what is looked at below. */
		request->server[off] = octet ? (char)octet : '?';
		if (!request->body_left &&
		    !ke_message_server_valid(request->server))
			return refuse(request, KE_ERROR_BAD_REQUEST);
		break;
	default:
		break;
	}
	request->half = octet;
	return KE_MORE;
}

/*
 * What follows End of Message is not looked at: the message ended there, and
 * whether more octets had already arrived by then is an accident of timing
 * that must not decide the answer.
 */
enum ke_progress ke_message_read(struct ke_request *request,
				 const uint8_t *data, size_t len)
{
	for (; len && request->progress == KE_MORE; data++, len--) {
		request->len++;
		if (request->body_left) {
			read_body(request, *data);
			continue;
		}
		request->header[request->header_len++] = *data;
		if (request->header_len == HEADER_LEN)
			read_header(request);
	}
	return request->progress;
}

bool ke_message_agreed(const struct ke_request *request)
{
	return request->ntpv4 && request->aead;
}

uint16_t ke_message_context_aead(const struct ke_request *request)
{
	if (request->aead == KNTS_AEAD_AES_128_GCM_SIV && !request->compliant)
		return KNTS_AEAD_AES_SIV_CMAC_256;
	return request->aead;
}

static uint8_t *put_u16(uint8_t *p, uint16_t number)
{
	*p++ = (uint8_t)(number >> 8);
	*p++ = (uint8_t)number;
	return p;
}

static uint8_t *put_record(uint8_t *p, uint16_t type, const void *body,
			   size_t len)
{
	p = put_u16(p, type);
	p = put_u16(p, (uint16_t)len);
	if (len)
		memcpy(p, body, len);
	return p + len;
}

static uint8_t *put_number(uint8_t *p, uint16_t type, uint16_t number)
{
	uint8_t body[2];

	put_u16(body, number);
	return put_record(p, type, body, sizeof(body));
}

/*
 * Server and Port are critical: a client that does not know them would go on
 * to the wrong place.
 */
static uint8_t *put_agreement(uint8_t *p, const struct ke_request *request,
			      const struct ke_answer *answer)
{
	size_t i;

	p = put_number(p, KE_RECORD_AEAD | CRITICAL, request->aead);
	if (request->compliant && request->aead == KNTS_AEAD_AES_128_GCM_SIV)
		p = put_record(p, KE_RECORD_COMPLIANT_EXPORT, NULL, 0);
	if (answer->server)
		p = put_record(p, KE_RECORD_SERVER | CRITICAL, answer->server,
			       strlen(answer->server));
	if (answer->port != KE_PORT_DEFAULT)
		p = put_number(p, KE_RECORD_PORT | CRITICAL, answer->port);
	for (i = 0; i < answer->cookies_count; i++)
		p = put_record(p, KE_RECORD_COOKIE,
			       answer->cookies + i * answer->cookie_len,
			       answer->cookie_len);
	return p;
}

size_t ke_message_answer(uint8_t *out, const struct ke_request *request,
			 const struct ke_answer *answer)
{
	const uint16_t next = KE_RECORD_NEXT_PROTOCOL | CRITICAL;
	uint8_t *p = out;

	if (!request->ntpv4)
		p = put_record(p, next, NULL, 0);
	else
		p = put_number(p, next, PROTOCOL_NTPV4);

	if (ke_message_agreed(request))
		p = put_agreement(p, request, answer);
	else if (request->ntpv4)
		p = put_record(p, KE_RECORD_AEAD | CRITICAL, NULL, 0);
	p = put_record(p, KE_RECORD_END | CRITICAL, NULL, 0);
	return (size_t)(p - out);
}

size_t ke_message_error(uint8_t *out, enum ke_error error)
{
	uint8_t *p = put_number(out, KE_RECORD_ERROR | CRITICAL, error);

	p = put_record(p, KE_RECORD_END | CRITICAL, NULL, 0);
	return (size_t)(p - out);
}

static bool is_name(const char *name)
{
	size_t len = strlen(name), label = 0;
	bool numeric = true;
	char c;

	if (len == 0 || len > KE_SERVER_MAX_LEN ||
	    (len == KE_SERVER_MAX_LEN && name[len - 1] != '.'))
		return false;

	for (; (c = *name); name++) {
		if (c == '.') {
			if (!label || name[-1] == '-')
				return false;
			label = 0;
			/* Only the last label says: 192.0.2 is no name. */
			numeric = name[1] ? true : numeric;
			continue;
		}
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", c) ||
		    (c == '-' && !label) || ++label > LABEL_MAX_LEN)
			return false;
		if (c < '0' || c > '9')
			numeric = false;
	}
	return !numeric && name[-1] != '-';
}

bool ke_message_server_valid(const char *server)
{
	struct in6_addr address;

	return inet_pton(AF_INET, server, &address) == 1 ||
	       inet_pton(AF_INET6, server, &address) == 1 || is_name(server);
}
