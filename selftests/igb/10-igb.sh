#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The whole service on a real driver: kntsd finds the card's PHC and turns its stamps
# on, replies are interleaved, T3 carries the departure delay, and nothing wrong is
# served when the card's clock is set, the card is reset or its driver goes.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/interop/stamps.sh
. "$here/../interop/stamps.sh"
# shellcheck source=selftests/guest/ctl.sh
. "$here/../guest/ctl.sh"

# clock CONDITION: of the device d and the counters s of kntsctl clock, in python.
clock()
{
	lab_ctl clock --json >"$tmp/clock" && python3 -c "
import json, sys
o = json.load(open('$tmp/clock'))
d = {x['device']: x for x in o['devices']}['eth0']
s = o['stamps']
assert $1, o"
}

# comes CONDITION: within 30 s.
comes()
{
	lab_wait 30 clock "$1" || clock "$1"
}

set_up()
{
	lab_setup "$tmp/lab" eth0 && lab_certificates && lab_feed && lab_kntsd_conf &&
		echo 'hardware-timestamps "eth0" { }' >>"$lab/kntsd.conf" &&
		lab_namespace client eth1 && modprobe knts && lab_kntsd &&
		lab_wait 20 grep -q 1 /sys/class/net/eth0/carrier
}

# It has a place of its own in the laboratory, as stamps_client's have.
plain_client()
{
	mkdir -m 700 "$lab/plain"
	ip netns exec client chronyd -x -u root "hwtimestamp eth1" \
		"server $LAB_IPV4 xleave noselect minpoll -4 maxpoll -4" \
		"server $LAB_IPV6 xleave noselect minpoll -4 maxpoll -4" \
		"port 0" "cmdport 0" "bindcmdaddress $lab/plain/chronyd.sock" \
		"pidfile $lab/plain/chronyd.pid"
}

# goes_on: clients have good replies, of interleaved mode, by stamps that came back.
goes_on()
{
	local used interleaved

	used=$(stamps_counter transmit-used)
	interleaved=$(stamps_counter interleaved)
	lab_wait 30 stamps_counted transmit-used $((used + 50)) &&
		lab_wait 30 stamps_counted interleaved $((interleaved + 50)) && return
	lab_ctl stats
	return 1
}

# set_phc SECONDS: the clock of eth0's card is set, by so many.
set_phc()
{
	python3 - "$1" /sys/class/net/eth0/device/ptp/ptp* <<-'PYTHON'
		import os, sys, time
		phc = os.open('/dev/' + os.path.basename(sys.argv[2]), os.O_RDWR)
		clock = (~phc << 3) | 3
		time.clock_settime(clock, time.clock_gettime(clock) + float(sys.argv[1]))
	PYTHON
}

begin_tests()
{
	ok "the cards are there" modprobe igb
	for device in eth0 eth1; do
		ok "$device has a PHC" has "Hardware Clock: [0-9]" ethtool -T $device
	done
	ok "the service starts" set_up
	ok "a line comes" comes "'line' in d"
	ok "kntsctl clock: the device" has "^device  *eth0, PHC /dev/ptp[0-9]*, receive filter " \
		lab_ctl clock
	ok "kntsctl clock: its line" has "^  line  *[0-9.]* s old, for 5.0 s, PHC runs " \
		lab_ctl clock
	# This card's driver refuses to stamp all that is received.
	ok "the card makes no receive timestamps, and kntsd says so" clock \
		"d['rx-filter'] == 'none' and 'makes none of NTP' in d['limit']"
}

service_tests()
{
	ok "a client with NTS starts" stamps_client client eth1 none knts-interleaved
	ok "so does one without" plain_client
	for name in knts-interleaved plain; do
		ok "$name: replies over IPv4 and IPv6" lab_wait 60 stamps_replies $name 50
		for address in $LAB_IPV4 $LAB_IPV6; do
			ok "$name: ntpdata $address says interleaved" equal \
				"$(stamps_ntpdata $name "$address" Interleaved)" Yes
		done
	done
	ok "the card says when packets leave" goes_on
	ok "nearly every timestamp that was asked for came" clock \
		"s['transmit-used'] > 0.9 * s['transmit-asked']"
	ok "receive timestamps are software" clock \
		"s['stamp-hardware'] == 0 and s['stamp-software'] > 200"
	ok "the departure delay is learnt" clock \
		"d['departures'] > 200 and d['departure-delay-ns'] > 0"
	ok "kntsctl clock shows it" has \
		"^  departure  *[0-9.]* [nu]s late, added to T3; T3 is then [0-9.]* [nu]s early" \
		lab_ctl clock
	# Sealing keeps a reply with NTS twenty times as long as one without.
	ok "T3 is right with NTS and without" clock "d['departure-error-ns'] < 1000"
	lab_ctl clock | sed 's/^/# /'
}

fault_tests()
{
	ok "the card's clock is set" set_phc 1
	ok "the line is void, and a new one comes" comes "d['jumps'] == 1 and 'line' in d"
	ok "the service went on" goes_on
	ok "the card is reset" ethtool -r eth0
	ok "and serves again" goes_on
	ok "with a line" clock "'line' in d"
	ok "each offset is at most half its delay from the truth" "$stamps_table" --check 100 \
		"$lab/knts-interleaved"
	ok "the driver goes" modprobe -r igb
	ok "kntsd says so" comes "'eth0 does not exist' in d['problem'] and 'line' not in d"
}

chmod 755 "$tmp"
begin_tests
service_tests
fault_tests
ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
