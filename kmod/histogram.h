/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histograms of a network namespace: how long replies take, and how good their
 * transmit timestamps are. Written per CPU, summed up when read.
 */
#ifndef KNTS_HISTOGRAM_H
#define KNTS_HISTOGRAM_H

#include "core/buckets.h"
#include "knts.h"

/* H(symbol, name); what each is says uapi/specs/knts.yaml. */
#define KNTS_HISTOGRAMS(H)                          \
	H(SERVICE_PLAIN, "service-plain")           \
	H(SERVICE_NTS, "service-nts")               \
	H(TRANSMIT_ERROR, "transmit-error")

enum knts_histogram {
#define KNTS_HISTOGRAM_SYMBOL(symbol, name) KNTS_HISTOGRAM_##symbol,
	KNTS_HISTOGRAMS(KNTS_HISTOGRAM_SYMBOL)
#undef KNTS_HISTOGRAM_SYMBOL
	KNTS_HISTOGRAM_COUNT,
};

/**
 * struct knts_histogram_sum - a histogram over all CPUs
 * @count: values
 * @sum_ns: their sum
 * @buckets: how many fell into each bucket
 */
struct knts_histogram_sum {
	u64 count;
	s64 sum_ns;
	u64 buckets[KNTS_BUCKETS];
};

/**
 * knts_histogram_put() - count one value
 * @knet: namespace, with a server
 * @histogram: where it belongs
 * @value_ns: the value
 *
 * Context: softirqs disabled; for KNTS_HISTOGRAM_TRANSMIT_ERROR interrupts.
 */
void knts_histogram_put(struct knts_net *knet, enum knts_histogram histogram,
			s64 value_ns);

/**
 * knts_histogram_name() - a histogram's name
 * @histogram: below KNTS_HISTOGRAM_COUNT
 *
 * Return: the name, as the netlink family spells it.
 */
const char *knts_histogram_name(enum knts_histogram histogram);

/**
 * knts_histogram_read() - a histogram over all CPUs
 * @knet: namespace
 * @histogram: which
 * @sum: filled in; zeros if the namespace never had a server. @sum->count is
 *	that of all buckets.
 *
 * Context: process, @knet->lock held.
 */
void knts_histogram_read(const struct knts_net *knet,
			 enum knts_histogram histogram,
			 struct knts_histogram_sum *sum);

/**
 * knts_histogram_setup() - have them from now on, before the first server
 * @knet: namespace
 *
 * Context: process, @knet->lock held.
 * Return: 0 or -ENOMEM.
 */
int knts_histogram_setup(struct knts_net *knet);

void knts_histogram_teardown(struct knts_net *knet);

#endif
