// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"
#include "watch.h"

#define KEY_ID 0x57415443

static struct watch watch = {
	.sides = {
		{ .client = CLIENT4, .server = SERVER4 },
		{ .client = CLIENT6, .server = SERVER6 },
	},
};

struct watch *watch_set_up(void)
{
	struct knts_clock clock = rig_clock();
	struct watch *w = &watch;
	struct watch_side *side;
	struct knts_server server;
	size_t i;

	if (w->conn)
		return w;
	w->conn = rig_open(SERVER_NS);
	w->key = rig_key_make(KEY_ID);
	rig_clear(w->conn);
	rig_clock_set(w->conn, &clock);
	rig_ring(w->conn, &w->key, 1);
	/* One that broadcasts reach, too. */
	server = rig_server("0.0.0.0", 124);
	rig_serve(w->conn, &server);
	for (i = 0; i < WATCH_SIDES; i++) {
		side = &w->sides[i];
		server = rig_server(side->server, 123);
		rig_serve(w->conn, &server);
		side->asker.conn = w->conn;
		side->asker.key = w->key;
		side->asker.session = rig_session(15);
		side->asker.fd = ask_socket(CLIENT_NS, side->client, 0,
					    side->server, 123);
	}
	return w;
}
