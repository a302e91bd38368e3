// SPDX-License-Identifier: GPL-2.0-or-later
#include "interleave.h"

#include "fail.h"

static uint32_t round_up(uint32_t pairs)
{
	uint32_t power = 1;

	while (power < pairs)
		power *= 2;
	return pairs ? power : 0;
}

int interleave_apply(struct knts_conn *conn, uint32_t pairs, char *error,
		     size_t error_size)
{
	struct knts_interleave now = { 0 };
	int err;

	err = knts_interleave_get(conn, &now);
	if (!err && now.pairs != round_up(pairs))
		err = knts_interleave_set(conn, pairs);
	if (err)
		return fail(err, error, error_size,
			    "cannot keep %u interleaved-pairs: %s", pairs,
			    knts_error(conn));
	return 0;
}
