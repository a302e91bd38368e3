// SPDX-License-Identifier: GPL-2.0-or-later
/* Each attempt is a child's own, since a filter is for good. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kntsd/worker_filter.h"

#define PAGE_LEN 4096
#define NOT_LOADED 255

static long open_file(void)
{
	return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
}

static long stat_file(void)
{
	char room[256];

	return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", room, 0);
}

static long make_socket(void)
{
	return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static long limit_another(void)
{
	const struct rlimit none = { 0, 0 };

	return syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, &none, NULL);
}

static long map_code(void)
{
	return syscall(SYS_mmap, NULL, PAGE_LEN, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long make_code(void)
{
	long page = syscall(SYS_mmap, NULL, PAGE_LEN, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page < 0 ? 0 : syscall(SYS_mprotect, page, PAGE_LEN,
				      PROT_READ | PROT_WRITE | PROT_EXEC);
}

static long connect_out(void)
{
	return syscall(SYS_connect, 0, NULL, 0);
}

static long execute(void)
{
	static char *const words[] = { "true", NULL };

	return syscall(SYS_execve, "/bin/true", words, words + 1);
}

static long trace(void)
{
	return syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL);
}

static long signal_another(void)
{
	return syscall(SYS_kill, getppid(), 0);
}

static long work_on(void)
{
	char octets[16];

	if (getrandom(octets, sizeof(octets), 0) != sizeof(octets))
		return -1;
	if (syscall(SYS_mmap, NULL, PAGE_LEN, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) < 0)
		return -1;
	return write(STDERR_FILENO, octets, 0);
}

/* Return: what wait() tells of a child that loads the filter and tries. */
static int try(long (*attempt)(void))
{
	int status;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || worker_filter_load())
			_exit(NOT_LOADED);
		_exit(attempt() < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void refuses(void **state)
{
	static long (*const attempts[])(void) = {
		open_file, stat_file, make_socket, limit_another, map_code,
		make_code,
	};
	size_t i;
	int status;

	for (i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		status = try(attempts[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EPERM);
	}
}

static void ends_intruders(void **state)
{
	static long (*const attempts[])(void) = {
		connect_out, execute, trace, signal_another,
	};
	size_t i;
	int status;

	for (i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		status = try(attempts[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

static void lets_work_go_on(void **state)
{
	int status = try(work_on);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses),
		cmocka_unit_test(ends_intruders),
		cmocka_unit_test(lets_work_go_on),
	};

	return cmocka_run_group_tests_name("worker_filter", tests, NULL, NULL);
}
