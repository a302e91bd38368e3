// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_parse.h"
#include "config_sections.h"
#include "fail.h"

#define FILE_MAX_LEN (1 << 20)

static cfg_opt_t ntp_server_options[] = {
	CFG_PTR_LIST_CB("listen", NULL, CFGF_NODEFAULT, config_value_listen, free),
	CFG_STR_CB("device", NULL, CFGF_NODEFAULT, config_value_device),
	CFG_INT_CB("require-nts", KNTS_REQUIRE_NTS_FALSE, CFGF_NONE,
		   config_value_choice),
	CFG_BOOL_CB("serve-own-port", cfg_false, CFGF_NONE, config_value_bool),
	CFG_END()
};

static cfg_opt_t ke_server_options[] = {
	CFG_PTR_LIST_CB("listen", NULL, CFGF_NODEFAULT, config_value_listen, free),
	CFG_STR_CB("certificate-chain-path", NULL, CFGF_NODEFAULT,
		   config_value_path),
	CFG_STR_CB("private-key-path", NULL, CFGF_NODEFAULT, config_value_path),
	CFG_STR_LIST_CB("names", NULL, CFGF_NODEFAULT, config_value_host),
	CFG_INT_CB("key-exchange-timeout-ms", 1000, CFGF_NONE,
		   config_value_number),
	CFG_INT_CB("concurrent-connections", 512, CFGF_NONE,
		   config_value_number),
	CFG_STR_CB("ntp-server", NULL, CFGF_NODEFAULT, config_value_host),
	CFG_INT_CB("ntp-port", 123, CFGF_NONE, config_value_number),
	CFG_INT_LIST_CB("aeads", NULL, CFGF_NODEFAULT, config_value_choice),
	CFG_END()
};

static cfg_opt_t keyset_options[] = {
	CFG_STR_CB("key-storage-path", NULL, CFGF_NODEFAULT, config_value_path),
	CFG_INT_CB("key-rotation-interval", 86400, CFGF_NONE,
		   config_value_number),
	CFG_INT_CB("stale-key-count", 7, CFGF_NONE, config_value_number),
	CFG_END()
};

static cfg_opt_t clock_options[] = {
	CFG_INT_CB("source", CLOCK_SOURCE_CHRONYD, CFGF_NONE,
		   config_value_choice),
	CFG_STR_CB("socket", NULL, CFGF_NODEFAULT, config_value_path),
	CFG_PTR_CB("server", NULL, CFGF_NODEFAULT, config_value_listen, free),
	CFG_INT_CB("interval-ms", 0, CFGF_NODEFAULT, config_value_number),
	CFG_INT_CB("lifetime-ms", 0, CFGF_NODEFAULT, config_value_number),
	CFG_INT_CB("dispersion-rate-ppb", 0, CFGF_NODEFAULT,
		   config_value_number),
	CFG_INT_CB("stratum", 0, CFGF_NODEFAULT, config_value_number),
	CFG_INT_CB("reference-id", 0, CFGF_NODEFAULT,
		   config_value_reference_id),
	CFG_INT_CB("root-delay-ns", 0, CFGF_NODEFAULT, config_value_number),
	CFG_INT_CB("root-dispersion-ns", 0, CFGF_NODEFAULT,
		   config_value_number),
	CFG_INT_CB("precision", 0, CFGF_NODEFAULT, config_value_number),
	CFG_END()
};

static cfg_opt_t phc_options[] = {
	CFG_INT_CB("rx-filter", CONFIG_RX_FILTER_BEST, CFGF_NONE,
		   config_value_choice),
	CFG_INT_CB("rx-correction-ns", 0, CFGF_NONE, config_value_number),
	CFG_INT_CB("tx-correction-ns", 0, CFGF_NONE, config_value_number),
	CFG_INT_CB("delay-max-ns", 1000000, CFGF_NONE, config_value_number),
	CFG_INT_CB("sample-interval-ms", 500, CFGF_NONE, config_value_number),
	CFG_INT_CB("readings", 10, CFGF_NONE, config_value_number),
	CFG_INT_CB("samples-min", 8, CFGF_NONE, config_value_number),
	CFG_INT_CB("samples-max", 64, CFGF_NONE, config_value_number),
	CFG_INT_CB("line-lifetime-ms", 5000, CFGF_NONE, config_value_number),
	CFG_END()
};

