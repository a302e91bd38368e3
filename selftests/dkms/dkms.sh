#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dkms adds, builds and removes knts against the headers of each kernel series,
# in trees of its own: nothing of the machine's is touched.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=selftests/tap.sh
. "$top/selftests/tap.sh"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms/dkms.conf")
log=$tmp/dkms/knts/$version/build/make.log

# Without a signing tool, dkms makes no signing key for this machine.
run_dkms()
{
	local action=$1

	shift
	sign_file=none /usr/sbin/dkms "$action" -m knts -v "$version" \
		--sourcetree "$tmp/src" --dkmstree "$tmp/dkms" "$@"
}

build()
{
	run_dkms build -k "$1" --kernelsourcedir "$2" && return
	cat "$log"
	return 1
}

# The log of a good build goes with the module it made.
find_log()
{
	find "$tmp/dkms/knts" -name make.log | head -n 1
}

no_warning()
{
	log=$(find_log)
	[ -s "$log" ] && ! grep -iE 'warning|error' "$log"
}

module_made()
{
	find "$tmp/dkms/knts" -name 'knts.ko*' | grep .
}

gone()
{
	[ ! -e "$tmp/dkms/knts" ] || [ -z "$(ls "$tmp/dkms/knts")" ]
}

[ -x /usr/sbin/dkms ] || skip_all "dkms is not installed: make deps installs it"
[ "$(id -u)" = 0 ] || skip_all "dkms wants root"
mkdir "$tmp/dkms"
"$top/dkms/copy-source" "$tmp/src/knts-$version"
ok "dkms add" run_dkms add
for series in 6.1 6.12; do
	if ! "$top/scripts/kernels" --list | grep -xF "$series" >/dev/null; then
		skip "$series: dkms build" "this Debian release has no kernel $series"
		continue
	fi
	if ! kernel=$("$top/scripts/kernels" "$series"); then
		skip "$series: dkms build" "the headers cannot be had"
		continue
	fi
	ok "$series: dkms build" build "$(cat "$kernel/release")" "$kernel/headers"
	ok "$series: the build is without a warning" no_warning
	ok "$series: the module is made" module_made
	ok "$series: dkms unbuild" run_dkms unbuild -k "$(cat "$kernel/release")"
done
ok "dkms remove" run_dkms remove --all
ok "nothing is left in dkms's tree" gone
done_testing
