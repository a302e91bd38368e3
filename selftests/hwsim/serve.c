// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set up the server in its namespace, without kntsd: servers, a key ring, the clock
 * state, the size of interleaved mode's table. The ring's key goes to a file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../guest/ask.h"
#include "../guest/test.h"

#define PORT 123

int main(int argc, char **argv)
{
	struct rig_key key = rig_key_make((uint32_t)getpid());
	struct knts_server server4, server6;
	struct knts_conn *conn;
	struct knts_clock clock;
	FILE *file;
	bool written;

	if (argc != 3) {
		fputs("usage: serve KEY-FILE PAIRS\n", stderr);
		return 2;
	}
	conn = rig_open(SERVER_NS);
	server4 = rig_server("0.0.0.0", PORT);
	server6 = rig_server("::", PORT);
	clock = rig_clock();
	rig_clear(conn);
	rig_ring(conn, &key, 1);
	rig_clock_set(conn, &clock);
	if (knts_interleave_set(conn, (uint32_t)strtoul(argv[2], NULL, 10))) {
		fprintf(stderr, "interleaved: %s\n", knts_error(conn));
		return 1;
	}
	rig_serve(conn, &server4);
	rig_serve(conn, &server6);
	knts_close(conn);

	file = fopen(argv[1], "we");
	written = file && fwrite(&key, sizeof(key), 1, file) == 1;
	return file && !fclose(file) && written ? 0 : 1;
}
