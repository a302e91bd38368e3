/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The netlink family knts, for C programs. The only user of libnl.
 *
 * Every call blocks until the kernel has answered. A connection belongs to the
 * network namespace in which it was opened, and to one thread at a time.
 * Calls return 0 or -errno; knts_error() then has the sentence.
 */
#ifndef KNTS_LIBKNTS_H
#define KNTS_LIBKNTS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/knts.h>

struct knts_conn;

/**
 * struct knts_server - one UDP endpoint of the kernel
 * @address: IPv4 in its first 4 octets, or IPv6, in network order
 * @address_len: 4 or 16
 * @port: in host order
 * @device: name of the device that it is bound to, or ""
 * @require_nts: enum knts_require_nts
 * @serve_own_port: answer requests from the server's own port number
 */
struct knts_server {
	uint8_t address[16];
	uint8_t address_len;
	uint16_t port;
	char device[IFNAMSIZ];
	uint32_t require_nts;
	bool serve_own_port;
};

/**
 * struct knts_clock - the clock state; units as in uapi/specs/knts.yaml
 * @age_ms: only when read
 * @synchronised: only when read
 */
struct knts_clock {
	uint8_t leap;
	uint8_t stratum;
	int8_t precision;
	uint32_t root_delay;
	uint32_t root_dispersion;
	uint32_t reference_id;
	uint64_t reference_time;
	uint32_t dispersion_rate_ppb;
	uint32_t lifetime_ms;
	uint64_t age_ms;
	bool synchronised;
};

/**
 * struct knts_key - a cookie key
 * @secret: only on the way in; NULL says that the kernel has it already
 * @opened: only when read
 * @sealed: only when read
 */
struct knts_key {
	uint32_t id;
	uint16_t algorithm;
	const uint8_t *secret;
	uint64_t created_s;
	bool active;
	uint64_t opened;
	uint64_t sealed;
};

/**
 * struct knts_line - a PHC's time as a line over CLOCK_MONOTONIC_RAW
 * @phc_ns: a reading of the PHC
 * @raw_ns: CLOCK_MONOTONIC_RAW at that reading
 * @rate_ppt: how much faster CLOCK_MONOTONIC_RAW runs, in 10^-12
 * @error_ns: bound of the error over the lifetime
 * @lifetime_ms: from when it is set
 * @age_ms: only when read
 */
struct knts_line {
	uint64_t phc_ns;
	uint64_t raw_ns;
	int32_t rate_ppt;
	uint32_t error_ns;
	uint32_t lifetime_ms;
	uint64_t age_ms;
};

/**
 * struct knts_phc - a network device that makes timestamps by a PHC
 * @device: its name
 * @index: the PHC's number, as in /dev/ptpN
 * @has_line: @line is filled in; without one no timestamp is used
 * @line: of the PHC
 * @rx_correction_ns: added to receive timestamps
 * @tx_correction_ns: added to transmit timestamps
 * @link_speed_mbps: 0 leaves receive timestamps at a frame's start
 * @delay_max_ns: how much later a packet's software timestamp may be
 * @departures: transmit timestamps that taught @departure_delay_ns; this and
 *	the following only when read
 * @departure_delay_ns: added to transmit timestamps
 * @departure_error_ns: by how much they are still early, on average
 * @departure_deviation_ns: standard deviation of that
 */
struct knts_phc {
	char device[IFNAMSIZ];
	uint32_t index;
	bool has_line;
	struct knts_line line;
	int32_t rx_correction_ns;
	int32_t tx_correction_ns;
	uint32_t link_speed_mbps;
	uint32_t delay_max_ns;
	uint64_t departures;
	uint32_t departure_delay_ns;
	uint32_t departure_error_ns;
	uint32_t departure_deviation_ns;
};

/**
 * struct knts_interleave - how interleaved mode is set
 * @pairs: pairs of timestamps that are kept; 0 if it is off
 * @memory_len: octets that they take
 */
