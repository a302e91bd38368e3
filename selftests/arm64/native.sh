#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The cryptography by arm64's own instructions, run by an emulator of that CPU.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=selftests/tap.sh
. "$top/selftests/tap.sh"
cc=aarch64-linux-gnu-gcc
emulator=qemu-aarch64-static

for tool in "$cc" "$emulator"; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed: make deps installs it"
done

read -ra flags < <(sed -n 's/^NATIVE_FLAGS_aarch64 := //p' "$top/kmod/aes/sources.mk")
cd "$top" || exit 1
"$cc" -std=gnu11 -O2 -Wall -Wextra -Werror -Wno-unused-parameter "${flags[@]}" -Ikmod -static \
	-o "$tmp/native" selftests/arm64/{native,reference}.c selftests/unit/native_seam.c \
	kmod/aes/native{,_siv,_polyval}.c kmod/core/{siv,gcmsiv,polyval}.c || exit 1
"$emulator" "$tmp/native"
