// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A new configuration. The steps that can fail come first and can be taken
 * back; the old configuration is in force until the last of them is done.
 */
#include <errno.h>
#include <string.h>

#include "clients.h"
#include "daemon.h"
#include "fail.h"
#include "interleave.h"
#include "log.h"

static int swap_workers(struct daemon *daemon, const struct config *config,
			char *error, size_t error_size)
{
	if (daemon->workers && config->ke_count)
		return workers_reload(daemon->workers, config, error,
				      error_size);
	if (config->ke_count)
		return workers_start(&daemon->workers, daemon->base, config,
				     keys_seal, daemon->keys, error, error_size);
	return 0;
}

static void swap_workers_back(struct daemon *daemon)
{
	char error[FAIL_SIZE];

	if (!daemon->config->ke_count) {
		workers_stop(daemon->workers);
		daemon->workers = NULL;
	} else if (swap_workers(daemon, daemon->config, error, sizeof(error))) {
		log_error("NTS-KE keeps the refused configuration: %s", error);
	}
}

static void swap_servers_back(struct daemon *daemon)
{
	char error[FAIL_SIZE];

	if (servers_apply(daemon->servers, daemon->config->ntp_servers,
			  daemon->config->ntp_servers_count, error,
			  sizeof(error)))
		log_error("servers keep the refused configuration: %s", error);
}

static void swap_interleave_back(struct daemon *daemon)
{
	char error[FAIL_SIZE];

	if (interleave_apply(daemon->conn, daemon->config->interleaved_pairs,
			     error, sizeof(error)))
		log_error("interleaved mode keeps the refused configuration: %s",
			  error);
}

static void swap_clients_back(struct daemon *daemon)
{
	char error[FAIL_SIZE];

	if (clients_apply(daemon->conn, daemon->config->client_table_size,
			  error, sizeof(error)))
		log_error("the table of clients keeps the refused configuration: %s",
			  error);
}

static void take_over(struct daemon *daemon, struct config *config)
{
	if (!config->ke_count) {
		workers_stop(daemon->workers);
		daemon->workers = NULL;
	}
	if (strcmp(config->control_path, daemon->config->control_path))
		log_notice("control-path stays %s until kntsd is restarted",
			   daemon->config->control_path);
	clock_reload(daemon->clock, &config->clock);
	phc_reload(daemon->phc, config);
	config_free(daemon->config);
	daemon->config = config;
}

static int apply(struct daemon *daemon, struct config *config, char *error,
		 size_t error_size)
{
	int err;

	err = servers_apply(daemon->servers, config->ntp_servers,
			    config->ntp_servers_count, error, error_size);
	if (err)
		return err;
	err = interleave_apply(daemon->conn, config->interleaved_pairs, error,
			       error_size);
	if (err)
		goto err_servers;
	err = clients_apply(daemon->conn, config->client_table_size, error,
			    error_size);
	if (err)
		goto err_interleave;
	err = swap_workers(daemon, config, error, error_size);
	if (err)
		goto err_clients;
	err = keys_reload(daemon->keys, &config->keys, error, error_size);
	if (err)
		goto err_workers;
	take_over(daemon, config);
	return 0;

err_workers:
	swap_workers_back(daemon);
err_clients:
	swap_clients_back(daemon);
err_interleave:
	swap_interleave_back(daemon);
err_servers:
	swap_servers_back(daemon);
	return err;
}

int daemon_reload(struct daemon *daemon, char *error, size_t error_size)
{
	struct config *config;
	int err;

	notify_reloading();
	err = daemon_configure(daemon, daemon->config->path, &config, error,
			       error_size);
	if (!err) {
		err = apply(daemon, config, error, error_size);
		if (err)
			config_free(config);
	}
	if (err) {
		snprintf(daemon->reload_problem, sizeof(daemon->reload_problem),
			 "the last reload was refused: %s", error);
		log_error("reload refused, the old configuration goes on: %s",
			  error);
		notify_ready("serving with the old configuration; the new one was refused");
		return err;
	}
	daemon->reload_problem[0] = '\0';
	log_notice("configuration %s is in force", daemon->config->path);
	notify_ready("serving");
	return 0;
}
