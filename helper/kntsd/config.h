/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kntsd.conf, read and checked. Names are ntpd-rs's wherever it has one.
 */
#ifndef KNTSD_CONFIG_H
#define KNTSD_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libknts/libknts.h"

/**
 * struct config_ke - one section nts-ke-server
 * @listen: addresses to listen on, 0.0.0.0:4460 and [::]:4460 by default
 * @listen_count: how many
 * @listen_default: none was given
 * @certificate_chain_path: PEM, server certificate first
 * @private_key_path: PEM
 * @names: extra names by which SNI picks this certificate; the certificate's
 *	own subjectAltNames always do
 * @names_count: how many
 * @key_exchange_timeout_ms: for a whole connection
 * @concurrent_connections: cap for all workers together
 * @ntp_server: what the Server record says, or NULL for none (R20)
 * @ntp_port: what the Port record says; 123 sends none (R22)
 * @aeads: AEAD ids that clients may choose; always has 15 (R18)
 * @aeads_count: how many
 * @line: where the section begins, for messages
 */
struct config_ke {
	struct sockaddr_in6 *listen;	/* IPv4 as sockaddr_in in the same room */
	size_t listen_count;
	bool listen_default;
	char *certificate_chain_path;
	char *private_key_path;
	char **names;
	size_t names_count;
	unsigned int key_exchange_timeout_ms;
	unsigned int concurrent_connections;
	char *ntp_server;
	uint16_t ntp_port;
	uint16_t aeads[8];
	size_t aeads_count;
	unsigned int line;
};

enum config_clock_source {
	CLOCK_SOURCE_CHRONYD,
	CLOCK_SOURCE_NTP,
	CLOCK_SOURCE_ADJTIMEX,
	CLOCK_SOURCE_FIXED,
};

/**
 * struct config_clock - section clock: where the clock's state comes from
 * @source: one of the four
 * @socket: chronyd's command socket
 * @server: for CLOCK_SOURCE_NTP: loopback address and port to ask
 * @interval_ms: how often to ask
 * @lifetime_ms: how long the kernel may use an answer
 * @dispersion_rate_ppb: how fast dispersion grows meanwhile
 * @stratum: for ADJTIMEX and FIXED
 * @reference_id: for ADJTIMEX and FIXED
 * @root_delay_ns: for FIXED
 * @root_dispersion_ns: for FIXED
 * @precision: log2 of seconds, or 1 to measure it
 */
struct config_clock {
	enum config_clock_source source;
	char *socket;
	struct sockaddr_in6 server;
	unsigned int interval_ms;
	unsigned int lifetime_ms;
	unsigned int dispersion_rate_ppb;
	uint8_t stratum;
	uint32_t reference_id;
	uint64_t root_delay_ns;
	uint64_t root_dispersion_ns;
	int precision;
};

/**
 * struct config_keys - section keyset
 * @storage_path: key store, or NULL for none: cookies die with the machine
 * @rotation_interval_s: 0 for never by itself
 * @stale_key_count: how many old keys are still accepted, 0 to 14
 */
struct config_keys {
	char *storage_path;
	unsigned int rotation_interval_s;
	unsigned int stale_key_count;
};

enum config_rx_filter {
	CONFIG_RX_FILTER_BEST,
	CONFIG_RX_FILTER_NTP,
	CONFIG_RX_FILTER_ALL,
	CONFIG_RX_FILTER_PTP,
	CONFIG_RX_FILTER_NONE,
};

/**
 * struct config_phc - one section hardware-timestamps
 * @device: the section's title; may be a bond, VLAN or bridge
 * @rx_filter: which packets; BEST keeps what another program has set
 * @rx_correction_ns: added to receive timestamps
 * @tx_correction_ns: added to transmit timestamps
 * @delay_max_ns: how much later a packet's software timestamp may be
 * @sample_interval_ms: how often the PHC is compared
 * @readings: of which the tightest counts, each time
 * @samples_min: before there is a line
 * @samples_max: of one line
 * @lifetime_ms: of a line
 */
struct config_phc {
	char device[IFNAMSIZ];
	enum config_rx_filter rx_filter;
	int rx_correction_ns;
	int tx_correction_ns;
	unsigned int delay_max_ns;
	unsigned int sample_interval_ms;
	unsigned int readings;
	unsigned int samples_min;
	unsigned int samples_max;
	unsigned int lifetime_ms;
};

struct listeners;

/**
 * struct config - all of it
 * @handed: sockets that kntsd was started with, or NULL; not from the file but
 *	by activation_configure()
 */
struct config {
	char *path;
	const struct listeners *handed;
	struct knts_server *ntp_servers;
	size_t ntp_servers_count;
	struct config_ke *ke;
	size_t ke_count;
	struct config_clock clock;
	struct config_keys keys;
	struct config_phc *phcs;
	size_t phcs_count;
	unsigned int interleaved_pairs;
	unsigned int client_table_size;	/* on each CPU; 0: none */
	unsigned int workers;		/* 0: one per CPU */
	char *worker_user;
	char *control_path;
};

/**
 * config_load() - read a file and check every value in it
 * @path: file
 * @config: set on success, for config_free()
 * @error: on failure one sentence, "FILE:LINE:COLUMN: what is wrong and right"
 * @error_size: room for it
 *
 * Reads no certificate; certs_load() does.
 *
 * Return: 0 or -EINVAL, -errno of opening it.
 */
int config_load(const char *path, struct config **config, char *error,
		size_t error_size);

/** config_free() - NULL is allowed */
void config_free(struct config *config);

#endif
