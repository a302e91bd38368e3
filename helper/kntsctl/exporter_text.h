/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prometheus's text format: families of samples.
 */
#ifndef KNTSCTL_EXPORTER_TEXT_H
#define KNTSCTL_EXPORTER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/buffer.h>

/**
 * struct family - the samples of one metric
 * @out: where they go
 * @name: of the metric
 * @type: "counter", "gauge" or "histogram"
 * @help: one sentence
 * @begun: the header is written; it is with the first sample
 */
struct family {
	struct evbuffer *out;
	const char *name;
	const char *type;
	const char *help;
	bool begun;
};

struct label {
	const char *name;
	const char *value;
};

/**
 * struct labels - those of one sample
 * @count: of @items; 0 if it has none
 */
struct labels {
	size_t count;
	struct label items[4];
};

#define TEXT_NUMBER_SIZE 32

/**
 * text_integer() - a sample with a whole number
 * @family: it belongs to this one
 * @suffix: of its name: "", or "_bucket", "_count" in a histogram
 * @labels: that it has; NULL for none
 * @value: exact, whatever its size
 */
void text_integer(struct family *family, const char *suffix,
		  const struct labels *labels, uint64_t value);

/** text_number() - a sample with any number */
void text_number(struct family *family, const char *suffix,
		 const struct labels *labels, double value);

/**
 * text_format() - a number as it stands in samples, and in the label "le"
 * @text: TEXT_NUMBER_SIZE octets
 *
 * 15 digits keep decimal fractions as people write them: 0.1 remains 0.1.
 *
 * Return: @text.
 */
const char *text_format(double value, char *text);

#endif
