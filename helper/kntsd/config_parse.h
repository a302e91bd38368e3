/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the configuration's reader share: where in the file each
 * value stands, and the one sentence that says what is wrong there.
 */
#ifndef KNTSD_CONFIG_PARSE_H
#define KNTSD_CONFIG_PARSE_H

#include <confuse.h>

#include "config.h"

/* Sees to it that the end of the file was read as such, not inside a section. */
#define CONFIG_END_OPTION "\001end"

/**
 * config_comments_blank() - overwrite comments with blanks
 *
 * Return: NULL, or where a comment begins that nothing ends.
 */
const char *config_comments_blank(char *text);

/**
 * config_position_begin() - before libconfuse reads
 * @path: for messages
 * @text: the whole file, must live until config_position_end()
 * @error: for the first sentence, later ones are dropped
 * @error_size: room for it
 *
 * libconfuse gives its callbacks no argument of ours, so there is one reading
 * at a time.
 */
void config_position_begin(const char *path, const char *text, char *error,
			   size_t error_size);

/** config_position_end() - forget all positions */
void config_position_end(void);

/**
 * config_fail() - say what is wrong with a value that is being read
 * @cfg: from libconfuse
 * @name: the option's, if it stands before @word, or NULL
 * @word: what stands there, to find the column; NULL for nothing
 *
 * Return: -1.
 */
int config_fail(cfg_t *cfg, const char *name, const char *word,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/** config_fail_at() - the same, of a place in the text; -1 */
int config_fail_at(const char *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** config_fail_value() - the same, of a value read earlier; -1 */
int config_fail_value(cfg_opt_t *opt, size_t index, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** config_fail_section() - the same, of a whole section; -1 */
int config_fail_section(cfg_opt_t *sections, size_t index, const char *format,
			...) __attribute__((format(printf, 3, 4)));

/**
 * config_note_value() - remember where a value stands, for config_fail_value()
 *
 * Return: 0, or -1 if the option was given before in its section.
 */
int config_note_value(cfg_t *cfg, cfg_opt_t *opt, const char *value);

/** config_note_section() - a cfg_validate_callback_t: remember its first line */
int config_note_section(cfg_t *cfg, cfg_opt_t *opt);

/** config_section_line() - where a section begins */
unsigned int config_section_line(cfg_opt_t *sections, size_t index);

/** config_parse_error() - a cfg_errfunc_t: libconfuse's words, in ours */
void config_parse_error(cfg_t *cfg, const char *format, va_list args);

/**
 * struct config_listen - an address as read
 * @address: IPv4 as sockaddr_in in the same room
 * @has_port: whether the text had one
 */
struct config_listen {
	struct sockaddr_in6 address;
	bool has_port;
};

/** config_is_device() - can a network device have this name? */
bool config_is_device(const char *name);

/* cfg_callback_t: each checks one value, and its type says what it yields. */
int config_value_number(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result);
int config_value_bool(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result);
int config_value_choice(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result);
int config_value_listen(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result);
int config_value_path(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result);
int config_value_host(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result);
int config_value_device(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			void *result);
int config_value_user(cfg_t *cfg, cfg_opt_t *opt, const char *value,
		      void *result);
int config_value_reference_id(cfg_t *cfg, cfg_opt_t *opt, const char *value,
			      void *result);

#endif
