# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# The core, the same for the kernel and for userspace.
CORE_SRCS := ntp.c siv.c ef.c cookie.c request.c reply.c pairs.c departure.c
