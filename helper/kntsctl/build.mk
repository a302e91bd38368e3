# SPDX-License-Identifier: GPL-2.0-or-later
KNTSCTL_SRCS := $(addprefix helper/kntsctl/,check_config.c clock.c control.c \
	format.c keys.c main.c monitor.c object.c problems.c reload.c screen.c \
	server.c snapshot.c stats.c status.c)

$(call program,kntsctl,$(KNTSCTL_SRCS) $(LIBKNTS),$(LIBKNTS_PKGS) json-c)
