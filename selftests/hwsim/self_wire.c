// SPDX-License-Identifier: GPL-2.0-only
#include <sys/socket.h>
#include <unistd.h>

#include "../guest/test.h"
#include "crossing.h"
#include "self.h"

#define PORTS 64
#define QUEUES 4
/* Ethernet, IPv4, UDP; the FCS; preamble and gap. */
#define FRAME_LEN (14 + 20 + 8 + HWSIM_PAYLOAD_LEN)
#define FCS_LEN 4
#define PREAMBLE_GAP_LEN 20

static void delays(void **state)
{
	struct crossing x;
	size_t i;

	crossing_open(&x);
	assert_true(sim_dial(SIM_CLIENT, "wire_delay_ns", 250000));
	assert_true(sim_dial(SIM_SERVER, "wire_delay_ns", 3000));
	crossing_run(&x, 10, 1000, 100);
	for (i = 0; i < 10; i++) {
		assert_int_equal(x.truth[i].arrival_raw_ns -
				 x.truth[i].departure_raw_ns, 250000);
		assert_int_equal(x.truth[i].arrival_real_ns -
				 x.truth[i].departure_real_ns, 250000);
	}
	assert_int_equal(x.rx_count, 10);
	assert_true(sim_dial(SIM_CLIENT, "wire_delay_ns", 1000));
	assert_true(sim_dial(SIM_SERVER, "wire_delay_ns", 1000));
	crossing_close(&x);
}

/* As with a real driver, whatever interrupts it. */
static void kernel_stamps_first(void **state)
{
	struct crossing x;
	size_t i;

	crossing_open(&x);
	x.by_kernel = true;
	crossing_run(&x, 100, 100, 100);
	assert_int_equal(x.tx_count, 100);
	for (i = 0; i < 100; i++)
		assert_in_range(x.tx_ns[i], x.truth[i].departure_real_ns - 1000000,
				x.truth[i].departure_real_ns);
	crossing_close(&x);
}

/* At 1 Mbit/s frames wait for each other. */
static void line_rate(void **state)
{
	struct crossing x;
	size_t i;

	crossing_open(&x);
	assert_true(sim_dial(SIM_CLIENT, "link_mbps", 1));
	crossing_run(&x, 20, 0, 100);
	assert_true(sim_dial(SIM_CLIENT, "link_mbps", 1000));
	assert_int_equal(x.rx_count, 20);
	for (i = 0; i < 20; i++) {
		assert_int_equal(x.truth[i].frame_len, FRAME_LEN);
		assert_int_equal(x.truth[i].serial_ns,
				 (FRAME_LEN + FCS_LEN) * 8000);
		assert_true(!i || x.truth[i].departure_raw_ns -
			    x.truth[i - 1].departure_raw_ns >=
			    (FRAME_LEN + FCS_LEN + PREAMBLE_GAP_LEN) * 8000);
	}
	crossing_close(&x);
}

/* The NAPI id that a new socket's first packet, from a new port, arrives with. */
static unsigned int cross_from_new_port(struct crossing *x)
{
	unsigned int napi_id = 0;
	socklen_t len = sizeof(napi_id);

	crossing_close(x);
	crossing_open(x);
	x->brief = true;
	crossing_run(x, 1, 0, 1000);
	assert_int_equal(x->rx_count, 1);
	assert_int_equal(getsockopt(x->rx_fd, SOL_SOCKET, SO_INCOMING_NAPI_ID,
				    &napi_id, &len), 0);
	assert_int_not_equal(napi_id, 0);
	return napi_id;
}

static void queues(void **state)
{
	unsigned int napi_of[QUEUES] = { 0 };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct crossing x;
	size_t i, used = 0;

	crossing_open(&x);
	for (i = 0; i < PORTS; i++) {
		unsigned int napi_id = cross_from_new_port(&x);
		unsigned int queue = x.truth[0].rx_queue;

		assert_true(queue < QUEUES);
		assert_int_equal(x.truth[0].rx_cpu, queue % cpus);
		if (!napi_of[queue]) {
			napi_of[queue] = napi_id;
			used++;
		}
		assert_int_equal(napi_of[queue], napi_id);
	}
	assert_int_equal(used, QUEUES);
	for (i = 1; i < QUEUES; i++)
		assert_int_not_equal(napi_of[i], napi_of[i - 1]);
	crossing_close(&x);
}

int self_wire(void)
{
	const struct CMUnitTest tests[] = {
		TEST("hwsim: each direction has its delay", delays),
		TEST("hwsim: the kernel has its timestamp before a frame leaves",
		     kernel_stamps_first),
		TEST("hwsim: frames take their time on the line", line_rate),
		TEST("hwsim: ports spread over queues, CPUs and NAPI ids", queues),
	};

	return cmocka_run_group_tests_name("hwsim wire", tests, NULL, NULL);
}
