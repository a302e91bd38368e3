# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests in the lab run against a whole service.

$(call test_program,interop/ke_cases,selftests/interop/ke_cases.c \
	$(addprefix selftests/ke/,ask.c cases.c) \
	$(CLIENT_KE),cmocka $(CLIENT_KE_PKGS))
