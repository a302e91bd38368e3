#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A second kernel is installed, as an update brings it, with its headers: DKMS builds
# the module for it before it is booted.
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"

install_kernel()
{
	apt-get install -y linux-image-amd64 linux-headers-amd64
}

module_built_for_new()
{
	local release

	release=$(newest_kernel)
	echo "$release" >"$memory/new-kernel"
	[ "$release" != "$old" ] && module_built &&
		dkms status -m knts -k "$old" | grep ': installed'
}

old=$(newest_kernel)
ok "apt installs the second kernel and its headers" install_kernel
cp "$tmp/output" "$KNTS_RESULTS/apt.log"
ok "DKMS has built the module for it, and keeps the old one's" module_built_for_new
done_testing
