// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>

#include "core/aead.h"
#include "kntsctl/query_ke.h"

#define HEADER_LEN 4
#define CRITICAL 0x8000
#define PORT_DEFAULT 123
#define PROTOCOL_NTPV4 0

enum record {
	RECORD_END = 0,
	RECORD_NEXT_PROTOCOL = 1,
	RECORD_ERROR = 2,
	RECORD_WARNING = 3,
	RECORD_AEAD = 4,
	RECORD_COOKIE = 5,
	RECORD_SERVER = 6,
	RECORD_PORT = 7,
	RECORD_COMPLIANT = 1024,
};

struct response {
	struct query_ke *ke;
	const uint16_t *aeads;
	size_t aeads_count;
	unsigned int seen;
	bool failed;
};

static uint8_t *put_header(uint8_t *out, uint16_t type, size_t body_len)
{
	knts_put_be16(out, type);
	knts_put_be16(out + 2, (uint16_t)body_len);
	return out + HEADER_LEN;
}

size_t query_ke_request(uint8_t *out, const uint16_t *aeads, size_t count)
{
	bool ask_compliant = false;
	uint8_t *at = out;
	size_t i;

	at = put_header(at, CRITICAL | RECORD_NEXT_PROTOCOL, 2);
	knts_put_be16(at, PROTOCOL_NTPV4);
	at = put_header(at + 2, CRITICAL | RECORD_AEAD, 2 * count);
	for (i = 0; i < count; i++, at += 2) {
		knts_put_be16(at, aeads[i]);
		ask_compliant |= aeads[i] == KNTS_AEAD_AES_128_GCM_SIV;
	}
	if (ask_compliant)
		at = put_header(at, RECORD_COMPLIANT, 0);
	at = put_header(at, CRITICAL | RECORD_END, 0);
	return (size_t)(at - out);
}

static void blame(struct response *r, const char *fault)
{
	if (r->ke->outcome == QUERY_KE_BAD)
		return;
	r->ke->outcome = QUERY_KE_BAD;
	r->ke->fault = fault;
}

static void read_protocols(struct response *r, const uint8_t *body, size_t len)
{
	if (len > 2 || len % 2)
		blame(r, "names more than the one protocol that it was offered");
	else if (len && knts_get_be16(body) != PROTOCOL_NTPV4)
		blame(r, "names a protocol that it was not offered");
	else
		r->ke->ntpv4 = len;
}

static void read_aead(struct response *r, const uint8_t *body, size_t len)
{
	uint16_t aead;
	size_t i;

	if (len > 2 || len % 2) {
		blame(r, "names more than one AEAD");
		return;
	}
	if (!len)
		return;
	aead = knts_get_be16(body);
	for (i = 0; i < r->aeads_count; i++)
		if (r->aeads[i] == aead)
			r->ke->aead = aead;
	if (!r->ke->aead)
		blame(r, "names an AEAD that it was not offered");
}

static void read_cookie(struct response *r, const uint8_t *body, size_t len)
{
	struct query_cookie *cookie;

	if (!len || len > QUERY_COOKIE_MAX_LEN) {
		blame(r, "sends a cookie of no octets, or of more than 512");
		return;
	}
	if (r->ke->cookies_count < QUERY_COOKIES_MAX) {
		cookie = &r->ke->cookies[r->ke->cookies_count];
		cookie->len = len;
		memcpy(cookie->data, body, len);
	}
	r->ke->cookies_count++;
}

/* An address or a name: nothing else, since it is shown to people. */
static void read_server(struct response *r, const uint8_t *body, size_t len)
{
	bool good = len && len < QUERY_KE_SERVER_SIZE;
	size_t i;

	for (i = 0; good && i < len; i++)
		good = isalnum(body[i]) || strchr(".:-_", body[i]);
	if (!good || memchr(body, '\0', len)) {
		blame(r, "names an NTP server that is neither name nor address");
		return;
	}
	memcpy(r->ke->server, body, len);
	r->ke->server[len] = '\0';
}

