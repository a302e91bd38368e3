// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket: lines in, objects out, and what it refuses.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <json-c/json.h>

#include "kntsd/control.h"
#include "kntsd/fail.h"
#include "unit.h"

static char folder[] = "/tmp/knts-control-XXXXXX";
static char path[64];
static char error[FAIL_SIZE];
static struct event_base *base;
static struct control *control;

static struct json_object *echo(const char *command, void *arg)
{
	struct json_object *reply = json_object_new_object();

	json_object_object_add(reply, "command",
			       json_object_new_string(command));
	return reply;
}

static int dial(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(sun.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	return fd;
}

static void turn(void)
{
	int i;

	for (i = 0; i < 20; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
	turn();
}

static void expect(int fd, const char *answer)
{
	char buf[1024] = "";
	ssize_t len;

	len = read(fd, buf, sizeof(buf) - 1);
	assert_int_equal(len, strlen(answer));
	assert_string_equal(buf, answer);
}

static void control_answers_each_line(void **state)
{
	int fd = dial();

	say(fd, "status\n");
	expect(fd, "{\"command\":\"status\"}\n");
	say(fd, "one\r\ntwo\n");
	expect(fd, "{\"command\":\"one\"}\n{\"command\":\"two\"}\n");
	say(fd, "ha");
	assert_int_equal(read(fd, path, 0), 0);
	say(fd, "lf\n");
	expect(fd, "{\"command\":\"half\"}\n");
	close(fd);
	turn();
}

static void control_answers_who_has_finished_sending(void **state)
{
	char buf[64];
	int fd = dial();

	assert_int_equal(send(fd, "last\n", 5, 0), 5);
	shutdown(fd, SHUT_WR);
	turn();
	expect(fd, "{\"command\":\"last\"}\n");
	turn();
	assert_int_equal(read(fd, buf, sizeof(buf)), 0);
	close(fd);
}

static void control_refuses_a_long_line(void **state)
{
	char line[300], buf[8];
	int fd = dial();

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	say(fd, line);
	expect(fd, "{\"ok\":false,\"error\":\"a command has at most 256 octets\"}\n");
	turn();
	assert_int_equal(read(fd, buf, sizeof(buf)), 0);
	close(fd);
}

/* More than it takes at a time wait; none is lost, none is refused. */
static void control_has_a_cap_on_connections(void **state)
{
	int fds[24];
	char buf[8];
	size_t i;

	for (i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = dial();
		say(fds[i], "a\n");
	}
	for (i = 0; i < 16; i++)
		expect(fds[i], "{\"command\":\"a\"}\n");
	assert_int_equal(read(fds[16], buf, sizeof(buf)), -1);
	assert_int_equal(errno, EAGAIN);
	for (i = 0; i < 16; i++)
		close(fds[i]);
	turn();
	for (i = 16; i < ARRAY_LEN(fds); i++) {
		expect(fds[i], "{\"command\":\"a\"}\n");
		close(fds[i]);
	}
	turn();
}

static void control_is_for_its_owner(void **state)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void control_is_one_at_a_time(void **state)
{
	struct control *second;
	struct stat st;

	assert_int_equal(control_start(&second, base, path, echo, NULL, error,
				       sizeof(error)), -EADDRINUSE);
	assert_non_null(strstr(error, "another kntsd is running"));
	assert_int_equal(stat(path, &st), 0);
	turn();
}

static void control_replaces_what_a_crash_left(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct control *second;
	char left[80];

	snprintf(left, sizeof(left), "%s.left", path);
	strcpy(sun.sun_path, left);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
	assert_int_equal(control_start(&second, base, left, echo, NULL, error,
				       sizeof(error)), 0);
	control_stop(second);
	assert_int_equal(access(left, F_OK), -1);

	close(open(left, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(control_start(&second, base, left, echo, NULL, error,
				       sizeof(error)), -EEXIST);
	assert_non_null(strstr(error, "is not a socket"));
	unlink(left);
}

static int setup(void **state)
{
	base = event_base_new();
	return control_start(&control, base, path, echo, NULL, error,
			     sizeof(error));
}

static int teardown(void **state)
{
	control_stop(control);
	event_base_free(base);
	return access(path, F_OK) ? 0 : -1;
}

#define CONTROL_TEST(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTROL_TEST(control_answers_each_line),
		CONTROL_TEST(control_answers_who_has_finished_sending),
		CONTROL_TEST(control_refuses_a_long_line),
		CONTROL_TEST(control_has_a_cap_on_connections),
		CONTROL_TEST(control_is_for_its_owner),
		CONTROL_TEST(control_is_one_at_a_time),
		CONTROL_TEST(control_replaces_what_a_crash_left),
	};
	int failed;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/control", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return rmdir(folder) ? 1 : failed;
}
