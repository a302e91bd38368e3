/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From libconfuse's sections to ours, with the checks that need more than one
 * value.
 */
#ifndef KNTSD_CONFIG_SECTIONS_H
#define KNTSD_CONFIG_SECTIONS_H

#include <confuse.h>

#include "config.h"

/*
 * Each returns 0, or -1 after config_fail() or for lack of memory. What was
 * made until then is config_free()'s.
 */
int config_ntp_servers(cfg_t *cfg, struct config *config);
int config_ke_servers(cfg_t *cfg, struct config *config);
int config_keyset(cfg_t *cfg, struct config *config);
/* Wants to know the servers: after config_ntp_servers(). */
int config_clock(cfg_t *cfg, struct config *config);
int config_phcs(cfg_t *cfg, struct config *config);

#endif
