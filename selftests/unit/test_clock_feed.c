// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clock feeds: a real chronyd behind the two that speak a protocol, and what
 * is pushed into the kernel when.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kntsd/clock.h"
#include "kntsd/fail.h"
#include "kntsd/log.h"
#include "unit.h"

#define PATIENCE_MS 10000

static char error[FAIL_SIZE];

/* What stands for the kernel's clock; the guest tests have the real one. */
static struct {
	struct knts_clock last;
	unsigned int pushes;
	int err;
} kernel;

int knts_clock_set(struct knts_conn *conn, const struct knts_clock *state)
{
	if (kernel.err)
		return kernel.err;
	kernel.last = *state;
	kernel.pushes++;
	return 0;
}

const char *knts_error(const struct knts_conn *conn)
{
	return "the kernel was told to refuse";
}

/* A chronyd of our own: on its own folder and ports, touching no clock. */
static char folder[] = "/tmp/knts-clock-XXXXXX";
static char chronyd_socket[64];
static const char *const chronyd_path = "/usr/sbin/chronyd";
static pid_t chronyd;

static void start_chronyd(unsigned int port, const char *extra)
{
	struct stat st;
	char path[64];
	FILE *file;
	int i;

	snprintf(path, sizeof(path), "%s/chrony.conf", folder);
	file = fopen(path, "w");
	fprintf(file, "bindcmdaddress %s\npidfile %s/pid\ncmdport 0\nport %u\nbindaddress 127.0.0.1\nallow 127.0.0.1\n%s\n",
		chronyd_socket, folder, port, extra);
	fclose(file);
	chronyd = fork();
	if (!chronyd) {
		execl(chronyd_path, chronyd_path, "-d", "-x", "-U", "-u",
		      geteuid() ? "nobody" : "root", "-L", "3", "-f", path,
		      NULL);
		_exit(127);
	}
	for (i = 0; i < PATIENCE_MS && stat(chronyd_socket, &st); i += 10)
		usleep(10000);
	assert_int_equal(stat(chronyd_socket, &st), 0);
}

static void stop_chronyd(void)
{
	kill(chronyd, SIGTERM);
	waitpid(chronyd, NULL, 0);
	unlink(chronyd_socket);
}

/* One question and its answer, without the event loop. */
static int ask_once(const struct clock_source *source,
		    const struct config_clock *config,
		    struct clock_reading *reading)
{
	struct clock_question question = { .nonce = 0x1122334455667788 };
	uint8_t packet[CLOCK_PACKET_MAX_LEN];
	struct pollfd poll_fd;
	ssize_t len;
	int err = -EAGAIN;
	int fd;

	fd = source->open(config, error, sizeof(error));
	assert_true(fd >= 0);
	len = source->ask(&question, packet);
	question.sent = clock_now();
	assert_int_equal(send(fd, packet, len, 0), len);
	poll_fd = (struct pollfd){ .fd = fd, .events = POLLIN };
	while (err == -EAGAIN && poll(&poll_fd, 1, PATIENCE_MS) == 1) {
		len = recv(fd, packet, sizeof(packet), 0);
		question.received = clock_now();
		assert_true(len > 0);
		err = source->parse(&question, packet, len, reading, error,
				    sizeof(error));
	}
	source->close(fd);
	return err;
}

static void real_chronyd_is_asked(void **state)
{
	struct config_clock config = { .socket = chronyd_socket };
	struct clock_reading reading;

	if (access(chronyd_path, X_OK))
		skip();
	start_chronyd(0, "local stratum 4");
	assert_int_equal(ask_once(&clock_chrony, &config, &reading), 0);
	stop_chronyd();
	assert_int_equal(reading.leap, 0);
	assert_int_equal(reading.stratum, 4);
	assert_int_equal(reading.reference_id, 0x7f7f0101);
	assert_true(reading.root_delay_s >= 0 && reading.root_delay_s < 0.1);
	assert_true(reading.root_dispersion_s >= 0 &&
		    reading.root_dispersion_s < 0.1);
	assert_true(clock_now() - reading.reference_time < 60ULL << 32);
}

static void real_chronyd_unsynchronised_passes_through(void **state)
{
	struct config_clock config = { .socket = chronyd_socket };
	struct clock_reading reading;

	if (access(chronyd_path, X_OK))
		skip();
	start_chronyd(0, "");
	assert_int_equal(ask_once(&clock_chrony, &config, &reading), 0);
	stop_chronyd();
	assert_int_equal(reading.leap, 3);
}

/* A UDP port of the loopback that nobody has. */
static struct sockaddr_in find_address(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(sin);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const void *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (void *)&sin, &len), 0);
	close(fd);
	return sin;
}

