# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds and tests knts. Everything it makes is below build/. What is built of
# which sources is said in the fragments helper/*/build.mk and selftests/*/build.mk,
# in terms of the macros "program", "test_program", "unit_test" and "fuzzer".

B := build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
KVER ?=
KERNELS ?= 6.1 6.12
# Tests where time counts instructions are slow; one kernel tells.
COUNTED_KERNELS ?= $(lastword $(KERNELS))
FUZZ_SECONDS ?= 60
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms/dkms.conf)

CC ?= gcc
CLANG ?= clang
PKG_CONFIG ?= pkg-config
CPPFLAGS := -Iuapi -Ikmod -Ihelper -DKNTS_VERSION='"$(VERSION)"'
CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wno-unused-parameter
# A distribution's own flags.
EXTRA_CFLAGS ?=
EXTRA_LDFLAGS ?=
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
HARDEN := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection $(if $(filter x86_64,$(MACHINE)),-fcf-protection) -fPIE \
	$(EXTRA_CFLAGS)
HARDEN_LINK := -pie -Wl,-z,relro,-z,now $(EXTRA_LDFLAGS)
# Under sanitizers the compiler knows too little of ranges to judge snprintf().
SANITIZE := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -Wno-format-truncation \
	-fno-sanitize-recover=all
FUZZ := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all

# The core as userspace builds it, for the fragments: with AES from nettle.
include kmod/core/sources.mk
CORE := $(addprefix kmod/core/,$(CORE_SRCS)) \
	$(addprefix helper/libknts/,aes.c siv.c polyval.c)
CORE_PKGS := nettle
# And as the kernel has it, with the instructions of the machine that is compiled for;
# NATIVE_FLAGS is empty if there are none.
include kmod/aes/sources.mk
NATIVE_FLAGS := $(NATIVE_FLAGS_$(MACHINE))
NATIVE_CORE := $(addprefix kmod/core/,$(CORE_SRCS)) \
	$(addprefix kmod/aes/,$(NATIVE_SRCS)) selftests/unit/native_seam.c
include helper/libknts/sources.mk
include selftests/client/sources.mk

PROGRAMS :=
TEST_PROGRAMS :=
UNIT_TESTS :=
FUZZERS :=
HOST_TESTS :=
# What boots machines of their own, as selftests/run takes it: for check, and what takes
# longer for check-full alone.
MACHINE_SUITE :=
FULL_SUITE :=
PKGS := cmocka

# $(call link_rule,BINARY,FLAVOUR,SOURCES,PKGS,LINK COMMAND): FLAVOUR is the
# folder of objects: obj, san or fuzz. libm has no description for pkg-config.
define link_rule
PKGS += $(filter-out libm,$4)
$1: $(patsubst %.c,$(B)/$2/%.o,$3)
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	@$5 -o $$@ $$^ $(if $(filter-out libm,$4),$$(shell \
		$(PKG_CONFIG) --libs $(filter-out libm,$4))) $(if $(filter libm,$4),-lm)
-include $(patsubst %.c,$(B)/$2/%.d,$3)
endef

# $(call program,NAME,SOURCES,PKGS): build/NAME, which "make install" installs.
program = $(eval PROGRAMS += $(B)/$1)$(eval $(call \
	link_rule,$(B)/$1,obj,$2,$3,$(CC) $(HARDEN_LINK)))
# $(call test_program,NAME,SOURCES,PKGS): build/selftests/NAME, for guest tests.
test_program = $(eval TEST_PROGRAMS += $(B)/selftests/$1)$(eval $(call \
	link_rule,$(B)/selftests/$1,obj,$2,$3,$(CC) $(HARDEN_LINK)))
# $(call unit_test,NAME,SOURCES,PKGS): build/unit/NAME, a cmocka program.
unit_test = $(eval UNIT_TESTS += $(B)/unit/$1)$(eval $(call \
	link_rule,$(B)/unit/$1,san,$2,$3 cmocka,$(CC) $(SANITIZE)))
# $(call fuzzer,NAME,SOURCES,PKGS): build/fuzzers/NAME; its corpus, if there is
# one, is selftests/fuzz/corpus/NAME.
fuzzer = $(eval FUZZERS += $(B)/fuzzers/$1)$(eval $(call \
	link_rule,$(B)/fuzzers/$1,fuzz,$2,$3,$(CLANG) $(FUZZ)))

.DEFAULT_GOAL := help
-include $(sort $(wildcard helper/*/build.mk selftests/*/build.mk))

PKGS := $(sort $(PKGS))
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(PKGS)))$(PKG_CFLAGS)
COMPILE = mkdir -p $(@D); echo "  CC      $@"; $(1) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) \
	$(2) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.c Makefile
	@$(call COMPILE,$(CC),$(HARDEN))

$(B)/san/%.o: %.c Makefile
	@$(call COMPILE,$(CC),$(SANITIZE))

$(foreach flavour,obj san,$(NATIVE_SRCS:%.c=$(B)/$(flavour)/kmod/aes/%.o)): \
	CFLAGS += $(NATIVE_FLAGS)

$(B)/fuzz/%.o: %.c Makefile
	@$(call COMPILE,$(CLANG),$(FUZZ))

