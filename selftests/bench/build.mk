# SPDX-License-Identifier: GPL-2.0-or-later
# What "make bench" measures with.

$(call test_program,bench/roundtrip,$(addprefix selftests/bench/,cpu.c \
	quantiles.c roundtrip.c) $(CLIENT_KE),$(CLIENT_KE_PKGS))
$(call test_program,bench/ke-load,selftests/bench/ke_load.c \
	selftests/bench/cpu.c $(CLIENT_KE),$(CLIENT_KE_PKGS))
$(call test_program,bench/ke-server,selftests/bench/ke_server.c $(KNTSD_CONFIG) \
	$(KNTSD_KEYS) $(KNTSD_KE) $(KNTSD)/log.c helper/libknts/address.c $(CORE),\
	$(CORE_PKGS) json-c libcap-ng libconfuse libcrypto libssl libevent_core \
	libseccomp)
# One program for each way of doing the cryptography, by turns.
BENCH_CORE := $(addprefix selftests/bench/,core.c cpu.c) $(CLIENT)
BENCH_KNTS := $(BENCH_CORE) selftests/bench/core_knts.c selftests/unit/server.c
$(call test_program,bench/core-nettle,$(BENCH_KNTS) $(CORE),$(CLIENT_PKGS) $(CORE_PKGS))
ifdef NATIVE_FLAGS
$(call test_program,bench/core-native,$(BENCH_KNTS) $(NATIVE_CORE),$(CLIENT_PKGS))
endif
$(call test_program,bench/core-openssl,$(BENCH_CORE) selftests/bench/core_openssl.c,\
	$(CLIENT_PKGS))
$(call test_program,bench/load,$(addprefix selftests/bench/,cpu.c load.c \
	quantiles.c requests.c) $(CLIENT_KE),$(CLIENT_KE_PKGS))
$(call test_program,bench/service,$(addprefix selftests/bench/,quantiles.c \
	service.c) $(addprefix selftests/hwsim/,exchange.c sim.c),)
$(call test_program,bench/echo,selftests/bench/echo.c,)

TEST_PROGRAMS += $(B)/selftests/bench/reflect.o
$(B)/selftests/bench/reflect.o: selftests/bench/reflect.bpf.c
	@mkdir -p $(@D)
	@echo "  BPF     $@"
	@$(CLANG) -O2 -g -target bpf -Wall -Wextra -Werror \
		-I/usr/include/$$($(CC) -print-multiarch) -c -o $@ $<
