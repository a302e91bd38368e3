/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NTS-KE messages as a client has them (RFC 8915, 4): the request, and the
 * response taken apart. Pure: no I/O, no allocation, no clock.
 */
#ifndef KNTSCTL_QUERY_KE_H
#define KNTSCTL_QUERY_KE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_COOKIES_MAX 8
#define QUERY_COOKIE_MAX_LEN 512
#define QUERY_AEADS_MAX 5
#define QUERY_KE_REQUEST_MAX_LEN 64
#define QUERY_KE_RESPONSE_MAX_LEN 16384
/* The longest name that DNS can have, with a dot at its end, and a zero. */
#define QUERY_KE_SERVER_SIZE 256

/* What came of the key exchange. */
enum query_ke_outcome {
	QUERY_KE_NONE,		/* there was none */
	QUERY_KE_MORE,		/* not yet at End of Message */
	QUERY_KE_AGREED,	/* NTPv4, an AEAD, and cookies */
	QUERY_KE_NOTHING,	/* no protocol or no AEAD in common */
	QUERY_KE_ERROR,		/* the server sent @error */
	QUERY_KE_BAD,		/* it breaks the rule in @fault */
};

struct query_cookie {
	size_t len;
	uint8_t data[QUERY_COOKIE_MAX_LEN];
};

/**
 * struct query_ke - a response
 * @outcome: see there; all else is of use only where it is reached
 * @fault: what the server does, as the end of a sentence: "sends ..."
 * @error: code of its Error record
 * @ntpv4: it agreed to NTPv4
 * @aead: AEAD id, or 0
 * @compliant: keys of AEAD 30 are derived as RFC 8915 has it, not as chrony
 *	did before 4.6.1
 * @server: name or address of the NTP server, "" for the NTS-KE server's own
 * @port: its port
 * @cookies_count: cookies that came
 * @cookies: the first QUERY_COOKIES_MAX of them
 */
struct query_ke {
	enum query_ke_outcome outcome;
	const char *fault;
	uint16_t error;
	bool ntpv4;
	uint16_t aead;
	bool compliant;
	char server[QUERY_KE_SERVER_SIZE];
	uint16_t port;
	size_t cookies_count;
	struct query_cookie cookies[QUERY_COOKIES_MAX];
};

/**
 * query_ke_request() - build a request
 * @out: room for QUERY_KE_REQUEST_MAX_LEN octets
 * @aeads: ids to offer, the dearest first
 * @count: how many, up to QUERY_AEADS_MAX
 *
 * Return: length.
 */
size_t query_ke_request(uint8_t *out, const uint16_t *aeads, size_t count);

/**
 * query_ke_read() - take a response apart
 * @ke: filled in anew
 * @data: all octets that came so far
 * @aeads: what was offered
 * @count: how many
 *
 * Return: @ke->outcome.
 */
enum query_ke_outcome query_ke_read(struct query_ke *ke, const uint8_t *data,
				    size_t len, const uint16_t *aeads,
				    size_t count);

/** query_ke_context_aead() - the AEAD id by which its keys are derived */
uint16_t query_ke_context_aead(const struct query_ke *ke);

#endif