struct knts_interleave {
	uint32_t pairs;
	uint64_t memory_len;
};

struct knts_counter {
	char name[32];
	uint64_t value;
};

/**
 * struct knts_bucket - values that are about equal
 * @from_ns: the least that falls into it; INT64_MIN for what has no end there
 * @below_ns: the least above that no longer does; INT64_MAX, likewise
 * @count: how many did
 *
 * Four to an octave, of equal width; all powers of two are bounds, and bounds
 * never change. Those without a value are left out.
 */
struct knts_bucket {
	int64_t from_ns;
	int64_t below_ns;
	uint64_t count;
};

/**
 * struct knts_histogram - how a measured value is distributed
 * @name: "service-plain", "service-nts": from receive to transmit timestamp of
 *	answered requests; "transmit-error": how early transmit timestamps were
 * @count: values, those of all buckets
 * @sum_ns: their sum
 * @buckets_count: buckets that have a value
 * @buckets: they, from the least to the greatest
 */
struct knts_histogram {
	char name[32];
	uint64_t count;
	int64_t sum_ns;
	size_t buckets_count;
	struct knts_bucket *buckets;
};

/**
 * struct knts_client - what came from an address
 * @address: IPv4 in its first 4 octets, or IPv6, in network order
 * @address_len: 4 or 16
 * @plain: requests answered without NTS
 * @nts: requests answered with NTS
 * @kisses: requests that got a kiss code, NTSN or DENY
 * @drops: packets that got no reply
 * @since_ms: since the first packet that is counted here
 * @age_ms: since the last
 */
struct knts_client {
	uint8_t address[16];
	uint8_t address_len;
	uint64_t plain;
	uint64_t nts;
	uint64_t kisses;
	uint64_t drops;
	uint64_t since_ms;
	uint64_t age_ms;
};

/**
 * struct knts_clients - how many clients are kept
 * @entries: on each CPU; 0 if none are
 * @memory_len: octets that all CPUs' take
 * @evicted: clients that made room for another
 */
struct knts_clients {
	uint32_t entries;
	uint64_t memory_len;
	uint64_t evicted;
};

/**
 * struct knts_event - what the kernel reported
 * @cmd: KNTS_CMD_SERVER_UP_NTF, ..._DOWN_NTF, KEY_ADD_NTF, KEY_ACTIVATE_NTF,
 *	KEY_DEL_NTF or CLOCK_CHANGE_NTF; it says which member is filled in
 */
struct knts_event {
	int cmd;
	union {
		struct knts_server server;
		struct knts_clock clock;
		struct knts_key key;
	};
};

/**
 * knts_open() - connect to the family
 * @conn: set on success; may also be set on failure, for knts_error()
 *
 * Loads no module by itself; the kernel does on the first look-up if it can.
 *
 * Return: 0, -ENOENT if the module is not loaded, or another -errno.
 */
int knts_open(struct knts_conn **conn);

/** knts_close() - close; NULL is allowed */
void knts_close(struct knts_conn *conn);

/**
 * knts_error() - what went wrong last, one sentence without newline
 *
 * The kernel's own words where it had some.
 */
const char *knts_error(const struct knts_conn *conn);

int knts_server_add(struct knts_conn *conn, const struct knts_server *server);
int knts_server_set(struct knts_conn *conn, const struct knts_server *server);
int knts_server_del(struct knts_conn *conn, const struct knts_server *server);

/**
 * knts_server_list() - read all servers
 * @servers: set to an array for the caller to free()
 * @count: set to its length
 */
int knts_server_list(struct knts_conn *conn, struct knts_server **servers,
		     size_t *count);

int knts_clock_set(struct knts_conn *conn, const struct knts_clock *clock);

/** knts_clock_get() - -ENODATA before the first knts_clock_set() */
int knts_clock_get(struct knts_conn *conn, struct knts_clock *clock);

