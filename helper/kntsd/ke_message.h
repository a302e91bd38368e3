/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NTS-KE messages (RFC 8915, 4): a request read in pieces of any size, and
 * the response to it. Pure: no I/O, no allocation, no clock, no state but the
 * caller's.
 */
#ifndef KNTSD_KE_MESSAGE_H
#define KNTSD_KE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KE_PORT_DEFAULT 123
/* A request may be so long, End of Message included (R6). */
#define KE_REQUEST_MAX_LEN 16384
/* The longest name that DNS can have, with a dot at its end. */
#define KE_SERVER_MAX_LEN 255
#define KE_RESPONSE_MAX_LEN 2048

enum ke_record {
	KE_RECORD_END = 0,
	KE_RECORD_NEXT_PROTOCOL = 1,
	KE_RECORD_ERROR = 2,
	KE_RECORD_WARNING = 3,
	KE_RECORD_AEAD = 4,
	KE_RECORD_COOKIE = 5,
	KE_RECORD_SERVER = 6,
	KE_RECORD_PORT = 7,
	KE_RECORD_COMPLIANT_EXPORT = 1024,
};

enum ke_error {
	KE_ERROR_UNRECOGNISED = 0,
	KE_ERROR_BAD_REQUEST = 1,
	KE_ERROR_INTERNAL = 2,
};

enum ke_progress {
	KE_MORE,	/* not yet at End of Message */
	KE_COMPLETE,	/* a well-formed request: ke_message_answer() */
	KE_REFUSED,	/* @error says why: ke_message_error() */
};

/**
 * struct ke_request - a request, as far as it was read
 * @aeads: AEAD ids that we speak, in any order
 * @aeads_count: how many
 * @error: once refused
 * @ntpv4: the client offers NTPv4
 * @aead: the first that the client offers of @aeads, or 0
 * @compliant: the client exports keys of AEAD 30 as RFC 8915 has it (R26)
 * @server: the client's Server record, or ""
 *
 * What follows belongs to the parser: @progress; @len octets read so far;
 * @header and @header_len, @type, @body_len, @body_left of the record at hand;
 * @half, a list's odd octet; @seen, one bit per record type.
 */
struct ke_request {
	const uint16_t *aeads;
	size_t aeads_count;
	enum ke_error error;
	bool ntpv4;
	uint16_t aead;
	bool compliant;
	char server[KE_SERVER_MAX_LEN + 1];

	enum ke_progress progress;
	size_t len;
	uint8_t header[4];
	size_t header_len;
	uint16_t type;
	size_t body_len;
	size_t body_left;
	uint8_t half;
	uint8_t seen;
};

/**
 * struct ke_answer - what a response says beyond the negotiation
 * @server: Server record, or NULL for none (R20)
 * @port: Port record, unless it is 123 (R22)
 * @cookies: @cookies_count of them, one after another; not looked at unless
 *	ke_message_agreed()
 * @cookies_count: how many
 * @cookie_len: length of each
 */
struct ke_answer {
	const char *server;
	uint16_t port;
	const uint8_t *cookies;
	size_t cookies_count;
	size_t cookie_len;
};

/**
 * ke_message_init() - make ready for a new request
 * @aeads: kept as a pointer
 */
void ke_message_init(struct ke_request *request, const uint16_t *aeads,
		     size_t aeads_count);

/**
 * ke_message_read() - go on reading
 * @data: the next octets, any number of them
 *
 * The outcome does not depend on how the octets were split (R5).
 *
 * Return: where the request stands; once complete or refused, more octets
 * change nothing.
 */
enum ke_progress ke_message_read(struct ke_request *request,
				 const uint8_t *data, size_t len);

/** ke_message_agreed() - NTPv4 and an AEAD are agreed: cookies are due (R19) */
bool ke_message_agreed(const struct ke_request *request);

/**
 * ke_message_context_aead() - the AEAD id in the exporter's context (R24)
 *
 * It is the agreed one's but for AEAD 30: chrony 4.4 to 4.6 derives its keys as
 * those of AEAD 15, and later ones do so where nobody says otherwise (R26).
 *
 * Return: AEAD id.
 */
uint16_t ke_message_context_aead(const struct ke_request *request);

/**
 * ke_message_answer() - build the response to a complete request
 * @out: room for KE_RESPONSE_MAX_LEN octets
 *
 * Return: length.
 */
size_t ke_message_answer(uint8_t *out, const struct ke_request *request,
			 const struct ke_answer *answer);

/**
 * ke_message_error() - build the response to any other request
 * @out: room for KE_RESPONSE_MAX_LEN octets
 *
 * Return: length.
 */
size_t ke_message_error(uint8_t *out, enum ke_error error);

/**
 * ke_message_server_valid() - may a Server record hold it (R20)
 * @server: IPv4 dotted, IPv6 without zone, or a name of A-labels
 */
bool ke_message_server_valid(const char *server);

#endif
