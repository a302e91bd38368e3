#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The simulated NICs tested by themselves: what a driver's user sees, timestamps and
# clocks against the truth, and each fault.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/hwsim/lib.sh
. "$here/lib.sh"

# shows PATTERN COMMAND...: a line of its output matches.
shows()
{
	local pattern=$1

	shift
	"$@" | tee "$tmp/shown" | grep -- "$pattern" >/dev/null && return
	cat "$tmp/shown"
	return 1
}

# unload_pending: transmit timestamps are held for a minute, but not the module.
unload_pending()
{
	dial 1 tx_lost_every 1 tx_lost_hold_ns 60000000000
	"$tools/pending" || return
	timeout 10 modprobe -r knts_hwsim
}

ok "the module loads" sim_load
log_mark
ok "ethtool -T: timestamps are made" \
	shows "hardware-transmit" ip netns exec server ethtool -T hwsim0
ok "ethtool -T: by a PHC" \
	shows "Hardware Clock: [0-9]" ip netns exec server ethtool -T hwsim0
ok "ethtool -T: with these filters" \
	shows "ntp-all" ip netns exec client ethtool -T hwsim1
ok "ethtool: the line has a speed" \
	shows "Speed: 1000Mb/s" ip netns exec server ethtool hwsim0
ok "the devices reach each other" \
	ip netns exec client ping -q -c 3 -i 0.2 fd77:1::1
"$tools/self" || ((tap_failed += 1))
ok "the module unloads" sim_unload
ok "it loads again, with other numbers" sim_load queues=1 records=16
ok "no more is recorded than fits" equal "$("$tools/pending" 40)" \
	"16 records, the last is number 40"
ok "it unloads with timestamps pending" unload_pending
ns_delete server client
ok "the kernel log is silent" log_silent
done_testing