static cfg_opt_t options[] = {
	CFG_SEC("ntp-server", ntp_server_options, CFGF_MULTI),
	CFG_SEC("nts-ke-server", ke_server_options, CFGF_MULTI),
	CFG_SEC("keyset", keyset_options, CFGF_MULTI),
	CFG_SEC("clock", clock_options, CFGF_MULTI),
	CFG_SEC("hardware-timestamps", phc_options,
		CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CFG_INT_CB("interleaved-pairs", 65536, CFGF_NONE, config_value_number),
	CFG_INT_CB("client-table-size", 1024, CFGF_NONE, config_value_number),
	CFG_INT_CB("workers", 0, CFGF_NONE, config_value_number),
	CFG_STR_CB("worker-user", NULL, CFGF_NODEFAULT, config_value_user),
	CFG_STR_CB("control-path", NULL, CFGF_NODEFAULT, config_value_path),
	CFG_STR(CONFIG_END_OPTION, NULL, CFGF_NODEFAULT),
	CFG_END()
};

/* The file, and after it the option that shows that libconfuse came so far. */
static char *read_text(const char *path, char *error, size_t error_size)
{
	static const char end[] = "\n" CONFIG_END_OPTION "=1\n";
	char *text = NULL;
	size_t len;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		goto err_errno;
	text = calloc(1, FILE_MAX_LEN + sizeof(end));
	if (!text)
		goto err_errno;
	len = fread(text, 1, FILE_MAX_LEN, file);
	if (ferror(file))
		goto err_errno;
	if (!feof(file) || strlen(text) != len) {
		errno = EINVAL;
		fail(0, error, error_size, "%s:1:1: %s", path, feof(file) ?
		     "the file has an octet of zero: it is not text" :
		     "the file is longer than 1 MiB");
		goto err_free;
	}
	fclose(file);
	memcpy(text + len, end, sizeof(end));
	return text;

err_errno:
	fail(0, error, error_size, "cannot read configuration %s: %m", path);
err_free:
	free(text);
	if (file)
		fclose(file);
	return NULL;
}

/*
 * libconfuse's scanner stays in the middle of a string where the text before
 * ended there. Each of these ends one kind of string and does nothing outside.
 */
static void reset_scanner(void)
{
	static const char *const texts[] = { "\"#\"", "'#'" };
	cfg_opt_t none[] = { CFG_END() };
	cfg_t *cfg = cfg_init(none, CFGF_IGNORE_UNKNOWN);
	size_t i;

	if (!cfg)
		return;
	cfg_set_error_function(cfg, config_parse_error);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cfg_parse_buf(cfg, texts[i]);
	cfg_free(cfg);
}

static cfg_t *parse(char *text)
{
	const char *open_comment = config_comments_blank(text);
	cfg_t *cfg;

	if (open_comment) {
		config_fail_at(open_comment, "the comment that begins here has no '*/'");
		return NULL;
	}
	cfg = cfg_init(options, CFGF_NONE);
	if (!cfg)
		return NULL;
	cfg_set_error_function(cfg, config_parse_error);
	cfg_set_validate_func(cfg, "ntp-server", config_note_section);
	cfg_set_validate_func(cfg, "nts-ke-server", config_note_section);
	cfg_set_validate_func(cfg, "keyset", config_note_section);
	cfg_set_validate_func(cfg, "clock", config_note_section);
	cfg_set_validate_func(cfg, "hardware-timestamps", config_note_section);
	if (cfg_parse_buf(cfg, text) == CFG_SUCCESS)
		return cfg;
	cfg_free(cfg);
	return NULL;
}

static int convert(cfg_t *cfg, struct config *config)
{
	const char *user = cfg_getstr(cfg, "worker-user");
	const char *control = cfg_getstr(cfg, "control-path");

	config->interleaved_pairs = cfg_getint(cfg, "interleaved-pairs");
	config->client_table_size = cfg_getint(cfg, "client-table-size");
	config->workers = cfg_getint(cfg, "workers");
	config->worker_user = user ? strdup(user) : NULL;
	config->control_path = strdup(control ? control : "/run/knts/control");
	if (!config->control_path || (user && !config->worker_user))
		return -ENOMEM;
	if (config_ntp_servers(cfg, config) || config_ke_servers(cfg, config) ||
	    config_keyset(cfg, config) || config_clock(cfg, config) ||
	    config_phcs(cfg, config))
		return -EINVAL;
	return 0;
}

int config_load(const char *path, struct config **config, char *error,
		size_t error_size)
{
	struct config *new;
	cfg_t *cfg = NULL;
	int err = -ENOMEM;
	char *text;

	text = read_text(path, error, error_size);
	if (!text)
		return -errno;
	new = calloc(1, sizeof(*new));
	if (!new)
		goto out_free;
	new->path = strdup(path);
	if (!new->path)
		goto out_free;
	config_position_begin(path, text, error, error_size);
	reset_scanner();
	config_position_end();
	config_position_begin(path, text, error, error_size);
	cfg = parse(text);
	err = cfg ? convert(cfg, new) : -EINVAL;
	if (err && !error[0])
		fail(err, error, error_size, "%s:1:1: out of memory", path);
	config_position_end();
	if (!err) {
		*config = new;
		new = NULL;
	}
out_free:
	if (cfg)
		cfg_free(cfg);
	config_free(new);
	free(text);
	return err;
}

static void free_ke(struct config_ke *ke)
{
	size_t i;

	for (i = 0; i < ke->names_count; i++)
		free(ke->names[i]);
	free(ke->names);
	free(ke->listen);
	free(ke->certificate_chain_path);
	free(ke->private_key_path);
	free(ke->ntp_server);
}

void config_free(struct config *config)
{
	size_t i;

	if (!config)
		return;
	for (i = 0; i < config->ke_count; i++)
		free_ke(&config->ke[i]);
	free(config->ke);
	free(config->ntp_servers);
	free(config->phcs);
	free(config->clock.socket);
	free(config->keys.storage_path);
	free(config->worker_user);
	free(config->control_path);
	free(config->path);
	free(config);
}