static void read_port(struct response *r, const uint8_t *body, size_t len)
{
	if (len == 2 && knts_get_be16(body))
		r->ke->port = knts_get_be16(body);
	else
		blame(r, "names an NTP port that is none");
}

static void read_error(struct response *r, const uint8_t *body, size_t len)
{
	if (len != 2) {
		blame(r, "sends an Error record that has no code");
		return;
	}
	r->failed = true;
	r->ke->error = knts_get_be16(body);
}

/* Those that may come once only. */
static void note(struct response *r, enum record type)
{
	static const unsigned int single =
		1 << RECORD_NEXT_PROTOCOL | 1 << RECORD_ERROR |
		1 << RECORD_AEAD | 1 << RECORD_SERVER | 1 << RECORD_PORT;

	if (r->seen & single & 1U << type)
		blame(r, "sends a record twice that may come only once");
	r->seen |= 1U << type;
}

static void read_record(struct response *r, uint16_t head, const uint8_t *body,
			size_t len)
{
	uint16_t type = head & ~CRITICAL;

	if (type <= RECORD_PORT)
		note(r, type);
	switch (type) {
	case RECORD_NEXT_PROTOCOL:
		read_protocols(r, body, len);
		break;
	case RECORD_ERROR:
		read_error(r, body, len);
		break;
	case RECORD_WARNING:
		blame(r, "sends a warning, and RFC 8915 defines none");
		break;
	case RECORD_AEAD:
		read_aead(r, body, len);
		break;
	case RECORD_COOKIE:
		read_cookie(r, body, len);
		break;
	case RECORD_SERVER:
		read_server(r, body, len);
		break;
	case RECORD_PORT:
		read_port(r, body, len);
		break;
	case RECORD_COMPLIANT:
		r->ke->compliant = true;
		break;
	case RECORD_END:
		if (len || !(head & CRITICAL))
			blame(r, "sends an End of Message that is none");
		break;
	default:
		if (head & CRITICAL)
			blame(r, "sends a critical record of an unknown type");
	}
}

static void conclude(struct response *r)
{
	struct query_ke *ke = r->ke;

	if (ke->outcome == QUERY_KE_BAD)
		return;
	if (r->failed)
		ke->outcome = QUERY_KE_ERROR;
	else if (!(r->seen & 1U << RECORD_NEXT_PROTOCOL))
		blame(r, "does not say which protocol it agrees to");
	else if (!ke->ntpv4 || !ke->aead)
		ke->outcome = QUERY_KE_NOTHING;
	else if (!ke->cookies_count)
		blame(r, "sends no cookie");
	else
		ke->outcome = QUERY_KE_AGREED;
}

enum query_ke_outcome query_ke_read(struct query_ke *ke, const uint8_t *data,
				    size_t len, const uint16_t *aeads,
				    size_t count)
{
	struct response r = {
		.ke = ke,
		.aeads = aeads,
		.aeads_count = count,
	};
	size_t off = 0, body_len;

	memset(ke, 0, sizeof(*ke));
	ke->outcome = QUERY_KE_MORE;
	ke->port = PORT_DEFAULT;
	while (len - off >= HEADER_LEN) {
		body_len = knts_get_be16(data + off + 2);
		if (len - off - HEADER_LEN < body_len)
			break;
		read_record(&r, knts_get_be16(data + off),
			    data + off + HEADER_LEN, body_len);
		off += HEADER_LEN + body_len;
		if (r.seen & 1U << RECORD_END) {
			if (off < len)
				blame(&r, "goes on after End of Message");
			conclude(&r);
			break;
		}
	}
	return ke->outcome;
}

uint16_t query_ke_context_aead(const struct query_ke *ke)
{
	return ke->aead == KNTS_AEAD_AES_128_GCM_SIV && !ke->compliant ?
	       KNTS_AEAD_AES_SIV_CMAC_256 : ke->aead;
}
