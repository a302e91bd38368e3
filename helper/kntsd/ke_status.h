/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NTS-KE as the control socket tells it.
 */
#ifndef KNTSD_KE_STATUS_H
#define KNTSD_KE_STATUS_H

#include <json-c/json_types.h>

#include "ke_setup.h"

/** ke_status_sections() - where sections listen, and their certificates */
struct json_object *ke_status_sections(const struct ke_setup *setup);

/** ke_status_counters() - counters by their names, and open connections */
struct json_object *ke_status_counters(const struct ipc_stats *stats);

/** ke_status_duration() - a histogram with cumulative buckets */
struct json_object *ke_status_duration(const struct ke_stats *stats);

#endif
