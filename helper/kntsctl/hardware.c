// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware timestamps, device by device.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kntsctl/control.h"
#include "kntsctl/format.h"
#include "kntsctl/hardware.h"
#include "kntsctl/object.h"

#define LABEL "%-17s"

/* Counters of timestamps, by the first word of their names. */
static const struct kind {
	const char *prefix;
	const char *label;
} kinds[] = {
	{ "stamp", "receive stamps" },
	{ "transmit", "transmit stamps" },
};

#define KINDS_COUNT (sizeof(kinds) / sizeof(*kinds))

int hardware_take(struct hardware *hardware, struct knts_conn *conn,
		  const char *control_path)
{
	char error[CONTROL_ERROR_SIZE];
	int err;

	memset(hardware, 0, sizeof(*hardware));
	err = knts_phc_list(conn, &hardware->phcs, &hardware->phcs_count);
	if (err)
		return err;
	err = knts_interleave_get(conn, &hardware->interleave);
	if (err)
		return err;
	err = counters_take(conn, &hardware->counters);
	if (err)
		return err;
	hardware->kntsd = control_ask(control_path, "status", error);
	return 0;
}

void hardware_free(struct hardware *hardware)
{
	free(hardware->phcs);
	counters_free(&hardware->counters);
	json_object_put(hardware->kntsd);
}

bool phc_is_used(const struct knts_phc *phc)
{
	return phc->has_line && phc->line.age_ms <= phc->line.lifetime_ms;
}

/* What kntsd says of all devices, those without PHC among them. */
static struct json_object *kntsd_devices(const struct hardware *hardware)
{
	return json_array(hardware->kntsd, "hardware-timestamps");
}

static bool is_named(struct json_object *device, const char *name)
{
	const char *text = json_text(device, "device");

	return text && !strcmp(text, name);
}

static struct json_object *find_device(struct json_object *devices,
				       const char *name)
{
	struct json_object *device;
	size_t i;

	for (i = 0; devices && i < json_object_array_length(devices); i++) {
		device = json_object_array_get_idx(devices, i);
		if (is_named(device, name))
			return device;
	}
	return NULL;
}

static const struct knts_phc *find_phc(const struct hardware *hardware,
				       struct json_object *device)
{
	size_t i;

	for (i = 0; i < hardware->phcs_count; i++)
		if (is_named(device, hardware->phcs[i].device))
			return &hardware->phcs[i];
	return NULL;
}

static void print_counters(FILE *out, const struct hardware *hardware)
{
	const struct knts_counter *counter;
	const char *comma;
	size_t i, j;

	for (i = 0; i < KINDS_COUNT; i++) {
		comma = "";
		fprintf(out, LABEL, kinds[i].label);
		for (j = 0; j < hardware->counters.count; j++) {
			counter = &hardware->counters.list[j];
			if (!counter_is(counter, kinds[i].prefix))
				continue;
			fprintf(out, "%s%s %" PRIu64, comma, counter->name +
				strlen(kinds[i].prefix) + 1, counter->value);
			comma = ", ";
		}
		fputc('\n', out);
	}
}

static void print_line(FILE *out, const struct knts_phc *phc)
{
	const struct knts_line *line = &phc->line;
	char error[FORMAT_SIZE];

	if (!phc->has_line) {
		fprintf(out, LABEL "none: timestamps stay software\n", "  line");
		return;
	}
	fprintf(out, LABEL "%.1f s old, for %.1f s%s, PHC runs %+.3f ppm, error %s\n",
		"  line", line->age_ms / 1e3, line->lifetime_ms / 1e3,
		phc_is_used(phc) ? "" : ": too old to be used",
		-line->rate_ppt / 1e6, format_ns(line->error_ns, error));
}

