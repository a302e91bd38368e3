/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The metrics: what each is called, and where in a reading it is found.
 */
#ifndef KNTSCTL_EXPORTER_METRICS_H
#define KNTSCTL_EXPORTER_METRICS_H

#include <json-c/json.h>

#include "kntsctl/exporter_text.h"

/**
 * struct metric - one row of a table
 * @name: by Prometheus's conventions
 * @type: "counter", "gauge" or "histogram"
 * @help: one sentence
 * @write: writes its samples of a reading, none if they are not known
 * @path: of a value, object or array in the reading: "clock/stratum"
 * @key: of the value within each member of @path; or what the names of
 *	counters begin with
 * @names: counters in @path, without @key and with spaces between; NULL for all
 * @label: name of the label that tells samples apart
 * @label_key: where in each member of @path its value is
 * @divisor: makes a base unit of the value; 0 leaves it as it is
 */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	void (*write)(struct family *family, const struct metric *metric,
		      struct json_object *reading);
	const char *path;
	const char *key;
	const char *names;
	const char *label;
	const char *label_key;
	double divisor;
};

/* Each ends with a row without a name. */
extern const struct metric exporter_kernel[];
extern const struct metric exporter_kntsd[];

/**
 * exporter_write() - all metrics of a reading, as text
 * @out: gets the text
 * @reading: of exporter_read()
 */
void exporter_write(struct evbuffer *out, struct json_object *reading);

/** metric_find() - the value at a path of names with slashes between, or NULL */
struct json_object *metric_find(struct json_object *object, const char *path);

/** metric_text() - the text at such a path, or NULL */
const char *metric_text(struct json_object *object, const char *path);

/** metric_sample() - one sample, if there is a value */
void metric_sample(struct family *family, const struct metric *metric,
		   const struct labels *labels, struct json_object *value);

/** write_value() - the value at the path */
void write_value(struct family *family, const struct metric *metric,
		 struct json_object *reading);

/** write_count() - how many members the array at the path has */
void write_count(struct family *family, const struct metric *metric,
		 struct json_object *reading);

/** write_each() - of every member of the array at the path, the value at the key */
void write_each(struct family *family, const struct metric *metric,
		struct json_object *reading);

/** write_counters() - of the object at the path, those that @key and @names say */
void write_counters(struct family *family, const struct metric *metric,
		    struct json_object *reading);

/** write_info() - 1, with the text at the path as label */
void write_info(struct family *family, const struct metric *metric,
		struct json_object *reading);

/** write_service_time(), write_transmit_error() - the kernel's histograms */
void write_service_time(struct family *family, const struct metric *metric,
			struct json_object *reading);
void write_transmit_error(struct family *family, const struct metric *metric,
			  struct json_object *reading);

/** write_duration() - a histogram whose buckets are cumulative already */
void write_duration(struct family *family, const struct metric *metric,
		    struct json_object *reading);

#endif
