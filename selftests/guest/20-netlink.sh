#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every netlink command refuses what is wrong, says why, and changes nothing.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

ok "the module loads" modprobe knts
ns_pair server client
for program in netlink ring; do
	"$build/selftests/guest/$program" || ((tap_failed += 1))
done
ns_delete server client
ok "the module unloads" modprobe -r knts
done_testing
