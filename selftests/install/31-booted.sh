#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The second kernel has been booted: the module is there, and the service runs.
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"

module_loaded()
{
	equal "$(cat /sys/module/knts/srcversion)" "$(modinfo -F srcversion knts)" &&
		modinfo -F filename knts | grep updates/dkms
}

ok "the second kernel runs" equal "$(uname -r)" "$(cat "$memory/new-kernel")"
ok "DKMS has the module for it" module_built
ok "kntsd has started at boot" wait_for 60 is_active kntsd
ok "the module is loaded, and is DKMS's" module_loaded
client_setup
ok "the client is synchronised by NTS" wait_for 90 client_synchronised
ok "the kernel counts answers with NTS" kernel_answers
done_testing
