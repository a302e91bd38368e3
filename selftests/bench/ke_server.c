// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kntsd's key exchange on a machine without the module: its own configuration,
 * keys and workers. Only the kernel's key ring is a place in memory, which no
 * handshake touches.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kntsd/fail.h"
#include "kntsd/keys.h"
#include "kntsd/log.h"
#include "kntsd/workers.h"

static struct knts_key ring[KNTS_KEYS_MAX];
static size_t ring_count;

const char *knts_error(const struct knts_conn *conn)
{
	return "out of memory";
}

int knts_ring_get(struct knts_conn *conn, struct knts_key **keys, size_t *count)
{
	*keys = calloc(KNTS_KEYS_MAX, sizeof(**keys));
	if (!*keys)
		return -1;
	memcpy(*keys, ring, sizeof(ring));
	*count = ring_count;
	return 0;
}

int knts_ring_set(struct knts_conn *conn, const struct knts_key *keys,
		  size_t count, uint32_t active_id)
{
	size_t i;

	for (i = 0; i < count; i++) {
		ring[i] = keys[i];
		ring[i].secret = NULL;
	}
	ring_count = count;
	return 0;
}

static void on_end(evutil_socket_t number, short what, void *arg)
{
	event_base_loopbreak(arg);
}

static int serve(const char *path)
{
	struct event_base *base = event_base_new();
	struct event *end = evsignal_new(base, SIGTERM, on_end, base);
	struct workers *workers = NULL;
	struct config *config = NULL;
	struct keys *keys = NULL;
	char error[FAIL_SIZE];
	int err;

	signal(SIGPIPE, SIG_IGN);
	event_add(end, NULL);
	err = config_load(path, &config, error, sizeof(error));
	if (!err)
		err = keys_start(&keys, base, NULL, &config->keys, error,
				 sizeof(error));
	if (!err)
		err = workers_start(&workers, base, config, keys_seal, keys,
				    error, sizeof(error));
	if (err)
		log_error("%s", error);
	else
		event_base_dispatch(base);

	workers_stop(workers);
	keys_stop(keys, false);
	config_free(config);
	event_free(end);
	event_base_free(base);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: ke-server KNTSD.CONF\n"
		      "Serves the NTS-KE of that file until SIGTERM; its other sections have no effect.\n",
		      stderr);
		return 2;
	}
	/* Workers are this binary, as they are kntsd's. */
	if (!strcmp(argv[1], "--worker"))
		return worker_main();
	log_open("ke-server");
	return serve(argv[1]);
}
