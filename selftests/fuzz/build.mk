# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz targets of the core; "make check" replays their corpora without a fuzzer.
FUZZ_TARGETS := request cookie ef

$(foreach target,$(FUZZ_TARGETS),\
	$(call fuzzer,$(target),selftests/fuzz/fuzz_$(target).c \
		selftests/unit/server.c $(CORE),$(CORE_PKGS))\
	$(call unit_test,fuzz-$(target),selftests/fuzz/fuzz_$(target).c \
		selftests/fuzz/replay.c selftests/unit/server.c $(CORE),$(CORE_PKGS)))

FUZZ_KE := selftests/fuzz/fuzz_ke.c helper/kntsd/ke_message.c
$(call fuzzer,ke,$(FUZZ_KE),)
$(call unit_test,fuzz-ke,$(FUZZ_KE) selftests/fuzz/replay.c,)

FUZZ_QUERY := selftests/fuzz/fuzz_query.c helper/kntsctl/query_ke.c \
	helper/kntsctl/query_packet.c $(CORE)
$(call fuzzer,query,$(FUZZ_QUERY),$(CORE_PKGS))
$(call unit_test,fuzz-query,$(FUZZ_QUERY) selftests/fuzz/replay.c,$(CORE_PKGS))
