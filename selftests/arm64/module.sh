#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module builds for arm64, against Debian's headers for that architecture.
# They are fetched into the cache of scripts/kernels by lists of their own: the
# machine's architectures stay as they are.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=selftests/tap.sh
. "$top/selftests/tap.sh"
# shellcheck source=scripts/packages.sh
. "$top/scripts/packages.sh"

for tool in aarch64-linux-gnu-gcc dpkg; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed: make deps installs it"
done
[ "$(dpkg --print-architecture)" != arm64 ] || skip_all "here every build is one for arm64"

# prepare KERNEL: print the folder of the arm64 headers that go with this one of
# ours, whose common headers and tools they use.
prepare()
{
	local ours=$1
	local release version
	release=$(<"$ours/release")
	version=${release%-*}

	cache=$cache/arm64
	lock_cache
	if [ ! -d "$cache/$version" ]; then
		apt_options+=(-o APT::Architecture=arm64 -o APT::Architectures=arm64
			-o Dir::State::status=/dev/null)
		use_own_lists
		rm -rf "$cache/.fetch"
		mkdir -p "$cache/.fetch/debs"
		download "$cache/.fetch/debs" "linux-headers-$version-arm64" || return
		unpack "$cache/.fetch/debs" "$cache/.fetch/root" || return
		mv "$cache/.fetch/root/usr/src/linux-headers-$version-arm64" "$cache/$version"
	fi
	for link in scripts tools; do
		ln -sfn "$(readlink -f "$ours/headers/$link")" "$cache/$version/$link"
	done
	sed -i -E "s|^include .*(/linux-headers-.*-common/)|include $ours/usr/src\1|" \
		"$cache/$version/Makefile"
	echo "$cache/$version"
}

# build HEADERS FOLDER
build()
{
	mkdir "$2"
	cp -r "$top/Kbuild" "$top/kmod" "$top/uapi" "$2/"
	make -C "$1" M="$2" CROSS_COMPILE=aarch64-linux-gnu- modules >"$2/log" 2>&1
}

# without_warning CODE FOLDER: of build
without_warning()
{
	cat "$2/log"
	[ "$1" = 0 ] && ! grep -iE '(warning|error):' "$2/log" &&
		aarch64-linux-gnu-nm "$2/knts.ko" | grep 'kernel_neon_begin$' >/dev/null
}

while read -r series; do
	name="the module builds for arm64, Linux $series"
	if ! ours=$("$top/scripts/kernels" "$series" 2>"$tmp/why"); then
		skip "$name" "$(tail -n 1 "$tmp/why")"
		continue
	fi
	if ! headers=$(prepare "$ours" 2>"$tmp/why"); then
		skip "$name" "no headers for arm64: $(tail -n 1 "$tmp/why")"
		continue
	fi
	build "$headers" "$tmp/$series"
	ok "$name" without_warning $? "$tmp/$series"
done < <("$top/scripts/kernels" --list)

done_testing
