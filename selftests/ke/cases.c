// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "../client/aead.h"
#include "cases.h"

/* Records as they go over the wire. */
#define NEXT "\x80\x01\x00\x02\x00\x00"
#define AEAD15 "\x80\x04\x00\x02\x00\x0f"
#define AEAD16 "\x80\x04\x00\x02\x00\x10"
#define AEAD17 "\x80\x04\x00\x02\x00\x11"
#define AEAD30 "\x80\x04\x00\x02\x00\x1e"
#define AEAD31 "\x80\x04\x00\x02\x00\x1f"
#define COMPLIANT "\x04\x00\x00\x00"
#define END "\x80\x00\x00\x00"
#define ERROR(code) "\x80\x02\x00\x02\x00" code END
#define UNRECOGNISED ERROR("\x00")
#define BAD_REQUEST ERROR("\x01")
#define AGREED NEXT AEAD15
#define NAME63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"

#define BIG(case_name, octets, zero_count, end, answer, cookie_aead) {	\
	.name = case_name,						\
	.request = octets,						\
	.request_len = sizeof(octets) - 1,				\
	.zeros = zero_count,						\
	.tail = end,							\
	.tail_len = sizeof(end) - 1,					\
	.response = answer,						\
	.response_len = sizeof(answer) - 1,				\
	.aead = cookie_aead,						\
}
#define CASE(name, octets, answer) BIG(name, octets, 0, "", answer, 0)
#define GOOD(name, octets) BIG(name, octets, 0, "", AGREED, 15)

