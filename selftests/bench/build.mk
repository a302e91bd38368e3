# SPDX-License-Identifier: GPL-2.0-or-later
# What "make bench" runs in a guest.

$(call test_program,bench/roundtrip,selftests/bench/roundtrip.c \
	$(addprefix selftests/client/,ke.c packet.c reply.c siv.c),libssl libcrypto)
