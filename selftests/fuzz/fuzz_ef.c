// SPDX-License-Identifier: GPL-2.0-or-later
/* The walk over extension fields, in clear and encrypted. */
#include "core/ef.h"
#include "fuzz.h"

const char fuzz_name[] = "ef";

static void walk_over(const uint8_t *fields, size_t len, bool encrypted)
{
	struct knts_ef_walk walk = {
		.buf = fields,
		.end = len,
		.encrypted = encrypted,
	};
	size_t min_len = encrypted ? KNTS_EF_HEADER_LEN : KNTS_EF_MIN_LEN;
	enum knts_ef_step step;
	size_t end = 0;

	while ((step = knts_ef_next(&walk)) == KNTS_EF_FIELD) {
		FUZZ_MUST(walk.off == end);
		FUZZ_MUST(walk.len >= min_len && walk.len % 4 == 0);
		FUZZ_MUST(walk.len <= len - walk.off);
		FUZZ_MUST(walk.type == knts_get_be16(fields + walk.off));
		end = walk.off + walk.len;
	}
	FUZZ_MUST((step == KNTS_EF_END) == (end == len));
	FUZZ_MUST(step != KNTS_EF_MAC || (!encrypted && len - end <= 24));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *fields = fuzz_exact(data, len);

	walk_over(fields, len, false);
	walk_over(fields, len, true);
	free(fields);

	return 0;
}
