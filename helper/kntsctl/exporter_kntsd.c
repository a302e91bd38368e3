// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kntsd knows, as metrics.
 */
#include <stdio.h>

#include "kntsctl/exporter_metrics.h"

#define SECTION_SIZE 24

/* The first of a certificate's names will do for a label. */
static const char *name_of(struct json_object *certificate)
{
	struct json_object *names = metric_find(certificate, "names");

	if (!json_object_is_type(names, json_type_array) ||
	    !json_object_array_length(names))
		return "";
	return json_object_get_string(json_object_array_get_idx(names, 0));
}

static void write_section(struct family *family, const struct metric *metric,
			  struct json_object *certificates, const char *section)
{
	struct labels labels = { 3, { { "section", section } } };
	struct json_object *certificate;
	const char *kind;
	size_t i;

	if (!json_object_is_type(certificates, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(certificates); i++) {
		certificate = json_object_array_get_idx(certificates, i);
		kind = metric_text(certificate, "kind");
		labels.items[1] = (struct label){ "name", name_of(certificate) };
		labels.items[2] = (struct label){ "kind", kind ? kind : "" };
		metric_sample(family, metric, &labels,
			      metric_find(certificate, metric->key));
	}
}

/* A section of the configuration has one certificate of a kind. */
static void write_certificates(struct family *family,
			       const struct metric *metric,
			       struct json_object *reading)
{
	struct json_object *sections = metric_find(reading, metric->path);
	struct json_object *certificates;
	char section[SECTION_SIZE];
	size_t i;

	if (!json_object_is_type(sections, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(sections); i++) {
		snprintf(section, sizeof(section), "%zu", i + 1);
		certificates = metric_find(
			json_object_array_get_idx(sections, i), "certificates");
		write_section(family, metric, certificates, section);
	}
}

#define GAUGE .type = "gauge", .write = write_value
#define COUNTER .type = "counter", .write = write_value

const struct metric exporter_kntsd[] = {
	{ .name = "kntsd_up", GAUGE, .path = "kntsd/ok",
	  .help = "Whether kntsd answers on its control socket." },
	{ .name = "kntsd_build_info", .type = "gauge", .write = write_info,
	  .path = "kntsd/version", .label = "version",
	  .help = "Version of the kntsd that runs." },
	{ .name = "kntsd_uptime_seconds", GAUGE, .path = "kntsd/uptime-s",
	  .help = "How long kntsd has been running." },
	{ .name = "kntsd_problems", .type = "gauge", .write = write_count,
	  .path = "kntsd/problems",
	  .help = "Problems that kntsctl status tells of." },
	{ .name = "knts_key_rotation_due_seconds", GAUGE,
	  .path = "kntsd/next-rotation-s",
	  .help = "Time until kntsd makes a new cookie key." },

	{ .name = "knts_ke_workers", GAUGE, .path = "kntsd/workers",
	  .help = "NTS-KE workers that serve." },
	{ .name = "knts_ke_workers_wanted", GAUGE, .path = "kntsd/workers-wanted",
	  .help = "NTS-KE workers that should serve." },
	{ .name = "knts_ke_worker_restarts_total", COUNTER,
	  .path = "kntsd/ke-stats/worker-restarts",
	  .help = "NTS-KE workers that ended unasked and were started anew." },
	{ .name = "knts_ke_connections", GAUGE,
	  .path = "kntsd/ke-stats/connections",
	  .help = "NTS-KE connections that are open." },
	{ .name = "knts_ke_connections_accepted_total", COUNTER,
	  .path = "kntsd/ke-stats/accepted",
	  .help = "NTS-KE connections accepted; each is answered or fails." },
	{ .name = "knts_ke_handshakes_total", COUNTER,
	  .path = "kntsd/ke-stats/handshakes",
	  .help = "TLS handshakes of NTS-KE completed." },
	{ .name = "knts_ke_answers_total", COUNTER,
	  .path = "kntsd/ke-stats/answered",
	  .help = "Key exchanges that gave a client keys and cookies." },
	{ .name = "knts_ke_failures_total", .type = "counter",
	  .write = write_counters, .path = "kntsd/ke-stats", .key = "",
	  .names = "nothing-agreed error-unrecognised error-bad-request"
		   " error-request-timeout error-internal abandoned"
		   " handshake-abandoned handshake-timeout no-alpn tls-version"
		   " tls-no-cipher tls-not-tls tls-unknown-ca tls-expired"
		   " tls-bad-certificate tls-failed",
	  .label = "reason",
	  .help = "NTS-KE connections that ended without keys." },
	{ .name = "knts_ke_pauses_total", .type = "counter",
	  .write = write_counters, .path = "kntsd/ke-stats", .key = "",
	  .names = "paused no-descriptors", .label = "reason",
	  .help = "Times that a worker stopped accepting for a while." },
	{ .name = "knts_ke_unknown_names_total", COUNTER,
	  .path = "kntsd/ke-stats/unknown-name",
	  .help = "Handshakes for a name that no certificate has." },
	{ .name = "knts_ke_duration_seconds", .type = "histogram",
	  .write = write_duration, .path = "kntsd/ke-duration",
	  .help = "From accepting an NTS-KE connection to its answer." },

	{ .name = "knts_certificate_not_after_timestamp_seconds", .type = "gauge",
	  .write = write_certificates, .path = "kntsd/nts-ke",
	  .key = "not-after", .help = "When the certificate expires." },
	{ .name = "knts_certificate_renewals_total", .type = "counter",
	  .write = write_counters, .path = "kntsd/renewals", .key = "",
	  .label = "outcome",
	  .help = "Certificates read anew, taken or refused." },
	{ 0 },
};
