#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Events come exactly once, and two namespaces keep apart.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

# A second server for the client, in a namespace of its own.
wire_other()
{
	ip netns add other
	ip -n other link add eth9 type veth peer name eth9 netns client
	ns_address other eth9 10.77.9.1/24
	ns_address client eth9 10.77.9.2/24
}

ok "the module loads" modprobe knts
ns_pair server client
log_mark
"$build/selftests/guest/events" || ((tap_failed += 1))
ok "a second server" wire_other
"$build/selftests/guest/apart" || ((tap_failed += 1))
ok "the kernel log is silent" log_silent
ns_delete server client other
ok "the module unloads" modprobe -r knts
done_testing