const struct ke_case ke_cases[] = {
	GOOD("R5_request_of_a_usual_client", NEXT AEAD15 END),
	GOOD("R5_what_follows_End_of_Message_is_not_part_of_it",
	     NEXT AEAD15 END NEXT NEXT "\x80\x99\x00"),

	/* 16 octets of known records, an unknown one of 4 + 1004. */
	BIG("R6_request_of_1024_octets", "\x40\x00\x03\xec", 1004,
	    NEXT AEAD15 END, AGREED, 15),
	BIG("R6_request_of_16384_octets", "\x40\x00\x3f\xec", 16364,
	    NEXT AEAD15 END, AGREED, 15),
	BIG("R6_request_of_16385_octets_is_too_large", "\x40\x00\x3f\xed",
	    16365, NEXT AEAD15 END, BAD_REQUEST, 0),
	BIG("R6_record_of_65535_octets_is_too_large", "\x40\x00\xff\xff",
	    100, "", BAD_REQUEST, 0),

	GOOD("R7_body_length_does_not_count_the_header",
	     "\x40\x00\x00\x01\xff" NEXT AEAD15 END),
	GOOD("R7_bodies_need_no_alignment",
	     "\x40\x00\x00\x03\x80\x00\x00" NEXT "\x40\x01\x00\x01\x80"
	     AEAD15 END),
	GOOD("R7_type_has_15_bits", "\x7f\xff\x00\x00" NEXT AEAD15 END),

	GOOD("R8_unknown_record_is_ignored",
	     "\x40\x00\x00\x02\x12\x34" NEXT AEAD15 END),
	GOOD("R8_unknown_record_twice_is_ignored_twice",
	     NEXT "\x00\x08\x00\x00" AEAD15 "\x00\x08\x00\x00" END),
	CASE("R8_unknown_critical_record_gets_Error_0",
	     "\xc0\x00\x00\x02\x12\x34" NEXT AEAD15 END, UNRECOGNISED),
	CASE("R12_first_type_beyond_ours_if_critical_gets_Error_0",
	     NEXT AEAD15 "\x80\x08\x00\x00" END, UNRECOGNISED),
	CASE("R12_last_type_if_critical_gets_Error_0",
	     NEXT AEAD15 "\xff\xff\x00\x00" END, UNRECOGNISED),

	CASE("R9_End_of_Message_must_be_critical",
	     NEXT AEAD15 "\x00\x00\x00\x00", BAD_REQUEST),
	CASE("R9_End_of_Message_must_be_empty",
	     NEXT AEAD15 "\x80\x00\x00\x01\x00", BAD_REQUEST),
	CASE("R9_R10_End_of_Message_alone_is_no_request", END, BAD_REQUEST),

	CASE("R10_Next_Protocol_must_be_critical",
	     "\x00\x01\x00\x02\x00\x00" AEAD15 END, BAD_REQUEST),
	CASE("R10_Next_Protocol_must_be_there", AEAD15 END, BAD_REQUEST),
	CASE("R10_Next_Protocol_must_not_be_there_twice",
	     NEXT NEXT AEAD15 END, BAD_REQUEST),
	CASE("R10_Next_Protocol_must_not_be_empty",
	     "\x80\x01\x00\x00" AEAD15 END, BAD_REQUEST),
	CASE("R10_Next_Protocol_must_be_whole_numbers",
	     "\x80\x01\x00\x03\x00\x00\x00" AEAD15 END, BAD_REQUEST),
	CASE("R10_no_protocol_of_ours_gets_an_empty_list",
	     "\x80\x01\x00\x02\x00\x01" AEAD15 END, "\x80\x01\x00\x00" END),
	CASE("R10_R16_other_protocols_need_no_AEAD",
	     "\x80\x01\x00\x02\x80\x00" END, "\x80\x01\x00\x00" END),
	GOOD("R10_NTPv4_among_others_is_the_subset",
	     "\x80\x01\x00\x06\x00\x01\x00\x00\x80\x00" AEAD15 END),

	CASE("R11_R15_Error_from_a_client",
	     "\x80\x02\x00\x02\x00\x00" NEXT AEAD15 END, BAD_REQUEST),
	CASE("R15_Error_from_a_client_after_all_else",
	     NEXT AEAD15 "\x80\x02\x00\x02\x00\x02" END, BAD_REQUEST),
	CASE("R15_Warning_from_a_client",
	     NEXT AEAD15 "\x80\x03\x00\x02\x00\x00" END, BAD_REQUEST),
	CASE("R15_New_Cookie_from_a_client",
	     NEXT AEAD15 "\x00\x05\x00\x04\x00\x00\x00\x00" END, BAD_REQUEST),

	CASE("R13_request_that_offers_NTPv4_only", NEXT END, BAD_REQUEST),
	CASE("R16_AEAD_must_be_there_for_NTPv4",
	     "\x80\x01\x00\x04\x80\x00\x00\x00" END, BAD_REQUEST),
	CASE("R16_AEAD_must_not_be_there_twice",
	     NEXT AEAD15 AEAD15 END, BAD_REQUEST),
	CASE("R16_AEAD_must_not_be_empty",
	     NEXT "\x80\x04\x00\x00" END, BAD_REQUEST),
	CASE("R16_AEAD_must_be_whole_numbers",
	     NEXT "\x80\x04\x00\x01\x0f" END, BAD_REQUEST),
	CASE("R16_no_AEAD_of_ours_gets_an_empty_list",
	     NEXT "\x80\x04\x00\x04\x00\x01\x00\x20" END,
	     NEXT "\x80\x04\x00\x00" END),
	GOOD("R16_AEAD_need_not_be_critical",
	     NEXT "\x00\x04\x00\x02\x00\x0f" END),
	GOOD("R16_AEAD_may_stand_before_Next_Protocol", AEAD15 NEXT END),
	BIG("R17_16_alone_is_16", NEXT AEAD16 END, 0, "", NEXT AEAD16, 16),
	BIG("R17_17_alone_is_17", NEXT AEAD17 END, 0, "", NEXT AEAD17, 17),
	BIG("R17_30_alone_is_30", NEXT AEAD30 END, 0, "", NEXT AEAD30, 30),
	BIG("R17_31_alone_is_31", NEXT AEAD31 END, 0, "", NEXT AEAD31, 31),
	BIG("R17_the_client_puts_17_before_15",
	    NEXT "\x80\x04\x00\x06\x00\x11\x00\x0f\x00\x10" END, 0, "",
	    NEXT AEAD17, 17),
	BIG("R17_the_client_puts_16_before_30",
	    NEXT "\x80\x04\x00\x06\x00\x10\x00\x1e\x00\x0f" END, 0, "",
	    NEXT AEAD16, 16),
	BIG("R17_the_client_puts_31_behind_what_is_not_ours",
	    NEXT "\x80\x04\x00\x08\x00\x20\x00\x01\x00\x1f\x00\x0f" END,
	    0, "", NEXT AEAD31, 31),
	GOOD("R18_15_is_found_among_others",
	     NEXT "\x80\x04\x00\x0a\x00\x20\x00\x12\x00\x01\x00\x0f\x00\x10"
	     END),
	GOOD("R17_octets_between_two_numbers_are_no_number",
	     NEXT "\x80\x04\x00\x06\x1e\x00\x11\x00\x00\x0f" END),

	GOOD("R20_Server_record_by_IPv4",
	     NEXT AEAD15 "\x00\x06\x00\x09" "192.0.2.1" END),
	GOOD("R20_Server_record_by_IPv6",
	     NEXT AEAD15 "\x00\x06\x00\x0b" "2001:db8::1" END),
	GOOD("R20_Server_record_by_name",
	     NEXT AEAD15 "\x00\x06\x00\x18" "xn--bcher-kva.example.or" END),
	GOOD("R20_Server_record_with_a_label_of_63",
	     NEXT AEAD15 "\x00\x06\x00\x41" NAME63 ".a" END),
	CASE("R20_Server_record_with_a_label_of_64",
	     NEXT AEAD15 "\x00\x06\x00\x42" NAME63 "4.a" END, BAD_REQUEST),
	CASE("R20_Server_record_must_not_be_there_twice",
	     NEXT AEAD15 "\x00\x06\x00\x01" "a" "\x00\x06\x00\x01" "a" END,
	     BAD_REQUEST),
	CASE("R20_Server_record_must_not_be_empty",
	     NEXT AEAD15 "\x00\x06\x00\x00" END, BAD_REQUEST),
	CASE("R20_Server_record_must_not_have_a_zone",
	     NEXT AEAD15 "\x00\x06\x00\x0c" "fe80::1%eth0" END, BAD_REQUEST),
	CASE("R20_Server_record_must_be_ASCII",
	     NEXT AEAD15 "\x00\x06\x00\x06" "b\xc3\xbc.de" END, BAD_REQUEST),
	CASE("R20_Server_record_must_not_have_a_NUL",
	     NEXT AEAD15 "\x00\x06\x00\x03" "a\x00z" END, BAD_REQUEST),
	CASE("R20_Server_record_must_be_a_whole_IPv4_address",
	     NEXT AEAD15 "\x00\x06\x00\x07" "192.0.2" END, BAD_REQUEST),
	CASE("R20_Server_record_must_not_have_an_empty_label",
	     NEXT AEAD15 "\x00\x06\x00\x04" "a..b" END, BAD_REQUEST),
	BIG("R20_Server_record_of_256_octets",
	    NEXT AEAD15 "\x00\x06\x01\x00", 256, END, BAD_REQUEST, 0),

	GOOD("R22_Port_record_from_a_client",
	     NEXT AEAD15 "\x00\x07\x00\x02\x10\xe1" END),
	CASE("R22_Port_record_must_have_two_octets",
	     NEXT AEAD15 "\x00\x07\x00\x01\x7b" END, BAD_REQUEST),
	CASE("R22_Port_record_must_not_be_there_twice",
	     NEXT AEAD15 "\x00\x07\x00\x02\x00\x7b\x00\x07\x00\x02\x00\x7b"
	     END, BAD_REQUEST),

	BIG("R26_record_1024_is_echoed_with_30", NEXT AEAD30 COMPLIANT END, 0,
	    "", NEXT AEAD30 COMPLIANT, 30),
	BIG("R26_record_1024_may_stand_first_and_be_critical",
	    "\x84\x00\x00\x00" NEXT AEAD30 END, 0, "",
	    NEXT AEAD30 COMPLIANT, 30),
	BIG("R26_chronyd_offering_30_and_15_gets_30",
	    NEXT "\x80\x04\x00\x04\x00\x1e\x00\x0f" COMPLIANT END, 0, "",
	    NEXT AEAD30 COMPLIANT, 30),
	GOOD("R26_record_1024_is_not_echoed_with_15",
	     NEXT "\x80\x04\x00\x04\x00\x0f\x00\x1e" COMPLIANT END),
	BIG("R26_record_1024_is_not_echoed_with_31",
	    NEXT "\x80\x04\x00\x04\x00\x1f\x00\x1e" COMPLIANT END, 0, "",
	    NEXT AEAD31, 31),
	CASE("R26_record_1024_is_not_echoed_with_no_AEAD",
	     NEXT "\x80\x04\x00\x02\x00\x20" COMPLIANT END,
	     NEXT "\x80\x04\x00\x00" END),
	CASE("R26_record_1024_must_be_empty",
	     NEXT AEAD30 "\x04\x00\x00\x01\x00" END, BAD_REQUEST),
	CASE("R12_neighbour_of_record_1024_if_critical_gets_Error_0",
	     NEXT AEAD30 "\x84\x01\x00\x00" END, UNRECOGNISED),
};

