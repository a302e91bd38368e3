# SPDX-License-Identifier: GPL-2.0-or-later
# libknts, for the programs that speak netlink.
LIBKNTS_SRCS := address.c client.c clock.c conn.c event.c histogram.c \
	interleave.c names.c phc.c place.c refusal.c ring.c server.c stats.c
LIBKNTS := $(addprefix helper/libknts/,$(LIBKNTS_SRCS))
LIBKNTS_PKGS := libnl-genl-3.0
