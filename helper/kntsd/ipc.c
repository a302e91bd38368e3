// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc.h"

union descriptor {
	char buf[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int ipc_send(int fd, const struct iovec *parts, size_t count, int passed)
{
	union descriptor control = { 0 };
	struct msghdr msg = {
		.msg_iov = (struct iovec *)parts,
		.msg_iovlen = count,
	};
	struct cmsghdr *cmsg;
	ssize_t n;

	if (passed >= 0) {
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &passed, sizeof(int));
	}
	do
		n = sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int ipc_send_one(int fd, const void *message, size_t size)
{
	const struct iovec part = { (void *)message, size };

	return ipc_send(fd, &part, 1, -1);
}

ssize_t ipc_receive(int fd, void *buf, size_t size, int *passed, bool wait)
{
	struct iovec part = { buf, size };
	union descriptor control;
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;
	ssize_t n;

	if (passed) {
		*passed = -1;
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
	}
	do
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC |
				      (wait ? 0 : MSG_DONTWAIT));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;

	cmsg = passed ? CMSG_FIRSTHDR(&msg) : NULL;
	if (cmsg && cmsg->cmsg_level == SOL_SOCKET &&
	    cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(passed, CMSG_DATA(cmsg), sizeof(int));
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		if (passed && *passed >= 0) {
			close(*passed);
			*passed = -1;
		}
		return -EPROTO;
	}
	return n;
}
