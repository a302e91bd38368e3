/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware timestamps: what the kernel has, and what kntsd says about it.
 */
#ifndef KNTSCTL_HARDWARE_H
#define KNTSCTL_HARDWARE_H

#include "kntsctl/counters.h"

/**
 * struct hardware - all about timestamps
 * @phcs: @phcs_count devices that the kernel knows
 * @interleave: how interleaved mode is set
 * @counters: those of timestamps among them
 * @kntsd: its own status, or NULL
 */
struct hardware {
	struct knts_phc *phcs;
	size_t phcs_count;
	struct knts_interleave interleave;
	struct counters counters;
	struct json_object *kntsd;
};

/** hardware_take() - ask the kernel, and kntsd if it runs; Return: 0 or -errno */
int hardware_take(struct hardware *hardware, struct knts_conn *conn,
		  const char *control_path);

/** hardware_print() - for people */
void hardware_print(FILE *out, const struct hardware *hardware);

/** hardware_to_json() - add interleave, stamps and devices to @object */
void hardware_to_json(const struct hardware *hardware,
		      struct json_object *object);

/** hardware_free() - give back what it holds */
void hardware_free(struct hardware *hardware);

/** phc_is_used() - it has a line, and that is not too old */
bool phc_is_used(const struct knts_phc *phc);

#endif