static void real_chronyd_is_asked_by_ntp(void **state)
{
	const struct sockaddr_in sin = find_address();
	struct config_clock config = { .socket = NULL };
	struct clock_reading reading;

	if (access(chronyd_path, X_OK))
		skip();
	memcpy(&config.server, &sin, sizeof(sin));
	start_chronyd(ntohs(sin.sin_port), "local stratum 5");
	assert_int_equal(ask_once(&clock_ntp, &config, &reading), 0);
	assert_int_equal(reading.leap, 0);
	assert_int_equal(reading.stratum, 5);
	assert_int_equal(reading.reference_id, 0x7f7f0101);
	stop_chronyd();
	start_chronyd(ntohs(sin.sin_port), "");
	assert_int_equal(ask_once(&clock_ntp, &config, &reading), 0);
	assert_int_equal(reading.leap, 3);
	stop_chronyd();
}

static void on_gone(void *arg)
{
	*(bool *)arg = true;
}

static void run(struct event_base *base, unsigned int ms)
{
	struct timeval delay = { .tv_usec = ms * 1000 };

	event_base_loopexit(base, &delay);
	event_base_dispatch(base);
}

/* Run until it has pushed @pushes times and its problem has @part, or none. */
static bool await(struct event_base *base, const struct clock *clock,
		  unsigned int pushes, const char *part)
{
	const char *problem;
	unsigned int ms;

	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		problem = clock_problem(clock);
		if (kernel.pushes >= pushes &&
		    (part ? problem && strstr(problem, part) : !problem))
			return true;
		run(base, 10);
	}
	return false;
}

/* No answer, then chronyd comes, then goes: pushes only while it is there. */
static void feed_pushes_only_what_it_was_told(void **state)
{
	struct config_clock config = {
		.source = CLOCK_SOURCE_CHRONYD,
		.socket = chronyd_socket,
		.interval_ms = 50,
		.lifetime_ms = 1000,
		.precision = -20,
	};
	struct event_base *base;
	struct clock *clock;
	unsigned int pushes;
	bool gone = false;

	if (access(chronyd_path, X_OK))
		skip();
	base = event_base_new();
	memset(&kernel, 0, sizeof(kernel));
	assert_int_equal(clock_start(&clock, base, NULL, &config, on_gone,
				     &gone), 0);
	run(base, 150);
	assert_int_equal(kernel.pushes, 0);
	assert_non_null(strstr(clock_problem(clock), chronyd_socket));

	start_chronyd(0, "local stratum 4");
	assert_true(await(base, clock, 3, NULL));
	assert_int_equal(kernel.last.stratum, 4);
	assert_int_equal(kernel.last.lifetime_ms, 1000);
	assert_int_equal(kernel.last.precision, -20);

	stop_chronyd();
	/* Its last answer may still wait to be read. */
	run(base, 50);
	assert_true(await(base, clock, 3, "chronyd"));
	pushes = kernel.pushes;
	run(base, 300);
	assert_int_equal(kernel.pushes, pushes);
	assert_non_null(clock_problem(clock));

	start_chronyd(0, "");
	assert_true(await(base, clock, pushes + 1, "chronyd says that the clock is not synchronised"));
	assert_int_equal(kernel.last.leap, 3);
	stop_chronyd();
	assert_false(gone);
	clock_stop(clock);
	event_base_free(base);
}

static void feed_tells_of_a_kernel_that_refuses(void **state)
{
	struct config_clock config = {
		.source = CLOCK_SOURCE_FIXED,
		.stratum = 1,
		.interval_ms = 20,
		.lifetime_ms = 1000,
		.precision = 1,
	};
	struct event_base *base = event_base_new();
	struct clock *clock;
	bool gone = false;

	memset(&kernel, 0, sizeof(kernel));
	assert_int_equal(clock_start(&clock, base, NULL, &config, on_gone,
				     &gone), 0);
	assert_int_equal(kernel.pushes, 1);
	assert_true(kernel.last.precision < 0);
	kernel.err = -EINVAL;
	run(base, 60);
	assert_string_equal(clock_problem(clock), "the kernel refuses the clock: the kernel was told to refuse");
	assert_false(gone);
	kernel.err = 0;
	run(base, 60);
	assert_null(clock_problem(clock));
	kernel.err = -ENOENT;
	run(base, 60);
	assert_true(gone);
	clock_stop(clock);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_chronyd_is_asked),
		cmocka_unit_test(real_chronyd_unsynchronised_passes_through),
		cmocka_unit_test(real_chronyd_is_asked_by_ntp),
		cmocka_unit_test(feed_pushes_only_what_it_was_told),
		cmocka_unit_test(feed_tells_of_a_kernel_that_refuses),
	};
	char path[64];
	int failed;

	log_open("clock-feed");
	assert_non_null(mkdtemp(folder));
	snprintf(chronyd_socket, sizeof(chronyd_socket), "%s/chronyd.sock",
		 folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/chrony.conf", folder);
	unlink(path);
	/* Fails, and so the test does, if a socket of ours was left behind. */
	return rmdir(folder) ? 1 : failed;
}
