#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# make deb gives packages that lintian has no error for, with the files that belong
# there and no others, and with a library that a program of somebody else's links.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=selftests/tap.sh
. "$top/selftests/tap.sh"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms/dkms.conf")

# Files that belong to a package, as patterns; each must be there, and no other.
knts_files="etc/knts/kntsd.conf
*lib/systemd/system/kntsd.service
*lib/systemd/system/kntsd.socket
*lib/systemd/system/knts-exporter.service
usr/bin/kntsctl
usr/bin/knts-ca
usr/sbin/kntsd
usr/lib/sysusers.d/knts.conf
usr/share/bash-completion/completions/kntsctl
usr/share/doc/knts/*
usr/share/doc/knts/copyright
usr/share/doc/knts/changelog*
usr/share/doc/knts/examples/nftables.conf
usr/share/doc/knts/examples/certbot-hook
usr/share/doc/knts/examples/knts.json
usr/share/doc/knts/examples/alerts.yml
usr/share/man/man5/kntsd.conf.5.gz
usr/share/man/man7/knts.7.gz
usr/share/man/man8/knts-ca.8.gz
usr/share/man/man8/kntsctl.8.gz
usr/share/man/man8/kntsd.8.gz"
knts_dkms_files="usr/src/knts-$version/Kbuild
usr/src/knts-$version/dkms.conf
usr/src/knts-$version/kmod/*.[ch]
usr/src/knts-$version/kmod/*/sources.mk
usr/src/knts-$version/uapi/linux/knts.h
usr/src/knts-$version/uapi/specs/knts.yaml
usr/share/doc/knts-dkms/*"
libknts_dev_files="usr/include/knts/libknts.h
usr/include/knts/linux/knts.h
usr/lib/*/libknts.a
usr/lib/*/pkgconfig/knts.pc
usr/share/doc/libknts-dev/*"

build()
{
	"$top/scripts/deb" --output "$tmp/debs"
}

no_error()
{
	lintian --fail-on error "$tmp"/debs/*.deb
}

# Patterns such as may come: what helper/doc and helper/kntsctl grow.
may_come()
{
	[[ $1 == usr/share/knts/schema/*.json ]]
}

# has_files PACKAGE PATTERNS
has_files()
{
	local files patterns pattern file found status=0

	mapfile -t patterns <<<"$2"
	dpkg-deb --fsys-tarfile "$tmp/debs/$1"_*.deb | tar -t | grep -v '/$' |
		sed 's|^\./||' >"$tmp/files"
	mapfile -t files <"$tmp/files"
	for file in "${files[@]}"; do
		found=
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # a pattern it is
			[[ $file != $pattern ]] || found=yes
		done
		[ -n "$found" ] || may_come "$file" || { echo "not expected: $file"; status=1; }
	done
	for pattern in "${patterns[@]}"; do
		printf '%s\n' "${files[@]}" | matches "$pattern" ||
			{ echo "missing: $pattern"; status=1; }
	done
	return "$status"
}

matches()
{
	local file

	while read -r file; do
		# shellcheck disable=SC2053 # a pattern it is
		[[ $file != $1 ]] || return 0
	done
	return 1
}

# What the words refer to is in the package: links of the guides, paths of all.
nothing_dangles()
{
	local root=$tmp/knts guide path status=0

	dpkg-deb -x "$tmp"/debs/knts_*.deb "$root"
	(cd "$root/usr/share/doc/knts" &&
		grep -oHE '\]\([^):#]+' -- *.md | sed 's/^\(.*\):](/\1 /') >"$tmp/links"
	while read -r guide path; do
		[ -e "$root/usr/share/doc/knts/$path" ] ||
			{ echo "$guide: $path is not there"; status=1; }
	done <"$tmp/links"
	find "$root/usr/share" "$root/etc" -type f -print0 |
		xargs -0 zgrep -ohE '/usr/share/(doc/)?knts/[a-zA-Z0-9./-]*[a-z]' |
		sort -u >"$tmp/paths"
	while read -r path; do
		[ -e "$root$path" ] || { echo "$path is not there"; status=1; }
	done <"$tmp/paths"
	[ -s "$tmp/links" ] && [ -s "$tmp/paths" ] && return "$status"
}

# field PACKAGE FIELD
field()
{
	dpkg-deb -f "$tmp/debs/$1"_*.deb "$2"
}

versions_agree()
{
	local package

	for package in knts knts-dkms libknts-dev; do
		equal "$(field "$package" Version)" "$version" || return
	done
}

is_conffile()
{
	dpkg-deb --info "$tmp"/debs/knts_*.deb conffiles | grep -x /etc/knts/kntsd.conf
}

# A program of somebody else's, by nothing but what libknts-dev and pkg-config say.
program_links()
{
	local root=$tmp/root folder

	dpkg-deb -x "$tmp"/debs/libknts-dev_*.deb "$root"
	folder=$(echo "$root"/usr/lib/*/pkgconfig)
	cat >"$tmp/program.c" <<-'PROGRAM'
		#include <stdio.h>
		#include <libknts.h>

		int main(void)
		{
			struct knts_conn *conn = NULL;
			int err = knts_open(&conn);

			printf("%d %s\n", err, knts_error(conn));
			knts_close(conn);
			return 0;
		}
	PROGRAM
	# shellcheck disable=SC2046 # flags are words
	PKG_CONFIG_PATH=$folder gcc -o "$tmp/program" "$tmp/program.c" \
		$(PKG_CONFIG_PATH=$folder pkg-config --define-variable=prefix="$root/usr" \
			--define-variable=libdir="$(dirname "$folder")" --cflags --libs knts) &&
		"$tmp/program"
}

reproducible()
{
	local sums

	sums=$(cd "$tmp/debs" && sha256sum ./*.deb)
	build && equal "$(cd "$tmp/debs" && sha256sum ./*.deb)" "$sums"
}

for tool in dh_dkms dh_installsysusers lintian; do
	command -v $tool >/dev/null || skip_all "$tool is not installed: make deps installs it"
done
ok "make deb builds the packages" build
[ "$tap_failed" = 0 ] || done_testing
ok "lintian has no error" no_error
sed 's/^/# /' "$tmp/output"
ok "knts has its files and no others" has_files knts "$knts_files"
ok "links and paths in its words lead somewhere" nothing_dangles
ok "knts-dkms has its files and no others" has_files knts-dkms "$knts_dkms_files"
ok "libknts-dev has its files and no others" has_files libknts-dev "$libknts_dev_files"
ok "their version is that of dkms.conf" versions_agree
ok "kntsd.conf is a configuration file to dpkg" is_conffile
ok "a program links libknts by pkg-config" program_links
ok "the same tree gives the same packages" reproducible
done_testing
