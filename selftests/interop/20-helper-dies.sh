#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsd is killed: the kernel answers on, its dispersion grows, past the lifetime
# it says unsynchronised and the client leaves; kntsd comes back with its keys.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"

goes_on()
{
	lab_wait 20 lab_has_good client $(($(lab_ntpdata client 'Total good RX') + 5))
}

dispersion_us()
{
	lab_ntpdata client 'Root dispersion' | awk '{ printf "%d\n", $1 * 1000000 }'
}

dispersion_above()
{
	[ "$(dispersion_us)" -gt "$1" ]
}

leap_is()
{
	[ "$(lab_chronyc client ntpdata | sed -n 's/^Leap status *: //p')" = "$1" ]
}

selected()
{
	lab_chronyc client -c sources | grep '^^,\*,' >/dev/null
}

not_selected()
{
	! selected
}

no_worker()
{
	! pgrep -r DRS '^kntsd'
}

ring()
{
	lab_ctl keys --json |
		python3 -c 'import json, sys; print(sorted((k["id"], k["active"]) for k in json.load(sys.stdin)))'
}

kill_kntsd()
{
	# Its workers go with it: they see their parent's socket close.
	kill -KILL "$lab_kntsd_pid"
	wait "$lab_kntsd_pid"
	[ $? = 137 ]
}

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed &&
		lab_kntsd_conf "lifetime-ms = 15000" "dispersion-rate-ppb = 100000" &&
		modprobe knts && lab_kntsd && lab_namespace client &&
		lab_client client "$LAB_NAME" minpoll -2 maxpoll -2
}

chmod 755 "$tmp"
ok "the service and a client start" set_up
ok "the client selects the server" lab_wait 60 selected
ring_before=$(ring)

ok "kntsd is killed" kill_kntsd
before_us=$(dispersion_us)
ok "the kernel answers on" goes_on
ok "P9 its dispersion grows with nobody feeding" lab_wait 12 dispersion_above $((before_us + 500))
ok "the ring is untouched" equal "$(ring)" "$ring_before"
ok "no worker is left" lab_wait 10 no_worker
ok "P6 past the lifetime replies say unsynchronised" lab_wait 30 leap_is "Not synchronised"
ok "the client leaves" lab_wait 60 not_selected

ok "kntsd comes back" lab_kntsd
ok "with the same keys from its store" equal "$(ring)" "$ring_before"
ok "P6 replies say synchronised" lab_wait 20 leap_is "Normal"
ok "the client comes back" lab_wait 60 selected
ok "without a new key exchange" equal "$(lab_authdata client 3)" 1
ok "without a NAK" equal "$(lab_authdata client 8)" 0

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
