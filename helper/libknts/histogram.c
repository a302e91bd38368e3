// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The histograms of a network namespace.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libknts/conn.h"

/* A histogram and room for all its buckets, so that a dump may begin anew. */
struct wide {
	struct knts_histogram histogram;
	struct knts_bucket buckets[KNTS_BUCKETS_MAX];
};

static struct nla_policy policy[KNTS_A_HISTOGRAM_MAX + 1] = {
	[KNTS_A_HISTOGRAM_NAME] = { .type = NLA_STRING },
	[KNTS_A_HISTOGRAM_COUNT] = { .type = NLA_U64 },
	[KNTS_A_HISTOGRAM_SUM_NS] = { .type = NLA_S64 },
	[KNTS_A_HISTOGRAM_BUCKET] = { .type = NLA_NESTED },
};

static struct nla_policy bucket_policy[KNTS_A_BUCKET_MAX + 1] = {
	[KNTS_A_BUCKET_FROM_NS] = { .type = NLA_S64 },
	[KNTS_A_BUCKET_BELOW_NS] = { .type = NLA_S64 },
	[KNTS_A_BUCKET_COUNT] = { .type = NLA_U64 },
};

static int parse_bucket(struct nlattr *nest, struct knts_bucket *bucket)
{
	struct nlattr *tb[KNTS_A_BUCKET_MAX + 1];

	if (nla_parse_nested(tb, KNTS_A_BUCKET_MAX, nest, bucket_policy) ||
	    !tb[KNTS_A_BUCKET_FROM_NS] || !tb[KNTS_A_BUCKET_BELOW_NS] ||
	    !tb[KNTS_A_BUCKET_COUNT])
		return -EBADMSG;
	bucket->from_ns = nla_get_s64(tb[KNTS_A_BUCKET_FROM_NS]);
	bucket->below_ns = nla_get_s64(tb[KNTS_A_BUCKET_BELOW_NS]);
	bucket->count = nla_get_u64(tb[KNTS_A_BUCKET_COUNT]);
	return 0;
}

static int parse_histogram(struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *tb[KNTS_A_HISTOGRAM_MAX + 1], *attr;
	struct wide *wide = arg;
	struct knts_histogram *h = &wide->histogram;
	int err, rest;

	if (nla_parse(tb, KNTS_A_HISTOGRAM_MAX, attrs, len, policy) ||
	    !tb[KNTS_A_HISTOGRAM_NAME] || !tb[KNTS_A_HISTOGRAM_COUNT] ||
	    !tb[KNTS_A_HISTOGRAM_SUM_NS])
		return -EBADMSG;
	nla_strlcpy(h->name, tb[KNTS_A_HISTOGRAM_NAME], sizeof(h->name));
	h->count = nla_get_u64(tb[KNTS_A_HISTOGRAM_COUNT]);
	h->sum_ns = nla_get_s64(tb[KNTS_A_HISTOGRAM_SUM_NS]);

	nla_for_each_attr(attr, attrs, len, rest) {
		if (nla_type(attr) != KNTS_A_HISTOGRAM_BUCKET)
			continue;
		if (h->buckets_count == KNTS_BUCKETS_MAX)
			return -EBADMSG;
		err = parse_bucket(attr, &wide->buckets[h->buckets_count++]);
		if (err)
			return err;
	}
	return 0;
}

static int narrow(struct knts_histogram *to, const struct wide *wide)
{
	size_t len = wide->histogram.buckets_count * sizeof(*to->buckets);

	*to = wide->histogram;
	to->buckets = malloc(len ? len : 1);
	if (!to->buckets)
		return -ENOMEM;
	memcpy(to->buckets, wide->buckets, len);
	return 0;
}

int knts_histogram_list(struct knts_conn *conn,
			struct knts_histogram **histograms, size_t *count)
{
	struct wide *wide;
	void *items;
	size_t i;
	int err;

	err = knts_conn_dump(conn, KNTS_CMD_HISTOGRAM_GET, sizeof(*wide),
			     parse_histogram, &items, count);
	if (err)
		return err;
	wide = items;
	*histograms = calloc(*count ? *count : 1, sizeof(**histograms));
	if (!*histograms)
		err = -ENOMEM;
	for (i = 0; !err && i < *count; i++)
		err = narrow(&(*histograms)[i], &wide[i]);
	free(items);
	if (!err)
		return 0;

	knts_histogram_free(*histograms, *count);
	return knts_conn_fail(conn, err, "out of memory");
}

void knts_histogram_free(struct knts_histogram *histograms, size_t count)
{
	size_t i;

	for (i = 0; histograms && i < count; i++)
		free(histograms[i].buckets);
	free(histograms);
}
