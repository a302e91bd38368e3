// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NTS-KE requests, read whole, in two pieces and octet by octet: always with
 * the same outcome, and with a response that is whole records.
 */
#include "fuzz.h"
#include "kntsd/ke_message.h"

#define COOKIES 8
#define COOKIE_MAX_LEN 168
#define HEADER_LEN 4

const char fuzz_name[] = "ke";

static const uint16_t aeads[] = { 15, 16, 17, 30, 31 };

static void read_piece(struct ke_request *request, const uint8_t *data,
		       size_t len)
{
	uint8_t *piece = fuzz_exact(data, len);

	ke_message_read(request, piece, len);
	free(piece);
}

static void read_in_pieces(struct ke_request *request, const uint8_t *data,
			   size_t len, size_t piece)
{
	size_t off, n;

	ke_message_init(request, aeads, sizeof(aeads) / sizeof(*aeads));
	for (off = 0; off < len; off += n) {
		n = len - off < piece ? len - off : piece;
		read_piece(request, data + off, n);
	}
}

static size_t respond(const struct ke_request *request, uint8_t *out)
{
	static const uint8_t cookies[COOKIES * COOKIE_MAX_LEN];
	const struct ke_answer answer = {
		.server = request->server[0] ? request->server : NULL,
		.port = KE_PORT_DEFAULT + 1,
		.cookies = cookies,
		.cookies_count = COOKIES,
		.cookie_len = COOKIE_MAX_LEN,
	};

	if (request->progress == KE_REFUSED)
		return ke_message_error(out, request->error);
	return ke_message_answer(out, request, &answer);
}

static void check_records(const uint8_t *p, size_t len)
{
	size_t body_len;

	for (;;) {
		FUZZ_MUST(len >= HEADER_LEN);
		body_len = (size_t)(p[2] << 8 | p[3]);
		FUZZ_MUST(len - HEADER_LEN >= body_len);
		len -= HEADER_LEN + body_len;
		if (p[0] == 0x80 && p[1] == KE_RECORD_END)
			break;
		p += HEADER_LEN + body_len;
	}
	FUZZ_MUST(len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ke_request whole, split, octets;
	uint8_t *response;
	size_t first;

	read_in_pieces(&whole, data, len, len ? len : 1);
	first = len ? data[len - 1] : 0;
	read_in_pieces(&split, data, len, first ? first : 1);
	read_in_pieces(&octets, data, len, 1);
	FUZZ_MUST(!memcmp(&whole, &split, sizeof(whole)));
	FUZZ_MUST(!memcmp(&whole, &octets, sizeof(whole)));
	FUZZ_MUST(whole.len <= KE_REQUEST_MAX_LEN);
	if (whole.progress == KE_MORE)
		return 0;

	FUZZ_MUST(whole.progress == KE_REFUSED || !whole.server[0] ||
		  ke_message_server_valid(whole.server));
	response = malloc(KE_RESPONSE_MAX_LEN);
	check_records(response, respond(&whole, response));
	free(response);
	return 0;
}
