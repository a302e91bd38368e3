#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Replies over several addresses, devices, link-local, a VRF and fragments.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"

# The server's own address of each kind twice, and a link of the least MTU.
more_addresses()
{
	ns_address server eth1 10.77.1.3/24 fd77:1::3/64
	ns_address client eth0 10.78.0.2/24 fd78::2/64
	ip -n client route add default via 10.77.1.1
	ip -n client -6 route add default via fd77:1::1
	ip -n server link set eth2 mtu 1280
	ip -n second link set eth0 mtu 1280
}

# The device loses its IPv6 addresses as it goes into the VRF.
make_vrf()
{
	ip -n server link add vrf0 type vrf table 10 &&
		ip -n server link set vrf0 up &&
		ip -n server link set eth3 master vrf0 &&
		ns_address server eth3 fd77:3::1/64
}

ok "the module loads" modprobe knts
ns_pair server client second inside
ok "more addresses" more_addresses
log_mark
"$build/selftests/guest/addresses" || ((tap_failed += 1))
ok "the kernel log is silent" log_silent
if make_vrf >"$tmp/vrf" 2>&1; then
	"$build/selftests/guest/addresses" vrf || ((tap_failed += 1))
else
	skip "server bound to a VRF" "no VRF here: $(head -n 1 "$tmp/vrf")"
fi
ns_delete server client second inside
ok "the module unloads" modprobe -r knts
done_testing
