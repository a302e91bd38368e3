// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge.h"

#define NTP_PORT 123
#define ORIGIN_OFF 24
#define RECEIVE_OFF 32
#define TRANSMIT_OFF 40
#define NTP_TO_UNIX_S 2208988800ULL

/* From a timestamp to a record: open addressing, never more than half full. */
struct map {
	size_t mask;
	struct {
		uint64_t key;
		const struct hwsim_record *record;
	} *slots;
};

static uint64_t field(const struct hwsim_record *record, size_t off)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < 8; i++)
		value = value << 8 | record->payload[off + i];
	return value;
}

static void map_setup(struct map *map, size_t entries)
{
	size_t size = 16;

	while (size < 2 * entries)
		size *= 2;
	map->mask = size - 1;
	map->slots = calloc(size, sizeof(*map->slots));
	if (!map->slots)
		abort();
}

static size_t map_slot(const struct map *map, uint64_t key)
{
	size_t slot = (key * 0x9e3779b97f4a7c15ULL >> 20) & map->mask;

	while (map->slots[slot].record && map->slots[slot].key != key)
		slot = (slot + 1) & map->mask;
	return slot;
}

static void map_put(struct map *map, uint64_t key,
		    const struct hwsim_record *record)
{
	size_t slot = map_slot(map, key);

	map->slots[slot].key = key;
	map->slots[slot].record = record;
}

static const struct hwsim_record *map_get(const struct map *map, uint64_t key)
{
	return map->slots[map_slot(map, key)].record;
}

static bool is_ntp(const struct hwsim_record *record)
{
	return record->payload_len >= HWSIM_PAYLOAD_LEN &&
	       (record->sender == SIM_SERVER ? record->source_port == NTP_PORT :
					       record->dest_port == NTP_PORT);
}

int64_t exchange_ns(uint64_t ntp)
{
	return (int64_t)(((ntp >> 32) - NTP_TO_UNIX_S) * 1000000000 +
			 ((ntp & 0xffffffff) * 1000000000 >> 32));
}

/* Fill in an exchange; returns false if the reply answers nothing known. */
static bool match(struct exchange *x, const struct map *by_transmit,
		  const struct map *by_receive, const struct map *replies)
{
	x->origin = field(x->reply, ORIGIN_OFF);
	x->receive = field(x->reply, RECEIVE_OFF);
	x->transmit = field(x->reply, TRANSMIT_OFF);
	x->earlier = NULL;
	x->request = map_get(by_transmit, x->origin);
	if (x->request)
		return true;
	x->request = map_get(by_receive, x->origin);
	if (!x->request)
		return false;
	x->earlier = map_get(replies, field(x->request, ORIGIN_OFF));
	return x->earlier;
}

struct exchange *exchanges_find(const struct hwsim_record *truth, size_t count,
				size_t *found, size_t *strays)
{
	struct map by_transmit, by_receive, replies;
	struct exchange *exchanges = calloc(count + 1, sizeof(*exchanges));
	size_t i;

	if (!exchanges)
		abort();
	map_setup(&by_transmit, count);
	map_setup(&by_receive, count);
	map_setup(&replies, count);
	*found = 0;
	*strays = 0;
	for (i = 0; i < count; i++) {
		const struct hwsim_record *record = &truth[i];

		if (!is_ntp(record))
			continue;
		if (record->sender == SIM_CLIENT) {
			map_put(&by_transmit, field(record, TRANSMIT_OFF), record);
			if (field(record, RECEIVE_OFF))
				map_put(&by_receive, field(record, RECEIVE_OFF),
					record);
			continue;
		}
		exchanges[*found].reply = record;
		if (match(&exchanges[*found], &by_transmit, &by_receive, &replies)) {
			(*found)++;
		} else {
			fprintf(stderr, "judge: reply %" PRIu64 " answers nothing that crossed\n",
				record->number);
			(*strays)++;
		}
		map_put(&replies, field(record, RECEIVE_OFF), record);
	}
	free(by_transmit.slots);
	free(by_receive.slots);
	free(replies.slots);
	return exchanges;
}