/**
 * knts_ring_set() - replace the key ring in one step
 * @keys: the ring from now on; others are removed
 * @count: 0 to KNTS_KEYS_MAX; 0 empties the ring
 * @active_id: the one that seals; not looked at if @count is 0
 *
 * The message is wiped after it was sent.
 */
int knts_ring_set(struct knts_conn *conn, const struct knts_key *keys,
		  size_t count, uint32_t active_id);

/** knts_ring_get() - the ring, for the caller to free() */
int knts_ring_get(struct knts_conn *conn, struct knts_key **keys,
		  size_t *count);

/** knts_phc_set() - make it so from now on; a line that is absent is void */
int knts_phc_set(struct knts_conn *conn, const struct knts_phc *phc);

/** knts_phc_del() - forget the device's PHC */
int knts_phc_del(struct knts_conn *conn, const char *device);

/** knts_phc_list() - all devices with a PHC, for the caller to free() */
int knts_phc_list(struct knts_conn *conn, struct knts_phc **phcs,
		  size_t *count);

/**
 * knts_interleave_set() - set the size of interleaved mode's table, empty it
 * @pairs: rounded up to a power of two; 0 turns interleaved mode off
 */
int knts_interleave_set(struct knts_conn *conn, uint32_t pairs);

int knts_interleave_get(struct knts_conn *conn,
			struct knts_interleave *interleave);

/** knts_stats_get() - all counters in the kernel's order, to free() */
int knts_stats_get(struct knts_conn *conn, struct knts_counter **counters,
		   size_t *count);

/**
 * knts_histogram_list() - read all histograms
 * @histograms: set to an array for knts_histogram_free()
 * @count: set to its length
 */
int knts_histogram_list(struct knts_conn *conn,
			struct knts_histogram **histograms, size_t *count);

/** knts_histogram_free() - NULL is allowed */
void knts_histogram_free(struct knts_histogram *histograms, size_t count);

/**
 * knts_client_list() - read all clients that are kept, in no order
 * @clients: set to an array for the caller to free()
 * @count: set to its length
 *
 * One that makes room for another meanwhile may be missing, or there twice.
 */
int knts_client_list(struct knts_conn *conn, struct knts_client **clients,
		     size_t *count);

/**
 * knts_clients_set() - set how many clients are kept; another number forgets all
 * @entries: on each CPU, rounded up to a power of two; 0 keeps none
 */
int knts_clients_set(struct knts_conn *conn, uint32_t entries);

int knts_clients_get(struct knts_conn *conn, struct knts_clients *clients);

/**
 * knts_events_open() - subscribe to events
 * @conn: a connection for this alone; non-blocking from now on
 *
 * Return: its file descriptor, readable when events wait; or -errno.
 */
int knts_events_open(struct knts_conn *conn);

/**
 * knts_events_read() - deliver all events that wait
 * @handler: called for each
 * @arg: for it
 *
 * Return: 0; -ENOBUFS if events were lost, so that the caller reads the state
 * anew; or another -errno.
 */
int knts_events_read(struct knts_conn *conn,
		     void (*handler)(const struct knts_event *event, void *arg),
		     void *arg);

/**
 * knts_server_format() - address, port and device for people
 * @text: "192.0.2.1:123", "[2001:db8::1]:123%eth0"
 * @size: KNTS_SERVER_TEXT_SIZE is enough
 *
 * Return: @text.
 */
#define KNTS_SERVER_TEXT_SIZE 80
const char *knts_server_format(const struct knts_server *server, char *text,
			       size_t size);

/**
 * knts_server_scan() - the reverse of knts_server_format()
 * @text: port and device may be left out, and brackets too without a port
 * @server: zeroed, then filled in; port 123 if there is none in @text
 *
 * Return: 0 or -EINVAL.
 */
int knts_server_scan(const char *text, struct knts_server *server);

#endif
