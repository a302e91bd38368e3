# SPDX-License-Identifier: GPL-2.0-only
# What uses a machine's own instructions, and how a compiler is told to let it.
NATIVE_SRCS := native.c native_siv.c native_polyval.c
NATIVE_FLAGS_x86_64 := -mssse3 -maes -mpclmul
NATIVE_FLAGS_aarch64 := -march=armv8-a+crypto
