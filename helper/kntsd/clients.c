// SPDX-License-Identifier: GPL-2.0-or-later
#include "clients.h"

#include "fail.h"

/* The kernel has them in eights. */
static uint32_t round_up(uint32_t entries)
{
	uint32_t power = 8;

	while (power < entries)
		power *= 2;
	return entries ? power : 0;
}

int clients_apply(struct knts_conn *conn, uint32_t entries, char *error,
		  size_t error_size)
{
	struct knts_clients now = { 0 };
	int err;

	err = knts_clients_get(conn, &now);
	if (!err && now.entries != round_up(entries))
		err = knts_clients_set(conn, entries);
	if (err)
		return fail(err, error, error_size,
			    "cannot keep a client-table-size of %u: %s", entries,
			    knts_error(conn));
	return 0;
}
