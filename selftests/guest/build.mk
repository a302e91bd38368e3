# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the guest's scripts run against the module.

GUEST_COMMON := $(addprefix selftests/guest/,ask.c rig.c) \
	$(CLIENT) $(addprefix helper/libknts/,$(LIBKNTS_SRCS))
GUEST_PKGS := cmocka $(CLIENT_PKGS) libnl-genl-3.0

guest_program = $(call test_program,guest/$1,\
	$(addprefix selftests/guest/,$2) $(GUEST_COMMON),$(GUEST_PKGS))

$(call guest_program,packets,packets.c packets_auth.c packets_form.c \
	packets_peer.c packets_sweep.c raw.c)
$(call guest_program,clock,clock.c)
$(call guest_program,addresses,addresses.c)
$(call guest_program,netlink,netlink.c netlink_refusals.c netlink_state.c \
	netlink_table.c nlraw.c)
$(call guest_program,ring,ring.c netlink_state.c netlink_table.c nlraw.c)
$(call guest_program,libknts,libknts.c)
$(call guest_program,events,events.c)
$(call guest_program,watch,watch.c watch_flood.c watch_setup.c flood.c)
$(call guest_program,trace,trace.c tracefs.c watch_setup.c)
$(call guest_program,apart,apart.c)
$(call guest_program,nonces,nonces.c)
$(call guest_program,under_load,under_load.c flood.c)
$(call guest_program,ending,ending.c flood.c tracefs.c usage.c)
