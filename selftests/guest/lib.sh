# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For guest tests in shell, sourced by them: TAP from selftests/tap.sh, network
# namespaces, waiting, the kernel log. They run as root of a guest, so they may
# do as they like, but selftests/guest/clean fails a test that leaves anything.

# shellcheck source=selftests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
# shellcheck disable=SC2034 # read by those who source this
build=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build

# ns_pair SERVER CLIENT...: a namespace for each, every client wired to the server.
# Between server and client number N (from 1) the addresses are 10.77.N.1 and .2,
# fd77:N::1 and ::2; the server's device is ethN, the client's eth0.
ns_pair()
{
	local server=$1 client n=0

	shift
	ip netns add "$server"
	ip -n "$server" link set lo up
	for client; do
		n=$((n + 1))
		ip netns add "$client"
		ip -n "$client" link set lo up
		ip -n "$server" link add "eth$n" type veth peer name eth0 netns "$client"
		ns_address "$server" "eth$n" "10.77.$n.1/24" "fd77:$n::1/64"
		ns_address "$client" eth0 "10.77.$n.2/24" "fd77:$n::2/64"
	done
}

# ns_address NAMESPACE DEVICE ADDRESS...: usable at once, and the device's link-local
# address too, without waiting for DAD.
ns_address()
{
	local namespace=$1 device=$2 address

	shift 2
	ip netns exec "$namespace" sysctl -qw net.ipv6.conf.all.accept_dad=0 \
		"net.ipv6.conf.$device.accept_dad=0"
	for address; do
		if [[ $address == *:* ]]; then
			ip -n "$namespace" address add "$address" dev "$device" nodad
		else
			ip -n "$namespace" address add "$address" dev "$device"
		fi
	done
	ip -n "$namespace" link set "$device" up
}

# ns_delete NAMESPACE...: with the devices in them.
ns_delete()
{
	local namespace

	for namespace; do
		ip netns delete "$namespace"
	done
}

# wait_for COMMAND SECONDS: until the command line succeeds; 1 when time is up.
wait_for()
{
	local deadline=$((SECONDS + $2))

	until eval "$1" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}

# log_mark: from here on log_silent looks at the kernel log.
log_mark()
{
	log_marker="knts-test: mark $BASHPID $SECONDS $RANDOM"
	echo "$log_marker" >/dev/kmsg
}

# log_silent: the kernel has said nothing since log_mark. What it said is printed.
# A veth device may be reported ready late, and a timer's interrupt may be slow
# where the machine that emulates the guest is busy.
log_silent()
{
	local said

	said=$(dmesg | sed -e "1,/$log_marker/d" -e '/link becomes ready$/d' \
		-e '/hrtimer: interrupt took [0-9]* ns$/d')
	[ -z "$said" ] && return
	echo "$said"
	return 1
}
