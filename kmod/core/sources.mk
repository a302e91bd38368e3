# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# The core, the same for the kernel and for userspace.
CORE_SRCS := ntp.c ef.c siv.c polyval.c gcmsiv.c aead.c cookie.c request.c reply.c
CORE_SRCS += pairs.c departure.c buckets.c
