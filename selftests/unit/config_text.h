/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations as tests write them: texts, in a file that is there for as long
 * as the test runs.
 */
#ifndef KNTS_UNIT_CONFIG_TEXT_H
#define KNTS_UNIT_CONFIG_TEXT_H

#include "kntsd/config.h"

#define CONFIG_KE \
	"nts-ke-server { certificate-chain-path = /c private-key-path = /k "
#define CONFIG_ERROR_SIZE 512

/** config_text_path() - of the file */
const char *config_text_path(void);

/** config_text_load() - config_load() of a text; @config is NULL on failure */
int config_text_load(const char *text, struct config **config, char *error);

/** config_text_good() - the configuration; the text must be right */
struct config *config_text_good(const char *text);

#endif
