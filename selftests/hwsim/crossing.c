// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* They want struct timespec. */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include "../guest/ask.h"
#include "../guest/test.h"
#include "crossing.h"

static void stamp_by(int fd, unsigned int flags)
{
	flags |= SOF_TIMESTAMPING_RAW_HARDWARE;
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)))
		fail_msg("SO_TIMESTAMPING: %s", strerror(errno));
}

static void stamp_transmit(const struct crossing *c)
{
	unsigned int whose = SOF_TIMESTAMPING_TX_HARDWARE;

	if (c->by_kernel)
		whose = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	stamp_by(c->tx_fd, whose | SOF_TIMESTAMPING_OPT_ID |
			   SOF_TIMESTAMPING_OPT_TSONLY);
}

void crossing_open(struct crossing *c)
{
	memset(c, 0, sizeof(*c));
	c->rx_fd = ask_socket(SERVER_NS, SERVER4, CROSSING_PORT, NULL, 0);
	c->tx_fd = ask_socket(CLIENT_NS, CLIENT4, 0, SERVER4, CROSSING_PORT);
	stamp_by(c->rx_fd, SOF_TIMESTAMPING_RX_HARDWARE);
	stamp_transmit(c);
	assert_int_equal(sim_stamping(c->rx_fd, SIM_SERVER, HWTSTAMP_TX_ON,
				      HWTSTAMP_FILTER_ALL), 0);
	assert_int_equal(sim_stamping(c->tx_fd, SIM_CLIENT, HWTSTAMP_TX_ON,
				      HWTSTAMP_FILTER_ALL), 0);
}

static int64_t in_ns(const struct timespec *time)
{
	return time->tv_sec * 1000000000LL + time->tv_nsec;
}

/* The timestamp of a message, 0 if it has none; and a report's id. */
static int64_t receive(int fd, int flags, size_t *id)
{
	char control[512];
	char payload[64];
	struct iovec iov = { .iov_base = payload, .iov_len = sizeof(payload) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct sock_extended_err err;
	struct scm_timestamping stamp;
	struct cmsghdr *cmsg;
	int64_t stamp_ns = 0;

	if (recvmsg(fd, &msg, flags | MSG_DONTWAIT) < 0)
		return -1;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_SOCKET) {
			memcpy(&stamp, CMSG_DATA(cmsg), sizeof(stamp));
			stamp_ns = in_ns(&stamp.ts[2]) ?: in_ns(&stamp.ts[0]);
		} else if (id) {
			memcpy(&err, CMSG_DATA(cmsg), sizeof(err));
			*id = err.ee_data;
		}
	}
	return stamp_ns;
}

/* Take what has come; returns whether anything had. */
static bool collect(struct crossing *c)
{
	bool any = false;
	int64_t stamp_ns;
	size_t id = 0;

	while ((stamp_ns = receive(c->rx_fd, 0, NULL)) >= 0) {
		assert_true(c->rx_count < CROSSING_MAX);
		c->rx_ns[c->rx_count++] = stamp_ns;
		any = true;
	}
	while ((stamp_ns = receive(c->tx_fd, MSG_ERRQUEUE, &id)) >= 0) {
		assert_true(c->tx_count < 2 * CROSSING_MAX);
		c->tx_id[c->tx_count] = id;
		c->tx_ns[c->tx_count++] = stamp_ns;
		any = true;
	}
	return any;
}

static void wait_for_all(struct crossing *c, unsigned int patience_ms)
{
	unsigned int waited_ms = 0;

	while (waited_ms < patience_ms) {
		if (collect(c))
			waited_ms = 0;
		if (c->brief && c->rx_count == c->count &&
		    c->tx_count == c->count)
			return;
		usleep(1000);
		waited_ms++;
	}
}

/* Only packets of this crossing: the stack may send others, for IPv6. */
static void take_truth(struct crossing *c)
{
	size_t count, i, mine = 0;

	free(c->truth);
	c->truth = sim_truth(&count);
	assert_non_null(c->truth);
	for (i = 0; i < count; i++)
		if (c->truth[i].dest_port == CROSSING_PORT)
			c->truth[mine++] = c->truth[i];
	assert_int_equal(mine, c->count);
}

void crossing_run(struct crossing *c, size_t count, unsigned int gap_us,
		  unsigned int patience_ms)
{
	unsigned int flags = SOF_TIMESTAMPING_RAW_HARDWARE;
	char payload[HWSIM_PAYLOAD_LEN] = { 0 };
	size_t i;

	assert_true(count <= CROSSING_MAX && sim_truth_clear());
	c->count = count;
	c->rx_count = 0;
	c->tx_count = 0;
	/* Switched off and on, a socket counts its packets from 0. */
	assert_int_equal(setsockopt(c->tx_fd, SOL_SOCKET, SO_TIMESTAMPING, &flags,
				    sizeof(flags)), 0);
	stamp_transmit(c);
	for (i = 0; i < count; i++) {
		payload[0] = (char)i;
		if (send(c->tx_fd, payload, sizeof(payload), 0) < 0)
			fail_msg("send: %s", strerror(errno));
		if (gap_us)
			usleep(gap_us);
	}
	wait_for_all(c, patience_ms);
	take_truth(c);
}

void crossing_close(struct crossing *c)
{
	free(c->truth);
	close(c->tx_fd);
	close(c->rx_fd);
}
