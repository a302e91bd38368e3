# SPDX-License-Identifier: GPL-2.0-or-later
KNTSCTL := helper/kntsctl
KNTSCTL_SRCS := $(addprefix $(KNTSCTL)/,check_config.c clock.c complete.c \
	control.c format.c hardware.c help.c keys.c main.c monitor.c object.c options.c \
	output.c problems.c reload.c screen.c server.c snapshot.c stats.c status.c)

$(call program,kntsctl,$(KNTSCTL_SRCS) $(LIBKNTS),$(LIBKNTS_PKGS) json-c libm)

$(call unit_test,address,selftests/unit/test_address.c helper/libknts/address.c)
$(call unit_test,libknts,selftests/unit/test_libknts.c $(LIBKNTS),$(LIBKNTS_PKGS))
$(call unit_test,format,selftests/unit/test_format.c $(KNTSCTL)/format.c)
$(call unit_test,screen,selftests/unit/test_screen.c \
	$(addprefix $(KNTSCTL)/,control.c format.c hardware.c object.c problems.c \
		screen.c snapshot.c) \
	$(LIBKNTS),$(LIBKNTS_PKGS) json-c)
$(call unit_test,hardware,selftests/unit/test_hardware.c \
	$(addprefix $(KNTSCTL)/,control.c format.c hardware.c object.c snapshot.c) \
	$(LIBKNTS),$(LIBKNTS_PKGS) json-c)
