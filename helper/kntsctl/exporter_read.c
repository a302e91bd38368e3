// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel and kntsd say, for one scrape.
 */
#include <stdlib.h>

#include "kntsctl/control.h"
#include "kntsctl/exporter.h"
#include "kntsctl/histogram_view.h"
#include "kntsctl/object.h"

/* Prometheus waits 10 s for everything. */
#define PATIENCE_S 1

static int read_counters(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_counter *counters;
	size_t count;
	int err;

	err = knts_stats_get(conn, &counters, &count);
	if (err)
		return err;
	json_object_object_add(reading, "counters",
			       counters_to_json(counters, count));
	free(counters);
	return 0;
}

static void read_histograms(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_histogram *histograms;
	size_t count;

	if (knts_histogram_list(conn, &histograms, &count))
		return;
	json_object_object_add(reading, "histograms",
			       histograms_to_json(histograms, count));
	knts_histogram_free(histograms, count);
}

/* Whether a server is open, and replies say that the clock is synchronised. */
static void read_service(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_clock clock = { 0 };
	struct knts_server *servers;
	size_t count;

	if (!knts_clock_get(conn, &clock))
		json_object_object_add(reading, "clock", clock_to_json(&clock));
	if (knts_server_list(conn, &servers, &count))
		return;
	json_object_object_add(reading, "servers",
			       servers_to_json(servers, count));
	json_object_object_add(reading, "serving", json_object_new_boolean(
				       count && clock.synchronised));
	free(servers);
}

static void read_keys(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_key *keys;
	size_t count;

	if (knts_ring_get(conn, &keys, &count))
		return;
	json_object_object_add(reading, "keys", keys_to_json(keys, count));
	free(keys);
}

static void read_devices(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_phc *phcs;
	size_t count;

	if (knts_phc_list(conn, &phcs, &count))
		return;
	json_object_object_add(reading, "devices", phcs_to_json(phcs, count));
	free(phcs);
}

static void add_clients(struct json_object *reading,
			const struct knts_clients *clients)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "entries",
			       json_object_new_uint64(clients->entries));
	json_object_object_add(object, "memory-len",
			       json_object_new_uint64(clients->memory_len));
	json_object_object_add(object, "evicted",
			       json_object_new_uint64(clients->evicted));
	json_object_object_add(reading, "clients", object);
}

static void read_tables(struct knts_conn *conn, struct json_object *reading)
{
	struct knts_interleave interleave;
	struct knts_clients clients;

	if (!knts_interleave_get(conn, &interleave))
		json_object_object_add(reading, "interleave",
				       interleave_to_json(&interleave));
	if (!knts_clients_get(conn, &clients))
		add_clients(reading, &clients);
}

static bool read_kernel(struct json_object *reading)
{
	struct knts_conn *conn;
	int err;

	err = knts_open(&conn);
	if (!err)
		err = read_counters(conn, reading);
	if (!err) {
		read_histograms(conn, reading);
		read_service(conn, reading);
		read_keys(conn, reading);
		read_devices(conn, reading);
		read_tables(conn, reading);
	} else {
		json_object_object_add(reading, "kernel-error",
				       json_object_new_string(knts_error(conn)));
	}
	knts_close(conn);
	return !err;
}

static struct json_object *read_kntsd(struct json_object *reading,
				      const char *control_path)
{
	char error[CONTROL_ERROR_SIZE];
	struct json_object *kntsd;

	kntsd = control_ask_within(PATIENCE_S, control_path, "status", error);
	if (kntsd)
		return kntsd;
	json_object_object_add(reading, "kntsd-error",
			       json_object_new_string(error));
	kntsd = json_object_new_object();
	json_object_object_add(kntsd, "ok", json_object_new_boolean(false));
	return kntsd;
}

struct json_object *exporter_read(const char *control_path)
{
	struct json_object *reading = json_object_new_object();

	json_object_object_add(reading, "version",
			       json_object_new_string(KNTS_VERSION));
	json_object_object_add(reading, "kernel",
			       json_object_new_boolean(read_kernel(reading)));
	json_object_object_add(reading, "kntsd",
			       read_kntsd(reading, control_path));
	return reading;
}
