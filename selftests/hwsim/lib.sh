# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests on the simulated NICs, sourced by them: everything of the guest tests'
# lib.sh, and the two devices, in namespaces "server" and "client".

# shellcheck source=selftests/guest/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../guest/lib.sh"
# shellcheck disable=SC2034 # read by those who source this
tools=$build/selftests/hwsim
sim=/sys/kernel/debug/knts_hwsim

# sim_load [PARAMETER]...: addresses are those of ns_pair's first client.
sim_load()
{
	modprobe knts_hwsim "$@" || return
	ip netns add server
	ip netns add client
	ip -n server link set lo up
	ip -n client link set lo up
	ip link set hwsim0 netns server
	ip link set hwsim1 netns client
	ns_address server hwsim0 10.77.1.1/24 fd77:1::1/64
	ns_address client hwsim1 10.77.1.2/24 fd77:1::2/64
	sim_neighbours server hwsim0 client hwsim1 10.77.1.2 fd77:1::2
	sim_neighbours client hwsim1 server hwsim0 10.77.1.1 fd77:1::1
}

# sim_neighbours NAMESPACE DEVICE OTHER_NAMESPACE OTHER_DEVICE ADDRESS...: known for
# good, so that nothing else crosses than what a test sends.
sim_neighbours()
{
	local namespace=$1 device=$2 mac address

	mac=$(ip netns exec "$3" cat "/sys/class/net/$4/address")
	shift 4
	for address; do
		ip -n "$namespace" neighbour replace "$address" lladdr "$mac" \
			dev "$device" nud permanent
	done
}

# sim_unload: the devices come out of the namespaces, then go with the module.
sim_unload()
{
	ns_delete server client
	modprobe -r knts_hwsim
}

# dial DEVICE KNOB VALUE...: DEVICE is 0, the server's, or 1, the client's.
dial()
{
	local device=$1

	shift
	while [ $# -gt 0 ]; do
		echo "$2" >"$sim/hwsim$device/$1"
		shift 2
	done
}

# feed_line ERROR-NS LINK-MBPS DELAY-MAX-NS: until stop_line; returns when it is set.
feed_line()
{
	"$tools/line" "$@" >"$tmp/line" 2>&1 &
	line_pid=$!
	wait_for "grep -q fed $tmp/line" 10 && return
	cat "$tmp/line"
	return 1
}

stop_line()
{
	kill "$line_pid"
	wait "$line_pid" 2>/dev/null
}

# answered COMMAND...: stream lost not one of its requests; it says so in said, and
# how many were answered in interleaved mode is in $interleaved.
# shellcheck disable=SC2034 # not every test looks at it
answered()
{
	"$@" >"$tmp/said" || return
	read -r _ sent _ answered _ interleaved <"$tmp/said"
	[ -n "$sent" ] && equal "$answered" "$sent"
}

# judged OPTION...: no reply breaks a rule; the errors are in table.
judged()
{
	"$tools/judge" "$@" >"$tmp/table" 2>"$tmp/rules" && return
	cat "$tmp/rules" "$tmp/table"
	return 1
}