##@ Build
.PHONY: help
help: ## list the targets
	@echo "usage: make TARGET"
	@sed -nE -e 's/^##@ (.*)/\n\1/p' \
		-e 's/^([a-z-]+):.*## (.*)/  \1|\2/p' Makefile | \
		awk -F'|' 'NF == 2 { printf "%-14s %s\n", $$1, $$2; next } { print }'

.PHONY: deps
deps: ## install the Debian packages that building and testing need
	@scripts/deps

.PHONY: all
all: $(PROGRAMS) $(LIBRARY) ## build the helper's programs and its library

.PHONY: module
module: ## build knts.ko (KVER=6.1.0-..., or a series; default: this machine's)
	@scripts/build-module $(KVER)

.PHONY: install
install: all ## install programs, manuals, units and the module's source (DESTDIR, PREFIX)
	@LIBDIR="$(LIBDIR)" scripts/install "$(DESTDIR)" "$(PREFIX)" "$(VERSION)" \
		$(PROGRAMS) $(LIBRARY)

.PHONY: deb
deb: ## build the Debian packages knts, knts-dkms and libknts-dev in build/deb
	@scripts/deb

.PHONY: clean
clean: ## remove build/
	rm -rf $(B)

##@ Try
.PHONY: demo
demo: deps ## boot a guest where chronyd gets its time over NTS from knts
	@$(MAKE) --no-print-directory all
	@scripts/demo

##@ Test
.PHONY: check
check: deps ## run all tests: unit, lint, packages and other tools, guests, a machine
	@$(MAKE) --no-print-directory check-programs
	@selftests/run --jobs 2 $(CHECK_SUITE) $(MACHINE_SUITE)

.PHONY: check-full
check-full: deps ## run all that check does, and the stories on Debian 12 and 13: two hours
	@$(MAKE) --no-print-directory check-programs
	@selftests/run --jobs 2 --timeout 10800 $(CHECK_SUITE) $(FULL_SUITE)

.PHONY: check-stories
check-stories: deps ## run only what check-full has beyond check
	@$(MAKE) --no-print-directory all
	@selftests/run --jobs 2 --timeout 10800 $(FULL_SUITE)

.PHONY: check-unit
check-unit: $(UNIT_TESTS) ## run the unit tests, under ASan and UBSan
	@selftests/run $(UNIT_SUITE)

.PHONY: check-host
check-host: all ## run the tests of tools that need no guest: the CA, DKMS
	@selftests/run $(HOST_SUITE)

.PHONY: check-guest
check-guest: all $(TEST_PROGRAMS) ## run the guest tests under 6.1 and 6.12 (KERNELS=6.1: only that)
	@selftests/run --jobs 2 $(GUEST_SUITE) $(IGB_SUITE) $(ICOUNT_SUITE) $(BUDGET_SUITE)

.PHONY: check-debug
check-debug: deps ## run the guest tests under KASAN, lockdep, kmemleak; builds that kernel first
	@$(MAKE) --no-print-directory all $(TEST_PROGRAMS)
	@scripts/debug-kernel >/dev/null
	@selftests/run --timeout 18000 guest-debug="selftests/guest/all debug" \
		igb-debug="selftests/guest/all --igb debug"

.PHONY: lint
lint: ## check the sources: sparse, format, cppcheck, shellcheck, the tree's own rules
	@selftests/run $(LINT_SUITE)

.PHONY: bench
bench: ## measure knts beside chronyd: tables and plots (PARTS="ke path": only those)
	@scripts/deps bench
	@$(MAKE) --no-print-directory all $(filter $(B)/selftests/bench/%,$(TEST_PROGRAMS))
	@selftests/bench/all $(PARTS)

.PHONY: fuzz
fuzz: $(FUZZERS) ## run each fuzzer for FUZZ_SECONDS=60
	@scripts/fuzz $(FUZZ_SECONDS) $(FUZZERS)

# What selftests/run takes: LABEL=COMMAND.
UNIT_SUITE = $(foreach test,$(UNIT_TESTS),unit/$(notdir $(test))=$(test))
HOST_SUITE = $(foreach test,$(HOST_TESTS),host/$(basename $(notdir $(test)))=$(test))
LINT_SUITE = lint=scripts/lint
GUEST_SUITE = $(foreach kernel,$(KERNELS),guest-$(kernel)="selftests/guest/all $(kernel)")
IGB_SUITE = $(foreach kernel,$(COUNTED_KERNELS),igb-$(kernel)="selftests/guest/all --igb $(kernel)")
ICOUNT_SUITE = $(foreach kernel,$(COUNTED_KERNELS),\
	icount-$(kernel)="selftests/guest/all --icount $(kernel)")
BUDGET_SUITE = $(foreach kernel,$(COUNTED_KERNELS),\
	budget-$(kernel)="selftests/bench/budget $(kernel)")
CHECK_SUITE = $(UNIT_SUITE) $(LINT_SUITE) $(HOST_SUITE) $(GUEST_SUITE) $(IGB_SUITE) \
	$(ICOUNT_SUITE) $(BUDGET_SUITE)

.PHONY: check-programs
check-programs: $(PROGRAMS) $(TEST_PROGRAMS) $(UNIT_TESTS)
