# SPDX-License-Identifier: GPL-2.0-or-later
# NTS-KE over real TLS: real workers, a host in place of the keymaster.
KE_TEST_SRCS := $(addprefix selftests/ke/,ask.c cases.c certificates.c crowd.c \
	dated.c files.c host.c main.c test_answers.c test_cases.c test_failures.c \
	test_life.c test_load.c test_names.c test_renewal.c test_restart.c \
	test_tls.c wall_clock.c)

$(call unit_test,ke,$(KE_TEST_SRCS) $(KNTSD_KE) $(KNTSD)/log.c $(CORE) \
	$(CLIENT_KE),$(CORE_PKGS) $(CLIENT_KE_PKGS) json-c libcap-ng \
	libevent_core libseccomp)
