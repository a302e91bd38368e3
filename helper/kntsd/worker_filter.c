// SPDX-License-Identifier: GPL-2.0-or-later
#include "worker_filter.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include <seccomp.h>

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Of any architecture; libseccomp leaves out what the present one lacks. */
static const int allowed[] = {
	/* connections */
	SCMP_SYS(accept4),
	SCMP_SYS(close),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	/* time, chance, and the end */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fstat),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill),
};

/* What no library tries on its own account, whatever its version. */
static const int deadly[] = {
	SCMP_SYS(connect),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(kill),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(ptrace),
	SCMP_SYS(vfork),
};

static int add_rules(scmp_filter_ctx filter)
{
	/* Memory that is written to does not become code. */
	const struct scmp_arg_cmp no_code =
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < ARRAY_LEN(allowed); i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; !ret && i < ARRAY_LEN(deadly); i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i],
				       0);
	if (!ret)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					     SCMP_SYS(mmap), 1, &no_code);
	if (!ret)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					     SCMP_SYS(mprotect), 1, &no_code);
	return ret;
}

int worker_filter_load(void)
{
	scmp_filter_ctx filter;
	int ret;

	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;
	/* A tree: a call costs a few comparisons, not one for each rule. */
	ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!ret)
		ret = add_rules(filter);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