static void print_phc(FILE *out, const struct knts_phc *phc)
{
	char delay[FORMAT_SIZE], early[FORMAT_SIZE], deviation[FORMAT_SIZE];

	print_line(out, phc);
	if (phc->rx_correction_ns || phc->tx_correction_ns)
		fprintf(out, LABEL "receive %+d ns, transmit %+d ns\n",
			"  corrections", phc->rx_correction_ns,
			phc->tx_correction_ns);
	if (phc->departures)
		fprintf(out, LABEL "%s late, added to T3; T3 is then %s early on average, deviation %s, of %" PRIu64 " stamps\n",
			"  departure",
			format_ns(phc->departure_delay_ns, delay),
			format_ns(phc->departure_error_ns, early),
			format_ns(phc->departure_deviation_ns, deviation),
			phc->departures);
	else
		fprintf(out, LABEL "not known yet\n", "  departure");
}

static void print_device(FILE *out, const char *name, const struct knts_phc *phc,
			 struct json_object *kntsd)
{
	static const char *const problems[] = { "problem", "limit" };
	const char *text;
	size_t i;

	fprintf(out, LABEL "%s", "device", name);
	if (phc)
		fprintf(out, ", PHC /dev/ptp%u", phc->index);
	text = json_text(kntsd, "rx-filter");
	if (text)
		fprintf(out, ", receive filter %s", text);
	if (phc && phc->link_speed_mbps)
		fprintf(out, ", %u Mbit/s", phc->link_speed_mbps);
	fputc('\n', out);
	if (phc)
		print_phc(out, phc);
	for (i = 0; i < 2; i++) {
		text = json_text(kntsd, problems[i]);
		if (text)
			fprintf(out, LABEL "%s\n", "  problem", text);
	}
}

void hardware_print(FILE *out, const struct hardware *hardware)
{
	struct json_object *devices = kntsd_devices(hardware);
	struct json_object *device;
	char len[FORMAT_SIZE];
	size_t i;

	if (hardware->interleave.pairs)
		fprintf(out, LABEL "%u pairs, %s\n", "interleaved",
			hardware->interleave.pairs,
			format_len(hardware->interleave.memory_len, len));
	else
		fprintf(out, LABEL "off\n", "interleaved");
	print_counters(out, hardware);
	for (i = 0; i < hardware->phcs_count; i++)
		print_device(out, hardware->phcs[i].device, &hardware->phcs[i],
			     find_device(devices, hardware->phcs[i].device));
	for (i = 0; devices && i < json_object_array_length(devices); i++) {
		device = json_object_array_get_idx(devices, i);
		if (json_text(device, "device") && !find_phc(hardware, device))
			print_device(out, json_text(device, "device"), NULL,
				     device);
	}
}

static struct json_object *stamps_to_json(const struct hardware *hardware)
{
	struct json_object *object = json_object_new_object();
	const struct knts_counter *counter;
	size_t i, j;

	for (i = 0; i < KINDS_COUNT; i++)
		for (j = 0; j < hardware->counters.count; j++) {
			counter = &hardware->counters.list[j];
			if (counter_is(counter, kinds[i].prefix))
				json_object_object_add(
					object, counter->name,
					json_object_new_uint64(counter->value));
		}
	return object;
}

/* Everything that kntsd says and the kernel does not. */
static void add_missing(struct json_object *object, struct json_object *kntsd)
{
	json_object_object_foreach(kntsd, key, value)
		if (!json_object_object_get_ex(object, key, NULL))
			json_object_object_add(object, key,
					       json_object_get(value));
}

void hardware_to_json(const struct hardware *hardware,
		      struct json_object *object)
{
	struct json_object *devices = kntsd_devices(hardware);
	struct json_object *array = json_object_new_array();
	struct json_object *device, *known;
	size_t i;

	json_object_object_add(object, "interleave",
			       interleave_to_json(&hardware->interleave));
	json_object_object_add(object, "stamps", stamps_to_json(hardware));
	json_object_object_add(object, "devices", array);
	for (i = 0; i < hardware->phcs_count; i++) {
		device = phc_to_json(&hardware->phcs[i]);
		known = find_device(devices, hardware->phcs[i].device);
		if (known)
			add_missing(device, known);
		json_object_array_add(array, device);
	}
	for (i = 0; devices && i < json_object_array_length(devices); i++) {
		device = json_object_array_get_idx(devices, i);
		if (!find_phc(hardware, device))
			json_object_array_add(array, json_object_get(device));
	}
}