const size_t ke_cases_count = sizeof(ke_cases) / sizeof(ke_cases[0]);

/* Key id, nonce, tag, AEAD id; both keys. */
size_t case_cookie_len(uint16_t aead)
{
	return aead ? 40 + 2 * aead_key_len(aead) : 0;
}

size_t case_request(const struct ke_case *kase, uint8_t *out)
{
	uint8_t *p = out;

	memcpy(p, kase->request, kase->request_len);
	p += kase->request_len;
	memset(p, 0, kase->zeros);
	p += kase->zeros;
	memcpy(p, kase->tail, kase->tail_len);
	return (size_t)(p - out) + kase->tail_len;
}

const char *case_check(const struct ke_case *kase, const uint8_t *response,
		       size_t len)
{
	/* R19: C is clear. */
	const size_t body = case_cookie_len(kase->aead);
	const uint8_t cookie[4] = { 0x00, 0x05, 0x00, (uint8_t)body };
	const size_t end = sizeof(END) - 1;
	const uint8_t *p = response;
	unsigned int i;

	if (!len)
		return "no response";
	if (len < kase->response_len)
		return "shorter than expected";
	if (memcmp(p, kase->response, kase->response_len))
		return "not the response that was expected";
	p += kase->response_len;
	if (!kase->aead)
		return len == kase->response_len ? NULL : "longer than expected";

	if (len != kase->response_len + 8 * (sizeof(cookie) + body) + end)
		return "not as long as 8 cookies make it (R19)";
	for (i = 0; i < 8; i++, p += sizeof(cookie) + body)
		if (memcmp(p, cookie, sizeof(cookie)))
			return "not a cookie where one is due (R19)";
	return memcmp(p, END, end) ? "no End of Message (R9)" : NULL;
}
